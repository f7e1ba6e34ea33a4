//! A runner asked for one test with words: the rows of `runner_commands.toml` applied to a command.

use regex::Regex;

use super::narrow::go_pattern;
use crate::facts::runner_commands::{RunnerCommand, called};

/// Programs that start a script of the project and hand words on to it, and whether only behind `--`.
const STARTERS: [(&str, bool); 4] = [("npm", true), ("yarn", false), ("pnpm", false), ("bun", false)];
/// What a name of a test is put together with.
const JOINTS: [&str; 2] = [" › ", " > "];

/// Returns the command with which the runner runs nothing but the test `id`; `None` where this is another runner's
/// command, or one that chooses its tests in a way of its own.
pub fn asked(way: &RunnerCommand, words: &[&str], id: &str) -> Option<Vec<String>> {
    let calls = is_called(way, words);
    let refuses = words.iter().any(|word| way.refuse.iter().any(|refused| refused == word));
    let may_be = way.scripts && is_script(words) || way.built && is_built(words);
    if way.narrow.is_empty() || refuses || !(calls || may_be) {
        return None;
    }
    let name = Name::of(id);
    let mut kept = kept(way, words);
    if !calls && needs_dashes(words) && !words.contains(&"--") {
        kept.push("--");
    }
    let more = way.narrow.iter().map(|word| name.fill(word)).collect::<Option<Vec<_>>>()?;
    let at = place(way, &kept)?;
    let (before, behind) = kept.split_at_checked(at)?;
    let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let asked =
        [own(before), more.into_iter().filter(|word| !word.is_empty()).collect(), own(behind)].concat();
    Some(run_anew(way, &asked.iter().map(String::as_str).collect::<Vec<_>>()).unwrap_or(asked))
}

/// Returns the command with which the runner runs again what it ran before; `None` where it does so anyway, or where this is
/// another runner's command.
pub fn run_anew(way: &RunnerCommand, words: &[&str]) -> Option<Vec<String>> {
    if !way.cleans && way.anew.is_empty() || !is_called(way, words) {
        return None;
    }
    let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let Some(at) = place(way, words) else { return Some([own(words), way.else_anew.clone()].concat()) };
    if !way.cleans {
        let named = |word: &&str| way.anew.iter().any(|new| option(new) == option(word));
        let (before, behind) = words.split_at_checked(at).filter(|_| !words.iter().any(named))?;
        return Some([own(before), way.anew.clone(), own(behind)].concat());
    }
    let after = Regex::new(way.after.as_ref()?).ok()?;
    let with_clean = |word: &&str| {
        let clean = clean_task(word).filter(|clean| {
            after.is_match(word) && !is_clean(word, words) && !words.contains(&clean.as_str())
        });
        clean.into_iter().chain([(*word).to_owned()])
    };
    Some(words.iter().flat_map(with_clean).collect())
}

/// Returns the name of an option without its value.
fn option(word: &str) -> &str {
    word.split('=').next().unwrap_or(word)
}

/// Returns the task that clears what a task left: `:ring:cleanTest` of `:ring:test`.
fn clean_task(task: &str) -> Option<String> {
    let (project, name) = task.rfind(':').map_or(("", task), |at| task.split_at(at + 1));
    let mut letters = name.chars();
    let first = letters.next().filter(|first| first.is_alphabetic())?;
    Some(format!("{project}clean{}{}", first.to_uppercase(), letters.as_str()))
}

/// Returns true if the task only clears what another of the words left.
fn is_clean(task: &str, words: &[&str]) -> bool {
    words.iter().any(|word| clean_task(word).as_deref() == Some(task))
}

fn is_called(way: &RunnerCommand, words: &[&str]) -> bool {
    let base = |word: &str| word.rsplit('/').next().unwrap_or(word).to_owned();
    let named = way.programs.is_empty()
        || words.iter().any(|word| !word.starts_with('-') && way.programs.contains(&base(word)));
    named && called(&words.join(" ")) == way.framework
}

