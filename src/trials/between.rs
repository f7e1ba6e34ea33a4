//! What happens between two runs: the device is taken, reset and looked at.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// How often to ask again for a lock that somebody holds.
const AGAIN: Duration = Duration::from_millis(100);
/// Letters of what a command printed that an error shows.
const SHOWN: usize = 400;

/// What a person wants done before each run. The lines are the person's own, never a log's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Between {
    /// A file that is locked while a run goes on.
    pub exclusive: Option<PathBuf>,
    /// A shell line that leaves the device as a fresh one.
    pub reset: Option<String>,
    /// A shell line that fails where the device is not fit for a run.
    pub health: Option<String>,
}

/// The device is this run's until it is dropped.
#[derive(Debug)]
pub struct Held {
    _lock: Option<File>,
}

impl Between {
    /// Waits for the lock, resets and looks; returns `None` if `stop` was set meanwhile.
    ///
    /// # Errors
    /// If the lock cannot be opened, or a command fails: what is then measured would say nothing.
    pub fn ready(&self, folder: &Path, stop: &AtomicBool) -> Result<Option<Held>> {
        let lock = match &self.exclusive {
            Some(path) => match locked(path, stop)? {
                Some(file) => Some(file),
                None => return Ok(None),
            },
            None => None,
        };
        for (option, line) in [("--reset", &self.reset), ("--health", &self.health)] {
            if let Some(line) = line {
                shell(option, line, folder)?;
            }
        }
        Ok(Some(Held { _lock: lock }))
    }
}

fn locked(path: &Path, stop: &AtomicBool) -> Result<Option<File>> {
    let file = File::options().create(true).append(true).open(path);
    let file = file.with_context(|| format!("cannot open {} to lock it", path.display()))?;
    while !stop.load(Ordering::Relaxed) {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::WouldBlock) => sleep(AGAIN),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("cannot lock {}", path.display()));
            }
        }
    }
    Ok(None)
}

fn shell(option: &str, line: &str, folder: &Path) -> Result<()> {
    let output = Command::new("sh").args(["-c", line]).current_dir(folder).stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("cannot run {option} {line:?}"))?;
    if output.status.success() {
        return Ok(());
    }
    let output_text = [output.stdout, output.stderr].concat();
    let output_text: String = String::from_utf8_lossy(&output_text).trim().chars().take(SHOWN).collect();
    bail!(
        "{option} {line:?} ended with {}: {output_text}; finished runs are kept, --resume goes on",
        output.status
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_reset_looked_at_and_held() {
        let folder = tempfile::tempdir().unwrap();
        let stop = AtomicBool::new(false);
        let lock = folder.path().join("device.lock");
        let between = Between {
            exclusive: Some(lock.clone()),
            reset: Some("echo x >>reset".to_owned()),
            health: Some("test -s reset".to_owned()),
        };
        let held = between.ready(folder.path(), &stop).unwrap();
        assert!(held.is_some());
        assert!(File::open(&lock).unwrap().try_lock().is_err(), "it is held");
        stop.store(true, Ordering::Relaxed);
        assert!(between.ready(folder.path(), &stop).unwrap().is_none(), "waiting ends with the proof");
        drop(held);
        assert!(File::open(&lock).unwrap().try_lock().is_ok());
        let ill = Between { health: Some("echo link down; exit 3".to_owned()), ..Between::default() };
        let error = ill.ready(folder.path(), &AtomicBool::new(false)).unwrap_err().to_string();
        assert!(error.contains("--health") && error.contains("link down"), "{error}");
    }
}
