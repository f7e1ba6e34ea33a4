//! Lists in messages: how many items of one form they hold differs from run to run.

/// Bytes of a message that are looked at; the rest repeats or is data.
const LONGEST: usize = 4000;
/// Parts between commas that one item has at the most.
const PARTS: usize = 6;
const COMMA: &str = ", ";

/// Returns `message` with one left of neighbouring items that differ in their digits alone.
pub fn folded(message: &str) -> String {
    let message = &message[..message.floor_char_boundary(LONGEST)];
    if !message.contains(COMMA) {
        return message.to_owned();
    }
    let parts: Vec<&str> = message.split(COMMA).collect();
    let forms: Vec<String> = parts.iter().map(|part| form(part)).collect();
    let mut kept: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(part) = parts.get(at) {
        match (1..=PARTS).find(|width| repeats(&forms, at, *width)) {
            Some(width) => at += width,
            None => {
                kept.push(*part);
                at += 1;
            }
        }
    }
    kept.join(COMMA)
}

/// Returns true if and only if the next parts, so many, have the forms of as many behind them.
fn repeats(forms: &[String], at: usize, width: usize) -> bool {
    let next = forms.get(at..at + width);
    next.is_some() && next == forms.get(at + width..at + 2 * width)
}

/// Returns the part with each run of digits as one.
fn form(part: &str) -> String {
    let mut form = String::with_capacity(part.len());
    for letter in part.chars() {
        let letter = if letter.is_ascii_digit() { '0' } else { letter };
        if letter != '0' || !form.ends_with('0') {
            form.push(letter);
        }
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_any_length_are_one() {
        for (some, more, why) in [
            ("case 9: [1, 22, 3]", "case 9: [1, 4, 5, 66, 7, 3]", "numbers"),
            (
                "[Span { from: 1, to: 2 }, Span { from: 3, to: 4 }, Span { from: 5, to: 6 }] overlap",
                "[Span { from: 1, to: 2 }, Span { from: 30, to: 4 }, Span { from: 5, to: 6 }, Span { from: 5, to: 6 }] overlap",
                "items of several parts",
            ),
        ] {
            let form = |message: &str| form(&folded(message));
            assert_eq!(form(some), form(more), "{why}");
        }
    }

    #[test]
    fn what_differs_in_words_stays() {
        for message in [
            "expected 3, got 4",
            "chip 1, core 2, row 3",
            "a, b, c",
            "",
            "no list",
            "left: [1, 2] right: [2, 1]",
        ] {
            assert_eq!(folded(message), message);
        }
    }
}
