//! An arm: one way to run the test, with none, one or several amplifiers.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ladder::HIDING;
use crate::script::{self, DRAWN};

/// One amplifier at one level.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Setting {
    /// The name in `ndlog.amplifiers/1`.
    pub amplifier: String,
    /// In the amplifier's unit.
    pub level: f64,
    /// The step, variable or device that it acts on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
}

/// The amplifier that runs the command with all its tests.
const WHOLE: &str = "whole-suite";

impl Setting {
    /// Returns true if it only runs the command as CI did.
    pub fn is_whole(&self) -> bool {
        self.amplifier == WHOLE
    }

    /// Returns true if it sets for good what other runs draw: seeds that take turns and a seed that is drawn do not.
    fn is_fixed(&self) -> bool {
        match self.amplifier.as_str() {
            "generator-seed" => self.level != DRAWN,
            "seed-replay" => self.level == 1.0,
            "order-replay" => true,
            _ => false,
        }
    }

    /// Returns true if it takes away what a sound program may need.
    pub fn tightens(&self) -> bool {
        script::find(&self.amplifier).is_some_and(|amplifier| amplifier.tightens_a_limit)
    }
}

/// The amplifiers of a run; the control has none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Arm(pub Vec<Setting>);

impl Arm {
    /// The command as it is.
    pub const CONTROL: Self = Self(Vec::new());

    /// Returns true if and only if nothing is amplified.
    pub fn is_control(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns true if and only if it is the command as it is: with the one test, or whole.
    pub fn is_plain(&self) -> bool {
        self.0.iter().all(Setting::is_whole)
    }

    /// Returns true if it amplifies, and by nothing that reproduces nothing.
    pub fn may_reproduce(&self) -> bool {
        !self.is_plain() && !self.0.iter().any(|setting| HIDING.contains(&setting.amplifier.as_str()))
    }

    /// Returns true if it sets for good what other runs draw, and changes nothing else.
    pub fn is_fixed(&self) -> bool {
        !self.is_plain() && self.0.iter().all(|setting| setting.is_whole() || setting.is_fixed())
    }

    /// Returns the command as CI ran it, with all its tests.
    pub fn whole() -> Self {
        Self(vec![Setting { amplifier: WHOLE.to_owned(), level: 1.0, site: None }])
    }

    /// Returns the arm on top of `base`.
    pub fn upon(mut self, base: &Self) -> Self {
        for setting in base.0.iter().rev() {
            if !self.0.iter().any(|own| own.amplifier == setting.amplifier) {
                self.0.insert(0, setting.clone());
            }
        }
        self
    }

    /// Returns true if one of its amplifiers takes away what a sound program may need.
    pub fn tightens(&self) -> bool {
        self.0.iter().any(Setting::tightens)
    }

    /// Returns the arm without the setting at `index`.
    pub fn without(&self, index: usize) -> Self {
        let others = self.0.iter().enumerate().filter(|(at, _)| *at != index);
        Self(others.map(|(_, setting)| setting.clone()).collect())
    }
}

impl fmt::Display for Arm {
    /// Writes `control`, or `delay 16 at "worker ready" + cpu-hogs 2`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_control() {
            return f.write_str("control");
        }
        for (index, setting) in self.0.iter().enumerate() {
            let plus = if index == 0 { "" } else { " + " };
            write!(f, "{plus}{} {}", setting.amplifier, setting.level)?;
            if let Some(site) = &setting.site {
                write!(f, " at {site:?}")?;
            }
        }
        Ok(())
    }
}
