//! The page in a real browser: it shows, in light and in dark, and breaks none of its own rules.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::util::{folder, report};

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

#[test]
fn the_page_shows_in_light_and_dark_without_breaking_its_policy() {
    let Some(browser) = browser() else {
        eprintln!("skipped: no Chromium on the PATH");
        return;
    };
    let folder = folder();
    let page = report(&folder, "html", "report.html");
    let [light, dark] = ["light", "dark"].map(|scheme| picture(&browser, &folder, &page, scheme));
    assert!(light.len() > 10_000, "a page of this size is more than an empty picture");
    assert_ne!(light, dark);
    let text = run(&browser, &folder, &page, &["--dump-dom"]);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(text.contains("queue is stuck &lt;script&gt;"), "the title is text");
    assert!(!text.contains("<title>owned"), "nothing of a log ran");
}

fn picture(browser: &Path, folder: &TempDir, page: &Path, scheme: &str) -> Vec<u8> {
    let file = folder.path().join(format!("{scheme}.png"));
    let shot = format!("--screenshot={}", file.display());
    let dark = format!("--blink-settings=preferredColorScheme={}", if scheme == "dark" { 0 } else { 1 });
    let output = run(browser, folder, page, &[&shot, &dark, "--window-size=900,1400"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("Content Security Policy"), "{said}");
    fs::read(file).unwrap()
}

fn run(browser: &Path, folder: &TempDir, page: &Path, arguments: &[&str]) -> Output {
    Command::new(browser)
        .args(QUIET)
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .args(arguments)
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap()
}

fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}
