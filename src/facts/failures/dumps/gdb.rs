//! What `thread apply all bt` of gdb prints.

use super::dump::{Form, Thread};

/// Returns the thread of `Thread 3 (Thread 0x7ffff7 (LWP 77) "ring"):` and `Thread 3 (LWP 77):`.
pub fn head(text: &str) -> Option<Thread> {
    let (number, rest) = text.strip_prefix("Thread ")?.split_once(" (")?;
    let is_head = rest.contains("LWP ") && rest.trim_end().ends_with(':');
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_head && is_number).then(|| Thread {
        name: format!("Thread {number}"),
        form: Form::Gdb,
        ..Thread::default()
    })
}

/// Returns the function of `#1  0x00007 in ring::pop (this=0x1) at ring.cpp:31`.
pub fn frame(text: &str) -> Option<String> {
    let rest = text.trim_start().strip_prefix('#')?;
    let rest = rest.trim_start_matches(|letter: char| letter.is_ascii_digit()).trim_start();
    let rest = match rest.split_once(" in ") {
        Some((address, function)) if address.starts_with("0x") => function,
        _ => rest,
    };
    let function = rest.split(" (").next().unwrap_or(rest).trim();
    (!function.is_empty() && !function.starts_with("0x")).then(|| function.to_owned())
}
