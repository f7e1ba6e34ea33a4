//! A sign of life on a terminal while something takes long.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// How long nothing is said; most work is done by then.
const QUIET: Duration = Duration::from_millis(500);

/// What goes on, on standard error, until it is dropped. Without a terminal nothing is said.
pub struct Progress(Option<ProgressBar>);

impl Progress {
    /// Says after a while that `what` goes on, and for how long.
    pub fn of(what: &'static str) -> Self {
        if !io::stderr().is_terminal() {
            return Self(None);
        }
        let bar = ProgressBar::new_spinner().with_message(what);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}, {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(QUIET);
        Self(Some(bar))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
