//! Drawings: figures laid out on a plane 720 units wide; the templates draw them as SVG.

mod calendar;
mod durations;
mod scale;
mod timeline;
mod window;

mod chart;

pub use calendar::Calendar;
pub use chart::Chart;
