//! Dumps of the Go runtime: `goroutine 7 [chan receive, 9 minutes]:` and its frames.

use super::Thread;

/// Returns the goroutine that a line begins.
pub fn head(text: &str) -> Option<Thread> {
    let rest = text.strip_prefix("goroutine ")?;
    let (number, state) = rest.split_once(" [")?;
    let state = state.strip_suffix("]:").or_else(|| state.split_once("]:").map(|(state, _)| state))?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let state = state.split(", ").next().unwrap_or(state).to_owned();
    is_number.then(|| Thread { name: format!("goroutine {number}"), state, ..Thread::default() })
}

/// Returns the function of `ring.(*Ring).Pop(0xc000010000, 0x1)`; who created the goroutine is no frame.
pub fn frame(text: &str) -> Option<String> {
    let text = text.trim();
    let open = text.rfind('(').filter(|_| text.ends_with(')') && !text.starts_with("created by "))?;
    let function = text.get(..open)?;
    let is_name = |letter: char| letter.is_alphanumeric() || "._/*()-~[]…{}".contains(letter);
    (function.contains('.') && function.chars().all(is_name)).then(|| function.to_owned())
}
