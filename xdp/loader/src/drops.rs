//! What was wrong with packets, and files of those.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use aya::Ebpf;
use aya::maps::{Array, MapData, PerCpuArray, RingBuf};
use nix::time::{ClockId, clock_gettime};
use packet_dissect::cli::Commented;
use packet_dissect::{LinkType, Record, Timestamp};
use xdp_maps::{Kind, MAX_SAMPLED, Sample, Settings, Tally};
use zerocopy::FromBytes;

/// Says what becomes of packets that something is wrong with.
///
/// # Errors
///
/// If the map is not there, or the kernel does not take it.
pub fn set(ebpf: &mut Ebpf, settings: Settings) -> anyhow::Result<()> {
    let mut map: Array<_, Settings> = ebpf.map_mut("SETTINGS").context("the object has no settings")?.try_into()?;
    Ok(map.set(0, settings, 0)?)
}

/// How many packets there were of each kind, on all processors together. Of which there was none is not told.
///
/// # Errors
///
/// As [`set`].
pub fn tallies(ebpf: &Ebpf) -> anyhow::Result<BTreeMap<Kind, Tally>> {
    let map: PerCpuArray<_, Tally> = ebpf.map("TALLIES").context("the object has no tallies")?.try_into()?;
    let mut all = BTreeMap::new();
    for kind in Kind::ALL {
        let tally: Tally = map.get(&(kind as u32), 0)?.iter().copied().sum();
        if tally.packets > 0 {
            all.insert(kind, tally);
        }
    }
    Ok(all)
}

/// A packet that something was wrong with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sampled {
    /// When it came, in nanoseconds by the clock that begins when the machine does.
    pub time: u64,
    /// What was wrong.
    pub kind: Kind,
    /// How long it was.
    pub len: u32,
    /// Its first bytes.
    pub bytes: Vec<u8>,
}

impl Sampled {
    /// A sample as it lies in the ring buffer; none, if it is of another version.
    fn read(bytes: &[u8]) -> Option<Self> {
        let Sample { time, kind, len, bytes } = Sample::read_from_bytes(bytes).ok()?;
        let kind = *Kind::ALL.get(kind as usize)?;
        let kept = bytes.get(..MAX_SAMPLED.min(len as usize))?.to_vec();
        Some(Self { time, kind, len, bytes: kept })
    }
}

/// The ring buffer that samples come in by.
pub struct Samples(RingBuf<MapData>);

impl Samples {
    /// That of an object, which has it no more.
    ///
    /// # Errors
    ///
    /// As [`set`].
    pub fn take(ebpf: &mut Ebpf) -> anyhow::Result<Self> {
        Ok(Self(ebpf.take_map("SAMPLES").context("the object has no samples")?.try_into()?))
    }

    /// What has come and was not seen.
    pub fn all(&mut self) -> impl Iterator<Item = Sampled> + '_ {
        std::iter::from_fn(|| Some(Sampled::read(&self.0.next()?))).flatten()
    }
}

/// A pcapng file of samples, each with what is wrong as a comment.
pub struct File<W> {
    to: W,
    format: Commented,
    /// When the machine's clock began, in nanoseconds since 1970 did.
    began: i128,
    gathered: Vec<u8>,
}

impl<W: Write> File<W> {
    /// Begins one.
    ///
    /// # Errors
    ///
    /// If it cannot be written, or there is no clock.
    pub fn begin(to: W, device: &str) -> anyhow::Result<Self> {
        let (now, up) = (SystemTime::now().duration_since(UNIX_EPOCH)?, clock_gettime(ClockId::CLOCK_MONOTONIC)?);
        let began = now.as_nanos() as i128 - i128::from(up.tv_sec()) * 1_000_000_000 - i128::from(up.tv_nsec());
        let mut gathered = Vec::new();
        let format = Commented::begin(&mut gathered, LinkType::ETHERNET, device, MAX_SAMPLED as u32);
        let mut file = Self { to, format, began, gathered };
        file.flush()?;
        Ok(file)
    }

    /// Goes on with a sample.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn write(&mut self, number: u64, sampled: &Sampled) -> anyhow::Result<()> {
        let at = self.began + i128::from(sampled.time);
        let time = Timestamp {
            seconds: at.div_euclid(1_000_000_000) as i64,
            nanoseconds: at.rem_euclid(1_000_000_000) as u32,
        };
        let record = Record {
            number,
            time: Some(time),
            original_len: sampled.len,
            link_type: LinkType::ETHERNET,
            bytes: &sampled.bytes,
        };
        self.format.packet(&mut self.gathered, &record, &sampled.kind.to_string());
        self.flush()
    }

    /// Whole blocks go out: who reads along sees no half ones.
    fn flush(&mut self) -> anyhow::Result<()> {
        self.to.write_all(&self.gathered)?;
        self.gathered.clear();
        Ok(self.to.flush()?)
    }
}
