//! Evidence of who waits for whom: stack dumps, collectives, and who fell behind.

mod collective;
mod stack_groups;
mod straggler;
