//! The page's content security policy: one style and one script, each named by its hash, and nothing else.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The style of the page.
pub const STYLE: &str = include_str!("templates/style.css");
/// The script of the page; it reads the page and asks nothing of anybody.
pub const SCRIPT: &str = include_str!("templates/script.js");

/// Returns the policy.
pub fn policy() -> String {
    format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}
