//! The files that a capture is written to, one after the other, and what they are called: as dumpcap does.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::clock;
use super::streams::Stop;

/// One file, or one after the other.
pub(super) struct Ring {
    path: PathBuf,
    /// Whether names are numbered.
    is_numbered: bool,
    /// How many are kept.
    keeps: Option<u64>,
    /// How many there were.
    pub(super) count: u64,
    written: VecDeque<PathBuf>,
    open: Option<(PathBuf, File)>,
}

impl Ring {
    pub(super) fn new(path: &Path, is_numbered: bool, keeps: Option<u64>) -> Self {
        Self { path: path.to_owned(), is_numbered, keeps, count: 0, written: VecDeque::new(), open: None }
    }

    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Goes on to the next file, which begins so many seconds after 1970 began; the oldest goes if there are too many.
    pub(super) fn next(&mut self, seconds: i64) -> Result<(), Stop> {
        self.count += 1;
        let path = if self.is_numbered {
            numbered(&self.path, self.count, &clock::moment(seconds))
        } else {
            self.path.clone()
        };
        let file = File::create(&path).map_err(|error| Stop::Broken(format!("{}: {error}", path.display())))?;
        self.open = Some((path.clone(), file));
        self.written.push_back(path);
        if self.keeps.is_some_and(|keeps| self.written.len() as u64 > keeps) {
            // Somebody may have moved it away.
            let _ = self.written.pop_front().map(fs::remove_file);
        }
        Ok(())
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        match &mut self.open {
            Some((path, file)) => {
                file.write_all(bytes).map_err(|error| Stop::Broken(format!("{}: {error}", path.display())))
            }
            None => Ok(()),
        }
    }
}

/// `name.ext` as `name_00001_20261128163500.ext`.
fn numbered(path: &Path, number: u64, moment: &str) -> PathBuf {
    let mut name = OsString::from(path.file_stem().unwrap_or_default());
    name.push(format!("_{number:05}_{moment}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_dumpcap_has_them() {
        let path = numbered(Path::new("/tmp/a.b/node.pcapng"), 7, "20261128163634");
        assert_eq!(path, Path::new("/tmp/a.b/node_00007_20261128163634.pcapng"));
        assert_eq!(numbered(Path::new("x"), 100_000, "0"), Path::new("x_100000_0"));
    }
}
