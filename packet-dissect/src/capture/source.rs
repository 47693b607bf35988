//! Where a capture's bytes come from: as they are, or decompressed on the way, in bounded memory.

use std::io::{self, Cursor, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What is told of the bytes while somebody else reads them.
#[derive(Debug, Clone, Default)]
pub(super) struct Told(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// How many were taken in, compressed as they are.
    taken: AtomicU64,
    /// Why there are no more, if that is not their end.
    failure: Mutex<Option<io::Error>>,
}

impl Told {
    pub(super) fn taken(&self) -> u64 {
        self.0.taken.load(Ordering::Relaxed)
    }

    /// The failure, once.
    pub(super) fn failure(&self) -> Option<io::Error> {
        self.0.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Counts what goes in.
struct Counted<R> {
    source: R,
    told: Told,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.source.read(buffer)?;
        self.told.0.taken.fetch_add(len as u64, Ordering::Relaxed);
        Ok(len)
    }
}

/// Keeps the failure, which who reads it does not pass on.
struct Kept<R> {
    source: R,
    told: Told,
}

impl<R: Read> Read for Kept<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.source.read(buffer).map_err(|error| {
            let kind = error.kind();
            *self.told.0.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            kind.into()
        })
    }
}

/// The bytes as somebody can read them, and what is told of them. Those that begin as a compressed file are decompressed.
pub(super) fn open(source: impl Read + Send + 'static) -> io::Result<(Box<dyn Read + Send>, Told)> {
    let told = Told::default();
    let mut source = Counted { source, told: told.clone() };
    let mut magic = Vec::new();
    source.by_ref().take(6).read_to_end(&mut magic)?;
    let source = Cursor::new(magic.clone()).chain(source);
    #[cfg(feature = "compressed")]
    let source = super::compressed::open(&magic, source);
    Ok((Box::new(Kept { source, told: told.clone() }), told))
}
