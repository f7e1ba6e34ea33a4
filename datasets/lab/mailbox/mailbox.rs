//! A blocking mailbox between threads (many senders, one receiver) and its tests.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};

/// A queue whose receiver sleeps while it is empty.
pub struct Mailbox<T> {
    queue: Mutex<VecDeque<T>>,
    length: AtomicUsize,
    arrived: Condvar,
    trace: File,
}

impl<T> Mailbox<T> {
    /// Returns an empty mailbox which notes its idle times in `trace`.
    pub fn new(trace: File) -> Self {
        Mailbox { queue: Mutex::default(), length: AtomicUsize::new(0), arrived: Condvar::new(), trace }
    }

    /// Puts a message in and wakes the receiver.
    pub fn send(&self, message: T) {
        self.queue.lock().unwrap().push_back(message);
        self.length.fetch_add(1, Ordering::SeqCst);
        self.arrived.notify_one();
    }

    /// Takes the oldest message out, and waits for one when there is none.
    pub fn receive(&self) -> T {
        loop {
            if self.length.load(Ordering::SeqCst) == 0 {
                let _ = writeln!(&self.trace, "idle");
                let queue = self.queue.lock().unwrap();
                drop(self.arrived.wait(queue).unwrap());
            }
            if let Some(message) = self.queue.lock().unwrap().pop_front() {
                self.length.fetch_sub(1, Ordering::SeqCst);
                return message;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::hash_map::RandomState;
    use std::hash::BuildHasher;
    use std::sync::mpsc;
    use std::sync::Arc;
    use std::thread;
    use std::time::{Duration, Instant};

    const ROUNDS: u64 = 120;

    fn trace() -> File {
        File::options().append(true).open("/dev/null").unwrap()
    }

    fn seconds_allowed() -> u64 {
        std::env::var("TEST_TIMEOUT_S").ok().and_then(|text| text.parse().ok()).unwrap_or(30)
    }

    /// Works on a payload of random size: between nothing and `longest`.
    fn work_on_payload(longest: Duration, salt: u64) {
        let micros = RandomState::new().hash_one(salt) % longest.as_micros() as u64;
        thread::sleep(Duration::from_micros(micros));
    }

    /// Runs `body` on its own thread and fails the test when it does not end in time.
    fn within_limit(progress: Arc<AtomicUsize>, body: impl FnOnce() + Send + 'static) {
        let (done, waiting) = mpsc::channel();
        let started = Instant::now();
        thread::spawn(move || {
            body();
            let _ = done.send(());
        });
        let limit = Duration::from_secs(seconds_allowed());
        if waiting.recv_timeout(limit).is_err() {
            let replies = progress.load(Ordering::SeqCst);
            panic!("test did not finish within {limit:?}: {replies} of {ROUNDS} replies after {:.1?}", started.elapsed());
        }
    }

    #[test]
    fn keeps_the_order_of_messages() {
        let mailbox = Mailbox::new(trace());
        (0..100).for_each(|number| mailbox.send(number));
        let received: Vec<i32> = (0..100).map(|_| mailbox.receive()).collect();
        assert_eq!(received, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn survives_a_slow_receiver() {
        let mailbox = Arc::new(Mailbox::new(trace()));
        let sender = Arc::clone(&mailbox);
        let thread = thread::spawn(move || (0..20).for_each(|number| sender.send(number)));
        for number in 0..20 {
            thread::sleep(Duration::from_millis(10));
            assert_eq!(mailbox.receive(), number);
        }
        thread.join().unwrap();
    }

    #[test]
    fn answers_every_request() {
        let replies = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&replies);
        within_limit(replies, move || {
            let requests = Arc::new(Mailbox::new(trace()));
            let answers = Arc::new(Mailbox::new(trace()));
            let (inbox, outbox) = (Arc::clone(&requests), Arc::clone(&answers));
            let server = thread::spawn(move || {
                for round in 0..ROUNDS {
                    let request: u64 = inbox.receive();
                    outbox.send(request * request);
                    work_on_payload(Duration::from_millis(8), round);
                }
            });
            for round in 0..ROUNDS {
                work_on_payload(Duration::from_millis(8), round);
                requests.send(round);
                assert_eq!(answers.receive(), round * round);
                counted.fetch_add(1, Ordering::SeqCst);
            }
            server.join().unwrap();
        });
    }
}
