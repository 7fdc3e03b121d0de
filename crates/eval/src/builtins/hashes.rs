//! Hashes, and the store paths that follow from them.

use md5::Md5;
use nixscope_hir::Symbol;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::Builtin;
use super::control::readable_path;
use crate::Evaluator;
use crate::error::{ErrorKind, Eval};
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::Value;

pub(super) const BUILTINS: &[Builtin] = &[
    Builtin {
        name: "hashString",
        arity: 2,
        run: hash_string,
        doc: "`hashString algorithm s`: the hash of a string in base 16; `md5`, `sha1`, `sha256` or `sha512`.",
    },
    Builtin {
        name: "hashFile",
        arity: 2,
        run: hash_file,
        doc: "`hashFile algorithm path`: the hash of a file in base 16.",
    },
    Builtin {
        name: "convertHash",
        arity: 1,
        run: convert_hash,
        doc: "`convertHash { hash; hashAlgo ? …; toHashFormat; }`: a hash in another notation: `base16`, `nix32`, `base64` or `sri`.",
    },
    Builtin {
        name: "placeholder",
        arity: 1,
        run: placeholder,
        doc: "`placeholder output`: what stands for the path of an output in a derivation's own arguments.",
    },
];

/// The hash of some bytes; none where there is no such algorithm.
fn digest(algorithm: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    Some(match algorithm {
        "md5" => Md5::digest(bytes).to_vec(),
        "sha1" => Sha1::digest(bytes).to_vec(),
        "sha256" => Sha256::digest(bytes).to_vec(),
        "sha512" => Sha512::digest(bytes).to_vec(),
        _ => return None,
    })
}

/// How many bytes a hash has.
fn digest_size(algorithm: &str) -> Option<usize> {
    match algorithm {
        "md5" => Some(16),
        "sha1" => Some(20),
        "sha256" => Some(32),
        "sha512" => Some(64),
        _ => None,
    }
}

fn base16(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const NIX32: &[u8; 32] = b"0123456789abcdfghijklmnpqrsvwxyz";

/// Nix's own base 32: its own alphabet, the last digit first.
fn nix32(bytes: &[u8]) -> String {
    let digits = (bytes.len() * 8).div_ceil(5);
    (0..digits)
        .rev()
        .map(|digit| {
            let (byte, shift) = (digit * 5 / 8, digit * 5 % 8);
            let low = u16::from(bytes.get(byte).copied().unwrap_or(0));
            let high = u16::from(bytes.get(byte + 1).copied().unwrap_or(0));
            let index = ((low | high << 8) >> shift) & 0x1f;
            char::from(NIX32[usize::from(index)])
        })
        .collect()
}

fn from_nix32(text: &str, size: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0u8; size];
    for (digit, c) in text.bytes().rev().enumerate() {
        let value = NIX32.iter().position(|it| *it == c)?;
        let (byte, shift) = (digit * 5 / 8, digit * 5 % 8);
        let wide = value << shift;
        let (low, high) = ((wide & 0xff) as u8, (wide >> 8) as u8);
        *bytes.get_mut(byte)? |= low;
        match bytes.get_mut(byte + 1) {
            Some(next) => *next |= high,
            None if high != 0 => return None,
            None => {}
        }
    }
    Some(bytes)
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            match digit <= chunk.len() {
                true => out.push(char::from(BASE64[(word >> (18 - 6 * digit) & 0x3f) as usize])),
                false => out.push('='),
            }
        }
    }
    out
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut word, mut bits) = (0u32, 0);
    for c in text.trim_end_matches('=').bytes() {
        let value = BASE64.iter().position(|it| *it == c)?;
        word = (word << 6 | value as u32) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((word >> bits & 0xff) as u8);
        }
    }
    Some(bytes)
}

fn from_base16(text: &str) -> Option<Vec<u8>> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok().filter(|it| it.len() == 2)?, 16).ok())
        .collect()
}

/// The path of a thing in the store: `kind` and `inner` say what it is.
pub(super) fn store_path(kind: &str, inner: &[u8], name: &str) -> String {
    let fingerprint = format!("{kind}:sha256:{}:/nix/store:{name}", base16(inner));
    let hash = Sha256::digest(fingerprint.as_bytes());
    let mut short = [0u8; 20];
    for (index, byte) in hash.iter().enumerate() {
        short[index % 20] ^= byte;
    }
    format!("/nix/store/{}-{name}", nix32(&short))
}

/// Where the source of a locked flake input is in the store, from the hash of its archive (`narHash` in
/// `flake.lock`) in any notation. None where that is no SHA-256.
///
/// Source: the Nix manual, "Store path specification": the path of what is added recursively by SHA-256
/// follows from that hash and the name alone, and the name of a flake's source is `source`.
pub fn source_store_path(nar_hash: &str) -> Option<String> {
    let (algorithm, bytes) = parse_hash(nar_hash, None)?;
    (algorithm == "sha256").then(|| store_path("source", &bytes, "source"))
}

