//! Every distinct token once, under a small number.

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

use super::pieces::Piece;

/// The number of a token in its [`Vocabulary`].
pub(super) type Token = u32;

/// A masked line as tokens.
pub(super) type Shape = Box<[Token]>;

pub(super) const VARIABLE: Token = 0;
pub(super) const BLANK: Token = 1;
pub(super) const COMMA: Token = 2;
pub(super) const COLON: Token = 3;
pub(super) const BAR: Token = 4;
pub(super) const EQUALS: Token = 5;
pub(super) const QUOTE: Token = 6;
pub(super) const OPEN: Token = 7;
pub(super) const CLOSE: Token = 8;
pub(super) const OPEN_BRACE: Token = 9;
pub(super) const CLOSE_BRACE: Token = 10;
pub(super) const OPEN_BRACKET: Token = 11;
pub(super) const CLOSE_BRACKET: Token = 12;
pub(super) const LESS: Token = 13;

/// The tokens that have a name above, in the order of their numbers.
const NAMED: [Piece<'static>; 14] = [
    Piece::Variable,
    Piece::Blank,
    Piece::Punctuation(b","),
    Piece::Punctuation(b":"),
    Piece::Punctuation(b"|"),
    Piece::Punctuation(b"="),
    Piece::Punctuation(b"\""),
    Piece::Punctuation(b"("),
    Piece::Punctuation(b")"),
    Piece::Punctuation(b"{"),
    Piece::Punctuation(b"}"),
    Piece::Punctuation(b"["),
    Piece::Punctuation(b"]"),
    Piece::Punctuation(b"<"),
];

/// The tokens met so far. Numbers follow the order of meeting and so must not influence results;
/// hashes follow the text.
pub(super) struct Vocabulary {
    numbers: FxHashMap<Box<[u8]>, Token>,
    tokens: Vec<Entry>,
}

struct Entry {
    text: Box<[u8]>,
    hash: u64,
    is_word: bool,
}

impl Vocabulary {
    pub(super) fn new() -> Self {
        let mut vocabulary = Self { numbers: FxHashMap::default(), tokens: Vec::new() };
        for piece in NAMED {
            vocabulary.number(piece);
        }
        vocabulary
    }

    /// Returns the number of `piece`, a new one if it was not met before.
    pub(super) fn number(&mut self, piece: Piece<'_>) -> Token {
        let text = piece.bytes();
        if let Some(&known) = self.numbers.get(text) {
            return known;
        }
        let number = self.tokens.len() as Token;
        // A word needs something to read: `--` and `#` are punctuation wherever they stand.
        let is_word = matches!(piece, Piece::Word(word) if word.iter().any(|b| b.is_ascii_alphanumeric() || !b.is_ascii()));
        self.tokens.push(Entry { text: text.into(), hash: xxh3_64(text), is_word });
        self.numbers.insert(text.into(), number);
        number
    }

    pub(super) fn text(&self, token: Token) -> &[u8] {
        &self.tokens[token as usize].text
    }

    /// Returns a hash of the token's text.
    pub(super) fn hash(&self, token: Token) -> u64 {
        self.tokens[token as usize].hash
    }

    pub(super) fn is_word(&self, token: Token) -> bool {
        self.tokens[token as usize].is_word
    }

    /// Returns true if and only if a value can stand where `token` stands.
    pub(super) fn is_word_or_variable(&self, token: Token) -> bool {
        token == VARIABLE || self.is_word(token)
    }
}
