//! Texts that act, in every field of findings that may hold a text, read by what reads each report. The fields are those
//! of the schema, so that none is forgotten.

use std::fs;

use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::browser::Opened;
use super::util::report;
use crate::consumers::{READ_CSV, READ_JSON, acts, consumer};
use crate::program::ndlog;

/// Texts that act in a page, a document, a terminal, a table, a shell or a CI system, if they can.
const TEXTS: [&str; 20] = [
    "<script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "\" onfocus=\"document.title='owned'\" autofocus x=\"",
    "' onmouseover='document.title=1' x='",
    "javascript:document.title='owned'",
    "</script><script>document.title='owned'</script>",
    "]]><x/><!--",
    "--><b>&lt;&#x1b;",
    "=HYPERLINK(\"http://x\")",
    "@SUM(1)\t+1",
    "`touch owned` $(touch owned); touch owned",
    "'; touch owned; '",
    "\u{1b}[2J\u{1b}]0;t\u{7}\r\n",
    "\u{9b}31m\u{202e}gnp.exe",
    "\u{fffe}\u{ffff}\u{ad}\u{3164}",
    "##[error]forged ##vso[task.complete]",
    "x\n::error file=a::forged\n::set-output name=a::b",
    "| a | b |\u{2028}# head\n```\n</details>",
    "[x](javascript:document.title='owned')",
    "../../../etc/passwd",
];

/// One value of every field of a schema, with these texts in those that may hold any.
struct Maker<'s> {
    schema: &'s Value,
    number: usize,
}

impl Maker<'_> {
    fn make(&mut self, schema: &Value) -> Value {
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.rsplit('/').next().unwrap();
            let named = self.schema["$defs"][name].clone();
            return self.with_own(named, schema);
        }
        if let Some(constant) = schema.get("const") {
            return constant.clone();
        }
        for one_of in ["oneOf", "anyOf", "enum"] {
            let Some(choices) = schema[one_of].as_array() else { continue };
            let choices: Vec<&Value> = choices.iter().filter(|choice| choice["type"] != "null").collect();
            let chosen = choices[self.number % choices.len()].clone();
            return if one_of == "enum" { chosen } else { self.with_own(chosen, schema) };
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds[0].as_str(),
            kind => kind.as_str(),
        };
        match kind {
            Some("string") => json!(TEXTS[self.number % TEXTS.len()]),
            Some("boolean") => json!(self.number.is_multiple_of(2)),
            Some("number") => json!(0.5),
            Some("integer") => json!(1 + self.number % 3),
            Some("array") => self.array(schema),
            _ => self.object(schema),
        }
    }

    /// Makes a value, with the fields that stand beside the name of its type.
    fn with_own(&mut self, schema: Value, beside: &Value) -> Value {
        let mut made = self.make(&schema);
        if let (Some(made), Value::Object(own)) = (made.as_object_mut(), self.object(beside)) {
            made.extend(own);
        }
        made
    }

    fn array(&mut self, schema: &Value) -> Value {
        if let Some(parts) = schema["prefixItems"].as_array() {
            return parts.iter().map(|part| self.make(part)).collect();
        }
        json!([self.make(&schema["items"]), self.make(&schema["items"])])
    }

    fn object(&mut self, schema: &Value) -> Value {
        let mut made = Map::new();
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            made.insert(name.clone(), self.make(field));
        }
        if schema["additionalProperties"].is_object() {
            let text = TEXTS[self.number % TEXTS.len()];
            made.insert(text.to_owned(), self.make(&schema["additionalProperties"]));
        }
        Value::Object(made)
    }
}

