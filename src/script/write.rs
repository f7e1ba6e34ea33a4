//! The stress test that runs as it is: a Python file, a shell starter, and the shims they load.

use minijinja::{Environment, context};
use serde_json::{Value, json};

use super::amplifiers::pauses::longest_literal;
use super::invocation::Invocation;
use super::python::{literal, plain_words};
use super::{SHIMS, Target, find};
use crate::experiment::{Expected, Knob, Pattern, Replay, Seed};
use crate::facts::failures::Kind;
use crate::facts::runner_commands::{RunnerCommand, ways};

/// How many of the ranked amplifiers the test switches on by itself.
const RANKED: usize = 3;

/// A file to put into the failure's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestFile {
    /// Relative to the folder.
    pub path: String,
    pub text: String,
    /// True if it is to be started by its own name.
    pub executable: bool,
}

/// Returns the files of the stress test for `pattern`. All values from logs are Python literals or
/// quoted shell words.
///
/// # Errors
/// If a template cannot be rendered, which a test excludes for every pattern.
pub fn write(pattern: &Pattern) -> Result<Vec<TestFile>, minijinja::Error> {
    let invocation = Invocation::of(pattern);
    let test_file = format!("test_{}_stress.py", file_stem(&pattern.name));
    let file = |path: &str, text: String, executable| TestFile { path: path.to_owned(), text, executable };
    let mut files = vec![
        file("run_test.sh", starter(invocation.as_ref(), &test_file)?, true),
        file(&format!("tests/{test_file}"), test(pattern, invocation.as_ref())?, true),
    ];
    files.extend(SHIMS.map(|(name, text)| file(&format!("tests/amplifiers/{name}"), text.to_owned(), false)));
    Ok(files)
}

fn test(pattern: &Pattern, invocation: Option<&Invocation>) -> Result<String, minijinja::Error> {
    let target = Target::of(pattern, invocation);
    let limit = target
        .limit()
        .map(|limit| json!({"seconds": limit.seconds, "variable": limit.variable, "option": limit.option}));
    let step =
        pattern.knobs.iter().filter(|knob| knob.amplifier == "delay").find_map(|knob| knob.site.as_deref());
    render(
        include_str!("templates/stress.py.jinja"),
        context! {
            title => plain_words(&pattern.oracle.title),
            name => file_stem(&pattern.name),
            argv => literal(&json!(invocation.map(|invocation| invocation.argv.clone()).unwrap_or_default())),
            whole => literal(&json!(invocation.and_then(|invocation| invocation.whole.clone()))),
            test => literal(&json!(target.test)),
            framework => literal(&json!(target.framework)),
            folder => literal(&json!(invocation.and_then(|invocation| invocation.folder.clone()))),
            regex => literal(&json!(pattern.oracle.regex)),
            hang => literal(&json!(is_hang(pattern))),
            preceding => literal(&json!(target.preceding)),
            limit => literal(&json!(limit)),
            step => literal(&json!(step.and_then(longest_literal))),
            device => literal(&json!(target.device)),
            replays => literal(&replays(&target)),
            ranked => literal(&ranked(pattern)),
            budget => literal(&json!(pattern.budget.seconds)),
            repeat => literal(&json!(words_of(&target, |way| way.repeat.as_ref()))),
            shuffle => literal(&json!(words_of(&target, |way| way.shuffle.as_ref()))),
        },
    )
}

/// Returns the words by which the test's runner is asked for something, with the place of the number in them.
fn words_of(target: &Target, of: fn(&RunnerCommand) -> Option<&Vec<String>>) -> Option<Vec<String>> {
    ways(target.framework).find_map(of).cloned()
}

fn starter(invocation: Option<&Invocation>, test_file: &str) -> Result<String, minijinja::Error> {
    let set = invocation.iter().flat_map(|invocation| &invocation.variables);
    // Invocation keeps only values without NUL, which alone cannot be quoted.
    let quoted = set.filter_map(|(name, value)| Some(format!("{name}={}", shlex::try_quote(value).ok()?)));
    let left_out = invocation.iter().flat_map(|invocation| &invocation.left_out);
    let left_out = left_out.map(|(name, why)| format!("{} is not set: {why}", plain_words(name)));
    render(
        include_str!("templates/run_test.sh.jinja"),
        context! {
            variables => quoted.collect::<Vec<_>>(),
            left_out => left_out.collect::<Vec<_>>(),
            test_file => test_file,
        },
    )
}

fn render(template: &str, values: minijinja::Value) -> Result<String, minijinja::Error> {
    // The template engine drops the last newline.
    Environment::new().render_str(template, values).map(|text| text + "\n")
}

/// The amplifiers to begin with, each at its mildest level. Those that tighten a limit, and so may make
/// the failure themselves, are left to the person.
fn ranked(pattern: &Pattern) -> Value {
    let knobs = pattern.knobs.iter().filter(|knob| knob.expected == Expected::Raise);
    let mut chosen: Vec<(&str, f64)> = Vec::new();
    let sound = |knob: &&Knob| find(&knob.amplifier).is_some_and(|amplifier| !amplifier.tightens_a_limit);
    for knob in knobs.filter(sound) {
        let new = !chosen.iter().any(|(name, _)| *name == knob.amplifier);
        chosen.extend(knob.levels.first().filter(|_| new).map(|&level| (knob.amplifier.as_str(), level)));
    }
    chosen.truncate(RANKED);
    json!(chosen)
}

/// The variables of each run that is to be repeated: name, value, and whether it goes after what is there.
fn replays(target: &Target) -> Value {
    let seed = |seed: &Seed| json!([seed.variable, seed.value, seed.joins]);
    let run = |replay: &Replay| replay.seeds.iter().map(seed).collect::<Vec<_>>();
    json!(target.replays.iter().map(run).collect::<Vec<_>>())
}

/// Returns true if the failure is that something did not end and no word of the program tells so.
pub fn is_hang(pattern: &Pattern) -> bool {
    use crate::facts::limits::Layer;
    let outside = matches!(pattern.oracle.layer, Layer::Runner | Layer::Job);
    pattern.oracle.kind == Kind::Silence || (pattern.oracle.kind == Kind::Timeout && outside)
}

/// Returns the name in letters that a Python module may have.
fn file_stem(name: &str) -> String {
    let letter =
        |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' };
    name.chars().map(letter).collect()
}
