//! How many letters one text must change to become another, counted only as far as it matters.

/// Returns Levenshtein's distance, or `None` where it is more than `most`. The work grows with `most` times the
/// length and not with the square of the length: only the cells of the table near its diagonal can count.
pub(super) fn edits(a: &[char], b: &[char], most: usize) -> Option<usize> {
    let (a, b) = without_common_ends(a, b);
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    if let Some(edits) = bits(a, b) {
        return Some(edits).filter(|edits| *edits <= most);
    }
    let over = most.saturating_add(1);
    let mut before: Vec<usize> = (0..=b.len()).map(|column| column.min(over)).collect();
    let mut row = vec![over; b.len() + 1];
    for (above, letter) in a.iter().enumerate() {
        let first = (above + 1).saturating_sub(most);
        let last = (above + 1).saturating_add(most).min(b.len());
        let mut least = over;
        for column in first..=last {
            let cell = match column {
                0 => above + 1,
                _ => {
                    let kept = before[column - 1] + usize::from(*letter != b[column - 1]);
                    let left = if column > first { row[column - 1] } else { over };
                    // The row above ends one column earlier.
                    let up = if column <= above.saturating_add(most) { before[column] } else { over };
                    kept.min(left.saturating_add(1)).min(up.saturating_add(1))
                }
            };
            row[column] = cell.min(over);
            least = least.min(cell);
        }
        if least > most {
            return None;
        }
        std::mem::swap(&mut before, &mut row);
    }
    before.last().copied().filter(|edits| *edits <= most)
}

/// Letters that fit the bits of one word.
const BITS: usize = 64;

/// Returns the distance of short texts in ASCII, a column of the table at a time in the bits of a word (Myers 1999, in
/// Hyyrö's form); `None` for other texts.
fn bits(a: &[char], b: &[char]) -> Option<usize> {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() > BITS || !short.iter().chain(long).all(char::is_ascii) {
        return None;
    }
    let Some(last) = short.len().checked_sub(1) else { return Some(long.len()) };
    let mut places = [0_u64; 128];
    for (at, letter) in short.iter().enumerate() {
        places[*letter as usize] |= 1 << at;
    }
    let (mut up, mut down, mut edits) = (u64::MAX, 0_u64, short.len());
    for letter in long {
        let same = places[*letter as usize];
        let kept = (((same & up).wrapping_add(up)) ^ up) | same | down;
        let (more, less) = (down | !(kept | up), up & kept);
        edits += (more >> last & 1) as usize;
        edits -= (less >> last & 1) as usize;
        let (more, less) = (more << 1 | 1, less << 1);
        up = less | !(kept | more);
        down = more & kept;
    }
    Some(edits)
}

fn without_common_ends<'a>(a: &'a [char], b: &'a [char]) -> (&'a [char], &'a [char]) {
    let same = |pair: &(&char, &char)| pair.0 == pair.1;
    let head = a.iter().zip(b).take_while(same).count();
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(same).count();
    (&a[..a.len() - tail], &b[..b.len() - tail])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The whole table, as in the textbook.
    fn plain(a: &[char], b: &[char]) -> usize {
        let mut before: Vec<usize> = (0..=b.len()).collect();
        for (i, letter) in a.iter().enumerate() {
            let mut row = vec![i + 1; b.len() + 1];
            for (j, other) in b.iter().enumerate() {
                let kept = before[j] + usize::from(letter != other);
                row[j + 1] = kept.min(before[j + 1] + 1).min(row[j] + 1);
            }
            before = row;
        }
        before[b.len()]
    }

    proptest! {
        #[test]
        fn bits_tell_what_the_whole_table_does(a in "[abc]{0,70}", b in "[abc]{0,70}") {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let whole = (a.len().min(b.len()) <= BITS).then(|| plain(&a, &b));
            prop_assert_eq!(bits(&a, &b), whole);
        }

        #[test]
        fn the_band_tells_what_the_whole_table_does(a in "[aé]{0,14}", b in "[aé]{0,14}", most in 0..16_usize) {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let whole = plain(&a, &b);
            prop_assert_eq!(edits(&a, &b, most), (whole <= most).then_some(whole));
        }
    }
}
