//! A memory map that outlives the shortening of its file.
//!
//! The operating system sends SIGBUS to a process that reads a page of a map whose file has become shorter, as logs
//! do that are rotated by copy and truncate. Here such a page is replaced by zeros, and the map remembers that it was
//! torn, so that the file is named instead of the program being killed.
//!
//! This is the only file with unsafe code. The handler touches atomics and makes one system call, both of which
//! are allowed in a signal handler (signal-safety(7)).

use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use memmap2::{Advice, Mmap, UncheckedAdvice};

/// Maps that can be guarded at the same time; more files are read into memory instead.
const SLOTS: usize = 256;

/// One guarded map, as the signal handler looks it up. `start` is 0 while the slot is free.
struct Slot {
    start: AtomicUsize,
    end: AtomicUsize,
    torn: AtomicPtr<AtomicBool>,
}

static GUARDED: [Slot; SLOTS] = [const {
    Slot { start: AtomicUsize::new(0), end: AtomicUsize::new(0), torn: AtomicPtr::new(std::ptr::null_mut()) }
}; SLOTS];

/// Bytes of a page; 0 until the handler stands.
static PAGE: AtomicUsize = AtomicUsize::new(0);

/// A file in memory that may become shorter at any time.
pub(super) struct Mapping {
    map: Mmap,
    slot: usize,
    /// True once a page was gone; shared with those who want to know after the map is dropped.
    torn: Arc<AtomicBool>,
}

impl Mapping {
    /// Maps the whole of `file`.
    ///
    /// # Errors
    /// Fails where the file cannot be mapped, such as a pipe or an address space that is full, and where no
    /// guard is left.
    pub(super) fn new(file: &File) -> io::Result<Self> {
        install()?;
        // SAFETY: the bytes are only read. Others may change them, which shows as other text; where they
        // shorten the file, the guard below replaces the pages that are gone.
        #[expect(unsafe_code, reason = "a memory map cannot be made otherwise")]
        let map = unsafe { Mmap::map(file)? };
        // Read-ahead is a hint: a kernel that refuses it changes nothing but speed.
        map.advise(Advice::Sequential).ok();
        let torn = Arc::new(AtomicBool::new(false));
        let slot = guard(&map, &torn).ok_or_else(|| io::Error::other("too many files are mapped at once"))?;
        Ok(Self { map, slot, torn })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.map
    }

    /// Returns what becomes true when a page is found to be gone.
    pub(super) fn torn(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.torn)
    }

    /// Gives the pages of `range` back to the system; they are read again where they are asked for.
    pub(super) fn release(&self, range: Range<usize>) {
        let end = range.end.min(self.map.len());
        let Some(length) = end.checked_sub(range.start).filter(|length| *length > 0) else { return };
        // SAFETY: the map is of a file, shared and never written, so its pages come back with the file's bytes.
        #[expect(unsafe_code, reason = "the advice is unchecked since it would empty a private map")]
        let advised =
            unsafe { self.map.unchecked_advise_range(UncheckedAdvice::DontNeed, range.start, length) };
        // A kernel that refuses keeps the pages, which costs memory and nothing else.
        advised.ok();
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // The slot is freed before the map is: nobody reads the map any more.
        if let Some(slot) = GUARDED.get(self.slot) {
            slot.start.store(0, Ordering::SeqCst);
        }
    }
}

/// Takes a free slot for `map`.
fn guard(map: &Mmap, torn: &Arc<AtomicBool>) -> Option<usize> {
    let start = map.as_ptr() as usize;
    // Held while the owner fills the slot; no map begins at this address.
    const TAKEN: usize = usize::MAX;
    let free =
        |slot: &Slot| slot.start.compare_exchange(0, TAKEN, Ordering::SeqCst, Ordering::SeqCst).is_ok();
    let number = GUARDED.iter().position(free)?;
    let slot = GUARDED.get(number)?;
    slot.end.store(start.checked_add(map.len())?, Ordering::SeqCst);
    slot.torn.store(Arc::as_ptr(torn).cast_mut(), Ordering::SeqCst);
    slot.start.store(start, Ordering::SeqCst);
    Some(number)
}

