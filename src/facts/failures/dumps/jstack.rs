//! Dumps of `jstack` and of a JVM that got SIGQUIT.

use super::dump::{Form, Thread};

/// Returns the thread of `"worker-1" #12 prio=5 tid=0x1 nid=0x2 runnable`.
pub fn head(text: &str) -> Option<Thread> {
    let (name, rest) = text.strip_prefix('"')?.split_once('"')?;
    let is_head = rest.contains(" tid=") || rest.contains(" nid=");
    is_head.then(|| Thread { name: name.to_owned(), form: Form::Jvm, ..Thread::default() })
}

/// Returns the method of `at ring.Ring.pop(Ring.java:31)`.
pub fn frame(text: &str) -> Option<String> {
    let method = text.trim_start().strip_prefix("at ")?.split('(').next()?;
    let method = method.rsplit('/').next().unwrap_or(method);
    (method.contains('.') && !method.contains(' ')).then(|| method.to_owned())
}

/// Takes note of the state and of locks wanted and held.
pub fn lock(thread: &mut Thread, text: &str) {
    let text = text.trim_start();
    if let Some(state) = text.strip_prefix("java.lang.Thread.State: ") {
        thread.state = state.split(' ').next().unwrap_or(state).to_owned();
    }
    let address = |rest: &str| Some(rest.strip_prefix('<')?.split('>').next()?.to_owned());
    let wanted = ["- waiting to lock ", "- parking to wait for  ", "- parking to wait for "];
    if let Some(rest) = wanted.iter().find_map(|words| text.strip_prefix(words)) {
        thread.wants.extend(address(rest));
    } else if let Some(rest) = text.strip_prefix("- locked ") {
        thread.holds.extend(address(rest));
    }
}
