//! `-a` and `-b`: when a capture ends, and when it goes on in another file.

/// What `-a` says on its own in the help.
pub(super) const UNTIL_HELP: &str = "Stop: duration:SECONDS, filesize:KB (of 1000 bytes, of what -w writes), packets:COUNT, files:COUNT \
     (with -b); again for more, and the first that is true counts";
/// The same of `-b`.
pub(super) const ROTATE_HELP: &str = "With -w: go on in another file after filesize:KB (of 1000 bytes), duration:SECONDS or packets:COUNT; keep \
     the last files:COUNT of them. FILE.pcapng becomes FILE_00001_YYYYMMDDhhmmss.pcapng, in the zone of TZ";

/// One of those.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    /// In seconds.
    Duration(u64),
    /// In bytes.
    FileSize(u64),
    Packets(u64),
    Files(u64),
}

impl Limit {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let shape = "it must look like duration:60, filesize:1000, packets:10000 or files:5";
        let (key, value) = text.split_once(':').ok_or(shape)?;
        let number: u64 = value.parse().map_err(|_| format!("{value:?} is not a number; {shape}"))?;
        if number == 0 {
            return Err("0 is no limit".to_owned());
        }
        match key {
            "duration" => Ok(Self::Duration(number)),
            "filesize" => Ok(Self::FileSize(number.saturating_mul(1000))),
            "packets" => Ok(Self::Packets(number)),
            "files" => Ok(Self::Files(number)),
            key => Err(format!("unknown condition {key:?}; {shape}")),
        }
    }
}

/// Several of those: of each kind the least.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Limits {
    pub(super) duration: Option<u64>,
    pub(super) file_size: Option<u64>,
    pub(super) packets: Option<u64>,
    pub(super) files: Option<u64>,
}

impl Limits {
    pub(super) fn of(all: &[Limit]) -> Self {
        let mut limits = Self::default();
        for limit in all {
            let (of, number) = match *limit {
                Limit::Duration(number) => (&mut limits.duration, number),
                Limit::FileSize(number) => (&mut limits.file_size, number),
                Limit::Packets(number) => (&mut limits.packets, number),
                Limit::Files(number) => (&mut limits.files, number),
            };
            *of = Some(of.map_or(number, |least| least.min(number)));
        }
        limits
    }

    /// Whether one of a file's is true.
    pub(super) fn are_reached(&self, seconds: u64, bytes: u64, packets: u64) -> bool {
        let is_reached = |limit: Option<u64>, number| limit.is_some_and(|limit| number >= limit);
        is_reached(self.duration, seconds) || is_reached(self.file_size, bytes) || is_reached(self.packets, packets)
    }

    /// Whether any says when a file ends.
    pub(super) fn end_files(&self) -> bool {
        self.duration.or(self.file_size).or(self.packets).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_of_each_counts() {
        let limits: Vec<_> =
            ["packets:9", "filesize:2", "packets:5"].iter().map(|text| Limit::parse(text).unwrap()).collect();
        let limits = Limits::of(&limits);
        assert!(!limits.are_reached(u64::MAX, 1999, 4));
        assert!(limits.are_reached(0, 2000, 0) && limits.are_reached(0, 0, 5));
        assert!(Limit::parse("packets").is_err() && Limit::parse("files:0").is_err() && Limit::parse("x:1").is_err());
    }
}
