//! How a run ended.

words! {
    /// How a run ended, as far as its log says.
    #[derive(Default)]
    Outcome {
        Fail = "fail",
        Pass = "pass",
        #[default]
        Unknown = "unknown",
    }
}
