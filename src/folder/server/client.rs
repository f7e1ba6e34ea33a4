//! Asking the REST API: paging, redirects that never carry the token away, rate limits.

use std::io::Read;
use std::thread;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use ureq::http::Response;
use ureq::{Agent, Body};

use super::addresses::{is_loopback, next_page, origin, shown, target};
use super::dialect::Dialect;
use super::rate_limit::{after, is_rate_limit, seconds_to_wait};
use super::refusal::{Hint, Refusal};
use crate::durations;

/// Redirects followed before giving up; GitHub uses one.
const MOST_REDIRECTS: u32 = 5;
/// Tries of one request that the server failed to answer.
const MOST_TRIES: u32 = 3;
/// Largest answer that is not a log.
const LARGEST_ANSWER: u64 = 64 << 20;
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
}
