//! Well-known credential formats.

/// A token's prefix, how many characters of its alphabet follow at least, and what it is.
struct Format {
    prefix: &'static str,
    length: usize,
    alphabet: fn(u8) -> bool,
    what: &'static str,
}

const FORMATS: &[Format] = &[
    Format { prefix: "ghp_", length: 36, alphabet: alphanumeric, what: "a GitHub token" },
    Format { prefix: "gho_", length: 36, alphabet: alphanumeric, what: "a GitHub token" },
    Format { prefix: "ghu_", length: 36, alphabet: alphanumeric, what: "a GitHub token" },
    Format { prefix: "ghs_", length: 36, alphabet: alphanumeric, what: "a GitHub token" },
    Format { prefix: "ghr_", length: 36, alphabet: alphanumeric, what: "a GitHub token" },
    Format { prefix: "github_pat_", length: 50, alphabet: word, what: "a GitHub token" },
    Format { prefix: "glpat-", length: 20, alphabet: dashed, what: "a GitLab token" },
    Format { prefix: "glrt-", length: 20, alphabet: dashed, what: "a GitLab runner's token" },
    Format { prefix: "xoxb-", length: 20, alphabet: dashed, what: "a Slack token" },
    Format { prefix: "xoxp-", length: 20, alphabet: dashed, what: "a Slack token" },
    Format { prefix: "xoxa-", length: 20, alphabet: dashed, what: "a Slack token" },
    Format { prefix: "xapp-", length: 20, alphabet: dashed, what: "a Slack token" },
    Format { prefix: "AKIA", length: 16, alphabet: upper, what: "an AWS access key" },
    Format { prefix: "ASIA", length: 16, alphabet: upper, what: "an AWS access key" },
    Format { prefix: "AGE-SECRET-KEY-1", length: 58, alphabet: upper, what: "an age secret key" },
    Format { prefix: "sk_live_", length: 20, alphabet: alphanumeric, what: "a Stripe key" },
    Format { prefix: "rk_live_", length: 20, alphabet: alphanumeric, what: "a Stripe key" },
    Format { prefix: "sk-ant-", length: 40, alphabet: dashed, what: "an Anthropic key" },
    Format { prefix: "sk-proj-", length: 40, alphabet: dashed, what: "an OpenAI key" },
    Format { prefix: "AIza", length: 35, alphabet: dashed, what: "a Google API key" },
    Format { prefix: "npm_", length: 36, alphabet: alphanumeric, what: "an npm token" },
    Format { prefix: "tskey-auth-", length: 20, alphabet: dashed, what: "a Tailscale key" },
    Format { prefix: "dop_v1_", length: 64, alphabet: alphanumeric, what: "a DigitalOcean token" },
];

fn alphanumeric(c: u8) -> bool {
    c.is_ascii_alphanumeric()
}

fn word(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'_'
}

fn dashed(c: u8) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-')
}

fn upper(c: u8) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit()
}

/// What credential a text holds.
pub(super) fn credential(text: &str) -> Option<&'static str> {
    if text.len() < 20 {
        return None;
    }
    if has_private_key(text) {
        return Some("a private key");
    }
    // A credential is one word; most words are too short to be one.
    let words = text.as_bytes().split(|c| !dashed(*c)).filter(|it| it.len() >= 20);
    words.filter_map(|it| std::str::from_utf8(it).ok()).find_map(credential_word)
}

fn credential_word(token: &str) -> Option<&'static str> {
    FORMATS.iter().find_map(|format| {
        let rest = token.strip_prefix(format.prefix)?;
        let length = rest.bytes().take_while(|c| (format.alphabet)(*c)).count();
        let body = &rest[..length];
        (length == rest.len() && length >= format.length && is_varied(body)).then_some(format.what)
    })
}

/// `-----BEGIN … PRIVATE KEY-----` with a key after it, not only the words.
fn has_private_key(text: &str) -> bool {
    let Some((before, after)) = text.split_once("PRIVATE KEY-----") else { return false };
    let begins = before.rsplit('\n').next().is_some_and(|line| line.contains("-----BEGIN "));
    let is_encrypted = before.ends_with("ENCRYPTED ");
    let body: String = after.chars().filter(|c| !c.is_whitespace()).take(60).collect();
    begins
        && !is_encrypted
        && body.len() == 60
        && body.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/' | b'='))
}

/// Not `xxxxxxxx`, not `…EXAMPLE`.
fn is_varied(body: &str) -> bool {
    let mut seen = [false; 128];
    for c in body.bytes() {
        seen[usize::from(c & 127)] = true;
    }
    let distinct = seen.iter().filter(|it| **it).count();
    let upper = body.to_ascii_uppercase();
    distinct >= 8 && !upper.contains("EXAMPLE") && !upper.contains("XXXX") && !upper.contains("1234567890")
}

/// Whether a text looks like a random key: one long word of letters and digits, well mixed.
pub(super) fn is_random(text: &str) -> bool {
    let body = text.trim();
    let is_word = body
        .bytes()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/' | b'=' | b'_' | b'-' | b'.'));
    if body.len() < 20 || !is_word || body.starts_with('/') || !is_varied(body) {
        return false;
    }
    let digits = body.bytes().filter(u8::is_ascii_digit).count();
    let letters = body.bytes().filter(u8::is_ascii_alphabetic).count();
    // Names of things are words with separators: `my-service-token-2024`.
    let separators = body.bytes().filter(|c| matches!(c, b'_' | b'-' | b'.' | b'/')).count();
    digits >= 3 && letters >= 4 && separators * 8 <= body.len() && entropy(body) >= 3.3
}

/// Bits a character, by how often each occurs.
fn entropy(text: &str) -> f64 {
    let mut counts = [0u32; 128];
    for c in text.bytes() {
        counts[usize::from(c & 127)] += 1;
    }
    let total = text.len() as f64;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = f64::from(*count) / total;
            -share * share.log2()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_placeholders() {
        for text in [
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "AKIAIOSFODNN7EXAMPLE",
            "grep -q 'BEGIN PRIVATE KEY-----' file",
            "-----BEGIN OPENSSH PRIVATE KEY-----\n...\n",
            "sk-ant-your-key-here",
        ] {
            assert_eq!(credential(text), None, "{text}");
        }
    }

    #[test]
    fn random_texts() {
        assert!(is_random("Qm4vT8xL2pR7wN5cY9bK3dH6gJ1fZ0sAe8uX2iO4kDm="));
        assert!(is_random("0e4974085e4edb6fe8318604d0c8ca6e371c697c"));
        for text in [
            "state_icon",
            "my-service-token-for-2024-01",
            "aaaaaaaaaaaaaaaaaaaaaaaa",
            "/run/agenix/token-1234567",
        ] {
            assert!(!is_random(text), "{text}");
        }
    }
}
