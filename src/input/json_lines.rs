//! Logs of which each line is a value of JSON around a line of text, turned into that text.

use std::io::{self, Read};

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::error::Problem;

/// How some program wraps the lines of a log.
pub(super) struct Form {
    name: &'static str,
    /// Fields of each value.
    all: &'static [&'static str],
    /// Fields that only values with text have.
    some: &'static [&'static str],
    /// The field with the text.
    text: &'static str,
    /// The field with the time.
    time: &'static str,
    /// Fields that stand between time and text: who said it.
    actor: &'static [&'static str],
    /// The field with the level.
    level: &'static str,
}

const FORMS: [Form; 5] = [
    Form { name: "`go test -json`", all: &["Action"], some: &["Package", "Output"], text: "Output", ..NONE },
    Form { name: "a log of Docker", all: &["log", "stream"], text: "log", time: "time", ..NONE },
    Form {
        name: "a journal of systemd",
        all: &["__REALTIME_TIMESTAMP"],
        some: &["MESSAGE"],
        text: "MESSAGE",
        time: "__REALTIME_TIMESTAMP",
        actor: &["_HOSTNAME", "SYSLOG_IDENTIFIER"],
        ..NONE
    },
    Form { name: "a log of LAVA", all: &["dt", "lvl", "msg"], text: "msg", time: "dt", level: "lvl", ..NONE },
    Form {
        name: "output of CircleCI",
        all: &["message", "time", "type", "truncated"],
        text: "message",
        ..NONE
    },
];

const NONE: Form = Form { name: "", all: &[], some: &[], text: "", time: "", actor: &[], level: "" };

/// How many bytes are looked at to tell the form.
const LOOK: usize = 64 << 10;
/// Longer lines stay as they are: their values would take many times their room.
const LONGEST: usize = 16 << 20;
/// Of so many lines one may be other text: what a tool says beside its JSON.
const OTHERS: usize = 4;
/// Levels that are said, as nothing in the text does.
const SAID: [&str; 4] = ["error", "exception", "warning", "critical"];

/// Returns the form of the values that the lines of `bytes` are, if they are of one.
pub(super) fn form(bytes: &[u8]) -> Option<&'static Form> {
    // All that CircleCI has to say is one line.
    let is_array = bytes.starts_with(b"[{") && bytes.len() <= LONGEST;
    let look = bytes.get(..LOOK).filter(|_| !is_array).unwrap_or(bytes);
    let is_cut = look.len() < bytes.len();
    let lines = look.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let mut lines: Vec<&[u8]> = lines.collect();
    if is_cut && lines.len() > 1 {
        lines.pop();
    }
    // Most logs are no JSON: their first lines tell at once.
    lines.iter().take(OTHERS).find(|line| opens(line))?;
    let values: Vec<Vec<Map<String, Value>>> = lines.iter().map(|line| objects(line)).collect();
    let others = values.iter().filter(|values| values.is_empty()).count();
    let fits = |form: &&Form| {
        let has = |value: &Map<String, Value>, fields: &[&str]| {
            fields.iter().all(|field| value.contains_key(*field))
        };
        let mut all = values.iter().flatten();
        all.clone().all(|value| has(value, form.all)) && all.any(|value| has(value, form.some))
    };
    FORMS.iter().find(fits).filter(|_| others * OTHERS <= lines.len())
}

/// Returns the remark that goes with a converted source.
pub(super) fn remark(name: &str, form: &Form) -> Problem {
    let what = format!(
        "is {}: the text in its JSON is read; lines and byte offsets are those of that text",
        form.name
    );
    Problem::remark(name, what)
}

/// Reads the text in values of one form, each line of text on a line of its own; what is no value of JSON stays as it is.
pub(super) struct ToText<'a> {
    lines: Box<dyn Iterator<Item = &'a [u8]> + 'a>,
    form: &'a Form,
    pending: Vec<u8>,
    given: usize,
}

impl<'a> ToText<'a> {
    pub(super) fn new(bytes: &'a [u8], form: &'a Form) -> Self {
        let lines = Box::new(bytes.split_inclusive(|byte| *byte == b'\n'));
        Self { lines, form, pending: Vec::new(), given: 0 }
    }
}

impl Read for ToText<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.pending.len() {
            let Some(line) = self.lines.next() else { return Ok(0) };
            (self.pending, self.given) = (self.form.text_of(line), 0);
        }
        let rest = self.pending.get(self.given..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        buffer.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        self.given += length;
        Ok(length)
    }
}

impl Form {
    /// Returns the text in a line, with newlines.
    fn text_of(&self, line: &[u8]) -> Vec<u8> {
        let objects = objects(line);
        if objects.is_empty() {
            return line.to_vec();
        }
        objects.iter().map(|object| self.line(object)).collect::<String>().into_bytes()
    }

