//! The program as a person uses it, in one binary so that it is linked once: a file for each thing that must hold. What is
//! held of the sources and of the documents stands beside, in `architecture.rs` and `documents.rs`.

mod consumers;
mod desk;
mod program;
mod skip;

// What is read, and what is found.
mod background;
mod causes_lab;
mod causes_runs;
mod diff;
mod explain;
mod facts;
mod known;
mod lab;
mod promises;
mod reading;
mod runs;
mod show;
mod templates;

// What is kept, shared and shown.
mod config;
mod manual;
mod parts;
#[cfg(feature = "remote")]
mod remote;
mod reports;
mod secrets;
mod store;

// What goes wrong.
mod bad_input;
mod faults;
mod fuzz_replay;
mod hostile;
mod kills;
mod long_life;

mod proving;
