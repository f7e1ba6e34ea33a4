//! Command lines that a log shows, and which of them ran the test that failed.

use super::pattern::Place;
use super::said::Said;
use super::shell::{Simple, runner_of, simple};
use super::steps::Step;
use super::subject::{Command, Form};
use crate::facts::runner_commands::called;
use crate::facts::runners::Framework;

/// Earlier commands kept: enough to see how the machine was set up.
const MOST_EARLIER: usize = 12;

/// Beginnings of lines that are commands of test runners even without a prompt.
const PLAIN: [&str; 7] = [
    "pytest ",
    "python -m pytest ",
    "python3 -m pytest ",
    "ctest ",
    "cargo test",
    "cargo nextest ",
    "go test ",
];

/// What a log shows of the command that failed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Commands {
    pub command: Option<Command>,
    /// In their order; the last of those before the command.
    pub earlier: Vec<Command>,
}

/// Returns the command that most likely ran what failed at line `until`: the last one that runs
/// tests with `framework`, else the last test runner's, else the last command of a script.
pub(super) fn command(
    source: &str,
    log: &[Said<'_>],
    steps: &[Step],
    until: u64,
    framework: Option<Framework>,
) -> Commands {
    let mut all = of_steps(source, steps);
    let in_head = |line: u64| steps.iter().any(|step| (step.line..=step.end).contains(&line));
    let below = log.iter().filter_map(|said| on_line(source, said.number(), &said.text));
    all.extend(below.filter(|command| !in_head(command.at.line)));
    all.retain(|command| command.at.line <= until);
    all.sort_by_key(|command| command.at.line);
    all.dedup_by(|b, a| a.at.line == b.at.line);
    let failing_step = steps.iter().take_while(|step| step.line <= until).last();
    let may_be = |command: &Command| command.framework != Framework::Command || is_in(command, failing_step);
    if !all.iter().any(may_be) {
        return Commands { command: None, earlier: nearest(all) };
    }
    let weight = |command: &Command| weight(command, framework, failing_step);
    let Some(best) = (0..all.len()).max_by_key(|&at| (all.get(at).map_or(0, weight), at)) else {
        return Commands::default();
    };
    let mut earlier: Vec<Command> = all.drain(..best).collect();
    let command = (!all.is_empty()).then(|| all.swap_remove(0));
    earlier.retain(|earlier| command.as_ref().is_none_or(|command| earlier.printed != command.printed));
    Commands { command, earlier: nearest(earlier) }
}

/// Keeps the last commands.
fn nearest(mut commands: Vec<Command>) -> Vec<Command> {
    commands.drain(..commands.len().saturating_sub(MOST_EARLIER));
    commands
}

/// Returns true if and only if the command belongs to the step, or the log has no steps.
fn is_in(command: &Command, step: Option<&Step>) -> bool {
    step.is_none_or(|step| command.at.line >= step.line)
}

/// How likely a command is the one: what runs tests before what does not, a whole script line
/// before a trace of what a script did, and the step that failed before others.
fn weight(command: &Command, framework: Option<Framework>, step: Option<&Step>) -> u32 {
    let runs_tests = command.framework != Framework::Command;
    let fits = runs_tests && framework == Some(command.framework);
    let in_step = is_in(command, step);
    let whole = matches!(command.form, Form::GithubGroup | Form::Prompt);
    let noise = command.form == Form::ShellTrace && !runs_tests;
    u32::from(fits) * 16
        + u32::from(in_step) * 8
        + u32::from(runs_tests) * 4
        + u32::from(whole) * 2
        + u32::from(!noise)
}

/// Returns the script lines of all steps, or a step's whole script where its lines hang together.
fn of_steps(source: &str, steps: &[Step]) -> Vec<Command> {
    let mut commands = Vec::new();
    for step in steps {
        let image = step.input("image").map(|image| image.value.trim().to_owned());
        let folder = step.input("working-directory").map(|folder| folder.value.trim().to_owned());
        for (line, text) in lines_of(step) {
            let mut command = new(source, line, &text, Form::GithubGroup);
            command.image = image.clone();
            command.folder = joined_folders(folder.as_deref(), command.folder.as_deref());
            commands.push(command);
        }
    }
    commands
}

/// Returns the folder of the step and in it the one that the line changes to.
fn joined_folders(step: Option<&str>, line: Option<&str>) -> Option<String> {
    match (step, line) {
        (Some(step), Some(line)) if !line.starts_with('/') => {
            Some(format!("{}/{line}", step.trim_end_matches('/')))
        }
        (step, line) => line.or(step).map(str::to_owned),
    }
}

/// Returns the lines of a step's script that are commands of their own.
fn lines_of(step: &Step) -> Vec<(u64, String)> {
    let run = step.input("run").map(|run| (run.line, run.value.clone()));
    let script = match run {
        Some((line, value)) => (line..).zip(value.lines().map(str::to_owned)).collect(),
        None if step.script.is_empty() && !is_action(&step.title) => vec![(step.line, step.title.clone())],
        None => step.script.clone(),
    };
    joined(&script).into_iter().filter(|(_, text)| is_command(text)).collect()
}

/// Joins lines that end in a backslash.
fn joined(script: &[(u64, String)]) -> Vec<(u64, String)> {
    let mut lines: Vec<(u64, String)> = Vec::new();
    let mut open = false;
    for (number, text) in script {
        let (text, goes_on) = match text.trim().strip_suffix('\\') {
            Some(text) => (text.trim_end(), true),
            None => (text.trim(), false),
        };
        match lines.last_mut().filter(|_| open) {
            Some((_, last)) => {
                last.push(' ');
                last.push_str(text);
            }
            None => lines.push((*number, text.to_owned())),
        }
        open = goes_on;
    }
    lines
}

/// Returns true for `owner/name@version` and `./path`, which are actions and no commands.
fn is_action(title: &str) -> bool {
    !title.contains(' ') && (title.contains('@') || title.starts_with("./.github/"))
}

/// Returns false for empty lines, comments, settings and the words of control structures.
fn is_command(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    let control = [
        "if", "fi", "then", "else", "elif", "for", "do", "done", "while", "case", "esac", "set", "export",
        "echo", "{", "}",
    ];
    !first.is_empty() && !first.starts_with('#') && !control.contains(&first)
}

/// Reads one line as a command, where its form says so.
fn on_line(source: &str, line: u64, text: &str) -> Option<Command> {
    let (form, text) = form_of(text)?;
    is_command(text).then(|| new(source, line, text, form))
}

fn form_of(text: &str) -> Option<(Form, &str)> {
    if let Some(rest) = text.strip_prefix("##[command]").or_else(|| text.strip_prefix("[command]")) {
        return Some((Form::GithubCommand, rest.trim()));
    }
    if let Some(rest) = text.strip_prefix("$ ") {
        return Some((Form::Prompt, rest.trim()));
    }
    let pluses = text.bytes().take_while(|&byte| byte == b'+').count();
    if let Some(rest) = text.get(pluses..).filter(|_| pluses > 0).and_then(|rest| rest.strip_prefix(' ')) {
        return Some((Form::ShellTrace, rest.trim()));
    }
    if let Some((_, rest)) = text.split_once("Test command: ") {
        return Some((Form::Runner, rest.trim()));
    }
    if let Some(rest) = text.trim().strip_prefix("Running ").and_then(|rest| rest.strip_suffix(')')) {
        let (_, program) = rest.rsplit_once('(')?;
        return program.contains("target/").then_some((Form::Runner, program));
    }
    PLAIN.iter().any(|plain| text.starts_with(plain)).then_some((Form::Plain, text.trim()))
}

fn new(source: &str, line: u64, text: &str, form: Form) -> Command {
    let alone = || runner_of(text).filter(|_| called(text) != Framework::Command);
    let (Simple { variables, words }, folder) =
        simple(text).map(|simple| (simple, None)).or_else(alone).unwrap_or_default();
    Command {
        printed: text.to_owned(),
        image: image_of(&words),
        argv: (!words.is_empty()).then_some(words),
        variables,
        folder,
        framework: called(text),
        form,
        at: Place { source: source.to_owned(), line },
    }
}

/// Returns the image that `docker run` names: the first word that is no option and no option's value.
fn image_of(words: &[String]) -> Option<String> {
    let at =
        words.windows(2).position(|pair| matches!(pair, [a, b] if a.ends_with("docker") && b == "run"))?;
    let alone = ["--rm", "-i", "-t", "-it", "-d", "--privileged", "--init"];
    let mut rest = words.iter().skip(at + 2);
    while let Some(word) = rest.next() {
        if !word.starts_with('-') {
            return Some(word.clone());
        }
        if !word.contains('=') && !alone.contains(&word.as_str()) {
            rest.next();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::steps::steps;
    use super::*;

    fn found(text: &str, until: u64, framework: Option<Framework>) -> Commands {
        let log = Said::all(text.as_bytes());
        command("a.log", &log, &steps(&log), until, framework)
    }

    fn check(text: &str, expected: &str, line: u64, form: Form, why: &str) {
        let command = found(text, u64::MAX, None).command.unwrap_or_else(|| panic!("no command: {why}"));
        assert_eq!(
            (command.printed.as_str(), command.at.line, command.form),
            (expected, line, form),
            "{why}"
        );
    }

    #[test]
    fn every_way_in_which_a_log_shows_a_command() {
        check(
            "##[group]Run make test\nmake test\nshell: bash\n##[endgroup]\nboom",
            "make test",
            2,
            Form::GithubGroup,
            "a step",
        );
        check(
            "##[group]Run make test\nshell: bash\n##[endgroup]",
            "make test",
            1,
            Form::GithubGroup,
            "an old step has its title only",
        );
        check(
            "##[command]/usr/bin/docker run --rm ring:1",
            "/usr/bin/docker run --rm ring:1",
            1,
            Form::GithubCommand,
            "an action's command",
        );
        check("$ ./run.sh --fast\nboom", "./run.sh --fast", 1, Form::Prompt, "GitLab and Travis");
        check("++ pytest -x tests\nboom", "pytest -x tests", 1, Form::ShellTrace, "sh -x");
        check(
            "     Running unittests src/lib.rs (target/debug/deps/ring-0f)",
            "target/debug/deps/ring-0f",
            1,
            Form::Runner,
            "cargo",
        );
        check(
            "3: Test command: /b/ring \"--gtest_filter=A.b\"",
            "/b/ring \"--gtest_filter=A.b\"",
            1,
            Form::Runner,
            "ctest -V",
        );
        check("go test -race ./...\nFAIL", "go test -race ./...", 1, Form::Plain, "a runner's own line");
    }

    #[test]
    fn what_runs_the_tests_wins_over_what_prepares_and_what_cleans_up() {
        let text = "##[group]Run set -e\nset -e\n# the tests\npip install -r r.txt\npytest -v tests \\\n  --timeout=30\necho done\nshell: bash\n##[endgroup]\nFAILED\n##[group]Run rm -rf x\nrm -rf x\nshell: bash\n##[endgroup]\n";
        let commands = found(text, 10, Some(Framework::Pytest));
        let command = commands.command.unwrap();
        assert_eq!(command.printed, "pytest -v tests --timeout=30");
        assert_eq!(command.argv.unwrap(), ["pytest", "-v", "tests", "--timeout=30"]);
        assert_eq!(commands.earlier.len(), 1, "{:?}", commands.earlier);
        assert_eq!(commands.earlier[0].printed, "pip install -r r.txt");
    }

    #[test]
    fn a_script_line_wins_over_the_trace_of_what_it_did() {
        let text =
            "##[group]Run bash run.sh\nbash run.sh\nshell: bash\n##[endgroup]\n+ gcc -o ring ring.c\nboom";
        check(text, "bash run.sh", 2, Form::GithubGroup, "gcc did not fail");
    }

    #[test]
    fn an_actions_script_runs_in_its_image() {
        let text = "##[group]Run owner/docker-run@v3\nwith:\n  image: ring:1\n  run: make\npytest tests\nenv:\n##[endgroup]\n";
        let command = found(text, u64::MAX, None).command.unwrap();
        assert_eq!((command.printed.as_str(), command.image.as_deref()), ("pytest tests", Some("ring:1")));
        check(
            "$ docker run --rm -v /a:/b --name=x ring:2 ./t",
            "docker run --rm -v /a:/b --name=x ring:2 ./t",
            1,
            Form::Prompt,
            "docker",
        );
        let words: Vec<String> = shlex::split("docker run --rm -v /a:/b --name=x ring:2 ./t").unwrap();
        assert_eq!(image_of(&words).as_deref(), Some("ring:2"));
    }

    #[test]
    fn a_step_that_shows_no_command_is_not_given_that_of_another() {
        let text = "##[group]Run reset.sh\nreset.sh\nshell: bash\n##[endgroup]\n##[group]Run owner/build@v1\nwith:\n  a: 1\n##[endgroup]\nboom\n";
        let commands = found(text, 9, None);
        assert_eq!((commands.command, commands.earlier.len()), (None, 1));
    }

    #[test]
    fn no_command_is_no_guess() {
        assert_eq!(found("boom\nRunning 3 tests\n+1 more\n- a\n", u64::MAX, None), Commands::default());
    }
}
