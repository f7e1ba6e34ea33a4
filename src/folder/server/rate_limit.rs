//! How long a server asks to wait.

use ureq::http::HeaderMap;

use super::addresses::text;

/// Wait where the server names no time, as GitHub's documentation asks for.
const DEFAULT_WAIT: u64 = 60;

/// The largest number that counts seconds from now and not from 1970.
const SECONDS_FROM_NOW: i64 = 1_000_000_000;

/// Returns true if the server refuses only for now.
pub fn is_rate_limit(status: u16, headers: &HeaderMap, message: &str) -> bool {
    let remaining = ["x-ratelimit-remaining", "ratelimit-remaining"];
    let used_up = remaining.iter().any(|name| text(headers, name) == Some("0"));
    let limited =
        headers.contains_key("retry-after") || used_up || message.to_lowercase().contains("rate limit");
    status == 429 || (status == 403 && limited)
}

/// Returns the seconds that the server asks to wait.
pub fn seconds_to_wait(headers: &HeaderMap) -> u64 {
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
pub fn after(seconds: u64) -> String {
    let now = jiff::Timestamp::now();
    let later = i64::try_from(seconds)
        .ok()
        .and_then(|seconds| jiff::Timestamp::from_second(now.as_second().checked_add(seconds)?).ok());
    later.map_or_else(|| format!("{seconds} seconds from now"), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
