//! Statistics that several rooms share: intervals, exact tests, corrections. A leaf.
