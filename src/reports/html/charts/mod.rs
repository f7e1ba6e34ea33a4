//! Drawings: figures laid out on a plane 720 units wide; the templates draw them as SVG.

mod dots;
mod durations;
mod scale;
mod timeline;
mod window;

mod chart;

pub use chart::Chart;