/// A folder with findings of which every list at the top has an item for each text, that of the runs so many.
fn hostile(runs: usize) -> TempDir {
    let folder = TempDir::new().unwrap();
    let written = ndlog(&folder).args(["schema", "clusters"]).output().unwrap().stdout;
    let schema: Value = serde_json::from_slice(&written).unwrap();
    let mut all: Option<Value> = None;
    for number in 0..TEXTS.len() {
        let mut made = Maker { schema: &schema, number }.make(&schema);
        made["schema"] = json!("ndlog.clusters/2");
        let Some(Value::Object(all)) = &mut all else {
            all = Some(made);
            continue;
        };
        for (name, value) in made.as_object().unwrap() {
            if let (Some(Value::Array(all)), Value::Array(more)) = (all.get_mut(name), value) {
                let times = if name == "runs" { runs } else { 1 };
                all.extend(std::iter::repeat_n(more.clone(), times).flatten());
            }
        }
    }
    fs::write(folder.path().join("findings.json"), all.unwrap().to_string()).unwrap();
    folder
}

#[test]
fn no_field_of_findings_acts_in_any_format() {
    let folder = hostile(1);
    for format in
        ["table", "json", "jsonl", "csv", "markdown", "html", "sarif", "junit", "annotations", "slack"]
    {
        let path = report(&folder, format, format);
        let text = fs::read_to_string(path).unwrap();
        let acting: Vec<char> = text.chars().filter(|letter| acts(*letter)).collect();
        assert!(acting.is_empty(), "{format} holds {acting:?}");
        assert!(!text.contains("##[") && !text.contains("##vso["), "{format} gives a command to a runner");
        let mut commands = text.lines().filter(|line| line.trim_start().starts_with("::"));
        match format {
            "annotations" => {
                let own = |line: &str| {
                    ["::error ", "::warning ", "::notice "].iter().any(|begin| line.starts_with(begin))
                };
                assert!(commands.all(own) && text.lines().all(own), "{text}");
            }
            _ => assert_eq!(commands.next(), None, "{format} gives a command to a runner"),
        }
    }
    for name in ["json", "jsonl", "sarif", "slack"] {
        consumer("python3", &["-c", READ_JSON, name], folder.path());
    }
    consumer("python3", &["-c", READ_CSV, "csv"], folder.path());
    consumer("xmllint", &["--noout", "junit"], folder.path());
}

#[cfg(feature = "tables")]
#[test]
fn no_field_of_findings_is_lost_or_acts_on_its_way_through_parquet() {
    let folder = hostile(1);
    report(&folder, "parquet", "findings.parquet");
    let ask = |from: &str, format: &str| {
        let words = ["query", "SELECT * FROM occurrences", "--from", from, "--no-mask", "--format", format];
        let asked = ndlog(&folder).args(words).assert().success();
        String::from_utf8(asked.get_output().stdout.clone()).unwrap()
    };
    for format in ["table", "json", "jsonl", "csv"] {
        let answer = ask("findings.parquet", format);
        assert_eq!(answer, ask("findings.json", format), "{format}");
        let acting: Vec<char> = answer.chars().filter(|letter| acts(*letter)).collect();
        assert!(acting.is_empty(), "{format} holds {acting:?}");
    }
    let rows: Value = serde_json::from_str(&ask("findings.parquet", "json")).unwrap();
    for text in TEXTS {
        let holds = |row: &Value| row.as_object().unwrap().values().any(|cell| cell == text);
        assert!(rows.as_array().unwrap().iter().any(holds), "{text:?} is as it was");
    }
}

#[test]
fn no_field_of_findings_acts_in_a_page() {
    let (Some(short), Some(long)) = (Opened::of(hostile(1)), Opened::of(hostile(60))) else { return };
    for (opened, at) in [
        (&short, ""),
        (&short, "#q=owned"),
        (&short, "#<img src=x onerror=document.title=1>"),
        (&long, "#r700"),
    ] {
        let page = opened.document(at, &[]);
        assert!(!page.contains("<title>owned") && !page.contains("<title>1"), "a text of a field ran");
        assert_eq!(page.matches("<script").count(), 1, "the page has its own script and no other");
        assert!(page.contains("document.title='owned'"), "the texts are there to read");
        assert!(!page.contains("<img"), "no text became an element");
        let addresses = page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        let harmless =
            |address: &str| ["#", "https://", "http://"].iter().any(|begin| address.starts_with(begin));
        for address in addresses {
            assert!(harmless(address), "{address:?} is followed");
        }
    }
}
