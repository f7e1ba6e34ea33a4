//! Where an object lies, and what lies below an address.

use std::env;
use std::io;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use futures_util::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt, parse_url_opts};
use tokio::runtime::{Builder, Runtime};
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
        // Choosing twice is an error; whichever was chosen first serves as well.
        TLS.get_or_init(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let url = Url::parse(address).map_err(io::Error::other)?;
        let settings = env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?.to_ascii_lowercase(), value.into_string().ok()?))
        });
        let (store, path) = parse_url_opts(&url, settings).map_err(io::Error::other)?;
        Ok(Self { url, store, path })
    }

    /// Returns the addresses of the objects below, or its own where it is one.
    pub(super) fn list(&self) -> io::Result<Vec<String>> {
        // A web server lists nothing.
        if self.url.scheme().starts_with("http") || self.length().is_ok() {
            return Ok(vec![self.url.to_string()]);
        }
        let listing = self.store.list(Some(&self.path)).try_collect();
        let objects: Vec<ObjectMeta> = runtime()?.block_on(listing).map_err(io::Error::other)?;
        let root = &self.url[..Position::BeforePath];
        Ok(objects.iter().map(|object| format!("{root}/{}", object.location)).collect())
    }

    /// Returns the length of the object in bytes.
    pub(super) fn length(&self) -> io::Result<u64> {
        let head = runtime()?.block_on(self.store.head(&self.path));
        Ok(head.map_err(io::Error::other)?.size)
    }

    /// Returns some bytes of the object. The store's library tries again after what may pass.
    pub(super) fn read(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
        let read = runtime()?.block_on(self.store.get_range(&self.path, range));
        Ok(read.map_err(io::Error::other)?.into())
    }
}

/// Returns what waits for answers. One thread is enough: the threads that read wait for it.
fn runtime() -> io::Result<&'static Runtime> {
    static RUNTIME: LazyLock<io::Result<Runtime>> =
        LazyLock::new(|| Builder::new_multi_thread().worker_threads(1).enable_all().build());
    RUNTIME.as_ref().map_err(|error| io::Error::other(error.to_string()))
}
