//! Locale sweep: another language and time zone for each run.

use crate::script::{Amplifier, Dose, Treatment};

/// Draws a locale and a time zone for each run.
#[derive(Debug)]
pub struct LocaleSweep;

/// As POSIX writes them, so that no zone files are needed: west, east, half an hour, summer time.
const ZONES: [&str; 6] = ["UTC0", "XXX+12", "XXX-14", "IST-5:30", "CET-1CEST", "PST8PDT"];
/// Decimal commas, other orders and letter cases; where one is not installed C is used.
const LOCALES: [&str; 5] = ["C", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8", "ja_JP.UTF-8"];

impl Amplifier for LocaleSweep {
    fn name(&self) -> &'static str {
        "locale-sweep"
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let draw = dose.draw as usize;
        let zone = ZONES.get(draw % ZONES.len()).copied().unwrap_or("UTC");
        let locale = LOCALES.get(draw / ZONES.len() % LOCALES.len()).copied().unwrap_or("C");
        Treatment::variables([("TZ", zone.to_owned()), ("LC_ALL", locale.to_owned())])
    }
}
