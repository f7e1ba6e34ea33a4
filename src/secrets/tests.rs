//! Forms of secrets that must go, and look-alikes that must stay.

use super::mask::Masked;
use super::*;

/// Fills `{A36}` with 36 letters and digits, `{L…}` with letters, `{D…}` with digits, `{H…}` with hexadecimal digits,
/// `{U…}` with capitals: no secret stands in this file, not even a made-up one, lest a scanner takes it for one.
fn filled(form: &str) -> (String, Vec<String>) {
    let (mut line, mut pieces, mut rest) = (String::new(), Vec::new(), form);
    while let Some((before, behind)) = rest.split_once('{') {
        line.push_str(before);
        let piece = behind.split_once('}').and_then(|(inner, after)| Some((piece(inner)?, after)));
        rest = match piece {
            Some((piece, after)) => {
                line.push_str(&piece);
                pieces.push(piece);
                after
            }
            None => {
                line.push('{');
                behind
            }
        };
    }
    line.push_str(rest);
    (line, pieces)
}

fn piece(inner: &str) -> Option<String> {
    let alphabet: &[u8] = match inner.chars().next()? {
        'A' => b"aK7mQ2xR9tBz4LpW8cVn3YdF6sHj5GeU1",
        'L' => b"aKmQxRtBzLpWcVnYdFsHjGeU",
        'D' => b"7294618305",
        'H' => b"3fa9c07be15d2846",
        'U' => b"K7MQ2XRTBZ4LPWCVN3YDF6SHJ5GEU",
        _ => return None,
    };
    let length: usize = inner.get(1..)?.parse().ok()?;
    Some((0..length).map(|at| char::from(alphabet[(at * 7 + length) % alphabet.len()])).collect())
}

fn masked(text: &str) -> (String, Masked) {
    let mut mask = Mask::default();
    let text = mask.text(text).into_owned();
    (text, mask.masked().clone())
}

