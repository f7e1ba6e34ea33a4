//! By what an input is known again: a hash of its bytes as they are stored.

use std::fs::File;
use std::io::{self, Read};

use xxhash_rust::xxh3::Xxh3;

use super::Input;
use super::entry::Origin;
use super::open::opened;

const BUFFER: usize = 256 << 10;

/// Returns 32 hex digits of the bytes of an input; `None` of what can be read only once, such as standard input, or
/// cannot be read at all.
pub fn hash(input: &Input) -> Option<String> {
    let Origin::File(path) = input.origin() else { return None };
    let file = opened(path).ok()?;
    file.metadata().ok().filter(|metadata| metadata.is_file())?;
    hashed(file).ok()
}

fn hashed(mut file: File) -> io::Result<String> {
    let (mut hasher, mut buffer) = (Xxh3::new(), vec![0; BUFFER]);
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(format!("{:032x}", hasher.digest128())),
            Ok(read) => hasher.update(buffer.get(..read).unwrap_or(&buffer)),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_bytes_have_equal_hashes_whatever_their_names() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("a"), "one\n".repeat(100_000)).unwrap();
        std::fs::write(path("b"), "one\n".repeat(100_000)).unwrap();
        std::fs::write(path("c"), "one\n".repeat(100_001)).unwrap();
        let of = |name: &str| hash(&Input::file(&path(name)));
        assert_eq!(of("a"), of("b"));
        assert_ne!(of("a"), of("c"));
        assert_eq!(of("a").unwrap().len(), 32);
        assert_eq!((of("missing"), hash(&Input::stdin())), (None, None));
    }
}
