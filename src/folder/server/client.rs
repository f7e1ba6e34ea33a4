//! Asking the REST API: paging, redirects that never carry the token away, rate limits.

use std::io::Read;
use std::thread;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use ureq::http::{HeaderMap, Response};
use ureq::{Agent, Body};

use super::dialect::Dialect;
use super::refusal::{Hint, Refusal};
use crate::durations;

/// Redirects followed before giving up; GitHub uses one.
const MOST_REDIRECTS: u32 = 5;
/// Tries of one request that the server failed to answer.
const MOST_TRIES: u32 = 3;
/// Largest answer that is not a log.
const LARGEST_ANSWER: u64 = 64 << 20;
/// Wait where the server names no time, as GitHub's documentation asks for.
const DEFAULT_WAIT: u64 = 60;

/// What an API says when it refuses.
#[derive(Clone, Debug, Default, Deserialize)]
struct Message {
    #[serde(default)]
    message: String,
}

/// How to reach the server.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The base of the REST API, such as `https://api.github.com`; `None` tells it from the URL.
    pub api: Option<String>,
    /// Sent to the API's own host only; `None` takes what the environment has for the server.
    pub token: Option<String>,
    /// The longest wait for a rate limit, in seconds.
    pub patience: u64,
    /// Tells a person what goes on.
    pub tell: fn(&str),
}

/// One server's REST API.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    dialect: Dialect,
    base: String,
    token: Option<String>,
    patience: u64,
    tell: fn(&str),
}

impl Client {
    /// Returns a client for the API at `base`.
    pub fn new(dialect: Dialect, base: &str, settings: &Settings) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("ndlog/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(Duration::from_secs(20)))
            .timeout_recv_response(Some(Duration::from_secs(60)))
            .timeout_per_read(Some(Duration::from_secs(60)))
            .build()
            .new_agent();
        let token = settings.token.clone().or_else(|| dialect.token());
        let token = token.filter(|token| !token.trim().is_empty());
        Self {
            agent,
            dialect,
            base: base.trim_end_matches('/').to_owned(),
            token,
            patience: settings.patience,
            tell: settings.tell,
        }
    }

    /// Returns the answer at `path`, and the address of the next page where there is one.
    pub(in crate::folder) fn json<T: DeserializeOwned>(
        &self,
        path: &str,
    ) -> Result<(T, Option<String>), Refusal> {
        let mut response = self.get(&self.absolute(path))?;
        let next = next_page(response.headers());
        let broken = |error: ureq::Error| Refusal::Broken(path.to_owned(), error.to_string());
        let value = response.body_mut().with_config().limit(LARGEST_ANSWER).read_json().map_err(broken)?;
        Ok((value, next))
    }

    /// Returns the entries of a list, from the page at `path` on, until there are `enough` or so many pages are read; `of`
    /// takes from an answer those that are wanted.
    pub(in crate::folder) fn entries<T: DeserializeOwned, Entry>(
        &self,
        path: String,
        pages: usize,
        enough: usize,
        of: impl Fn(T) -> Vec<Entry>,
    ) -> Result<Vec<Entry>, Refusal> {
        let (mut entries, mut next) = (Vec::new(), Some(path));
        for _ in 0..pages {
            let Some(path) = next.filter(|_| entries.len() < enough) else { break };
            let (page, following) = self.json(&path)?;
            entries.extend(of(page));
            next = following;
        }
        Ok(entries)
    }

    /// Returns a reader of the bytes at `path`. It ends with an error where the body is cut short.
    pub(in crate::folder) fn bytes(&self, path: &str) -> Result<impl Read + use<>, Refusal> {
        let response = self.get(&self.absolute(path))?;
        Ok(response.into_body().into_with_config().limit(u64::MAX).reader())
    }

    /// Returns the address of `path` in this API.
    pub(in crate::folder) fn absolute(&self, path: &str) -> String {
        if path.contains("://") { path.to_owned() } else { format!("{}{path}", self.base) }
    }

