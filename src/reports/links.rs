//! Places that a terminal can open: OSC 8 hyperlinks, on terminals that have them and nowhere else.

use std::env::{var, var_os};
use std::fs;
use std::io::{self, IsTerminal};
use std::path::Path;

use super::visible;

/// Returns a place as editors take it, `logs/a.log:4012`, as a link where the terminal opens links.
pub fn place(source: &str, line: u64) -> String {
    let shown = format!("{}:{line}", visible(source));
    match address(source).filter(|_| opens_links()) {
        Some(address) => format!("\x1b]8;;{address}\x1b\\{shown}\x1b]8;;\x1b\\"),
        None => shown,
    }
}

/// Returns true if standard output is a terminal that is known to have links.
fn opens_links() -> bool {
    if !io::stdout().is_terminal() || var_os("NO_COLOR").is_some() {
        return false;
    }
    let named = |name: &str, words: &[&str]| var(name).is_ok_and(|value| words.contains(&value.as_str()));
    let vte = var("VTE_VERSION").ok().and_then(|version| version.parse::<u32>().ok());
    named("TERM_PROGRAM", &["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper"])
        || named("TERM", &["xterm-kitty", "xterm-ghostty", "foot", "alacritty"])
        || vte.is_some_and(|version| version >= 5000)
        || ["WT_SESSION", "KONSOLE_VERSION", "FORCE_HYPERLINK"].iter().any(|name| var_os(name).is_some())
}

/// Returns the address of a file; of an archive's member that of the archive. `None` where there is no such file.
fn address(source: &str) -> Option<String> {
    let file = source.split_once('!').map_or(source, |(archive, _)| archive);
    let path = fs::canonicalize(Path::new(file)).ok()?;
    let mut address = String::from("file://");
    for byte in path.to_str()?.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                address.push(char::from(byte))
            }
            _ => address += &format!("%{byte:02X}"),
        }
    }
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_that_of_the_file_and_holds_nothing_that_acts() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a b\x1b.zip");
        fs::write(&file, "").unwrap();
        let source = format!("{}!job/3.txt", file.display());
        let address = address(&source).unwrap();
        assert!(address.starts_with("file:///") && address.ends_with("/a%20b%1B.zip"), "{address}");
        assert_eq!(super::address("no/such.log"), None);
    }

    #[test]
    fn what_is_no_terminal_gets_the_bare_place() {
        // Tests have no terminal.
        assert_eq!(place("a\x1b.log", 7), "a␛.log:7");
    }
}
