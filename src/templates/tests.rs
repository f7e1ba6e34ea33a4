//! What holds for the room as a whole: named cases, a small corpus with known templates, order.

use proptest::prelude::*;

use super::{Mined, mine};

/// The templates of `lines`, one for each line.
fn templates_of(lines: &[&str]) -> Vec<String> {
    texts(&mine(lines.iter().map(|line| line.as_bytes())))
}

fn texts(mined: &Mined) -> Vec<String> {
    mined.sources[0].of_line.iter().map(|&index| mined.templates[index as usize].text.clone()).collect()
}

/// All `lines` have the one template `expected`.
fn check_merged(lines: &[&str], expected: &str) {
    for (line, found) in lines.iter().zip(templates_of(lines)) {
        assert_eq!(found, expected, "{line}");
    }
}

/// All `lines` have templates of their own.
fn check_apart(lines: &[&str]) {
    let mut found = templates_of(lines);
    found.sort();
    found.dedup();
    assert_eq!(found.len(), lines.len(), "{found:#?}");
}

#[test]
fn values_are_placeholders_in_a_single_line() {
    for (line, expected) in [
        ("worker 12 took 3.5 s", "worker <*> took <*>"),
        ("open 10.1.2.3:8080 failed", "open <*> failed"),
        ("listen on cache.example:6379", "listen on <*>"),
        ("id 6f1ce0a2-77aa-4b6e-9a55-3f0a5c1f2d10 gone", "id <*> gone"),
        ("read /etc/app.conf: denied", "read <*>: denied"),
        ("GET https://example.org/a?b=c 200", "GET <*>"),
        ("ready=true owner=null", "ready=<*> owner=<*>"),
        ("name=\"two words\" size=4 KiB", "name=<*> size=<*>"),
        ("state=Slot{id=4 open=false} kept", "state=<*> kept"),
        ("since Tue Mar 3 10:11:12 UTC 2026 idle", "since <*> idle"),
        ("free: 1, 2, 3 and 4 blocks", "free: <*> and <*> blocks"),
        ("\u{1b}[31merror\u{1b}[0m in step 3\r", "error in step <*>"),
    ] {
        check_merged(&[line], expected);
    }
}

#[test]
fn states_stay_apart() {
    check_apart(&["node 1 Started", "node 1 Paused", "node 1 Stopped", "node 1 Resumed", "node 1 Removed"]);
    check_apart(&[
        "port 7 is LISTEN",
        "port 7 is CLOSED",
        "port 7 is OPENING",
        "port 7 is FAILED",
        "port 7 is READY",
    ]);
}

#[test]
fn few_words_stay_apart() {
    check_apart(&["cache is warm", "cache is cold"]);
    check_apart(&["", "idle"]);
}

#[test]
fn the_first_word_names_what_happened() {
    check_apart(&[
        "mounting took too long",
        "compile took too long",
        "upload took too long",
        "sync took too long",
        "checkout took too long",
    ]);
    check_apart(&[
        "a[1]: lexer is slow",
        "a[2]: parser is slow",
        "a[3]: linker is slow",
        "a[4]: loader is slow",
    ]);
}

#[test]
fn many_words_in_one_place_are_a_variable() {
    check_merged(
        &["hello to anna here", "hello to bert here", "hello to carl here", "hello to dora here"],
        "hello to <*> here",
    );
    // Identifiers are names more often than words are: three suffice.
    check_merged(&["load net_ctl now", "load fs-base now", "load usb.core now"], "load <*> now");
    // A value in the same place says that words there are values too.
    check_merged(&["login of root ok", "login of u1000 ok"], "login of <*> ok");
}

#[test]
fn words_known_to_vary_vary_elsewhere() {
    let known = ["bye user anna", "bye user bert", "bye user carl", "bye user dora"];
    let lines = [&known[..], &["wake user anna up", "wake user bert up"]].concat();
    assert_eq!(templates_of(&lines)[4..], ["wake user <*> up", "wake user <*> up"]);
}

