//! Logs in an object store, against a server on loopback that speaks as much S3 as reading needs.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

use crate::program::{ndlog, said};

const FAILS: &str =
    "test result for ring\n[ RUN      ] Ring.Pop\nring.cc:31: Failure\n[  FAILED  ] Ring.Pop (3 ms)\n";

/// What a client asked for.
struct Asked {
    method: String,
    target: String,
    /// First and last byte.
    range: Option<(usize, usize)>,
}

/// A server with one bucket, `logs`.
struct Store {
    objects: BTreeMap<String, Vec<u8>>,
    /// Requests for bytes that are still answered with 503.
    busy: AtomicUsize,
    ranges: Mutex<Vec<(usize, usize)>>,
}

impl Store {
    fn serve(objects: &[(&str, Vec<u8>)], busy: usize) -> (Arc<Self>, String) {
        let objects = objects.iter().map(|(key, bytes)| ((*key).to_owned(), bytes.clone())).collect();
        let store = Arc::new(Self { objects, busy: AtomicUsize::new(busy), ranges: Mutex::default() });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let served = Arc::clone(&store);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let store = Arc::clone(&served);
                thread::spawn(move || store.answer(stream));
            }
        });
        (store, address)
    }

    fn answer(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut stream = stream;
        while let Some(asked) = read_request(&mut reader) {
            let (status, headers, body) = self.response(&asked);
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
            stream.write_all(head.as_bytes()).unwrap();
            if asked.method != "HEAD" {
                stream.write_all(&body).unwrap();
            }
        }
    }

    fn response(&self, asked: &Asked) -> (&'static str, String, Vec<u8>) {
        let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
        let key = path.trim_start_matches("/logs").trim_start_matches('/');
        if query.contains("list-type=2") {
            return ("200 OK", String::new(), self.listing(query));
        }
        let Some(bytes) = self.objects.get(key) else { return ("404 Not Found", String::new(), Vec::new()) };
        let headers = "etag: \"1\"\r\nlast-modified: Tue, 01 Sep 2026 10:00:00 GMT\r\n".to_owned();
        let Some((first, last)) = asked.range else { return ("200 OK", headers, bytes.clone()) };
        let is_one = |left: usize| left.checked_sub(1);
        if self.busy.fetch_update(Ordering::SeqCst, Ordering::SeqCst, is_one).is_ok() {
            return ("503 Slow Down", String::new(), Vec::new());
        }
        self.ranges.lock().unwrap().push((first, last));
        let whole = bytes.len();
        (
            "206 Partial Content",
            format!("{headers}content-range: bytes {first}-{last}/{whole}\r\n"),
            bytes[first..=last].to_vec(),
        )
    }

    fn listing(&self, query: &str) -> Vec<u8> {
        let prefix = query.split('&').find_map(|part| part.strip_prefix("prefix=")).unwrap_or_default();
        let prefix = prefix.replace("%2F", "/");
        let below = self.objects.iter().filter(|(key, _)| key.starts_with(&prefix));
        let objects: String = below
            .map(|(key, bytes)| {
                format!(
                    "<Contents><Key>{key}</Key><LastModified>2026-09-01T10:00:00.000Z</LastModified><ETag>1</ETag>\
                     <Size>{}</Size></Contents>",
                    bytes.len()
                )
            })
            .collect();
        format!(
            "<ListBucketResult><Name>logs</Name><IsTruncated>false</IsTruncated>{objects}</ListBucketResult>"
        )
        .into()
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<Asked> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let mut range = None;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let header = header.trim().to_ascii_lowercase();
        if header.is_empty() {
            return Some(Asked { method, target, range });
        }
        if let Some(bytes) = header.strip_prefix("range: bytes=") {
            let (first, last) = bytes.split_once('-')?;
            range = Some((first.parse().ok()?, last.parse().ok()?));
        }
    }
}

fn cluster(endpoint: &str, paths: &[&str]) -> (i32, Value, String) {
    let settings = [
        ("AWS_ENDPOINT", endpoint),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_ACCESS_KEY_ID", "reader"),
        ("AWS_SECRET_ACCESS_KEY", "sesame"),
        ("AWS_REGION", "us-east-1"),
    ];
    let (code, out, error) =
        said(ndlog(".").envs(settings).args(["cluster", "--format", "json"]).args(paths));
    (code.unwrap(), serde_json::from_str(&out).unwrap_or_default(), error)
}

fn names(found: &Value) -> Vec<&str> {
    found["sources"].as_array().unwrap().iter().map(|source| source["source"].as_str().unwrap()).collect()
}

#[test]
fn all_objects_below_an_address_are_read() {
    let objects = [("ci/1/a.log", FAILS.into()), ("ci/2/b.log", FAILS.into()), ("other/c.log", FAILS.into())];
    let (_, endpoint) = Store::serve(&objects, 0);
    let (code, found, problems) = cluster(&endpoint, &["s3://logs/ci"]);
    assert_eq!(code, 0, "{problems}");
    assert_eq!(names(&found), ["s3://logs/ci/1/a.log", "s3://logs/ci/2/b.log"]);
    assert_eq!(found["clusters"][0]["failures"], 2);
}

#[test]
fn a_long_object_is_read_in_ranges_that_are_asked_for_again() {
    let long = format!("{}{FAILS}", "all is well here\n".repeat(600_000));
    let length = long.len();
    let (store, endpoint) = Store::serve(&[("long.log", long.into_bytes())], 2);
    let (code, found, problems) = cluster(&endpoint, &["s3://logs/long.log"]);
    assert_eq!(code, 0, "{problems}");
    assert_eq!(found["totals"]["bytes"], length);
    let ranges = store.ranges.lock().unwrap();
    assert!(ranges.len() > 1, "{length} bytes were asked for at once");
    assert_eq!(ranges.iter().map(|(first, last)| last - first + 1).sum::<usize>(), length);
}

#[test]
fn what_is_missing_is_named_and_the_rest_read() {
    let (_, endpoint) = Store::serve(&[("a.log", FAILS.into())], 0);
    let (code, found, problems) = cluster(&endpoint, &["s3://logs/a.log", "s3://logs/nowhere"]);
    assert_eq!(code, 3);
    assert_eq!(names(&found), ["s3://logs/a.log"]);
    assert!(problems.contains("s3://logs/nowhere") && problems.contains("no object"), "{problems}");
}

#[test]
fn an_address_of_a_web_server_is_one_log() {
    let (_, endpoint) = Store::serve(&[("a.log", FAILS.into())], 0);
    let address = format!("{endpoint}/logs/a.log");
    let (_, out, _) =
        said(ndlog(".").args(["cluster", "--format", "json", &address]).env("ALLOW_HTTP", "true"));
    let found: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(names(&found), [address]);
}
