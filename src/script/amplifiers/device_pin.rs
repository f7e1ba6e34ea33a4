//! Device pin: always the same device.

use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

/// Lets it see only the device that failed.
#[derive(Debug)]
pub struct DevicePin;

impl Amplifier for DevicePin {
    fn name(&self) -> &'static str {
        "device-pin"
    }

    fn points_at_a_cause(&self) -> bool {
        false
    }

    fn available(&self, _machine: &Machine, target: &Target) -> Result<(), String> {
        target.device.as_ref().map(|_| ()).ok_or_else(|| "no log names a device".to_owned())
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let device = dose.site.or(dose.target.device.as_deref()).unwrap_or("0").to_owned();
        Treatment::variables([
            ("TT_VISIBLE_DEVICES", device.clone()),
            ("CUDA_VISIBLE_DEVICES", device.clone()),
            ("HIP_VISIBLE_DEVICES", device),
        ])
    }
}
