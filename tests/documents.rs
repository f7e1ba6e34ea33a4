//! What the documents tell people to type: every command and option is there, and what can be done without a network
//! does what it says.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The documents with the way to them, the README first.
fn documents() -> Vec<(String, String)> {
    let folder = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> =
        folder.filter(|path| path.extension().is_some_and(|kind| kind == "md")).collect();
    paths.sort();
    let others = ["README.md", "CONTRIBUTING.md", "signatures/README.md", "integrations/README.md"];
    let all = others.iter().map(|name| root().join(name)).chain(paths);
    let named = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path.strip_prefix(root()).unwrap().display().to_string(), text)
    };
    all.map(named).collect()
}

/// The lines of a document that stand in a block of code, but for what a program printed; a line that goes on behind
/// `\` is one.
fn blocks(text: &str) -> Vec<String> {
    let (mut lines, mut fence, mut goes_on) = (Vec::<String>::new(), None, false);
    for line in text.lines() {
        if let Some(kind) = line.trim_start().strip_prefix("```") {
            fence = fence.is_none().then_some(kind);
        } else if fence.map_or(line.starts_with("    "), |kind| kind != "text") {
            let (part, more) =
                line.trim().strip_suffix('\\').map_or((line.trim(), false), |part| (part, true));
            match lines.last_mut().filter(|_| goes_on) {
                Some(last) => last.push_str(part),
                None => lines.push(part.to_owned()),
            }
            goes_on = more;
        }
    }
    lines
}

/// The line for a shell in a line of a block: behind a prompt, in a list of YAML, in a step of Jenkins.
fn command_of(line: &str) -> Option<&str> {
    let step = line.strip_prefix("sh '").and_then(|rest| rest.strip_suffix('\''));
    let bare = step.or_else(|| line.strip_prefix("$ ")).or_else(|| line.strip_prefix("- ")).unwrap_or(line);
    bare.starts_with("ndlog ").then_some(bare)
}

/// What is run for a command of the documents: itself, or without a network what has the same effect; `None` where it is
/// only a form, or takes minutes. `tests/integration/proving` asks servers of its own, and goes all the way to a proof.
fn runnable(command: &str) -> Option<String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let of_network = command.contains("://") || command.contains("OWNER/NAME");
    match words.get(1) {
        _ if command.contains('…') => None,
        Some(&"collect") if of_network => Some(format!("ndlog collect {} ci.log", words.get(2)?)),
        Some(&"verify") => None,
        Some(&"reproduce") if !words.contains(&"--dry-run") => None,
        Some(&"query") if cfg!(not(feature = "tables")) => None,
        _ => Some(command.to_owned()),
    }
}

/// A folder with everything that the documents name as if it were there.
fn desk() -> TempDir {
    let desk = TempDir::new().unwrap();
    let lab = root().join("datasets/lab/linkup/logs");
    let put = |name: &str, to: &str| {
        let to = desk.path().join(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(lab.join(name), to).unwrap();
    };
    for folder in ["logs/failing", "logs/shard-1", "logs/today", "downloads"] {
        put("fail_00.log", &format!("{folder}/fail_00.log"));
        put("fail_01.log", &format!("{folder}/fail_01.log"));
    }
    put("fail_02.log", "logs/shard-2/fail_02.log");
    for number in 0..6 {
        let passed = format!("pass/pass_0{number}.log");
        put(&passed, &format!("good/{number}.log"));
        put(&passed, &format!("logs/passing/{number}.log"));
    }
    for name in ["ci.log", "build.log", "ci-run.zip", "junit/ci.log"] {
        put("fail_03.log", name);
    }
    fs::create_dir_all(desk.path().join("src/models")).unwrap();
    symlink(root().join("signatures"), desk.path().join("signatures")).unwrap();
    let agent = desk.path().join("buildkite-agent");
    fs::write(&agent, "#!/bin/sh\ncat > /dev/null\n").unwrap();
    fs::set_permissions(agent, fs::Permissions::from_mode(0o755)).unwrap();
    desk
}

fn run(line: &str, desk: &TempDir) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_ndlog")).parent().unwrap();
    let path = format!("{}:{}:/usr/bin:/bin", desk.path().display(), program.display());
    let mut shell = Command::new("sh");
    shell.args(["-c", line]).current_dir(desk.path()).env("PATH", path).env("HOME", desk.path());
    shell.output().unwrap()
}

#[test]
fn what_the_documents_show_can_be_done() {
    let mut done = 0;
    for (name, text) in documents() {
        let desk = desk();
        for line in blocks(&text) {
            let Some(command) = command_of(&line).and_then(runnable) else {
                continue;
            };
            let output = run(&command, &desk);
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{name}: `{command}` ends with {}: {said}", output.status);
            done += 1;
        }
    }
    assert!(done > 20, "only {done} commands were found");
}

/// Commands that this build may lack.
const LEFT_OUT: [(&str, bool); 2] =
    [("query", cfg!(not(feature = "tables"))), ("mcp", cfg!(not(feature = "mcp")))];

/// What stands in code anywhere in a document, word by word: `ndlog known add ID --issue URL`.
fn mentions(text: &str) -> Vec<String> {
    let inline = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("```"))
        .flat_map(|line| line.split('`').skip(1).step_by(2));
    let inline = inline.filter(|code| code.starts_with("ndlog ")).map(str::to_owned);
    inline.chain(blocks(text).iter().filter_map(|line| command_of(line)).map(str::to_owned)).collect()
}

#[test]
fn every_command_and_option_of_the_documents_is_there() {
    let desk = TempDir::new().unwrap();
    let mut helps: HashMap<String, String> = HashMap::new();
    for (name, text) in documents() {
        for mention in mentions(&text) {
            let own = mention.split(['|', '#', '>', ',']).next().unwrap();
            let words: Vec<&str> = own.split_whitespace().skip(1).collect();
            let Some(command) =
                words.first().filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()))
            else {
                continue;
            };
            let of = match (*command, words.get(1)) {
                ("known" | "signatures", Some(second)) => {
                    let name = second.split(|letter: char| !letter.is_ascii_lowercase()).next().unwrap();
                    format!("{command} {name}")
                }
                _ => (*command).to_owned(),
            };
            let help = helps.entry(of.clone()).or_insert_with(|| {
                String::from_utf8(run(&format!("ndlog {of} --help"), &desk).stdout).unwrap()
            });
            if LEFT_OUT.contains(&(*command, true)) {
                continue;
            }
            assert!(!help.is_empty(), "{name}: `{mention}`: there is no such command");
            for word in &words {
                let option = word.split('=').next().unwrap();
                let known = !option.starts_with("--") || help.contains(option);
                assert!(known, "{name}: `{mention}`: {option} is no option of it");
            }
        }
    }
    assert!(helps.len() > 15, "only {} commands were found", helps.len());
}

#[test]
fn the_first_screen_is_that_of_the_readme() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let shown = readme.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{} cluster datasets/lab/*/logs", env!("CARGO_BIN_EXE_ndlog"))]);
    let output = command.current_dir(root()).env("COLUMNS", "80").output().unwrap();
    let screen = String::from_utf8(output.stdout).unwrap();
    // The last lines name the logs where the screen is no terminal.
    let failures = shown.split("Next ").next().unwrap();
    let mut rest = screen.as_str();
    for part in failures.split("… 7 more here …\n") {
        let at = rest.find(part.trim()).unwrap_or_else(|| panic!("not on the screen:\n{part}\nbut\n{rest}"));
        rest = &rest[at + part.trim().len()..];
    }
    assert_eq!(screen.matches("\n    read  ").count(), 3 + 7, "seven are left out in the README");
}
