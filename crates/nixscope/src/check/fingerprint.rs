//! What makes a finding the same finding after an edit elsewhere: lint, file and message, not the line.

use std::collections::BTreeMap;

use super::findings::Finding;

/// A finding's identity; stable over versions of the program and of the compiler.
pub(super) struct Fingerprints {
    seen: BTreeMap<u64, u16>,
}

impl Fingerprints {
    /// None given out yet.
    pub(super) fn new() -> Fingerprints {
        Fingerprints { seen: BTreeMap::new() }
    }

    /// The identity of the next finding; twins are told apart by their order.
    pub(super) fn of(&mut self, finding: &Finding) -> String {
        let base = fnv1a(&[finding.lint, &finding.span.file, &finding.message]);
        let twin = self.seen.entry(base).or_default();
        let fingerprint = format!("{base:016x}{twin:04x}");
        *twin = twin.saturating_add(1);
        fingerprint
    }
}

/// The FNV-1a hash of some texts.
pub(super) fn fnv1a(texts: &[&str]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let separated = texts.iter().flat_map(|text| text.bytes().chain(std::iter::once(0)));
    for byte in separated {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}
