//! From runs to what is told of them: how often each failure came, when it was seen, and whether it is flaky.

use std::collections::{BTreeMap, BTreeSet};

use super::same::BestOccurrences;
use super::summaries::rfc3339;
use crate::clusters::{Cluster, Occurrence};
use crate::findings::{IdentifiedBy, Outcome, RunSummary, SourceSummary};
use crate::runs::{self, By, JobNames, Jobs, Named, News, PartKind, Rate, Run, Seen, Verdict};

/// The runs, and what can be said of each failure by them.
pub struct Runs {
    pub all: Vec<Run>,
    jobs: Jobs,
    /// The run of each source that belongs to one run alone.
    of_sources: BTreeMap<String, usize>,
    /// Sources that are no logs.
    reports: BTreeSet<String>,
}

/// How often and when a failure came.
pub struct History {
    /// Runs that failed so.
    pub failures: u64,
    pub rate: Option<Rate>,
    pub verdict: Verdict,
    pub seen: Option<(Seen, Seen)>,
    pub news: Option<News>,
    /// The tests that failed so, under the fullest names that their runs know.
    pub tests: Vec<String>,
}

impl Runs {
    /// Joins sources into runs and sorts those by job.
    pub fn of(parts: &runs::RunParts, names: Option<&JobNames>) -> Self {
        let all = runs::join(&parts.parts, &parts.answers, &parts.workflows, names);
        let jobs = runs::jobs(&all);
        let documents: BTreeSet<&str> = parts
            .answers
            .iter()
            .map(|answer| answer.source.as_str())
            .chain(parts.workflows.iter().map(|run| run.source.as_str()))
            .collect();
        let mut of_sources = BTreeMap::new();
        for (at, run) in all.iter().enumerate() {
            let own = run.sources.iter().filter(|source| !documents.contains(source.as_str()));
            of_sources.extend(own.map(|source| (source.clone(), at)));
        }
        let reports = parts.parts.iter().filter(|part| part.kind != PartKind::Log);
        let reports = reports.map(|part| part.source.clone()).collect();
        Self { all, jobs, of_sources, reports }
    }

    /// Returns the position of the run that a source belongs to.
    pub fn at(&self, source: &str) -> Option<usize> {
        self.of_sources.get(source).copied()
    }

    /// Returns the runs of each job.
    pub fn of_jobs(&self) -> impl Iterator<Item = Vec<usize>> {
        let mut jobs: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for run in 0..self.all.len() {
            if let Some(job) = self.jobs.of(run) {
                jobs.entry(job).or_default().push(run);
            }
        }
        jobs.into_values()
    }

    /// Returns the runs of which nothing tells the job.
    pub fn without_job(&self) -> impl Iterator<Item = usize> {
        (0..self.all.len()).filter(|run| self.jobs.of(*run).is_none())
    }

    /// Returns the folder, or archive, in which the first source of a run lies.
    pub fn folder(&self, run: usize) -> Option<&str> {
        let source = self.all.get(run)?.sources.first()?;
        Some(source.rfind(['/', '\\']).map_or("", |end| source.get(..end).unwrap_or_default()))
    }

    /// Returns how a run ended.
    pub fn outcome(&self, run: usize) -> Outcome {
        match self.all.get(run) {
            Some(run) if run.passed() => Outcome::Pass,
            run => run.map_or(Outcome::Unknown, |run| run.outcome),
        }
    }

    /// Returns true for a report of tests or the annotations of a job.
    pub fn is_report(&self, source: &str) -> bool {
        self.reports.contains(source)
    }

    /// Returns the run that a source belongs to.
    pub fn run(&self, source: &str) -> Option<&Run> {
        self.all.get(self.at(source)?)
    }

