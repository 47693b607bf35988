//! Keys: from the command line, the environment or a file, shown to nobody, and wiped where that is ours to do.

use std::convert::Infallible;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use weave_codec::crypto::SessionKey;
use zeroize::Zeroizing;

/// The text of a key, or of several. What clap and the system keep of the command line stays there.
#[derive(Clone)]
pub(super) struct Secret(Zeroizing<String>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// Takes any text: clap repeats in its error what is wrong.
    #[allow(clippy::unnecessary_wraps, reason = "clap wants a Result")]
    pub(super) fn new(text: &str) -> Result<Self, Infallible> {
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// The file of a key: digits, and white space around them.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        Self::read_most(path, 256)
    }

    /// The file of many keys.
    pub(super) fn read_many(path: &Path) -> Result<Self, String> {
        const MOST: usize = 1 << 20;
        let secret = Self::read_most(path, MOST)?;
        if secret.0.len() == MOST {
            return Err(format!("{}: it is longer than {MOST} bytes", path.display()));
        }
        Ok(secret)
    }

    fn read_most(path: &Path, most: usize) -> Result<Self, String> {
        // So long that the text never moves, which would leave a copy behind.
        let mut text = Zeroizing::new(String::with_capacity(most + 64));
        let read = File::open(path).and_then(|file| file.take(most as u64).read_to_string(&mut text));
        read.map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self(text))
    }

    /// The text itself, for whoever reads keys out of it.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// Weave's session key. What is wrong with it is said without it.
    pub(super) fn key(&self) -> Result<SessionKey, String> {
        let text = self.0.trim();
        let digits = text.chars().count();
        if !text.chars().all(|c| c.is_ascii_hexdigit()) || digits != 64 {
            return Err(format!(
                "Weave's session key must have 64 hexadecimal digits, and this has {digits} characters"
            ));
        }
        let mut key = Zeroizing::new([0; 32]);
        for (at, byte) in key.iter_mut().enumerate() {
            let digits = text.get(2 * at..2 * at + 2).unwrap_or_default();
            *byte = u8::from_str_radix(digits, 16).map_err(|error| error.to_string())?;
        }
        Ok(SessionKey::new(*key))
    }
}