/// Returns true for `npm test`, `yarn test:unit` and `pnpm run test`.
fn is_script(words: &[&str]) -> bool {
    let starts = |word: &str| STARTERS.iter().any(|(starter, _)| *starter == word);
    let Some((first, rest)) = words.split_first() else { return false };
    let script = rest.iter().find(|word| !word.starts_with('-') && !matches!(**word, "run" | "run-script"));
    starts(first) && script.is_some_and(|script| *script == "t" || script.contains("test"))
}

/// Returns true for a program of the project's own that is no script by its ending: `build/ring_tests`.
fn is_built(words: &[&str]) -> bool {
    let own =
        words.first().filter(|first| !["/usr/", "/bin/"].iter().any(|folder| first.starts_with(folder)));
    own.and_then(|first| first.rsplit_once('/')).is_some_and(|(_, name)| !name.contains('.'))
}

fn needs_dashes(words: &[&str]) -> bool {
    words.first().is_some_and(|first| STARTERS.iter().any(|(name, dashes)| name == first && *dashes))
}

/// Returns the words that choose no tests.
fn kept<'a>(way: &RunnerCommand, words: &[&'a str]) -> Vec<&'a str> {
    let replaces = way.replaces.as_ref().and_then(|form| Regex::new(form).ok());
    let mut kept: Vec<&str> = Vec::new();
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        let is_dropped = |option: &String| word.strip_prefix(option.as_str());
        let rest = way.drop.iter().find_map(is_dropped);
        match rest {
            Some("") => drop(words.next()),
            Some(rest) if rest.starts_with('=') => {}
            _ => {
                let is_value = kept.last().is_some_and(|last| last.starts_with('-'));
                let is_other = replaces.as_ref().is_some_and(|form| form.is_match(word));
                kept.extend((is_value || !is_other).then_some(word));
            }
        }
    }
    kept
}

/// Returns the words without those that one test has no use for: several processes, another try, a limit for the suite.
pub fn for_one_test<'a>(way: &RunnerCommand, words: &[&'a str]) -> Vec<&'a str> {
    let leaves_out = way.leaves_out.as_ref().and_then(|form| Regex::new(form).ok());
    let mut left: Vec<&str> = Vec::new();
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        let rest =
            way.drop.iter().find_map(|option| word.strip_prefix(option.as_str()).filter(|rest| ends(rest)));
        match rest {
            Some("") => drop(words.next()),
            Some(_) => {}
            None => {
                left.extend((!leaves_out.as_ref().is_some_and(|form| form.is_match(word))).then_some(word))
            }
        }
    }
    left
}

/// Returns true where an option ends, or its value begins.
fn ends(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('=')
}

/// Returns where the words go.
fn place(way: &RunnerCommand, words: &[&str]) -> Option<usize> {
    let Some(after) = &way.after else { return Some(words.len()) };
    let after = Regex::new(after).ok()?;
    let at =
        words.iter().position(|word| after.is_match(word) && !(way.cleans && is_clean(word, words)))? + 1;
    let goes_on = way.then.as_deref().is_some_and(|then| words.get(at) == Some(&then));
    Some(at + usize::from(goes_on))
}

/// The name of a test, and its parts.
struct Name<'a> {
    id: &'a str,
    file: Option<&'a str>,
    parts: Vec<&'a str>,
}

impl<'a> Name<'a> {
    fn of(id: &'a str) -> Self {
        let mut parts: Vec<&str> = vec![id];
        for joint in JOINTS {
            parts = parts.into_iter().flat_map(|part| part.split(joint)).collect();
        }
        let is_file = |part: &&str| {
            let ending = part.rsplit_once('.').map(|(_, ending)| ending.trim_start_matches(['c', 'm']));
            !part.contains(' ') && matches!(ending, Some("js" | "ts" | "jsx" | "tsx"))
        };
        let file = parts.first().copied().filter(is_file).filter(|_| parts.len() > 1);
        parts.drain(..usize::from(file.is_some()));
        Self { id, file, parts }
    }

