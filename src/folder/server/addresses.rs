//! Where the answers of a server lead: redirects, pages, and what of an address may be shown.

use ureq::http::HeaderMap;

use super::refusal::Refusal;

/// Returns the address without its query, which may be signed.
pub fn shown(url: &str) -> String {
    url.split(['?', '#']).next().unwrap_or(url).to_owned()
}

/// Returns scheme, host and port.
pub fn origin(url: &str) -> Option<&str> {
    let host = url.find("://")? + 3;
    let end = url.get(host..)?.find(['/', '?', '#']).map_or(url.len(), |end| host + end);
    url.get(..end)
}

/// Returns true for an address of this machine.
pub fn is_loopback(url: &str) -> bool {
    let host = origin(url).and_then(|origin| origin.split_once("://")).map_or("", |(_, host)| host);
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

/// Returns where a redirect leads.
pub fn target(url: &str, headers: &HeaderMap) -> Result<String, Refusal> {
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
pub fn next_page(headers: &HeaderMap) -> Option<String> {
    text(headers, "link")?.split(',').find_map(|link| {
        let (address, rest) = link.split_once(';')?;
        let address = address.trim().strip_prefix('<')?.strip_suffix('>')?;
        rest.contains("rel=\"next\"").then(|| address.to_owned())
    })
}

/// Returns a header, where it is text.
pub fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn the_next_page_is_the_link_that_says_so() {
        let mut headers = HeaderMap::new();
        let link =
            "<https://a/1>; rel=\"prev\", <https://a/3?page=3>; rel=\"next\", <https://a/9>; rel=\"last\"";
        headers.insert("link", link.parse().unwrap());
        assert_eq!(next_page(&headers).as_deref(), Some("https://a/3?page=3"));
        assert_eq!(next_page(&HeaderMap::new()), None);
    }
}
