//! The drawing for each kind of plot.

use serde::Serialize;

use super::durations::DurationsChart;
use super::timeline::TimelineChart;
use super::window::WindowChart;
use crate::findings::Plot;

/// A drawing; `template` in the output names the file that draws it.
#[derive(Serialize)]
#[serde(tag = "template")]
pub enum Chart {
    #[serde(rename = "timeline.svg")]
    Timeline(TimelineChart),
    #[serde(rename = "durations.svg")]
    Durations(DurationsChart),
    #[serde(rename = "window.svg")]
    Window(WindowChart),
}

impl Chart {
    /// Lays out one plot, in which so many runs have a dot at most; `None` where it has nothing to draw.
    pub fn of(plot: &Plot, dots: usize) -> Option<Self> {
        match plot {
            Plot::Timeline(timeline) => TimelineChart::of(timeline).map(Self::Timeline),
            Plot::Durations(durations) => DurationsChart::of(durations, dots).map(Self::Durations),
            Plot::Window(window) => WindowChart::of(window, dots).map(Self::Window),
        }
    }
}