#[test]
fn a_word_with_its_number_is_a_value_where_a_value_was_met() {
    check_merged(&["clock from LOCAL(0) is good", "clock from 10.0.0.1 is good"], "clock from <*> is good");
}

#[test]
fn ids_follow_the_text_alone() {
    let alone = mine([b"job 7 done".as_slice()]);
    let among = mine(["x", "job 8 done", "y"].map(str::as_bytes));
    let id = &alone.templates[0].id;
    assert_eq!(id.len(), 16);
    assert!(among.templates.iter().any(|template| &template.id == id));
}

#[test]
fn empty_and_binary_input_has_a_template_for_each_line() {
    assert_eq!(mine([]).templates, []);
    let binary: &[u8] = b"\x00\xff\xfe\x80<*>\x1b[";
    let mined = mine([binary, b"", b"\0\0", &[b'a'; 100_000]]);
    assert_eq!(mined.sources[0].of_line.len(), 4);
    assert_eq!(texts(&mined)[1..3], ["", ""]);
    assert!(mined.templates.iter().all(|template| template.text.len() < 5_000));
}

/// A made-up service: each template with the ways its places are filled.
const SERVICE: &[(&str, &[&str])] = &[
    ("accepted client <*>", &["10.0.0.1:5000", "10.0.0.2:5001", "relay.lan.example:77", "fe80::1"]),
    ("accepted token of user <*>", &["anna", "bert", "carl", "dora", "emil"]),
    ("rejected token of user <*>", &["anna", "carl"]),
    ("flushed <*> to <*>", &["5 MB|/data/a.seg", "93 kB|/data/b.seg", "1 byte|/data/c.seg"]),
    ("shard <*> moved from <*> to <*>", &["1|alpha-1|beta-2", "2|beta-2|gamma-3", "3|gamma-3|alpha-1"]),
    ("replica of shard <*> Started", &["1", "2"]),
    ("replica of shard <*> Stopped", &["1", "2"]),
    ("election lost", &[""]),
    ("election won, term <*>", &["7", "8"]),
    ("peers: <*>", &["1 2 3", "4", "5 6"]),
];

#[test]
fn a_made_up_service_is_grouped_without_an_error() {
    let mut lines = Vec::new();
    for (template, fillings) in SERVICE {
        for filling in *fillings {
            let line =
                filling.split('|').fold((*template).to_owned(), |line, value| line.replacen("<*>", value, 1));
            lines.push((line, *template));
        }
    }
    let texts: Vec<&str> = lines.iter().map(|(line, _)| line.as_str()).collect();
    let right =
        templates_of(&texts).iter().zip(&lines).filter(|(found, (_, expected))| found == expected).count();
    assert_eq!(right, lines.len(), "grouping accuracy 1.0: {:#?}", templates_of(&texts));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Lines in another order, over other sources, have the same templates.
    #[test]
    fn order_does_not_matter(
        words in prop::collection::vec("(get|put|user|is|at) (anna|bert|carl|dora|7|a_b|UP)( (ok|10\\.0\\.0\\.1|x=3)){0,3}", 1..40),
        shuffle in any::<prop::sample::Index>(),
    ) {
        let lines: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut other: Vec<(usize, &str)> = lines.iter().copied().enumerate().collect();
        other.rotate_left(shuffle.index(lines.len()));
        other.reverse();
        let mined = mine(lines.iter().map(|line| line.as_bytes()));
        let again = mine(other.iter().map(|(_, line)| line.as_bytes()));
        prop_assert_eq!(&mined.templates, &again.templates);
        let (mined, again) = (texts(&mined), texts(&again));
        for ((before, _), template) in other.iter().zip(again) {
            prop_assert_eq!(&mined[*before], &template);
        }
    }

    /// Every line has one template, and the counts add up, whatever the bytes.
    #[test]
    fn no_line_is_lost(lines in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 0..30)) {
        let mined = mine(lines.iter().map(Vec::as_slice));
        prop_assert_eq!(mined.sources[0].of_line.len(), lines.len());
        prop_assert_eq!(mined.templates.iter().map(|template| template.lines).sum::<u64>(), lines.len() as u64);
    }
}
