//! Command lines that a log shows.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shell::{Simple, runner_of, simple};
use super::step_heads::StepHead;
use crate::facts::Place;
use crate::facts::runner_commands::called;
use crate::facts::runners::Framework;
use crate::rules::{Embedded, Wordings, captured, table};

/// A command line that a log shows. It is shown, never run without a person's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Command {
    /// As printed; several lines where the log shows a block.
    pub printed: String,
    /// The words, where the line can be split without a shell (no pipe, no `&&`, no `$`); variables
    /// set before the program's name stand in `variables`, not here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub argv: Option<Vec<String>>,
    /// Variables set on the command line itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
    /// The folder that the log shows it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// The image, where `docker run` or the job says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    pub framework: Framework,
    /// How the log shows it.
    pub form: Form,
    pub at: Place,
}

/// How a log shows a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// `##[group]Run …` of GitHub Actions.
    GithubGroup,
    /// `[command]/usr/bin/git …`.
    GithubCommand,
    /// `$ make test`.
    Prompt,
    /// `+ make test` of `sh -x`.
    ShellTrace,
    /// A runner's own words, such as `Running …` of cargo or `Test command:` of ctest.
    Runner,
    /// A line that begins as a known program's command line does.
    Plain,
}

/// The table as it is written.
const LINES: Embedded = table!("command_lines");

#[derive(Deserialize)]
struct Row {
    form: Form,
}

static ROWS: LazyLock<Wordings<Row>> = LazyLock::new(|| Wordings::embedded(LINES));

/// Returns the lines of a step's script.
pub fn of_head(source: &str, head: &StepHead) -> Vec<Command> {
    let image = head.input("image").map(|image| image.value.trim().to_owned());
    let folder = head.input("working-directory").map(|folder| folder.value.trim().to_owned());
    let command = |(line, text): (u64, String)| {
        let command = new(source, line, &text, Form::GithubGroup);
        let folder = joined_folders(folder.as_deref(), command.folder.as_deref());
        Command { image: image.clone(), folder, ..command }
    };
    lines_of(head).into_iter().map(command).collect()
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
fn lines_of(step: &StepHead) -> Vec<(u64, String)> {
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
pub fn on_line(source: &str, line: u64, text: &str) -> Option<Command> {
    let (form, text) = form_of(text)?;
    is_command(&text).then(|| new(source, line, &text, form))
}

fn form_of(text: &str) -> Option<(Form, String)> {
    let (_, row, captures) = ROWS.matches(text.as_bytes()).next()?;
    Some((row.form, captured(&captures, "command")?))
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
    use super::*;
    use crate::rules::check_examples;

    #[test]
    fn every_form_of_a_command_is_recognised() {
        check_examples::<Row>(LINES, |row, example| {
            form_of(example).is_some_and(|(form, _)| form == row.form)
        });
    }

    #[test]
    fn the_image_is_the_first_word_that_is_no_option() {
        let words: Vec<String> = shlex::split("docker run --rm -v /a:/b --name=x ring:2 ./t").unwrap();
        assert_eq!(image_of(&words).as_deref(), Some("ring:2"));
    }
}
