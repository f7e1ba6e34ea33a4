//! What reads what ndlog writes: the programs that people have, and what none of them may be given.

use std::path::Path;
use std::process::Command;

use crate::skip::skip;

/// Returns true for what no report may hold, but for the escapes of its own colours.
pub fn acts(letter: char) -> bool {
    matches!(letter, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{3164}' | '\u{fffe}' | '\u{ffff}')
}

/// Runs a program that reads what was written; says so aloud where it is not installed.
pub fn consumer(program: &str, arguments: &[&str], folder: &Path) {
    let Ok(output) = Command::new(program).current_dir(folder).args(arguments).output() else {
        return skip(program, "what was written is not read by it");
    };
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
}

/// Programs of Python that read the file named first.
pub const READ_JSON: &str = "import json,sys\nread=[json.loads(line) for line in open(sys.argv[1], encoding='utf-8') if line.strip()]\nassert read";
pub const READ_CSV: &str = "import csv,sys\nrows=list(csv.reader(open(sys.argv[1],encoding='utf-8',newline=''),strict=True))\n\
assert len(rows)>1 and len({len(row) for row in rows})==1\n\
wrong=[cell for row in rows for cell in row if cell[:1] in ('=','+','@','\\t','\\r')]\nassert not wrong, wrong";
