//! Dumps of `py-spy`, of Python's `faulthandler`, and of pytest-timeout.

use super::dump::{Form, Thread};

/// Returns the thread of `Thread 42 (idle): "MainThread"`, of `Thread 0x7f (most recent call first):`, and
/// of `~~~ Stack of MainThread (42) ~~~`.
pub fn head(text: &str) -> Option<Thread> {
    py_spy(text).or_else(|| faulthandler(text)).or_else(|| pytest_timeout(text))
}

fn py_spy(text: &str) -> Option<Thread> {
    let (_, rest) = text.strip_prefix("Thread ")?.split_once(" (")?;
    let (state, name) = rest.split_once("): \"")?;
    let is_state = ["idle", "active", "active+gil", "idle+gil"].contains(&state);
    is_state.then(|| Thread {
        name: name.trim_end_matches('"').to_owned(),
        state: state.to_owned(),
        form: Form::Python,
        ..Thread::default()
    })
}

fn faulthandler(text: &str) -> Option<Thread> {
    let (name, _) = text.split_once(" (most recent call first):")?;
    let is_thread = name.starts_with("Thread 0x") || name.starts_with("Current thread 0x");
    is_thread.then(|| Thread { name: name.to_owned(), form: Form::Python, ..Thread::default() })
}

fn pytest_timeout(text: &str) -> Option<Thread> {
    let rest = text.trim_start_matches('~').strip_prefix(" Stack of ")?;
    let (name, _) = rest.trim_end_matches('~').trim_end().rsplit_once(" (")?;
    text.starts_with("~~~").then(|| Thread {
        name: name.to_owned(),
        form: Form::PythonUpwards,
        ..Thread::default()
    })
}

/// Returns `gather (ring.py)` of `gather (ring.py:12)` and of `File "/a/ring.py", line 12, in gather`.
pub fn frame(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix("File \"") {
        let (path, rest) = rest.split_once("\", line ")?;
        let (_, function) = rest.split_once(" in ")?;
        return Some(format!("{function} ({})", path.rsplit('/').next().unwrap_or(path)));
    }
    let (function, place) = text.strip_suffix(')')?.rsplit_once(" (")?;
    let (file, line) = place.rsplit_once(':')?;
    let is_line = !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
    let file = file.rsplit('/').next().unwrap_or(file);
    (is_line && file.ends_with(".py") && !function.contains(' ')).then(|| format!("{function} ({file})"))
}
