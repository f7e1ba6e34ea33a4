//! Where an object lies, and what lies below an address.

use std::env;
use std::io;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, parse_url_opts};
use tokio::runtime::Runtime;
use url::{Position, Url};

/// A store, and the path of an object or of a folder in it.
pub(super) struct Place {
    url: Url,
    store: Box<dyn ObjectStore>,
    path: Path,
}

impl Place {
    /// Returns the place with this address. Keys, regions and other endpoints are taken from the environment, under the
    /// names that each cloud's own tools use (`AWS_…`, `GOOGLE_…`, `AZURE_…`).
    pub(super) fn of(address: &str) -> io::Result<Self> {
        static TLS: OnceLock<()> = OnceLock::new();
        // It is an error to choose twice; whoever chose first is served as well.
        TLS.get_or_init(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let url = Url::parse(address).map_err(io::Error::other)?;
        let named = |(name, value): (String, String)| (name.to_ascii_lowercase(), value);
        let (store, path) = parse_url_opts(&url, env::vars().map(named)).map_err(io::Error::other)?;
        Ok(Self { url, store, path })
    }

    /// Returns the addresses of the objects below, or its own: a web server lists nothing.
    pub(super) fn list(&self) -> io::Result<Vec<String>> {
        if self.url.scheme().starts_with("http") || self.runtime()?.block_on(self.store.head(&self.path)).is_ok() {
            return Ok(vec![self.url.to_string()]);
        }
        let mut listing = self.store.list(Some(&self.path));
        let next = || futures_next(&mut listing);
        let mut found = Vec::new();
        for object in std::iter::from_fn(next) {
            let object = object.map_err(io::Error::other)?;
            found.push(format!("{}/{}", &self.url[..Position::BeforePath], object.location));
        }
        Ok(found)
    }

    /// Returns the length of the object.
    pub(super) fn length(&self) -> io::Result<u64> {
        let head = self.runtime()?.block_on(self.store.head(&self.path));
        Ok(head.map_err(io::Error::other)?.size)
    }

    /// Reads some ranges at once, in their order.
    pub(super) fn read(&self, ranges: &[Range<u64>]) -> io::Result<Vec<impl AsRef<[u8]> + use<>>> {
        self.runtime()?.block_on(self.store.get_ranges(&self.path, ranges)).map_err(io::Error::other)
    }

    /// Returns what waits for answers. One thread is enough for it: all others read.
    fn runtime(&self) -> io::Result<&'static Runtime> {
        static RUNTIME: LazyLock<io::Result<Runtime>> =
            LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build());
        RUNTIME.as_ref().map_err(|error| io::Error::other(error.to_string()))
    }
}
