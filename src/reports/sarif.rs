//! SARIF 2.1.0, which code-scanning pages and editors read.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::format::Writer;
use super::inert_json::write_json;
use super::{cause_words, visible};
use crate::findings::{ClusterSummary, Findings, OccurrenceSummary};

/// Results that GitHub takes in one upload; it refuses a file with more.
const MOST: usize = 25_000;

/// A rule for each cluster and a result for each occurrence, of those that fail most first.
pub struct Sarif;

impl Writer for Sarif {
    fn write(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        let results = findings.clusters.iter().enumerate().flat_map(|(index, cluster)| {
            cluster.occurrences.iter().map(move |occurrence| result(index, cluster, occurrence))
        });
        let document = json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": {
                    "name": "ndlog",
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": findings.clusters.iter().map(rule).collect::<Vec<_>>(),
                }},
                "columnKind": "unicodeCodePoints",
                "results": results.take(MOST).collect::<Vec<_>>(),
                "properties": {"occurrences": findings.totals.occurrences},
            }],
        });
        write_json(&document, out)?;
        writeln!(out)
    }
}

fn rule(cluster: &ClusterSummary) -> Value {
    json!({
        "id": cluster.id,
        "name": cluster.kind,
        "shortDescription": {"text": visible(&cluster.title)},
        "fullDescription": {"text": visible(&cluster.signature)},
    })
}

fn result(index: usize, cluster: &ClusterSummary, occurrence: &OccurrenceSummary) -> Value {
    let test = occurrence.test.as_deref().map(|test| format!("{}: ", visible(test))).unwrap_or_default();
    let suspect = if occurrence.suspect { "suspect, for nothing states how the run ended: " } else { "" };
    let why = cause_words::why(cluster).map(|why| format!(" — {why}")).unwrap_or_default();
    let message = format!("{suspect}{test}{}{why}", visible(&occurrence.message));
    let log = json!({"physicalLocation": {
        "artifactLocation": {"uri": uri(&occurrence.source)},
        "region": {
            "startLine": occurrence.line_start,
            "endLine": occurrence.line_end,
            "byteOffset": occurrence.byte_start,
            "byteLength": occurrence.byte_end.saturating_sub(occurrence.byte_start),
        },
    }});
    // The line of the sources where the log names one, and then the log beside it.
    let (place, beside) = match &occurrence.code {
        None => (log, Vec::new()),
        Some(code) => {
            let region = json!({"startLine": code.line});
            let place =
                json!({"physicalLocation": {"artifactLocation": {"uri": uri(&code.file)}, "region": region}});
            (place, vec![log])
        }
    };
    json!({
        "ruleId": cluster.id,
        "ruleIndex": index,
        "level": if occurrence.rank == 1 && !occurrence.suspect { "error" } else { "note" },
        "message": {"text": message},
        "locations": [place],
        "relatedLocations": beside,
        "partialFingerprints": {"ndlogSignature/v1": occurrence.exact},
    })
}

/// Returns the path as a URI reference: all but unreserved characters and `/` percent-encoded (RFC 3986).
fn uri(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut uri, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b'!' => {
                uri.push(char::from(byte));
            }
            _ => uri += &format!("%{byte:02X}"),
        }
        uri
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::example;

    #[test]
    fn a_result_names_its_rule_its_place_and_its_fingerprint() {
        let mut out = Vec::new();
        Sarif.write(&example::findings(), &mut out).unwrap();
        let document: Value = serde_json::from_slice(&out).unwrap();
        let run = &document["runs"][0];
        assert_eq!(run["results"].as_array().map(Vec::len), Some(4));
        assert_eq!(run["tool"]["driver"]["rules"][0]["id"], run["results"][0]["ruleId"]);
        insta::assert_snapshot!(serde_json::to_string_pretty(&run["results"][0]).unwrap(), @r#"
        {
          "ruleId": "5b1c0e77a90412fd",
          "ruleIndex": 0,
          "level": "error",
          "message": {
            "text": "tests/test_gather.py::test_all_gather[8-True]: it did not end as it should — likely: work that stopped without saying why. Less likely: a time limit that is too short for work that went on"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "tests/test_gather.py"
                },
                "region": {
                  "startLine": 25
                }
              }
            }
          ],
          "relatedLocations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "logs/a.log"
                },
                "region": {
                  "startLine": 4012,
                  "endLine": 4014,
                  "byteOffset": 401200,
                  "byteLength": 250
                }
              }
            }
          ],
          "partialFingerprints": {
            "ndlogSignature/v1": "0123456789abcdef"
          }
        }
        "#);
        assert_eq!(run["results"][1]["relatedLocations"], json!([]), "no line of the sources is named");
        let uri = &run["results"][1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert_eq!(uri, "logs/b.log");
    }

    #[test]
    fn a_path_becomes_a_uri_reference() {
        assert_eq!(uri("run 1.zip!job/3_a:b.txt"), "run%201.zip!job/3_a%3Ab.txt");
    }
}