/// Puts the handler in place, once.
fn install() -> io::Result<()> {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    let installed = *INSTALLED.get_or_init(|| {
        let page = rustix::param::page_size();
        PAGE.store(page, Ordering::SeqCst);
        set_handler()
    });
    if installed { Ok(()) } else { Err(io::Error::other("the signal SIGBUS cannot be handled")) }
}

#[expect(unsafe_code, reason = "a signal handler cannot be installed otherwise")]
fn set_handler() -> bool {
    let handler: extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void) = on_bus_error;
    // SAFETY: all fields of the structure may be zero, and the handler only does what signal-safety(7) allows.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
        libc::sigaction(libc::SIGBUS, &raw const action, std::ptr::null_mut()) == 0
    }
}

/// Replaces what is gone of a guarded map by zeros. Any other bus error ends the program as it would have.
#[expect(unsafe_code, reason = "reads what the system says of the signal")]
extern "C" fn on_bus_error(signal: libc::c_int, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    // SAFETY: the system hands a valid structure to a handler with SA_SIGINFO.
    let address = unsafe { (*info).si_addr() } as usize;
    if replace_page(address) {
        return;
    }
    // SAFETY: back to the default; the faulting instruction runs again and ends the program.
    unsafe { libc::signal(signal, libc::SIG_DFL) };
}

/// Returns true if and only if `address` lay in a guarded map, whose rest now reads as zeros.
#[expect(unsafe_code, reason = "replaces pages of a map that this module owns")]
fn replace_page(address: usize) -> bool {
    let page = address & !(PAGE.load(Ordering::SeqCst).saturating_sub(1));
    for slot in &GUARDED {
        let start = slot.start.load(Ordering::SeqCst);
        let end = slot.end.load(Ordering::SeqCst);
        let torn = slot.torn.load(Ordering::SeqCst);
        // A slot that changed hands meanwhile is another map.
        if address < start || address >= end || slot.start.load(Ordering::SeqCst) != start {
            continue;
        }
        let (flags, from) =
            (libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED, page as *mut libc::c_void);
        // SAFETY: the pages belong to a map that lives as long as its slot, and are only read. The flag lives as
        // long as the map, which is being read right now.
        unsafe {
            if libc::mmap(from, end - page, libc::PROT_READ, flags, -1, 0) == libc::MAP_FAILED {
                return false;
            }
            if let Some(torn) = torn.as_ref() {
                torn.store(true, Ordering::SeqCst);
            }
        }
        return true;
    }
    false
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_file_that_is_cut_while_it_is_read_ends_in_zeros_and_says_so() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&b"line\n".repeat(100_000)).unwrap();
        let mapping = Mapping::new(&file).unwrap();
        assert!(mapping.bytes().starts_with(b"line\n") && !mapping.torn().load(Ordering::SeqCst));
        file.set_len(7).unwrap();
        let sum: usize = mapping.bytes().iter().map(|byte| usize::from(*byte)).sum();
        assert!(mapping.torn().load(Ordering::SeqCst));
        assert!(sum > 0 && mapping.bytes().ends_with(&[0; 100]), "{sum}");
    }

    #[test]
    fn what_is_released_can_be_read_again() {
        let mut file = tempfile::tempfile().unwrap();
        let text = b"one line of a log\n".repeat(50_000);
        file.write_all(&text).unwrap();
        let mapping = Mapping::new(&file).unwrap();
        for range in [0..text.len(), 0..0, 4096..usize::MAX, text.len()..text.len()] {
            mapping.release(range);
            assert_eq!(mapping.bytes(), text);
        }
    }

    #[test]
    fn more_maps_than_guards_are_refused() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"text").unwrap();
        let maps: Vec<_> = (0..=SLOTS).map(|_| Mapping::new(&file)).collect();
        assert!(maps.iter().any(Result::is_err));
        drop(maps);
        Mapping::new(&file).unwrap();
    }
}
