//! Reads the logs named on the command line and prints each failure with its most probable cause.
//!
//! `cargo run --example embed -- build.log`

use std::error::Error;
use std::fs::File;

use ndlog::Analyzer;

fn main() -> Result<(), Box<dyn Error>> {
    let analyzer = Analyzer::builder().build()?;
    let mut facts = Vec::new();
    for name in std::env::args().skip(1) {
        facts.extend(analyzer.read(&name, File::open(&name)?)?);
    }
    for cluster in analyzer.analyze(&facts).clusters {
        let cause = cluster.causes.first().map_or("unknown", |cause| cause.cause.name());
        println!("{} {} ({cause})", cluster.id, cluster.title);
    }
    Ok(())
}
