//! The second pass: finds the places that vary, by looking at all shapes at once.
//!
//! Shapes that are equal but for one place are neighbours there. A place where enough neighbours
//! differ is variable. All decisions of a round stand on the set of shapes before it, so no order
//! can matter; rounds follow until nothing changes.

use rustc_hash::{FxHashMap, FxHashSet};

use super::collapse::collapse;
use super::evidence::{varies, varies_elsewhere};
use super::places::{Place, places};
use super::vocabulary::{
    BLANK, CLOSE, CLOSE_BRACKET, COLON, OPEN, OPEN_BRACKET, Shape, Token, VARIABLE, Vocabulary,
};

/// Rounds at most. Measured logs settle in three or four; the bound keeps time linear.
const ROUNDS: usize = 8;
/// Words that must stay for a place to vary: a line of nothing but values is no template.
const ANCHORS: usize = 1;
/// The same for the first word of a line, which names what happened.
const ANCHORS_OF_FIRST: usize = 2;

/// Words with a value of their own that are tried in one shape, which keeps time linear.
const REDUCTIONS: usize = 8;

/// Replaces each of `shapes` by its general form.
pub(super) fn generalise(shapes: &mut [Shape], vocabulary: &Vocabulary) {
    for _ in 0..ROUNDS {
        let reduced = replace(shapes, |distinct| reductions(distinct, vocabulary));
        let merged = replace(shapes, |distinct| mergers(distinct, vocabulary));
        if !(reduced || merged) {
            break;
        }
    }
}

/// Replaces the shapes for which `find` names another one. Returns false if it names none.
fn replace(shapes: &mut [Shape], find: impl Fn(&[&Shape]) -> FxHashMap<Shape, Shape>) -> bool {
    let mut distinct: Vec<&Shape> = shapes.iter().collect();
    distinct.sort_unstable();
    distinct.dedup();
    let general = find(&distinct);
    for shape in shapes {
        if let Some(other) = general.get(shape) {
            shape.clone_from(other);
        }
    }
    !general.is_empty()
}

/// Returns the shapes of which one word and the value that belongs to it, as in `LOCAL(<*>)` and
/// `host:<*>`, are a single value in another line that is otherwise equal.
fn reductions(distinct: &[&Shape], vocabulary: &Vocabulary) -> FxHashMap<Shape, Shape> {
    let known: FxHashSet<&[Token]> = distinct.iter().map(|shape| &***shape).collect();
    let reduce = |shape: &Shape| {
        let words = (0..shape.len()).filter(|&position| vocabulary.is_word(shape[position]));
        words
            .filter_map(|position| Some((position, attached_length(&shape[position + 1..])?)))
            .take(REDUCTIONS)
            .filter(|&(position, _)| keeps_anchors(shape, position, vocabulary))
            .map(|(position, length)| {
                let (before, after) = (&shape[..position], &shape[position + 1 + length..]);
                collapse([before, &[VARIABLE], after].concat())
            })
            .find(|reduced| known.contains(&**reduced))
    };
    distinct.iter().filter_map(|&shape| Some((shape.clone(), reduce(shape)?.into()))).collect()
}

/// Returns how many tokens after a word hold a value that belongs to it.
fn attached_length(after: &[Token]) -> Option<usize> {
    match after {
        [OPEN, VARIABLE, CLOSE, ..] | [OPEN_BRACKET, VARIABLE, CLOSE_BRACKET, ..] => Some(3),
        [COLON, VARIABLE, ..] => Some(2),
        _ => None,
    }
}

/// Returns the shapes in which some place varies, with that place variable.
fn mergers(distinct: &[&Shape], vocabulary: &Vocabulary) -> FxHashMap<Shape, Shape> {
    let places = places(distinct, vocabulary);
    let mut general: FxHashMap<u32, Vec<Token>> = FxHashMap::default();
    let mut open = |group: &[Place]| {
        for place in group {
            let shape = distinct[place.shape as usize];
            general.entry(place.shape).or_insert_with(|| shape.to_vec())[place.position as usize] = VARIABLE;
        }
    };
    let mut known_to_vary: FxHashMap<&[Token], FxHashSet<Token>> = FxHashMap::default();
    let mut undecided = Vec::new();
    for group in places.chunk_by(|a, b| a.context == b.context).filter(|group| group.len() > 1) {
        let (shape, position) = group[0].of(distinct);
        let words: Vec<Token> = group.iter().map(|place| place.word).collect();
        // The first word names what happened: it varies only where a value was met too.
        let may_vary = words.contains(&VARIABLE) || !is_first(shape, position, vocabulary);
        if may_vary && keeps_anchors(shape, position, vocabulary) && varies(&words, vocabulary) {
            known_to_vary.entry(neighbour(shape, position, vocabulary)).or_default().extend(words);
            open(group);
        } else {
            undecided.push((group, words));
        }
    }
    for (group, words) in undecided {
        let (shape, position) = group[0].of(distinct);
        let elsewhere = known_to_vary.get(neighbour(shape, position, vocabulary));
        if !is_first(shape, position, vocabulary)
            && elsewhere.is_some_and(|set| varies_elsewhere(&words, set))
        {
            open(group);
        }
    }
    general
        .into_iter()
        .map(|(shape, tokens)| (distinct[shape as usize].clone(), collapse(tokens).into()))
        .filter(|(shape, general)| shape != general)
        .collect()
}

/// Returns true if and only if enough words of the message stay when the place varies.
fn keeps_anchors(shape: &[Token], position: usize, vocabulary: &Vocabulary) -> bool {
    let message = message_start(shape)..shape.len();
    let words = message.filter(|&at| at != position && vocabulary.is_word(shape[at])).count();
    words >= if is_first(shape, position, vocabulary) { ANCHORS_OF_FIRST } else { ANCHORS }
}

/// Returns true if and only if no word of the message stands before the place.
fn is_first(shape: &[Token], position: usize, vocabulary: &Vocabulary) -> bool {
    let start = message_start(shape).min(position);
    !shape[start..position].iter().any(|&token| vocabulary.is_word(token))
}

/// Returns where the message starts: after the `name[pid]: ` that syslog puts in front, or at once.
fn message_start(shape: &[Token]) -> usize {
    const TAG: [Token; 5] = [OPEN_BRACKET, VARIABLE, CLOSE_BRACKET, COLON, BLANK];
    shape.windows(TAG.len()).position(|tokens| tokens == TAG).map_or(0, |tag| tag + TAG.len())
}

/// Returns the nearest word before the place and what stands between, such as `user=`.
fn neighbour<'a>(shape: &'a [Token], position: usize, vocabulary: &Vocabulary) -> &'a [Token] {
    let before = &shape[..position];
    let start = before.iter().rposition(|&token| vocabulary.is_word_or_variable(token)).unwrap_or(0);
    &before[start..]
}
