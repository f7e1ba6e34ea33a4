//! Money transfers between accounts that each have a lock, and the tests of the bank's teller threads.
//! Every lock notes who holds it and who waits for it, so that a stuck bank can say what it is doing.

use std::fs::File;
use std::io::Write;
use std::sync::{Mutex, MutexGuard};
use std::thread;

/// An account; the lock guards its balance in cents.
pub struct Account {
    balance: Mutex<i64>,
    holder: Mutex<Option<String>>,
    waiters: Mutex<Vec<String>>,
}

impl Account {
    fn new(balance: i64) -> Self {
        Account { balance: Mutex::new(balance), holder: Mutex::default(), waiters: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, i64> {
        let name = thread::current().name().unwrap_or("main").to_string();
        self.waiters.lock().unwrap().push(name.clone());
        let guard = self.balance.lock().unwrap();
        self.waiters.lock().unwrap().retain(|waiter| *waiter != name);
        *self.holder.lock().unwrap() = Some(name);
        guard
    }

    fn release(&self, guard: MutexGuard<'_, i64>) {
        *self.holder.lock().unwrap() = None;
        drop(guard);
    }
}

/// A bank: its accounts and the audit trail of transfers that were begun.
pub struct Bank {
    accounts: Vec<Account>,
    audit: File,
}

impl Bank {
    /// Opens `count` accounts with `balance` cents each.
    pub fn open(count: usize, balance: i64) -> Self {
        let audit = File::options().append(true).open("/dev/null").expect("the audit trail");
        Bank { accounts: (0..count).map(|_| Account::new(balance)).collect(), audit }
    }

    /// Moves `cents` from one account to another; nobody sees the money in both or in neither.
    pub fn transfer(&self, from: usize, to: usize, cents: i64) {
        let mut source = self.accounts[from].lock();
        let _ = writeln!(&self.audit, "transfer {cents} from {from} to {to}, balance {source}");
        let mut target = self.accounts[to].lock();
        *source -= cents;
        *target += cents;
        self.accounts[to].release(target);
        self.accounts[from].release(source);
    }

    /// Prints each lock that is held or waited for.
    pub fn print_locks(&self) {
        for (number, account) in self.accounts.iter().enumerate() {
            let holder = account.holder.lock().unwrap();
            let waiters = account.waiters.lock().unwrap();
            if let Some(holder) = &*holder {
                eprintln!("  account {number}: held by {holder}, waited for by [{}]", waiters.join(", "));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::hash_map::RandomState;
    use std::hash::BuildHasher;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::{mpsc, Arc};
    use std::time::Duration;

    const ACCOUNTS: u64 = 4;
    const TRANSFERS: u64 = 80;

    fn random_below(limit: u64, salt: u64) -> u64 {
        RandomState::new().hash_one(salt) % limit
    }

    fn seconds_allowed() -> u64 {
        std::env::var("TEST_TIMEOUT_S").ok().and_then(|text| text.parse().ok()).unwrap_or(30)
    }

    fn serve(bank: &Bank, done: &AtomicU64) {
        for number in 0..TRANSFERS {
            thread::sleep(Duration::from_micros(random_below(12_000, number)));
            let from = random_below(ACCOUNTS, number);
            let to = (from + 1 + random_below(ACCOUNTS - 1, number)) % ACCOUNTS;
            bank.transfer(from as usize, to as usize, 100);
            done.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn moves_money_once() {
        let bank = Bank::open(2, 1_000);
        bank.transfer(0, 1, 250);
        assert_eq!(*bank.accounts[0].balance.lock().unwrap(), 750);
        assert_eq!(*bank.accounts[1].balance.lock().unwrap(), 1_250);
    }

    #[test]
    fn two_tellers_keep_the_sum() {
        let bank = Arc::new(Bank::open(ACCOUNTS as usize, 10_000));
        let done = Arc::new(AtomicU64::new(0));
        let (finished, waiting) = mpsc::channel();
        for teller in 0..2 {
            let (bank, done, finished) = (Arc::clone(&bank), Arc::clone(&done), finished.clone());
            let body = move || {
                serve(&bank, &done);
                let _ = finished.send(());
            };
            thread::Builder::new().name(format!("teller-{teller}")).spawn(body).unwrap();
        }
        for _ in 0..2 {
            if waiting.recv_timeout(Duration::from_secs(seconds_allowed())).is_err() {
                eprintln!("tellers made no progress, locks of the bank:");
                bank.print_locks();
                panic!("timed out after {} s: {} of {} transfers done", seconds_allowed(), done.load(Ordering::SeqCst), 2 * TRANSFERS);
            }
        }
        let sum: i64 = bank.accounts.iter().map(|account| *account.balance.lock().unwrap()).sum();
        assert_eq!(sum, ACCOUNTS as i64 * 10_000);
    }
}
