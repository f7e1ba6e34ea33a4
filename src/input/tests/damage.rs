//! Cut, broken and hostile archives: what stands before the damage is kept, and nothing panics.

use ::zip::CompressionMethod;
use proptest::prelude::*;

use super::packing::*;
use super::*;

/// Text that compresses badly, so that a cut in the middle leaves something.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let mut byte = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        b" \nabcdefghijklmnopqrstuvwxyz0123456789"[(state >> 40) as usize % 38]
    };
    (0..length).map(|_| byte()).collect()
}

/// Every cut of `packed` gives a beginning of `whole`, and says so.
fn check_cuts(packed: &[u8], whole: &[u8]) {
    for cut in (18..packed.len()).step_by(packed.len() / 20 + 1) {
        let (sources, problems) = unpack(&packed[..cut]);
        let told = told(&sources, &problems);
        assert!(told.contains("byte"), "cut at {cut} of {}: {told:?}", packed.len());
        for source in &sources {
            assert!(whole.starts_with(&source.bytes), "cut at {cut}");
            assert!(source.problems.iter().any(|problem| problem.incomplete), "cut at {cut}: {told}");
        }
    }
}

#[test]
fn a_cut_stream_keeps_a_beginning_and_says_where_it_broke() {
    let text = noise(120_000);
    for pack in [gzip, zstd, bzip2] {
        check_cuts(&pack(&text), &text);
    }
    check_cuts(LINES_XZ, &lines());
    let packed = gzip(&text);
    let (sources, problems) = unpack(&packed[..packed.len() / 2]);
    assert!(sources[0].bytes.len() > text.len() / 3, "most of what stands before the cut is kept");
    let told = told(&sources, &problems);
    assert!(told.contains(&format!("the gzip data is broken at its byte {}", packed.len() / 2)), "{told}");
}

#[test]
fn a_cut_archive_keeps_every_whole_member() {
    let text = noise(50_000);
    let members: Members = &[("a", &text), ("b", &text), ("c", &text)];
    for archive in
        [tar(members), gzip(&tar(members)), zip(members), zip_with(CompressionMethod::Stored, members)]
    {
        let (sources, problems) = unpack(&archive[..archive.len() / 2]);
        assert_eq!(names(Path::new("-"), &sources), ["x!a", "x!b"]);
        assert_eq!(&*sources[0].bytes, text);
        assert!(text.starts_with(&sources[1].bytes) && sources[1].bytes.len() > 1000);
        assert!(sources[0].problems.is_empty() && sources[1].problems[0].incomplete);
        assert!(problems[0].incomplete && problems[0].source == "x", "{problems:?}");
    }
}

#[test]
fn a_broken_checksum_is_told_and_the_text_kept() {
    let mut packed = gzip(b"text\n");
    let at = packed.len() - 8;
    packed[at] ^= 1;
    let (sources, problems) = unpack(&packed);
    assert_eq!(&*sources[0].bytes, b"text\n");
    assert!(told(&sources, &problems).contains("corrupt"), "{sources:?}");
}

#[test]
fn bombs_stop_at_the_limit_on_size_which_is_named() {
    let limits =
        Limits { expanded_bytes: 1 << 16, memory_bytes: 1 << 12, ratio: u64::MAX, ..Limits::default() };
    let zeros = b"boom\n".repeat(1 << 16);
    let twice = gzip(&gzip(&zeros));
    for bomb in [
        gzip(&zeros),
        zstd(&zeros),
        bzip2(&zeros),
        zip(&[("a", &zeros)]),
        gzip(&tar(&[("a", &zeros)])),
        twice,
    ] {
        let (sources, problems) = unpack_with(&bomb, &limits);
        let told = told(&sources, &problems);
        assert!(told.contains("the limit of 64 KiB that one input may expand to"), "{told}");
        assert!(sources[0].bytes.len() <= 1 << 16, "{sources:?}");
    }
}

#[test]
fn bombs_stop_at_the_limit_on_the_ratio_which_is_named() {
    let limits = Limits { ratio: 100, memory_bytes: 1 << 12, ..Limits::default() };
    let zeros = b"boom\n".repeat(1 << 16);
    let (sources, problems) = unpack_with(&bzip2(&zeros), &limits);
    assert!(told(&sources, &problems).contains("the limit of 100 expanded bytes for each"), "{sources:?}");
    let (sources, problems) = unpack_with(&gzip(&noise(1 << 17)), &limits);
    assert_eq!(told(&sources, &problems), "", "an ordinary log is far from the limit");
}

