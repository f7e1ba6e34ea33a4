//! Who a run is: repository, workflow, job and so on, each with the place where it was read.

/// A value, and where it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub value: String,
    /// The source that tells it.
    pub source: String,
    /// The line that tells it; `None` where the name of the source does.
    pub line: Option<u64>,
}

impl Named {
    /// Returns a value that a line of a source tells.
    pub fn at(value: impl Into<String>, source: &str, line: u64) -> Self {
        Self { value: value.into(), source: source.to_owned(), line: Some(line) }
    }

    /// Returns a value that the name of a source tells.
    pub fn in_name(value: impl Into<String>, source: &str) -> Self {
        Self { value: value.into(), source: source.to_owned(), line: None }
    }
}

/// What is known of a run. What nothing tells is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    pub repository: Option<Named>,
    pub workflow: Option<Named>,
    /// The job with its matrix leg, as the CI system prints it.
    pub job: Option<Named>,
    pub attempt: Option<Named>,
    pub commit: Option<Named>,
    pub branch: Option<Named>,
    pub host: Option<Named>,
}

impl Identity {
    /// Fills in from `other` what is absent.
    pub fn or(self, other: &Self) -> Self {
        Self {
            repository: self.repository.or_else(|| other.repository.clone()),
            workflow: self.workflow.or_else(|| other.workflow.clone()),
            job: self.job.or_else(|| other.job.clone()),
            attempt: self.attempt.or_else(|| other.attempt.clone()),
            commit: self.commit.or_else(|| other.commit.clone()),
            branch: self.branch.or_else(|| other.branch.clone()),
            host: self.host.or_else(|| other.host.clone()),
        }
    }

    /// Returns the fields that are known, each with the word for it.
    pub fn known(&self) -> impl Iterator<Item = (&'static str, &Named)> {
        let fields = [
            ("repository", &self.repository),
            ("workflow", &self.workflow),
            ("job", &self.job),
            ("attempt", &self.attempt),
            ("commit", &self.commit),
            ("branch", &self.branch),
            ("host", &self.host),
        ];
        fields.into_iter().filter_map(|(what, field)| Some((what, field.as_ref()?)))
    }

    /// Returns the matrix leg: what stands in parentheses at the end of the job's name.
    pub fn leg(&self) -> Option<&str> {
        let name = self.job.as_ref()?.value.strip_suffix(')')?;
        let (job, leg) = name.rsplit_once('(')?;
        (!job.trim().is_empty() && !leg.is_empty()).then_some(leg)
    }
}

/// Returns the value of a field.
pub fn value(field: &Option<Named>) -> Option<&str> {
    field.as_ref().map(|named| named.value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leg_is_what_stands_in_parentheses_at_the_end() {
        for (job, leg) in [
            ("test (3.11)", Some("3.11")),
            ("unit (ring, n300)", Some("ring, n300")),
            ("unit (ring) / group 4", None),
            ("(3.11)", None),
            ("test", None),
        ] {
            let identity = Identity { job: Some(Named::in_name(job, "a.log")), ..Identity::default() };
            assert_eq!(identity.leg(), leg, "{job}");
        }
    }
}
