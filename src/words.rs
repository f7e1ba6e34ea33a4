//! Words that stand in documents and tables, each a value of its own.

/// Declares an enum whose values have a word each: the word stands in JSON, in tables and on the screen, and a word that
/// is not among them is an error where it is read.
macro_rules! words {
    ($(#[$of_all:meta])* $name:ident { $($(#[$of_one:meta])* $value:ident = $word:literal,)+ }) => {
        $(#[$of_all])*
        #[derive(
            Clone,
            Copy,
            Debug,
            PartialEq,
            Eq,
            Hash,
            PartialOrd,
            Ord,
            serde::Serialize,
            serde::Deserialize,
            schemars::JsonSchema,
        )]
        pub enum $name {
            $($(#[$of_one])* #[serde(rename = $word)] $value,)+
        }

        impl $name {
            /// Every value, in the order in which they are declared.
            #[allow(dead_code, reason = "not every enum is walked")]
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$value),+];

            /// Returns the word that stands in documents.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$value => $word,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }
    };
}