    fn line(&self, object: &Map<String, Value>) -> String {
        let word = |field: &str| object.get(field).and_then(Value::as_str);
        let level = word(self.level).filter(|level| SAID.contains(level)).map(str::to_ascii_uppercase);
        let actor: Vec<&str> = self.actor.iter().filter_map(|field| word(field)).collect();
        let actor = (!actor.is_empty()).then(|| actor.join(" ") + ":");
        let before = [word(self.time).map(time), actor, level];
        let before: String = before.into_iter().flatten().map(|part| part + " ").collect();
        let Some(text) = object.get(self.text).map(text) else { return String::new() };
        text.trim_end_matches(['\n', '\r']).split('\n').map(|line| format!("{before}{line}\n")).collect()
    }
}

/// Returns true if the line may be a value of JSON.
fn opens(line: &[u8]) -> bool {
    let line = bare(line);
    line.starts_with(b"{") || line.starts_with(b"[{")
}

/// Returns the line without the mark of an item of YAML, as each of LAVA's lines is one.
fn bare(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii();
    line.strip_prefix(b"- ").unwrap_or(line)
}

/// Returns the objects that a line holds: one, or an array of them.
fn objects(line: &[u8]) -> Vec<Map<String, Value>> {
    if !opens(line) || line.len() > LONGEST {
        return Vec::new();
    }
    match serde_json::from_slice(bare(line)) {
        Ok(Value::Object(object)) => vec![object],
        Ok(Value::Array(values)) => {
            values.into_iter().filter_map(|value| Some(value.as_object()?.clone())).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns a text as it is, bytes as text, and any other value as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        // systemd writes what is not UTF-8 as numbers.
        Value::Array(bytes) => {
            let byte = |value: &Value| value.as_u64().and_then(|byte| u8::try_from(byte).ok());
            let bytes: Option<Vec<u8>> = bytes.iter().map(byte).collect();
            bytes.map_or_else(|| value.to_string(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
        }
        other => other.to_string(),
    }
}

/// Returns a time as logs have it; systemd counts microseconds.
fn time(text: &str) -> String {
    let micros = text.parse().ok().and_then(|micros| Timestamp::from_microsecond(micros).ok());
    micros.map_or_else(|| text.to_owned(), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(text: &str) -> Option<String> {
        let mut read = String::new();
        ToText::new(text.as_bytes(), form(text.as_bytes())?).read_to_string(&mut read).unwrap();
        Some(read)
    }

    #[test]
    fn the_text_of_each_form_is_read() {
        for (name, text, expected) in [
            (
                "go test, with what go says beside it",
                "{\"Action\":\"run\",\"Package\":\"ring\"}\n{\"Action\":\"output\",\"Package\":\"ring\",\"Output\":\"ok\\n\"}\n{\"Action\":\"pass\",\"Package\":\"ring\"}\n{\"Action\":\"pass\",\"Package\":\"rope\"}\ngo: x\n",
                "ok\ngo: x\n",
            ),
            (
                "Docker",
                "{\"log\":\"a \\u001b[31mred\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-28T10:00:00.1Z\"}\n",
                "2026-11-28T10:00:00.1Z a \u{1b}[31mred\n",
            ),
            (
                "systemd: several lines, bytes, the time in microseconds",
                "{\"__REALTIME_TIMESTAMP\":\"1795860000000000\",\"_HOSTNAME\":\"h\",\"SYSLOG_IDENTIFIER\":\"p\",\"MESSAGE\":\"a\\nb\"}\n{\"__REALTIME_TIMESTAMP\":\"1795860000000000\",\"MESSAGE\":[111,107]}",
                "2026-11-28T10:00:00Z h p: a\n2026-11-28T10:00:00Z h p: b\n2026-11-28T10:00:00Z ok\n",
            ),
            (
                "LAVA: an item of YAML, a level, an object",
                "- {\"dt\": \"2026-11-28T10:00:00\", \"lvl\": \"error\", \"msg\": \"late\"}\n- {\"dt\": \"2026-11-28T10:00:01\", \"lvl\": \"results\", \"msg\": {\"result\": \"fail\"}}\n",
                "2026-11-28T10:00:00 ERROR late\n2026-11-28T10:00:01 {\"result\":\"fail\"}\n",
            ),
            (
                "CircleCI: one array, many lines",
                "[{\"message\":\"a\\r\\nb\\r\\n\",\"time\":\"t\",\"type\":\"out\",\"truncated\":false}]",
                "a\r\nb\n",
            ),
        ] {
            assert_eq!(converted(text).as_deref(), Some(expected), "{name}");
        }
    }

    #[test]
    fn other_text_is_left_alone() {
        for (name, text) in [
            ("no JSON", "running\nok\n"),
            (
                "records of a logger",
                "{\"level\":\"error\",\"msg\":\"x\"}\n{\"level\":\"info\",\"msg\":\"y\"}\n",
            ),
            ("a document", "{\n \"log\": 1,\n \"stream\": 2\n}\n"),
            ("two forms", "{\"log\":\"a\",\"stream\":\"b\"}\n{\"Action\":\"run\"}\n"),
            ("mostly text", "{\"log\":\"a\",\"stream\":\"b\"}\na\nb\nc\n"),
            ("nothing", ""),
        ] {
            assert_eq!(converted(text), None, "{name}");
        }
    }
}