    /// Returns the word with what it asks for; `None` where the name does not tell it, and nothing for a file that is
    /// not named.
    fn fill(&self, word: &str) -> Option<String> {
        let filled = match word {
            _ if word.contains("{class}") => {
                let (class, method) = self.class_and_method()?;
                word.replace("{class}", class).replace("{method}", method)
            }
            _ => word.to_owned(),
        };
        let words = self.words();
        let file = self.file.unwrap_or_default();
        Some(
            filled
                .replace("{file}", file)
                .replace("{words}", &words)
                .replace("{text}", &regex::escape(&words))
                .replace("{regex}", &regex::escape(self.id))
                .replace("{go}", &go_pattern(self.id))
                .replace("{id}", self.id),
        )
    }

    /// Returns the parts one after another, without Ginkgo's `[It]`.
    fn words(&self) -> String {
        let mut words = self.parts.join(" ");
        for mark in [" [It] ", " [Entry] ", " [Measure] "] {
            words = words.replace(mark, " ");
        }
        words
    }

    /// Returns class and method of a test of the JVM: `C > m()`, `m(p.C)`, `p.C.m`, `m`.
    fn class_and_method(&self) -> Option<(&'a str, &'a str)> {
        let bare = |name: &'a str| name.split(['(', '[', '{']).next().unwrap_or(name).trim();
        let is_turn = |part: &&&str| part.starts_with('[');
        let mut named = self.parts.iter().filter(|part| !is_turn(part));
        let first = *named.next()?;
        if self.parts.len() > 1 {
            return Some((first, bare(named.next_back()?)));
        }
        if let Some((method, class)) = first.split_once('(')
            && let Some((class, _)) = class.split_once(')')
            && class.contains('.')
        {
            return Some((class, bare(method)));
        }
        let name = bare(first);
        Some(name.rsplit_once('.').unwrap_or(("*", name)))
    }
}

#[cfg(test)]
mod tests {
    use crate::facts::runners::Framework;
    use crate::rules::table;
    use crate::script::narrow::{anew, by_name, narrowed};

    #[test]
    fn what_a_runner_would_not_run_again_is_run_anew() {
        use Framework::{GoTest, Gradle, Maven};
        for (framework, line, expected) in [
            (Gradle, "./gradlew test --info", "./gradlew cleanTest test --info"),
            (
                Gradle,
                "gradle :a:test :b:integrationTest",
                "gradle :a:cleanTest :a:test :b:cleanIntegrationTest :b:integrationTest",
            ),
            (Gradle, "gradle cleanTest test", "gradle cleanTest test"),
            (Gradle, "gradle clean build -q", "gradle clean build -q --rerun-tasks"),
            (Gradle, "bash -c './gradlew test'", "bash -c './gradlew test'"),
            (GoTest, "go test -v ./...", "go test -count=1 -v ./..."),
            (GoTest, "go test -count=3 ./...", "go test -count=3 ./..."),
            (Maven, "mvn test", "mvn test"),
        ] {
            let words: Vec<String> = shlex::split(line).unwrap();
            assert_eq!(anew(words, framework), shlex::split(expected).unwrap(), "{line}");
        }
    }

    #[test]
    fn every_runner_of_the_table_is_asked_for_one_test() {
        let table: serde_json::Value = table!("runner_commands").read();
        let rows = table["row"].as_array().unwrap();
        let mut asked = 0;
        for row in rows.iter().filter(|row| row.get("narrow").is_some()) {
            let framework: Framework = serde_json::from_value(row["framework"].clone()).unwrap();
            for case in row["asked"].as_array().unwrap_or_else(|| panic!("{framework:?}: no case")) {
                let text = |key: &str| case[key].as_str().unwrap();
                let words: Vec<String> = text("command").split_whitespace().map(str::to_owned).collect();
                let found = match words.is_empty() {
                    true => by_name(framework, text("id")),
                    false => narrowed(&words, framework, text("id")),
                };
                let found = found.unwrap_or_default().join(" ");
                assert_eq!(found, text("becomes").replace("{id}", text("id")), "{}", text("command"));
                asked += 1;
            }
        }
        assert!(asked > 30, "{asked}");
    }
}
