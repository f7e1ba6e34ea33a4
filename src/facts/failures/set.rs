//! A small set of small numbers.

use serde::{Deserialize, Serialize};

/// A set of numbers below 64.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Set(u64);

impl Set {
    /// How many different numbers fit.
    pub const CAPACITY: usize = 64;
    /// The set of no numbers.
    pub const EMPTY: Self = Self(0);

    /// Returns the set of these numbers.
    pub fn of(members: impl IntoIterator<Item = u32>) -> Self {
        let mut set = Self::default();
        members.into_iter().for_each(|member| set.insert(member));
        set
    }

    pub fn insert(&mut self, member: u32) {
        self.0 |= 1 << member;
    }

    pub const fn with(self, member: u32) -> Self {
        Self(self.0 | 1 << member)
    }

    pub fn contains(self, member: u32) -> bool {
        self.0 >> member & 1 == 1
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns true if and only if the sets share a member.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Returns the members in ascending order.
    pub fn iter(self) -> impl Iterator<Item = u32> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let member = (rest != 0).then(|| rest.trailing_zeros())?;
            rest &= rest - 1;
            Some(member)
        })
    }
}