    /// Follows redirects, waits for short rate limits and tries again where the server stumbles.
    fn get(&self, address: &str) -> Result<Response<Body>, Refusal> {
        let mut url = address.to_owned();
        let (mut redirects, mut tries, mut waited) = (0, 0, 0);
        loop {
            let response = match self.ask(&url) {
                Ok(response) => response,
                Err(_) if tries + 1 < MOST_TRIES => {
                    tries += 1;
                    thread::sleep(Duration::from_millis(250 << tries));
                    continue;
                }
                Err(error) => return Err(Refusal::Broken(shown(&url), error.to_string())),
            };
            match response.status().as_u16() {
                200..=299 => return Ok(response),
                301 | 302 | 303 | 307 | 308 if redirects < MOST_REDIRECTS => {
                    redirects += 1;
                    url = target(&url, response.headers())?;
                }
                500..=599 if tries + 1 < MOST_TRIES => {
                    tries += 1;
                    thread::sleep(Duration::from_millis(250 << tries));
                }
                _ => waited += self.wait_or_refuse(&url, response, waited)?,
            }
        }
    }

    /// Sends one request; the token goes with it only to the API's own host.
    fn ask(&self, url: &str) -> Result<Response<Body>, ureq::Error> {
        let mut request = self.agent.get(url);
        for (name, value) in self.dialect.headers() {
            request = request.header(*name, *value);
        }
        if let Some(token) = self.token.as_ref().filter(|_| self.is_trusted(url)) {
            let (name, value) = self.dialect.authorization(token);
            request = request.header(name, value);
        }
        request.call()
    }

    fn is_trusted(&self, url: &str) -> bool {
        let same_host = origin(url).is_some() && origin(url) == origin(&self.base);
        same_host && (url.starts_with("https://") || is_loopback(url))
    }

    /// Sleeps through a short rate limit and returns the seconds slept.
    fn wait_or_refuse(&self, url: &str, mut response: Response<Body>, waited: u64) -> Result<u64, Refusal> {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let message = response.body_mut().with_config().limit(LARGEST_ANSWER).read_json::<Message>();
        let message = message.unwrap_or_default().message;
        if !is_rate_limit(status, &headers, &message) {
            return Err(self.refusal(status, url, message));
        }
        let wait = seconds_to_wait(&headers);
        if waited.saturating_add(wait) > self.patience {
            return Err(Refusal::RateLimited(after(wait), self.hint()));
        }
        (self.tell)(&format!("the rate limit is used up; waiting {}", durations::short(wait)));
        thread::sleep(Duration::from_secs(wait));
        Ok(wait.max(1))
    }

    fn hint(&self) -> Hint {
        Hint { with_token: self.token.is_some(), variables: self.dialect.variables() }
    }

    fn refusal(&self, status: u16, url: &str, message: String) -> Refusal {
        match status {
            401 => Refusal::Token(self.hint()),
            403 => Refusal::Forbidden(shown(url), message),
            404 => Refusal::NotFound(shown(url), self.hint()),
            410 => Refusal::Expired,
            _ => Refusal::Status(status, shown(url), message),
        }
    }
}

/// The largest number that counts seconds from now and not from 1970.
const SECONDS_FROM_NOW: i64 = 1_000_000_000;

/// Returns the address without its query, which may be signed.
fn shown(url: &str) -> String {
    url.split(['?', '#']).next().unwrap_or(url).to_owned()
}

/// Returns scheme, host and port.
fn origin(url: &str) -> Option<&str> {
    let host = url.find("://")? + 3;
    let end = url.get(host..)?.find(['/', '?', '#']).map_or(url.len(), |end| host + end);
    url.get(..end)
}

