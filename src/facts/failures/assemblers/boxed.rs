//! Open MPI's help texts: a box between two rules whose first sentence tells what happened, and the rest what it may mean.

use crate::facts::failures::{Block, Kind, Passage, Piece, Role};

/// Dashes of a rule. Other tools draw theirs shorter or longer.
const RULE: usize = 74;
/// Lines of one box.
const LONGEST: usize = 30;
/// Lines of the first sentence.
const SENTENCE: usize = 4;

/// Reads the box in which `at` stands; its words are those of the first sentence.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let opens = (at.saturating_sub(LONGEST)..at).rev().find(|&position| pieces.holds(position, is_rule))?;
    let closes = (at..pieces.len()).take(LONGEST).find(|&position| pieces.holds(position, is_rule))?;
    let first = opens + 1;
    let starts = pieces.text(first).first().is_some_and(u8::is_ascii_uppercase);
    if !starts || pieces.holds(at, is_rule) {
        return None;
    }
    let lines = pieces.part(first..closes).iter().take(SENTENCE).take_while(|piece| !piece.is_blank());
    let sentence: Vec<String> = lines.map(Piece::trimmed).collect();
    let mut block = Block::new(Kind::Error, first, closes - 1, first);
    block.kind = if sentence.iter().any(|line| line.contains("lost communication")) {
        Kind::Kill
    } else {
        Kind::Error
    };
    block.message = Some(sentence.join(" "));
    block.role = Role::Root;
    Some(block)
}

fn is_rule(piece: &Piece<'_>) -> bool {
    let text = piece.text().trim_ascii_end();
    text.len() == RULE && text.iter().all(|byte| *byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::{Event, TakenBy, events_in};

    fn events(body: &str, dashes: usize) -> Vec<Event> {
        let rule = "-".repeat(dashes);
        let log = format!("ring: start\n{rule}\n{body}\n{rule}\nring: end\n");
        events_in(log)
    }

    #[test]
    fn the_first_sentence_of_a_box_is_what_happened() {
        let body = "The ring has lost communication with a daemon\non node ring7.\n\n  peer: ring9\n\n\
                    This happens if the network cannot connect to the node.";
        let found = events(body, RULE);
        let told: Vec<&str> = found.iter().map(|event| event.message.as_str()).collect();
        assert_eq!(told, ["The ring has lost communication with a daemon on node ring7."]);
        assert_eq!(found[0].first_line, 3);
    }

    #[test]
    fn other_rules_make_no_box() {
        let made = |dashes| {
            events("Ran 3 tests\n\nerror: torn", dashes).iter().any(|event| event.taken_by == TakenBy::Boxed)
        };
        assert!(!made(70) && !made(72) && made(RULE));
    }
}
