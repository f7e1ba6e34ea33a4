//! Scheduling noise: threads that starve for a moment at any instruction.

use crate::script::{Amplifier, Dose, Pulse, Treatment};

/// Stalls threads and processes at random moments and lowers their priority.
#[derive(Debug)]
pub struct SchedulingNoise;

impl Amplifier for SchedulingNoise {
    fn name(&self) -> &'static str {
        "scheduling-noise"
    }

    fn points_at_a_cause(&self) -> bool {
        false
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let draw = dose.draw;
        let niceness = (draw % 20).to_string();
        let mut treatment = Treatment::wrapper(&["nice", "-n", &niceness]);
        if let Ok(shim) = &dose.machine.shim {
            treatment.variables.insert("NDLOG_STALL_MS".to_owned(), dose.level.to_string());
            treatment.variables.insert("NDLOG_SEED".to_owned(), draw.to_string());
            treatment.preload.push(shim.clone());
        }
        // Every other run is stopped and continued as a whole as well, which shifts it against other
        // processes and against the clock.
        let run = 5.0 + (draw >> 8 & 127) as f64;
        let pulse = (draw >> 20 & 1 == 1).then_some(Pulse { run, stop: dose.level });
        Treatment { pulse, stretch: 1.0 + dose.level / run, longer: 1.0 + 0.02 * dose.level, ..treatment }
    }
}
