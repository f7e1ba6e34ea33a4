//! The page in a real browser: it shows in light and in dark, without its script and in its own policy, and its script
//! opens, filters and finds.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use super::util::{folder, report};
use crate::skip::skip;

const QUIET: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--hide-scrollbars",
];
/// The failure of the page.
const ID: &str = "00000000000000aa";

/// A page, and a browser to open it with.
pub struct Opened {
    browser: PathBuf,
    folder: TempDir,
    page: PathBuf,
}

impl Opened {
    fn new() -> Option<Self> {
        Self::of(folder())
    }

    /// Writes the page of the findings in a folder; `None`, said aloud, where there is no browser.
    pub fn of(folder: TempDir) -> Option<Self> {
        let Some(browser) = browser() else {
            skip("chromium", "the page was not opened");
            return None;
        };
        let page = report(&folder, "html", "report.html");
        Some(Self { browser, folder, page })
    }

    fn run(&self, at: &str, arguments: &[&str]) -> Output {
        Command::new(&self.browser)
            .args(QUIET)
            .arg(format!("--user-data-dir={}", self.folder.path().join("profile").display()))
            .args(arguments)
            .arg(format!("file://{}{at}", self.page.display()))
            .output()
            .unwrap()
    }

    /// Returns the page as it stands once its script ran, opened at `at`.
    pub fn document(&self, at: &str, arguments: &[&str]) -> String {
        let output = self.run(at, &[&["--dump-dom"], arguments].concat());
        within_policy(&output);
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn picture(&self, name: &str, arguments: &[&str]) -> Vec<u8> {
        let file = self.folder.path().join(format!("{name}.png"));
        let shot = format!("--screenshot={}", file.display());
        let output = self.run("", &[&[shot.as_str(), "--window-size=900,1400"], arguments].concat());
        within_policy(&output);
        fs::read(file).unwrap()
    }
}

fn within_policy(output: &Output) {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    for wrong in ["Content Security Policy", "Uncaught", "Refused to"] {
        assert!(!said.contains(wrong), "{said}");
    }
}

#[test]
fn the_page_shows_in_light_and_dark_without_breaking_its_policy() {
    let Some(opened) = Opened::new() else { return };
    let light = opened.picture("light", &["--blink-settings=preferredColorScheme=1"]);
    let dark = opened.picture("dark", &["--blink-settings=preferredColorScheme=0"]);
    assert!(light.len() > 10_000, "a page of this size is more than an empty picture");
    assert_ne!(light, dark);
    let text = opened.document("", &[]);
    assert!(text.contains("queue is stuck &lt;script&gt;"), "the title is text");
    assert!(!text.contains("<title>owned"), "nothing of a log ran");
    assert!(text.contains("class=\"js\""), "its own script runs under the policy");
}

#[test]
fn everything_is_there_to_read_without_the_script() {
    let Some(mut opened) = Opened::new() else { return };
    let with = opened.picture("with", &[]);
    let text = fs::read_to_string(&opened.page).unwrap();
    let (before, rest) = text.split_once("<script>").unwrap();
    let (_, after) = rest.split_once("</script>").unwrap();
    opened.page = opened.folder.path().join("without.html");
    fs::write(&opened.page, format!("{before}{after}")).unwrap();
    let text = opened.document("", &[]);
    assert!(text.contains("class=\"find\" role=\"search\" hidden"), "what needs the script is not shown");
    let without = opened.picture("without", &[]);
    assert!(
        without.len() > with.len(),
        "the failure's page stands below the list, instead of in place of it"
    );
}

#[test]
fn an_address_opens_a_failure_and_keeps_a_search() {
    let Some(opened) = Opened::new() else { return };
    let shown = "<article class=\"failure open\"";
    let (row, hidden) = ("<li class=\"row\"", "hidden=\"\"><a href=\"#00000000000000aa\"");
    for (at, open, found, why) in [
        (String::new(), false, true, "the list"),
        (format!("#{ID}"), true, true, "a failure"),
        (format!("#{ID}/0"), true, true, "a failure in one run"),
        ("#q=stuck".to_owned(), false, true, "words of its title"),
        ("#q=giving+UP".to_owned(), false, true, "words of its lines, in any case"),
        ("#q=absent".to_owned(), false, false, "words of nothing"),
        ("#only=fails-always".to_owned(), false, true, "a chip that it has"),
        ("#r1".to_owned(), false, true, "a run"),
        ("#<script>".to_owned(), false, true, "an address that means nothing"),
    ] {
        let text = opened.document(&at, &[]);
        assert!(text.contains(row), "{why}");
        assert_eq!(text.contains(shown), open, "{why}");
        assert_eq!(!text.contains(hidden), found, "{why}");
    }
    assert!(opened.document("#r1", &[]).contains("<li id=\"r1\" class=\"failed at\""));
}

#[test]
fn a_long_list_of_runs_is_text_until_somebody_looks_for_a_run() {
    let folder = folder();
    let path = folder.path().join("findings.json");
    let mut findings: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let run = findings["runs"][1].clone();
    findings["runs"].as_array_mut().unwrap().extend(std::iter::repeat_n(run, 1200));
    fs::write(&path, findings.to_string()).unwrap();
    let Some(opened) = Opened::of(folder) else { return };
    for (at, waits, why) in [("", true, "the list of failures"), ("#r1100", false, "a run")] {
        let page = opened.document(at, &[]);
        assert_eq!(page.contains("<noscript>"), waits, "{why}");
        assert_eq!(page.contains("<li id=\"r1100\" class=\"failed at\""), !waits, "{why}");
    }
    let page = fs::read_to_string(&opened.page).unwrap();
    assert!(page.contains("<li id=\"r1100\""), "it is there to read without the script");
}

#[test]
fn the_page_of_each_of_many_failures_waits_until_it_is_opened() {
    for (copies, packed) in [(120, false), (1000, true)] {
        let Some(opened) = Opened::of(many(copies)) else { return };
        let page = fs::read_to_string(&opened.page).unwrap();
        assert_eq!(page.contains("<template id=\"packed\">"), packed);
        assert_eq!(
            page.contains(&format!("<article class=\"failure\" id=\"{ID}\"")),
            !packed,
            "to read without the script"
        );
        let hidden = "hidden=\"\"><a href=\"#00000000000000aa\"";
        for (at, open, found, why) in [
            (String::new(), false, true, "the list"),
            (format!("#{ID}"), true, true, "a failure"),
            (format!("#{ID}/0"), true, true, "a failure in one run"),
            ("#q=giving+UP".to_owned(), false, true, "words of its lines"),
            ("#q=%3Cscript%3E".to_owned(), false, true, "letters that others stand for in the text"),
            ("#q=figcaption".to_owned(), false, false, "a word of the page's own"),
        ] {
            let page = opened.document(&at, &["--virtual-time-budget=10000"]);
            assert_eq!(page.contains("<article class=\"failure open\""), open, "{why}, of {copies}");
            assert_eq!(!page.contains(hidden), found, "{why}, of {copies}");
            let last = format!("<a href=\"#{:016x}\"", 0xb000 + copies - 1);
            assert!(page.contains(&last), "the whole list is there: {why}, of {copies}");
        }
    }
}

/// The findings of one failure and of so many copies of it.
fn many(copies: u64) -> TempDir {
    let folder = folder();
    let path = folder.path().join("findings.json");
    let mut findings: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let cluster = findings["clusters"][0].clone();
    let copy = |number| {
        let mut copy = cluster.clone();
        copy["id"] = format!("{:016x}", 0xb000 + number).into();
        copy
    };
    findings["clusters"].as_array_mut().unwrap().extend((0..copies).map(copy));
    fs::write(&path, findings.to_string()).unwrap();
    folder
}

fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| Path::is_file(path))
}
