//! How much work was done on a thread, counted in tests: a test of growth may rest on it, and on no clock.

#[cfg(test)]
thread_local! {
    static DONE: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// Adds what one step costs, in bytes that are looked at closely. Nothing outside tests.
#[cfg(test)]
pub fn add(cost: usize) {
    DONE.with(|done| done.set(done.get() + cost as u64));
}

/// Adds what one step costs, in bytes that are looked at closely. Nothing outside tests.
#[cfg(not(test))]
#[inline(always)]
pub fn add(_cost: usize) {}

/// Returns how much work `task` does on this thread.
#[cfg(test)]
pub fn of<T>(task: impl FnOnce() -> T) -> (T, u64) {
    let before = DONE.with(std::cell::Cell::get);
    let made = task();
    (made, DONE.with(std::cell::Cell::get) - before)
}