#[test]
fn an_archive_of_too_many_members_stops_at_the_limit() {
    let limits = Limits { entries: 2, ..Limits::default() };
    let members: Members = &[("a", b"a\n"), ("b", b"b\n"), ("c", b"c\n")];
    for archive in [tar(members), zip(members)] {
        let (sources, problems) = unpack_with(&archive, &limits);
        assert_eq!(sources.len(), 2);
        assert!(problems[0].incomplete && problems[0].what.contains("the limit"), "{problems:?}");
    }
}

/// The header of a member whose size stands behind it, and its name.
fn streamed_header(name: &str) -> Vec<u8> {
    let mut header = b"PK\x03\x04\x14\0\x08\0\x08\0".to_vec();
    header.extend([0; 16]);
    header.extend((name.len() as u16).to_le_bytes());
    header.extend([0, 0]);
    header.extend(name.bytes());
    header
}

/// Deflate's stored blocks round `bytes`, without a last one: read to its end, it is broken.
fn quoted(bytes: &[u8]) -> Vec<u8> {
    let block = |part: &[u8]| {
        let length = part.len() as u16;
        [&[0], length.to_le_bytes().as_slice(), (!length).to_le_bytes().as_slice(), part].concat()
    };
    bytes.chunks(0xffff).flat_map(block).collect()
}

#[test]
fn members_without_a_directory_that_quote_each_other_cost_what_is_limited() {
    let mut bytes = Vec::new();
    for number in (0..300).rev() {
        bytes = [streamed_header(&format!("{number}.log")), quoted(&bytes)].concat();
    }
    let limits = Limits { problems: 50, ..Limits::default() };
    let mut read = 0;
    let problems = open_bytes("x", bytes.clone(), &limits, &mut |source| read += source.bytes.len());
    assert!(problems.len() <= 51, "{} problems", problems.len());
    assert!(read <= 9 * (bytes.len() + (64 << 20)), "{read} bytes from {}", bytes.len());
    assert!(problems.iter().any(|problem| problem.incomplete), "{problems:?}");
}

#[test]
fn members_of_all_nestings_count_together() {
    let inner = zip(&[("a.log", b"a\n"), ("b.log", b"b\n")]);
    let outer = zip(&[("1.zip", &inner), ("2.zip", &inner), ("3.zip", &inner)]);
    let limits = Limits { entries: 5, ..Limits::default() };
    let (sources, problems) = unpack_with(&outer, &limits);
    assert_eq!(sources.len(), 3, "three logs beside the two archives: {sources:?}");
    assert!(
        problems.iter().any(|problem| problem.incomplete && problem.what.contains("an input may have 5"))
    );
}

#[test]
fn of_very_many_problems_the_rest_are_counted() {
    let members: Vec<(String, &[u8])> =
        (0..40).map(|number| (format!("{number}.bin"), b"\x7fELF".as_slice())).collect();
    let members: Vec<(&str, &[u8])> = members.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let (_, problems) = unpack_with(&tar(&members), &Limits { problems: 10, ..Limits::default() });
    assert_eq!(problems.len(), 11);
    assert!(problems[10].what.contains("30 more problems"), "{problems:?}");
}

#[test]
fn hidden_members_are_counted() {
    for archive in
        [tar(&[(".git/config", b"x\n"), ("a", b"a\n")]), zip(&[(".git/config", b"x\n"), ("a", b"a\n")])]
    {
        let (sources, problems) = unpack(&archive);
        assert_eq!(sources.len(), 1);
        assert!(told(&sources, &problems).contains("1 hidden files or folders were left out (.git/config)"));
    }
}

#[test]
fn a_name_of_megabytes_is_refused() {
    let name = "n".repeat(2 << 20);
    let mut builder = ::tar::Builder::new(Vec::new());
    let mut header = ::tar::Header::new_gnu();
    header.set_size(2);
    builder.append_data(&mut header, &name, b"a\n".as_slice()).unwrap();
    let (sources, problems) = unpack(&builder.into_inner().unwrap());
    assert_eq!(sources.len(), 0);
    assert!(problems[0].what.contains("its header is larger than"), "{problems:?}");
}

/// Wrappings of one small text, to be broken.
fn samples() -> Vec<Vec<u8>> {
    let text = noise(3000);
    let members: Members = &[("job/1_a.txt", &text), ("b", b"two\n")];
    let (tar, zip) = (tar(members), zip(members));
    vec![gzip(&text), zstd(&text), bzip2(&text), LINES_XZ.to_vec(), gzip(&tar), tar, zip]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        unpack(&bytes);
    }

    #[test]
    fn no_damage_makes_it_panic(which in 0..7_usize, place in any::<prop::sample::Index>(), value: u8, cut: prop::sample::Index) {
        let mut bytes = samples().swap_remove(which);
        let place = place.index(bytes.len());
        bytes[place] = value;
        unpack(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        unpack(&bytes);
    }
}