/// SHA-256 of a text.
pub(super) fn sha256(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

fn hash_text<'h>(ev: &Evaluator<'h>, algorithm: &str, text: &str, place: Place) -> Eval<'h, Value<'h>> {
    match digest(algorithm, text.as_bytes()) {
        Some(hash) => Ok(ev.string(&base16(&hash))),
        None => Err(ev.error(ErrorKind::Other, &format!("unknown hash algorithm {algorithm:?}"), place)),
    }
}

fn hash_string<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let algorithm = ev.force_str(args[0], place)?;
    let text = ev.force_str(args[1], place)?;
    hash_text(ev, algorithm.text, text.text, place)
}

fn hash_file<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let algorithm = ev.force_str(args[0], place)?;
    let path = readable_path(ev, "hashFile", args[1], place)?;
    let text = super::files::read(ev, "hashFile", path, place)?;
    hash_text(ev, algorithm.text, text, place)
}

fn placeholder<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let output = ev.force_str(args[0], place)?;
    let hash = sha256(&format!("nix-output:{}", output.text));
    Ok(ev.string(&format!("/{}", nix32(&hash))))
}

/// The algorithm and bytes of a hash in any notation.
fn parse_hash(text: &str, algorithm: Option<&str>) -> Option<(String, Vec<u8>)> {
    if let Some((name, rest)) = text.split_once('-').filter(|(name, _)| digest_size(name).is_some()) {
        let bytes = from_base64(rest)?;
        return (Some(bytes.len()) == digest_size(name)).then(|| (name.to_string(), bytes));
    }
    let (name, rest) = match text.split_once(':') {
        Some((name, rest)) => (name, rest),
        None => (algorithm?, text),
    };
    let size = digest_size(name)?;
    let bytes = match rest.len() {
        length if length == size * 2 => from_base16(rest)?,
        length if length == (size * 8).div_ceil(5) => from_nix32(rest, size)?,
        _ => from_base64(rest)?,
    };
    (bytes.len() == size && algorithm.is_none_or(|it| it == name)).then(|| (name.to_string(), bytes))
}

fn convert_hash<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let set = ev.force(args[0])?;
    let part = |name: &str| match ev.get_attr(set, Symbol::new(name), place)? {
        Some(attr) => Ok(Some(ev.force_str(attr.value, place)?.text)),
        None => Ok(None),
    };
    let missing = |name: &str| ev.missing_attribute(set, Symbol::new(name), place);
    let hash = part("hash")?.ok_or_else(|| missing("hash"))?;
    let format = part("toHashFormat")?.ok_or_else(|| missing("toHashFormat"))?;
    let Some((algorithm, bytes)) = parse_hash(hash, part("hashAlgo")?) else {
        return Err(ev.error(ErrorKind::Other, &format!("{hash:?} is not a hash"), place));
    };
    let text = match format {
        "base16" => base16(&bytes),
        "nix32" | "base32" => nix32(&bytes),
        "base64" => base64(&bytes),
        "sri" => format!("{algorithm}-{}", base64(&bytes)),
        other => {
            let message = format!("unknown hash format {other:?}; expected base16, nix32, base64 or sri");
            return Err(ev.error(ErrorKind::Other, &message, place));
        }
    };
    Ok(ev.string(&text))
}

#[cfg(test)]
mod tests {
    use super::source_store_path;

    /// The pairs are what `nix-store --print-fixed-path --recursive sha256 HASH source` prints.
    #[test]
    fn a_source_is_where_its_hash_says() {
        for (hash, path) in [
            (
                "sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=",
                "/nix/store/zkhxzz513cccjis93q2xa1kwr3q4rq7l-source",
            ),
            (
                "sha256:094qif9n4cq4fdg459qzbhg1c6wywawwaaivx0k0x8xhbyx4vwic",
                "/nix/store/zkhxzz513cccjis93q2xa1kwr3q4rq7l-source",
            ),
            (
                "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
                "/nix/store/zkhxzz513cccjis93q2xa1kwr3q4rq7l-source",
            ),
            (
                "sha256-SG6kYiTRu0+2gPNPfJrZao8k7Ii+c+qOWmxlJg6cuKc=",
                "/nix/store/xb637d7h67ch6cdmg6hwixngj49yjchk-source",
            ),
            (
                "sha256:19xqkh72crbcba7flwxyi3n293vav6d7qkzkh2v4zfyi4iia8vj8",
                "/nix/store/xb637d7h67ch6cdmg6hwixngj49yjchk-source",
            ),
            (
                "sha256:486ea46224d1bb4fb680f34f7c9ad96a8f24ec88be73ea8e5a6c65260e9cb8a7",
                "/nix/store/xb637d7h67ch6cdmg6hwixngj49yjchk-source",
            ),
        ] {
            assert_eq!(source_store_path(hash).as_deref(), Some(path), "{hash}");
        }
    }

    #[test]
    fn other_hashes_name_no_source() {
        for hash in ["", "sha256-", "sha256-AAAA", "md5-XUFAKrxLKna5cZ2REBfFkg==", "sha512:", "nonsense"] {
            assert_eq!(source_store_path(hash), None, "{hash}");
        }
    }
}
