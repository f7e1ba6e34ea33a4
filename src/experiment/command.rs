//! Which of the commands that a log shows ran the test that failed.

use crate::facts::runners::Framework;
use crate::facts::setup::{Command, Form, Setup};

/// Earlier commands kept: enough to see how the machine was set up.
const MOST_EARLIER: usize = 12;

/// What a log shows of the command that failed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Commands {
    pub command: Option<Command>,
    /// In their order; the last of those before the command.
    pub earlier: Vec<Command>,
}

/// Returns the command that most likely ran what failed at line `until`: the last one that runs
/// tests with `framework`, else the last test runner's, else the last command of a script.
pub(super) fn command(setup: &Setup, until: u64, framework: Option<Framework>) -> Commands {
    let mut all: Vec<Command> =
        setup.commands.iter().take_while(|command| command.at.line <= until).cloned().collect();
    let failing_step = setup.step_of(until);
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
fn is_in(command: &Command, step: Option<u64>) -> bool {
    step.is_none_or(|step| command.at.line >= step)
}

/// How likely a command is the one: what runs tests before what does not, a whole script line
/// before a trace of what a script did, and the step that failed before others.
fn weight(command: &Command, framework: Option<Framework>, step: Option<u64>) -> u32 {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, until: u64, framework: Option<Framework>) -> Commands {
        command(&Setup::of(text), until, framework)
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
