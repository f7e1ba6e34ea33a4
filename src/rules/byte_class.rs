//! The bytes that a class of a regex matches.

use regex_syntax::ast::{Ast, ClassPerl, ClassPerlKind, ClassSet, ClassSetItem, Literal};

use super::derivation::Case;

/// Returns the bytes that a class of a regex matches, as they stand in a text in lower case where case is folded; `None`
/// if `tree` is no class, or one of a kind that rules hardly have.
pub fn bytes_of_class(tree: &Ast, case: Case) -> Option<Vec<u8>> {
    let matches = |byte: u8| match tree {
        Ast::ClassPerl(class) => Some(is_of_perl(class, byte)),
        Ast::ClassBracketed(class) => Some(is_in(&class.kind, byte)? != class.negated),
        _ => None,
    };
    let mut bytes = Vec::new();
    for byte in 0..=u8::MAX {
        let folded = if case == Case::Folded { byte.to_ascii_lowercase() } else { byte };
        bytes.extend(matches(byte)?.then_some(folded));
    }
    bytes.sort_unstable();
    bytes.dedup();
    Some(bytes)
}

fn is_of_perl(class: &ClassPerl, byte: u8) -> bool {
    let is_in = match class.kind {
        ClassPerlKind::Digit => byte.is_ascii_digit(),
        ClassPerlKind::Space => matches!(byte, b'\t'..=b'\r' | b' '),
        ClassPerlKind::Word => byte.is_ascii_alphanumeric() || byte == b'_',
    };
    is_in != class.negated
}

fn is_in(set: &ClassSet, byte: u8) -> Option<bool> {
    match set {
        ClassSet::Item(item) => is_of_item(item, byte),
        ClassSet::BinaryOp(_) => None,
    }
}

fn is_of_item(item: &ClassSetItem, byte: u8) -> Option<bool> {
    match item {
        ClassSetItem::Literal(literal) => Some(ascii(literal)? == byte),
        ClassSetItem::Range(range) => Some((ascii(&range.start)?..=ascii(&range.end)?).contains(&byte)),
        ClassSetItem::Perl(class) => Some(is_of_perl(class, byte)),
        ClassSetItem::Bracketed(class) => Some(is_in(&class.kind, byte)? != class.negated),
        ClassSetItem::Union(union) => {
            union.items.iter().try_fold(false, |any, item| Some(is_of_item(item, byte)? || any))
        }
        ClassSetItem::Empty(_) | ClassSetItem::Ascii(_) | ClassSetItem::Unicode(_) => None,
    }
}

/// Returns a letter of ASCII: others are several bytes.
fn ascii(literal: &Literal) -> Option<u8> {
    u8::try_from(literal.c).ok().filter(u8::is_ascii)
}

#[cfg(test)]
mod tests {
    use regex::bytes::RegexBuilder;
    use regex_syntax::ast::parse::Parser;

    use super::*;

    #[test]
    fn a_class_is_the_bytes_that_the_regex_matches() {
        for class in [r"\d", r"\D", r"\s", r"\S", r"\w", r"\W", "[a-fX_]", "[^a-f]", r"[\w.-]", r"[\d[^\s]]"]
        {
            let tree = Parser::new().parse(class).unwrap();
            let regex = RegexBuilder::new(class).unicode(false).build().unwrap();
            let matched = (0..=u8::MAX).filter(|byte| regex.is_match(&[*byte])).collect();
            assert_eq!(bytes_of_class(&tree, Case::Kept), Some(matched), "{class}");
        }
    }

    #[test]
    fn where_case_is_folded_capitals_stand_in_lower_case() {
        let bytes = |regex| bytes_of_class(&Parser::new().parse(regex).unwrap(), Case::Folded);
        assert_eq!(bytes("[A-C4c]"), Some(b"4abc".to_vec()));
        assert_eq!(bytes("[[:digit:]]"), None, "not told");
    }
}
