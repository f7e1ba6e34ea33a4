//! Runs of small hostile programs: whatever they do, the run ends and nothing of it is left.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::process::{Exit, Finished, Job, Pause, Start, run};
use super::tree;

fn start(words: &[&str]) -> Start {
    Start {
        argv: words.iter().map(|&word| word.to_owned()).collect(),
        variables: [("GREETING".to_owned(), "$(touch never)".to_owned())].into(),
    }
}

fn job(mark: &str, script: &str) -> Job {
    Job {
        starts: vec![start(&["sh", "-c", script])],
        at_once: 1,
        folder: std::env::temp_dir(),
        background: Vec::new(),
        pause: None,
        wall_limit: Duration::from_secs(20),
        left: Duration::from_secs(600),
        grace: Duration::from_millis(200),
        keep: 1000,
        mark: format!("{mark}-{}/", std::process::id()),
    }
}

fn ran(job: &Job) -> Finished {
    let folder = tempfile::tempdir().unwrap();
    let finished = run(job, folder.path(), &AtomicBool::new(false)).unwrap();
    assert!(tree::members(&[], &job.mark).is_empty(), "something of {} still runs", job.mark);
    assert_eq!(finished.left_over, 0);
    finished
}

fn text(finished: &Finished, copy: usize) -> String {
    String::from_utf8_lossy(&finished.processes[copy].output.text).into_owned()
}

#[test]
fn output_and_exit_code_are_kept_and_values_are_never_shell_text() {
    let finished = ran(&job("plain", "echo \"$GREETING\"; echo second >&2; exit 3"));
    assert_eq!(text(&finished, 0), "$(touch never)\nsecond\n");
    assert_eq!(finished.processes[0].exit, Exit::Code(3));
    let killed = ran(&job("signal", "kill -SEGV $$"));
    assert_eq!(killed.processes[0].exit, Exit::Signal(11));
}

#[test]
fn one_that_ignores_signals_ends_at_its_wall_limit() {
    let hanging = "trap '' TERM INT ABRT HUP; echo waiting; while :; do sleep 1; done";
    let finished = ran(&Job { wall_limit: Duration::from_millis(200), ..job("ignore", hanging) });
    assert_eq!(finished.processes[0].exit, Exit::WallLimit);
    assert_eq!(text(&finished, 0), "waiting\n");
    assert!(finished.stacks.is_some());
}

#[test]
fn children_that_left_the_session_end_with_the_run() {
    let forking = "for i in 1 2 3; do setsid sh -c 'sleep 300' & (sleep 300 &) ; done; sleep 0.1; echo done";
    let finished = ran(&job("fork", forking));
    assert_eq!(text(&finished, 0), "done\n");
}

#[test]
fn the_exit_code_is_kept_when_orphans_of_the_group_are_adopted() {
    tree::adopt_orphans();
    let finished = ran(&job("orphan", "(sleep 300 &); (true &); sleep 0.05; exit 7"));
    assert_eq!(finished.processes[0].exit, Exit::Code(7));
}

#[test]
fn an_endless_printer_is_bounded_and_both_ends_are_kept() {
    let printing = "echo first; while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done";
    let finished = ran(&Job { wall_limit: Duration::from_millis(300), ..job("print", printing) });
    let output = &finished.processes[0].output;
    assert!(output.text.starts_with(b"first\n") && output.text.len() < 2100);
    assert!(output.bytes > 2000 && output.left_out > 0, "{} bytes", output.bytes);
}

#[test]
fn copies_run_at_once_and_load_beside_them_ends_with_them() {
    let spinning = vec![["sh", "-c", "while :; do :; done"].map(str::to_owned).to_vec(); 2];
    let pause = Some(Pause { run: Duration::from_millis(5), stop: Duration::from_millis(5) });
    let starts = vec![start(&["sh", "-c", "echo $$"]); 3];
    let finished = ran(&Job { starts, at_once: 3, background: spinning, pause, ..job("copies", "") });
    let numbers: std::collections::BTreeSet<String> = (0..3).map(|copy| text(&finished, copy)).collect();
    assert_eq!(numbers.len(), 3, "each copy has an output of its own");
}

#[test]
fn the_next_copy_starts_where_one_has_ended_and_meets_nothing_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display();
    // Each leaves something running, which the next one of its place must not find.
    let script = format!(
        "(setsid sleep 300 & echo $! >{path}/$$); sleep 0.05; ls {path} | wc -l
        for one in $(ls {path}); do kill -0 $(cat {path}/$one) 2>/dev/null && echo alive; done"
    );
    let starts = vec![start(&["sh", "-c", &script]); 5];
    let finished = ran(&Job { starts, at_once: 1, ..job("queue", "") });
    let said: Vec<String> = (0..5).map(|copy| text(&finished, copy)).collect();
    let alive = said.iter().map(|text| text.matches("alive").count()).sum::<usize>();
    assert_eq!(finished.processes.len(), 5);
    assert!(said.iter().zip(1..).all(|(text, number)| text.starts_with(&number.to_string())), "{said:?}");
    assert_eq!(alive, 5, "only its own: {said:?}");
    let ends: Vec<Duration> = finished.processes.iter().map(|process| process.ended_at).collect();
    assert!(ends.is_sorted() && finished.processes[4].wall < ends[4], "{ends:?}");
}

#[test]
fn a_copy_that_hangs_ends_alone_and_no_further_one_is_started() {
    let hanging = start(&["sh", "-c", "echo waiting; sleep 300"]);
    let quick = start(&["sh", "-c", "sleep 1; echo done"]);
    let starts = vec![hanging.clone(), quick, hanging];
    let wall_limit = Duration::from_millis(1500);
    let finished = ran(&Job { starts, at_once: 2, wall_limit, ..job("hang", "") });
    let exits: Vec<&Exit> = finished.processes.iter().map(|process| &process.exit).collect();
    assert_eq!(exits, [&Exit::WallLimit, &Exit::Code(0), &Exit::WallLimit]);
    let starts = vec![start(&["sh", "-c", "sleep 300"]); 4];
    let finished = ran(&Job { starts, at_once: 1, wall_limit, ..job("hangs", "") });
    assert_eq!(finished.processes.len(), 1);
}

#[test]
fn stopping_ends_the_run_at_once() {
    let job = job("stop", "sleep 300");
    let finished = run(&job, tempfile::tempdir().unwrap().path(), &AtomicBool::new(true)).unwrap();
    assert_eq!(finished.processes[0].exit, Exit::Interrupted);
}

#[test]
fn what_cannot_be_started_is_an_error_and_leaves_nothing() {
    let missing = Job { starts: vec![start(&["/no/such/program"])], ..job("missing", "") };
    assert!(run(&missing, tempfile::tempdir().unwrap().path(), &AtomicBool::new(false)).is_err());
    let nowhere = run(&job("nowhere", "true"), Path::new("/no/such/folder"), &AtomicBool::new(false));
    assert!(nowhere.is_err());
}

#[test]
fn a_python_hang_tells_its_stack() {
    let stuck = start(&["python3", "-c", "import time\ndef stuck(): time.sleep(300)\nstuck()"]);
    let finished = ran(&Job {
        starts: vec![stuck],
        wall_limit: Duration::from_millis(2500),
        grace: Duration::from_secs(5),
        ..job("python", "")
    });
    assert!(text(&finished, 0).contains("in stuck"), "{}", text(&finished, 0));
}
