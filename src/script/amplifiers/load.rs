//! Others that want the machine at the same time.

use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

pub const ALL: &[Amplifier] = &[
    Amplifier::new("beside", beside).of_many_causes().only_if(has_others),
    Amplifier::new("cpu-hogs", cpu_hogs).of_many_causes(),
    Amplifier::new("io-load", io_load).of_many_causes(),
    Amplifier::new("parallel", parallel).of_many_causes(),
];

/// Runs CI's whole command at the same time, as on several workers.
fn beside(dose: &Dose) -> Treatment {
    let Some((whole, _)) = &dose.target.whole else { return Treatment::default() };
    // Shorter than the test, it would leave it alone for the rest.
    let mut again = words(&["sh", "-c", "while :; do \"$@\" >/dev/null 2>&1 || sleep 0.05; done", "beside"]);
    again.extend(whole.iter().cloned());
    Treatment { background: vec![again], stretch: 2.0, ..Treatment::default() }
}

fn has_others(_: &Machine, target: &Target) -> Result<(), String> {
    target.whole.as_ref().map(|_| ()).ok_or_else(|| "the command has no other tests".to_owned())
}

/// Runs busy loops beside it.
fn cpu_hogs(dose: &Dose) -> Treatment {
    let background = vec![words(&["sh", "-c", "while :; do :; done"]); dose.per_core() as usize];
    Treatment { background, stretch: 2.0 * dose.level, ..Treatment::default() }
}

/// Writes 32 MiB through to the disk, over and over.
const WRITER: &str = "while :; do dd if=/dev/zero of=\"$0\" bs=1M count=32 conv=fsync; done";

/// Runs writers beside it that keep the disk busy.
fn io_load(dose: &Dose) -> Treatment {
    let (writers, folder) = (dose.count(), dose.machine.scratch.display().to_string());
    let background = if dose.machine.stress_ng {
        let hdd = ["stress-ng", "--hdd", &writers.to_string(), "--hdd-bytes", "64m", "--temp-path", &folder];
        vec![words(&hdd)]
    } else {
        let file = |writer| format!("{folder}/writer.{writer}");
        (1..=writers).map(|writer| words(&["sh", "-c", WRITER, &file(writer)])).collect()
    };
    Treatment { background, stretch: 2.0, ..Treatment::default() }
}

/// Runs copies of it at the same time.
fn parallel(dose: &Dose) -> Treatment {
    let copies = dose.per_core().max(2);
    let stretch = f64::from(copies) / dose.machine.cores as f64;
    Treatment { further_copies: copies - 1, stretch, ..Treatment::default() }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}