const FORMS: [(&str, &str); 61] = [
    ("GitHub personal token", "token in use: ghp_{A36} for the clone"),
    ("GitHub app token", "remote: https://x-access-token:ghs_{A36}@github.example/o/r.git"),
    ("GitHub fine-grained token", "using github_pat_{A82}"),
    ("GitHub refresh token", "refresh ghr_{A76} kept"),
    ("GitLab personal token", "glpat-{A20} was read"),
    ("GitLab runner token", "register --run glrt-{A20}"),
    ("GitLab deploy token", "gldt-{A20}"),
    ("AWS key id", "credentials AKIA{U16} loaded"),
    ("AWS session key id", "ASIA{U16}"),
    ("AWS secret", "aws_secret_access_key = {A40}"),
    ("AWS secret in the environment", "+ export AWS_SECRET_ACCESS_KEY={A40}"),
    ("AWS session token", "AWS_SESSION_TOKEN: {A200}"),
    ("Slack bot token", "xoxb-{D12}-{D12}-{A24}"),
    ("Slack user token", "xoxp-{D12}-{D12}-{A24}"),
    ("Slack hook", "POST https://hooks.slack.com/services/T{U10}/B{U10}/{A24}"),
    ("Slack app token", "xapp-1-{U10}-{D12}-{H64}"),
    ("npm token", "npm_{A36}"),
    ("npm settings", "//registry.example.org/:_authToken={A36}"),
    ("PyPI token", "pypi-AgEIcHlwaS{A120}"),
    ("Google key", "key=AIza{A35}&q=1"),
    ("Google access token", "ya29.{A80}"),
    ("Google client", "GOCSPX-{A28}"),
    ("JSON web token", "cookie eyJ{A30}.eyJ{A60}.{A43} sent"),
    ("Stripe live key", "sk_live_{A24}"),
    ("Stripe hook", "whsec_{A32}"),
    ("model key", "sk-proj-{A48}"),
    ("another model key", "sk-ant-{A90}"),
    ("model hub token", "hf_{L34}"),
    ("Docker Hub token", "docker login -u ci -p dckr_pat_{A27}"),
    ("RubyGems key", "rubygems_{H48}"),
    ("DigitalOcean token", "dop_v1_{H64}"),
    ("Databricks token", "dapi{H32}"),
    ("Shopify token", "shpat_{H32}"),
    ("Grafana token", "glsa_{A32}_{H8}"),
    ("Linear key", "lin_api_{A40}"),
    ("Vault token", "VAULT uses hvs.{A90}"),
    ("SendGrid key", "SG.{A22}.{A43}"),
    ("Terraform token", "{A14}.atlasv1.{A64}"),
    ("Pulumi token", "pul-{H40}"),
    ("Telegram bot", "bot {D9}:AA{A33} started"),
    ("Discord hook", "https://discord.com/api/webhooks/{D18}/{A68}"),
    ("Azure storage", "DefaultEndpointsProtocol=https;AccountName=ci;AccountKey={A86}=="),
    ("Azure signature", "https://ci.blob.example/logs?sv=2024&sig={A43}%3D&se=1"),
    ("signed S3 address", "https://s3.example/b/k?X-Amz-Signature={H64}"),
    ("bearer header", "> Authorization: Bearer {A40}"),
    ("basic header", "curl: header Authorization: Basic {A28}=="),
    ("GitLab header", "PRIVATE-TOKEN: {A20}"),
    ("API key header", "x-api-key: {A32}"),
    ("session cookie", "Set-Cookie: session={A40}; HttpOnly"),
    ("password in an address", "cloning https://ci:{A12}@git.example/r.git"),
    ("password of a database", "postgres://runner:p%40ss{A6}@db.example:5432/ci"),
    ("cache without a user", "redis://:{A16}@cache.example:6379"),
    ("password on the command line", "+ deploy --password {A12} --force"),
    ("token on the command line", "run --api-token={A24}"),
    ("curl's user", "curl -s -u ci:{A16} https://example.org"),
    ("keystore", "jarsigner -storepass {A12} app.jar"),
    ("password in the environment", "DB_PASSWORD={A14}"),
    ("word as a password", "MYSQL_ROOT_PASSWORD=correcthorse"),
    ("token in JSON", "{\"user\": \"ci\", \"access_token\": \"{A32}\"}"),
    ("password in YAML", "  password: {A12}!x"),
    ("secret with export", "export CLIENT_SECRET='{A40}'"),
];

const LOOK_ALIKES: [&str; 66] = [
    "checked out 4f0c3be1d2a95867e0c1b2a3948576ffeeddccbb",
    "index 3f2a1bc..9d8e7f6 100644",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "run 123e4567-e89b-42d3-a456-426614174000 began",
    "md5 9e107d9d372bb6826bd81d3542a419d6  ring.bin",
    "cache key: cargo-linux-4f0c3be1d2a95867",
    "error: unexpected token: `}`",
    "SyntaxError: Unexpected token < in JSON at position 0",
    "unexpected token: identifier",
    "max_tokens=4096 temperature=0.2",
    "prompt_tokens: 512, completion_tokens: 128",
    "tokenizer = ByteLevelTokenizer",
    "token = lexer.next_token()",
    "let token = parser.token;",
    "Token(kind=IDENT, text=ring)",
    "password: incorrect",
    "Enter password:",
    "PASSWORD=$DB_PASSWORD",
    "TOKEN: ${{ secrets.RELEASE_TOKEN }}",
    "GITHUB_TOKEN: ***",
    "token=********",
    "password=<hidden>",
    "api_key=None",
    "secret: null",
    "--token $TOKEN",
    "--password \"${PASSWORD}\"",
    "test_password_reset PASSED",
    "tests/auth/test_token.py::test_refresh[expired] FAILED",
    "AssertionError: assert token == 'abc'",
    "Authorization: Bearer $TOKEN",
    "missing Authorization header",
    "https://example.org:8080/path@v2",
    "git@github.example:owner/repo.git",
    "ssh://git@github.example/owner/repo.git",
    "npm WARN deprecated npm_config_cache",
    "npm_lifecycle_event=test",
    "ghp_short is no token",
    "AKIAB is too short",
    "asia-northeast1-a is a zone",
    "the scope of eyJ is not here",
    "core.autocrlf=true",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4",
    "decoded dGVzdCBvZiBiYXNlNjQgaW4gYSBsb2c= as text",
    "ETag: \"33a64df551425fcc55e4d42a148795d9f25f89d4\"",
    "x-request-id: 7b1d6d9f-9a35-4a53-b1a9-09b1e0c2f2aa",
    "thread 'main' panicked at src/token/parser.rs:88:5",
    "pthread_key_create failed with 11",
    "primary_key = id",
    "foreign_key: ring_id",
    "key-value store opened",
    "key: linux-x64",
    "pwd",
    "PWD=/home/runner/work/ring/ring",
    "OLDPWD=/tmp",
    "secret_santa_test ok",
    "_ZN4ring5TokenC2ERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE",
    "0x7ffee4b2a9c0 in ring::Token::Token(int)",
    "credentials: include",
    "token_count=1048576",
    "wait for token 17 of ring 3",
    "hvs is the name of a service",
    "sk-learn==1.4.2",
    "pypi-server 2.0 started",
    "rate_limit_token_bucket refill=10",
    "-u root:root is not here",
    "user login -p",
];

