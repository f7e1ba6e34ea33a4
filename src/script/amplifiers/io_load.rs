//! I/O load: writers that make the disk busy.

use crate::script::{Amplifier, Dose, Treatment};

/// Runs writers beside it that keep the disk busy.
#[derive(Debug)]
pub struct IoLoad;

/// Writes 32 MiB through to the disk, over and over.
const WRITER: &str = "while :; do dd if=/dev/zero of=\"$0\" bs=1M count=32 conv=fsync; done";

impl Amplifier for IoLoad {
    fn name(&self) -> &'static str {
        "io-load"
    }

    fn points_at_a_cause(&self) -> bool {
        false
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let folder = dose.machine.scratch.display().to_string();
        let background = if dose.machine.stress_ng {
            vec![words(&[
                "stress-ng",
                "--hdd",
                &dose.count().to_string(),
                "--hdd-bytes",
                "64m",
                "--temp-path",
                &folder,
            ])]
        } else {
            (1..=dose.count())
                .map(|writer| words(&["sh", "-c", WRITER, &format!("{folder}/writer.{writer}")]))
                .collect()
        };
        Treatment { background, stretch: 2.0, ..Treatment::default() }
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}
