//! Lines that say who waits for whom.

use super::Wait;

/// Reads such lines; that of a JVM names the waiter before the owner.
#[derive(Debug, Default)]
pub struct Waits {
    waiter: Option<String>,
}

impl Waits {
    /// Returns the wait that a line tells.
    pub fn see(&mut self, text: &str, line: u64) -> Option<Wait> {
        let text = text.trim();
        if let Some(name) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix("\":")) {
            self.waiter = Some(name.to_owned());
            return None;
        }
        let (waiter, owner) = self.jvm(text).or_else(|| kernel(text)).or_else(|| database(text))?;
        Some(Wait { waiter, owner, line })
    }

    /// `which is held by "b"`, below the name of who waits.
    fn jvm(&mut self, text: &str) -> Option<(String, String)> {
        let owner = text.strip_prefix("which is held by \"")?.split('"').next()?;
        Some((self.waiter.take()?, owner.to_owned()))
    }
}

/// `INFO: task ring:12 is blocked on a mutex likely owned by task spool:13.`
fn kernel(text: &str) -> Option<(String, String)> {
    let (_, rest) = text.split_once("INFO: task ")?;
    let (waiter, rest) = rest.split_once(' ')?;
    let (_, owner) = rest.split_once("likely owned by task ")?;
    let owner = owner.split([' ', ',']).next()?.trim_end_matches('.');
    Some((waiter.to_owned(), owner.to_owned()))
}

/// `Process 12 waits for ShareLock on transaction 5; blocked by process 13.`
fn database(text: &str) -> Option<(String, String)> {
    let (_, rest) = text.split_once("Process ")?;
    let (waiter, rest) = rest.split_once(" waits for ")?;
    let (_, owner) = rest.split_once("blocked by process ")?;
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
    Some((digits(waiter), digits(owner)))
}
