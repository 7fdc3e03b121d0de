//! Who can decrypt: public keys, and what the repository calls them.

use nixscope_eval::SourcePlace;
use smol_str::SmolStr;

/// Somebody who can decrypt a secret.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Recipient {
    /// What the repository calls the key: the name it is bound to, its anchor, its comment.
    pub name: Option<SmolStr>,
    /// The public key: `ssh-ed25519 AAAA…` without its comment, `age1…`, a PGP fingerprint, the name of a
    /// key in somebody's cloud.
    pub key: SmolStr,
    /// Where the key is written.
    pub place: Option<SourcePlace>,
}

/// A key without a name is shown up to this many characters.
const SHOWN_KEY: usize = 24;

impl Recipient {
    /// A key as it is written in a file: an SSH key's comment is split off and, where there is no other
    /// name, is the name. None for what is no key.
    pub(crate) fn parse(text: &str, name: Option<SmolStr>, place: Option<SourcePlace>) -> Option<Recipient> {
        let mut words = text.split_whitespace();
        let first = words.next()?;
        let is_ssh = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"].iter().any(|it| first.starts_with(it));
        if !is_ssh {
            return Some(Recipient { name, key: first.into(), place });
        }
        let key = words.next()?;
        let comment = words.next().map(SmolStr::from);
        Some(Recipient { name: name.or(comment), key: format!("{first} {key}").into(), place })
    }

    /// The name; else the key, shortened.
    pub fn label(&self) -> SmolStr {
        if let Some(name) = &self.name {
            return name.clone();
        }
        let material = self.key.split_once(' ').map_or(self.key.as_str(), |(_, material)| material);
        match material.char_indices().nth(SHOWN_KEY) {
            Some((cut, _)) => format!("{}…", &material[..cut]).into(),
            None => material.into(),
        }
    }

    /// Whether this is a key, however it is named.
    pub fn is_key(&self, key: &str) -> bool {
        Recipient::parse(key, None, None).is_some_and(|it| it.key == self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_what_they_are_called() {
        let of = |text: &str, name: Option<&str>| {
            let it = Recipient::parse(text, name.map(SmolStr::from), None).unwrap();
            (it.key.to_string(), it.label().to_string())
        };
        let pair = |a: &str, b: &str| (a.to_string(), b.to_string());
        assert_eq!(of("ssh-ed25519 AAAA root@web\n", None), pair("ssh-ed25519 AAAA", "root@web"));
        assert_eq!(of("ssh-ed25519 AAAA root@web", Some("web")), pair("ssh-ed25519 AAAA", "web"));
        assert_eq!(of("ssh-ed25519 AAAA", None), pair("ssh-ed25519 AAAA", "AAAA"));
        assert_eq!(of("age1qqqqqqqqqqqqqqqqqqqqqqqqqqqq", None).1, "age1qqqqqqqqqqqqqqqqqqqq…");
        assert_eq!(Recipient::parse("  ", None, None), None);
        let key = Recipient::parse("ssh-ed25519 AAAA", Some("web".into()), None).unwrap();
        assert!(key.is_key("ssh-ed25519 AAAA somebody@else") && !key.is_key("ssh-ed25519 BBBB"));
    }
}
