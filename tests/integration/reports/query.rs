//! SQL over saved findings and over Parquet parts.

use std::fs;

use serde_json::{Value, json};

use super::util::{folder, report};
use crate::program::ndlog;

fn ask(folder: &tempfile::TempDir, arguments: &[&str]) -> String {
    let told = ndlog(folder).arg("query").args(arguments).assert().success();
    String::from_utf8(told.get_output().stdout.clone()).unwrap()
}

#[test]
fn counts_by_host_come_from_saved_findings() {
    let sql = "SELECT host, count(*) AS times FROM occurrences GROUP BY host ORDER BY host";
    let told = ask(&folder(), &[sql, "--from", "findings.json", "--format", "csv"]);
    assert_eq!(told, "host,times\nhost-1,1\nhost-2,1\n");
}

#[test]
fn parts_of_parquet_go_together() {
    let folder = folder();
    let own = fs::read_to_string(folder.path().join("findings.json")).unwrap();
    // Another machine met the same failure on its own hosts.
    for (part, hosts) in [("1.parquet", "host-"), ("2.parquet", "node-")] {
        fs::write(folder.path().join("findings.json"), own.replace("host-", hosts)).unwrap();
        assert!(fs::read(report(&folder, "parquet", part)).unwrap().starts_with(b"PAR1"));
    }
    let sql = "SELECT host, count(*) AS times FROM occurrences GROUP BY host ORDER BY host";
    let told = ask(&folder, &[sql, "--from", "1.parquet", "--from", "2.parquet", "--format", "csv"]);
    assert_eq!(told, "host,times\nhost-1,1\nhost-2,1\nnode-1,1\nnode-2,1\n");
}

#[test]
fn clusters_and_sources_can_be_joined() {
    let sql = "SELECT clusters.kind, sources.outcome FROM sources \
               JOIN clusters ON sources.primary_cluster = clusters.cluster ORDER BY sources.source";
    let told = ask(&folder(), &[sql, "--from", "findings.json", "--format", "csv"]);
    assert_eq!(told, "kind,outcome\ntimeout,fail\ntimeout,fail\n");
}

#[test]
fn a_wrong_name_is_answered_with_the_tables_and_columns_there_are() {
    let folder = folder();
    for sql in ["SELECT hosts FROM occurrences", "SELECT * FROM occurences", "SELEC 1"] {
        let failed = ndlog(&folder).args(["query", sql, "--from", "findings.json"]).assert().code(2);
        let said = String::from_utf8_lossy(&failed.get_output().stderr).into_owned();
        assert!(
            said.contains("occurrences: cluster, id, title,") && said.contains("sources: source,"),
            "{said}"
        );
    }
}

#[test]
fn groups_ties_and_joins_come_in_the_same_order_every_time() {
    let folder = folder();
    let mut findings: Value =
        serde_json::from_slice(&fs::read(folder.path().join("findings.json")).unwrap()).unwrap();
    let place = findings["clusters"][0]["occurrences"][0].clone();
    let places = (0..300).map(|number| {
        let mut place = place.clone();
        place["line_start"] = json!(number);
        place["actor"]["host"] = json!(format!("host-{}", number % 60));
        place
    });
    findings["clusters"][0]["occurrences"] = places.collect();
    fs::write(folder.path().join("crowd.json"), findings.to_string()).unwrap();
    for sql in [
        "SELECT host, count(*) AS times FROM occurrences GROUP BY host",
        "SELECT host, count(*) AS times FROM occurrences GROUP BY host ORDER BY times LIMIT 7",
        "SELECT DISTINCT host FROM occurrences",
        "SELECT a.host, b.line_start AS other FROM occurrences a JOIN occurrences b ON a.source = b.source LIMIT 90",
    ] {
        let first = ask(&folder, &[sql, "--from", "crowd.json", "--format", "csv"]);
        for _ in 0..3 {
            assert_eq!(ask(&folder, &[sql, "--from", "crowd.json", "--format", "csv"]), first, "{sql}");
        }
    }
}
