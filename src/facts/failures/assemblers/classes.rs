//! What sanitizers call what they find, as `sanitizer.toml` lists it.

use std::sync::OnceLock;

use crate::rules::{Embedded, table};
use regex::bytes::RegexSet;
use serde::Deserialize;

const DATA: Embedded = table!("sanitizers");

#[derive(Deserialize)]
struct File {
    class: Vec<Class>,
}

#[derive(Deserialize)]
struct Class {
    says: String,
    is: String,
}

struct Classes {
    says: RegexSet,
    is: Vec<String>,
}

/// Returns the class of a report by its first line, where its words are not the class themselves.
pub fn named(head: &[u8]) -> Option<&'static str> {
    static CLASSES: OnceLock<Classes> = OnceLock::new();
    let classes = CLASSES.get_or_init(|| read().unwrap_or_else(|error| panic!("sanitizer.toml: {error}")));
    let first = classes.says.matches(head).iter().next()?;
    classes.is.get(first).map(String::as_str)
}

fn read() -> anyhow::Result<Classes> {
    let file: File = DATA.read();
    let says = RegexSet::new(file.class.iter().map(|class| format!("(?-u){}", class.says)))?;
    Ok(Classes { says, is: file.class.into_iter().map(|class| class.is).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_check_has_its_name_whatever_values_it_met() {
        let cases = [
            (
                "a.c:3:9: runtime error: signed integer overflow: 2147483647 + 1 cannot be represented in type 'int'",
                "signed-integer-overflow",
            ),
            (
                "a.c:3:9: runtime error: negation of -2147483648 cannot be represented in type 'int'",
                "signed-integer-overflow",
            ),
            (
                "a.c:3:9: runtime error: unsigned integer overflow: 0 - 1 cannot be represented in type 'unsigned int'",
                "unsigned-integer-overflow",
            ),
            ("a.c:3:9: runtime error: shift exponent 40 is too large for 32-bit type 'int'", "shift"),
            (
                "a.c:3:9: runtime error: left shift of 1 by 31 places cannot be represented in type 'int'",
                "shift",
            ),
            ("a.c:3:9: runtime error: index 9 out of bounds for type 'int [4]'", "bounds"),
            ("a.c:3:9: runtime error: load of null pointer of type 'int'", "null"),
            ("a.c:3:9: runtime error: member call on null pointer of type 'Ring'", "null"),
            (
                "a.c:3:9: runtime error: member call on address 0x7f which does not point to an object of type 'Ring'",
                "vptr",
            ),
            (
                "a.c:3:9: runtime error: load of misaligned address 0x7f for type 'int', which requires 4 byte alignment",
                "alignment",
            ),
            (
                "a.c:3:9: runtime error: load of address 0x7f with insufficient space for an object of type 'int'",
                "object-size",
            ),
            ("a.c:3:9: runtime error: load of value 190, which is not a valid value for type 'bool'", "bool"),
            ("a.c:3:9: runtime error: load of value 7, which is not a valid value for type 'Color'", "enum"),
            (
                "a.c:3:9: runtime error: 1e+20 is outside the range of representable values of type 'int'",
                "float-cast-overflow",
            ),
            (
                "a.c:3:9: runtime error: call to function pop() through pointer to incorrect function type 'void (*)()'",
                "function",
            ),
            ("a.c:3:9: runtime error: applying non-zero offset 8 to null pointer", "pointer-overflow"),
            (
                "a.c:3:9: runtime error: addition of unsigned offset to 0x7f overflowed to 0x10",
                "pointer-overflow",
            ),
            ("a.c:3:9: runtime error: passing zero to clz(), which is not a valid argument", "builtin"),
            (
                "a.c:3:9: runtime error: control flow integrity check for type 'B' failed during cast to unrelated type",
                "bad-cast",
            ),
            ("==7==ERROR: AddressSanitizer: attempting double-free on 0x60 in thread T0:", "double-free"),
            (
                "==7==ERROR: AddressSanitizer: attempting free on address which was not malloc()-ed: 0x60",
                "invalid-free",
            ),
            (
                "==7==ERROR: AddressSanitizer: requested allocation size 0xfff exceeds maximum supported size",
                "allocation-size-too-big",
            ),
            (
                "WARNING: ThreadSanitizer: lock-order-inversion (potential deadlock) (pid=7)",
                "lock-order-inversion",
            ),
        ];
        for (head, class) in cases {
            assert_eq!(named(head.as_bytes()), Some(class), "{head}");
        }
        assert_eq!(named(b"==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x60"), None);
    }
}