fn is_loopback(url: &str) -> bool {
    let host = origin(url).and_then(|origin| origin.split_once("://")).map_or("", |(_, host)| host);
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

/// Returns where a redirect leads.
fn target(url: &str, headers: &HeaderMap) -> Result<String, Refusal> {
    let location = text(headers, "location").unwrap_or_default();
    let refused = |why| Err(Refusal::Redirect(shown(url), shown(location), why));
    let absolute = match (location.starts_with('/') && !location.starts_with("//"), origin(url)) {
        (true, Some(origin)) => format!("{origin}{location}"),
        _ => location.to_owned(),
    };
    match absolute.split_once("://") {
        Some(("https", _)) => Ok(absolute),
        Some(("http", _)) if !url.starts_with("https://") => Ok(absolute),
        Some(("http", _)) => refused("it would leave encryption"),
        _ => refused("it is not an address"),
    }
}

/// Returns the address in `Link: <…>; rel="next"`.
fn next_page(headers: &HeaderMap) -> Option<String> {
    text(headers, "link")?.split(',').find_map(|link| {
        let (address, rest) = link.split_once(';')?;
        let address = address.trim().strip_prefix('<')?.strip_suffix('>')?;
        rest.contains("rel=\"next\"").then(|| address.to_owned())
    })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn is_rate_limit(status: u16, headers: &HeaderMap, message: &str) -> bool {
    let remaining = ["x-ratelimit-remaining", "ratelimit-remaining"];
    let used_up = remaining.iter().any(|name| text(headers, name) == Some("0"));
    let limited =
        headers.contains_key("retry-after") || used_up || message.to_lowercase().contains("rate limit");
    status == 429 || (status == 403 && limited)
}

/// Returns the seconds that the server asks to wait.
fn seconds_to_wait(headers: &HeaderMap) -> u64 {
    let number = |name| text(headers, name)?.trim().parse::<u64>().ok();
    let until_reset = || {
        let reset = number("x-ratelimit-reset").or_else(|| number("ratelimit-reset"))?;
        let reset = i64::try_from(reset).ok()?;
        if reset < SECONDS_FROM_NOW {
            return u64::try_from(reset).ok();
        }
        u64::try_from(reset.saturating_sub(jiff::Timestamp::now().as_second()).saturating_add(1)).ok()
    };
    number("retry-after").or_else(until_reset).unwrap_or(DEFAULT_WAIT)
}

/// Returns the time that is `seconds` from now.
fn after(seconds: u64) -> String {
    let now = jiff::Timestamp::now();
    let later = i64::try_from(seconds)
        .ok()
        .and_then(|seconds| jiff::Timestamp::from_second(now.as_second().checked_add(seconds)?).ok());
    later.map_or_else(|| format!("{seconds} seconds from now"), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(base: &str) -> Client {
        Client::new(
            Dialect::GitHub,
            base,
            &Settings { api: None, token: Some("secret".to_owned()), patience: 0, tell: |_| () },
        )
    }

    #[test]
    fn the_token_goes_to_the_api_itself_and_never_unencrypted_over_a_network() {
        for (base, url, trusted) in [
            ("https://api.github.com", "https://api.github.com/repos/o/r", true),
            ("https://api.github.com", "https://api.github.com.evil.example/repos", false),
            ("https://api.github.com", "https://objects.example/log?sig=1", false),
            ("https://api.github.com", "http://api.github.com/repos", false),
            ("http://ghe.example/api/v3", "http://ghe.example/api/v3/repos", false),
            ("http://127.0.0.1:80", "http://127.0.0.1:80/repos", true),
            ("http://127.0.0.1:80", "http://127.0.0.1:81/repos", false),
            ("http://127.0.0.1.evil.example", "http://127.0.0.1.evil.example/x", false),
        ] {
            assert_eq!(client(base).is_trusted(url), trusted, "{base} {url}");
        }
    }

    #[test]
    fn redirects_are_absolute_or_within_the_host_and_keep_encryption() {
        let headers = |location: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("location", location.parse().unwrap());
            headers
        };
        let from = "https://api.github.com/repos/o/r";
        assert_eq!(target(from, &headers("/x?y")).unwrap(), "https://api.github.com/x?y");
        assert_eq!(target(from, &headers("https://a/b")).unwrap(), "https://a/b");
        for refused in ["http://a/b", "file:///etc/passwd", "//a/b", ""] {
            assert!(target(from, &headers(refused)).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_wait_of_any_length_is_a_time() {
        for seconds in [0, 60, u64::MAX / 2, u64::MAX - 1, u64::MAX] {
            assert!(!after(seconds).is_empty());
        }
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", "18446744073709551615".parse().unwrap());
        assert_eq!(seconds_to_wait(&headers), u64::MAX);
        headers.clear();
        headers.insert("ratelimit-reset", "45".parse().unwrap());
        assert_eq!(seconds_to_wait(&headers), 45, "some servers count from now");
        headers.clear();
        headers.insert("x-ratelimit-reset", i64::MAX.to_string().parse().unwrap());
        assert!(seconds_to_wait(&headers) > 0);
    }

    #[test]
    fn the_next_page_is_the_link_that_says_so() {
        let mut headers = HeaderMap::new();
        let link =
            "<https://a/1>; rel=\"prev\", <https://a/3?page=3>; rel=\"next\", <https://a/9>; rel=\"last\"";
        headers.insert("link", link.parse().unwrap());
        assert_eq!(next_page(&headers).as_deref(), Some("https://a/3?page=3"));
        assert_eq!(next_page(&HeaderMap::new()), None);
    }
}