#[test]
fn every_form_of_secret_is_masked_and_counted() {
    let mut kept = Vec::new();
    for (name, form) in FORMS {
        let (line, pieces) = filled(form);
        let (text, count) = masked(&line);
        let longest = pieces.iter().max_by_key(|piece| piece.len());
        let shows = longest.is_some_and(|piece| text.contains(piece.as_str()));
        if shows || !text.contains("[masked ") || count.values().sum::<u64>() == 0 {
            kept.push(format!("{name}: {line} -> {text}"));
        }
    }
    assert!(kept.is_empty(), "{} of {} stay:\n{}", kept.len(), FORMS.len(), kept.join("\n"));
}

#[test]
fn what_only_looks_like_a_secret_stays() {
    let changed: Vec<String> =
        LOOK_ALIKES.iter().map(|line| masked(line).0).filter(|text| text.contains("[masked ")).collect();
    assert!(
        changed.is_empty(),
        "{} of {} are masked:\n{}",
        changed.len(),
        LOOK_ALIKES.len(),
        changed.join("\n")
    );
}

#[test]
fn masking_twice_changes_nothing_more() {
    for (_, form) in FORMS {
        let (once, _) = masked(&filled(form).0);
        assert_eq!(masked(&once).0, once);
    }
}

#[test]
fn a_private_key_is_masked_in_one_text_and_in_lines() {
    let key = format!(
        "{0} RSA PRIVATE KEY-----\n{1}\n{2}\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN", "bG9nIGlz", "a2V5"
    );
    assert_eq!(masked(&format!("before {key} after")).0, "before [masked private key] after");
    let mut mask = Mask::default();
    let lines: Vec<String> = key.lines().chain(["after"]).map(|line| mask.line(line).into_owned()).collect();
    assert!(lines.iter().take(4).all(|line| line == "[masked private key]"), "{lines:?}");
    assert_eq!(lines[4], "after");
}

#[test]
fn addresses_of_people_go_where_that_is_asked_for() {
    let line = "Signed-off-by: A Person <a.person@mail.example.org>";
    assert_eq!(masked(line).0, line);
    assert_eq!(Mask::new(true).text(line), "Signed-off-by: A Person <[masked e-mail address]>");
}

#[test]
fn every_text_of_a_document_is_masked_and_its_form_stays() {
    let (token, _) = filled("ghp_{A36}");
    let mut document = serde_json::json!({"a": [token, {"b": format!("x {token}")}], "n": 3, "token": null});
    let mut mask = Mask::default();
    mask_value(&mut document, &mut mask);
    let expected = serde_json::json!({"a": ["[masked GitHub token]", {"b": "x [masked GitHub token]"}], "n": 3, "token": null});
    assert_eq!(document, expected);
    assert_eq!(mask.masked().get("GitHub token"), Some(&2));
}