    /// Returns the occurrences that count: those of failed tests that nothing tells better, and without a test what is
    /// to be read first.
    pub fn counted<'o>(
        &'o self,
        cluster: &'o Cluster,
        best: &'o BestOccurrences,
    ) -> impl Iterator<Item = &'o Occurrence> {
        let counts = |one: &&Occurrence| best.is_best(one, self).unwrap_or(one.rank == 1);
        cluster.occurrences.iter().filter(counts)
    }

    /// Returns the runs in which a failure counts.
    pub fn failed(&self, cluster: &Cluster, best: &BestOccurrences) -> BTreeSet<usize> {
        self.counted(cluster, best).filter_map(|occurrence| self.at(&occurrence.source)).collect()
    }

    /// Returns the runs of the jobs of these runs that passed, and those that failed otherwise.
    pub fn comparable(&self, failed: &BTreeSet<usize>) -> (BTreeSet<usize>, BTreeSet<usize>) {
        let jobs: BTreeSet<usize> = failed.iter().filter_map(|run| self.jobs.of(*run)).collect();
        let own = jobs.iter().flat_map(|job| self.jobs.runs(*job)).filter(|run| !failed.contains(run));
        own.partition(|run| self.all.get(*run).is_some_and(Run::passed))
    }

    /// Settles by the runs what single sources leave open: in a run that failed suspects are failures, and in one that
    /// passed they are nothing.
    pub fn settle(&self, occurrences: impl Iterator<Item = Occurrence>) -> Vec<Occurrence> {
        let outcome = |one: &Occurrence| self.run(&one.source).map_or(Outcome::Unknown, |run| run.outcome);
        let settled = occurrences.filter_map(|one| match (one.suspect, outcome(&one)) {
            (true, Outcome::Fail) => Some(Occurrence { suspect: false, ..one }),
            (true, Outcome::Pass) => None,
            _ => Some(one),
        });
        settled.collect()
    }

    /// Returns how often and when a failure came.
    pub fn history(&self, cluster: &Cluster, best: &BestOccurrences) -> History {
        let counted: Vec<&Occurrence> =
            self.counted(cluster, best).filter(|occurrence| !occurrence.suspect).collect();
        let failed: BTreeSet<usize> =
            counted.iter().filter_map(|occurrence| self.at(&occurrence.source)).collect();
        let tests = self.tests(&counted);
        let rate = runs::rate(&self.all, &self.jobs, &failed, &tests);
        History {
            failures: failed.len() as u64,
            verdict: rate.as_ref().map_or_else(
                || without_job(&failed),
                |counted| runs::verdict(&counted.cases, counted.in_order),
            ),
            seen: runs::first_and_last(&self.all, failed.iter().copied()),
            news: rate.as_ref().and_then(|counted| runs::news(&self.all, counted)),
            rate: rate.map(|counted| counted.rate),
            tests,
        }
    }

    fn tests(&self, occurrences: &[&Occurrence]) -> Vec<String> {
        let full = |occurrence: &&Occurrence| {
            let test = occurrence.event.test.as_deref()?;
            let run = self.run(&occurrence.source);
            Some(run.and_then(|run| run.tests.full(test)).unwrap_or(test).to_owned())
        };
        let names: BTreeSet<String> = occurrences.iter().filter_map(full).collect();
        names.into_iter().collect()
    }

    /// Returns what the document says of each run.
    pub fn summaries(&self) -> Vec<RunSummary> {
        self.all.iter().enumerate().map(|(at, run)| self.summary(at, run)).collect()
    }

    fn summary(&self, at: usize, run: &Run) -> RunSummary {
        let text = |field: &Option<Named>| field.as_ref().map(|named| named.value.clone());
        let identity = &run.identity;
        RunSummary {
            id: run.id.clone(),
            repository: text(&identity.repository),
            workflow: text(&identity.workflow),
            job: text(&identity.job),
            leg: identity.leg().map(str::to_owned),
            attempt: text(&identity.attempt).and_then(|attempt| attempt.parse().ok()),
            commit: text(&identity.commit),
            branch: text(&identity.branch),
            time: run.began.and_then(rfc3339),
            host: text(&identity.host),
            url: run.url.clone(),
            outcome: run.outcome,
            outcome_because: run.because.clone(),
            baseline: run.baseline,
            sources: run.sources.clone(),
            identified_by: identified_by(run, self.jobs.by(at)),
        }
    }

    /// Corrects what sources say of the end by what their runs know, and fills in whose they are.
    pub fn complete(&self, sources: &mut [SourceSummary]) {
        for source in sources {
            let Some(run) = self.run(&source.source) else { continue };
            let text = |field: &Option<Named>| field.as_ref().map(|named| named.value.clone());
            source.job = text(&run.identity.job);
            source.host = source.host.take().or_else(|| text(&run.identity.host));
            let because = run.because.as_deref().unwrap_or("another source of its run says so");
            match (run.outcome, source.outcome) {
                (Outcome::Fail, Outcome::Pass) => {
                    source.outcome = Outcome::Unknown;
                    let because = format!("the run failed, which this source does not show; {because}");
                    source.outcome_because = Some(because);
                }
                (Outcome::Fail, Outcome::Unknown) if source.primary.is_some() => {
                    source.outcome = Outcome::Fail;
                    source.outcome_because = Some(because.to_owned());
                }
                (Outcome::Pass, Outcome::Unknown) if !source.baseline => {
                    source.outcome = Outcome::Pass;
                    source.outcome_because = Some(because.to_owned());
                }
                _ => {}
            }
        }
    }
}

fn identified_by(run: &Run, by: Option<&By>) -> Vec<IdentifiedBy> {
    let known = run.identity.known().map(|(what, named)| IdentifiedBy {
        what: what.to_owned(),
        by: match named.line {
            Some(_) => format!("{}, as a line says", named.value),
            None => format!("{}, as the name of the source says", named.value),
        },
        source: Some(named.source.clone()),
        line: named.line,
    });
    let joined = run.steps.iter().map(|step| IdentifiedBy {
        what: "source".to_owned(),
        by: step.why.clone(),
        source: Some(step.source.clone()),
        line: None,
    });
    let same = match by {
        None | Some(By::Name(_)) => None,
        Some(By::Command(command)) => Some(format!("runs of one command: {command}")),
        Some(By::Tests) => Some("runs of one set of tests".to_owned()),
        Some(By::Given) => Some("given with --pass to be compared".to_owned()),
    };
    let same = same.map(|by| IdentifiedBy { what: "same job".to_owned(), by, source: None, line: None });
    known.chain(joined).chain(same).collect()
}

/// Without a job nothing can be said but that one run is one.
fn without_job(failed: &BTreeSet<usize>) -> Verdict {
    if failed.len() == 1 { Verdict::Once } else { Verdict::Unknown }
}
