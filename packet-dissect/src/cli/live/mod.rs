//! Packets as they come, from the kernel's interfaces.

// Floor 0: which interfaces there are.
mod device;

// Floor 1: what comes in from one.
mod socket;

use std::io;
use std::os::fd::BorrowedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::capture::{Interface, Origin};
use crate::{Record, Timestamp};

use super::bpf::Program;
use super::capture_args::{CaptureArgs, MAX_SNAP_LEN, SnapLen};
use super::limits::Limits;
use super::output::Output;
use super::pcap_filter;
use super::session::Session;
use super::streams::{Stop, complain};
use device::{Device, Framing};
use socket::PacketSocket;

/// How long a moment is in which nothing comes: what is gathered is written out then.
const MOMENT: u16 = 100;
/// How long what had come before somebody stopped the capture may take to be read.
const LAST: Duration = Duration::from_secs(2);

/// The longest program that the kernel takes (`linux/bpf_common.h`: BPF_MAXINSNS).
const MAX_INSTRUCTIONS: usize = 4096;

/// The interfaces, a line each.
pub(super) fn list(args: &CaptureArgs) -> Result<String, Stop> {
    args.netns.as_deref().map_or(Ok(()), device::enter).map_err(Stop::Broken)?;
    let devices = Device::all().map_err(Stop::Broken)?;
    let lines = devices.iter().enumerate().map(|(at, device)| format!("{}. {device}\n", at + 1));
    Ok(lines.collect())
}

/// Where packets go that are captured.
pub(super) trait Sink {
    /// They come from there.
    fn describe(&mut self, _: &Origin<'_>) {}

    /// Takes the next one in.
    fn take(&mut self, record: &Record<'_>, origin: &Origin<'_>) -> Result<(), Stop>;

    /// Does what is to be done by now; tells how long it is until something is to be done, if nothing comes.
    fn heed_time(&mut self) -> Result<Option<Duration>, Stop>;

    /// Whether it takes no more.
    fn is_full(&self) -> bool {
        false
    }

    /// Nothing comes for a moment.
    fn flush(&mut self) -> Result<(), Stop> {
        Ok(())
    }
}

/// Packets are shown.
pub(super) struct Showing<'a, 's, 'o> {
    pub(super) session: &'a mut Session<'s>,
    pub(super) output: &'a mut Output<'o>,
}

impl Sink for Showing<'_, '_, '_> {
    fn describe(&mut self, origin: &Origin<'_>) {
        self.output.describe(origin);
    }

    fn take(&mut self, record: &Record<'_>, origin: &Origin<'_>) -> Result<(), Stop> {
        self.output.take_from(&self.session.take(record), Some(origin))
    }

    fn heed_time(&mut self) -> Result<Option<Duration>, Stop> {
        self.output.heed_time()
    }

    fn is_full(&self) -> bool {
        self.output.is_full()
    }

    fn flush(&mut self) -> Result<(), Stop> {
        self.output.flush()
    }
}

/// An interface that is captured on.
struct Source {
    device: Device,
    socket: PacketSocket,
    interface: Interface,
    /// What could not be left to the kernel.
    filter: Option<Program>,
}

/// A capture under way.
pub(super) struct Live {
    sources: Vec<Source>,
    /// Set when somebody wants it to end.
    stopped: Arc<AtomicBool>,
    until: Option<Instant>,
    packets: u64,
    whole: Vec<u8>,
}

impl Live {
    pub(super) fn open(args: &CaptureArgs) -> Result<Self, Stop> {
        args.netns.as_deref().map_or(Ok(()), device::enter).map_err(Stop::Broken)?;
        let stopped = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // The second time it does not wait.
            let registered = flag::register_conditional_shutdown(signal, 1, Arc::clone(&stopped))
                .and_then(|_| flag::register(signal, Arc::clone(&stopped)));
            registered.map_err(|error| Stop::Broken(format!("signals cannot be heard: {error}")))?;
        }
        let devices = Device::named(&args.interfaces).map_err(Stop::Broken)?;
        let sources = devices.into_iter().map(|device| Source::open(device, args)).collect::<Result<_, _>>()?;
        let seconds = Limits::of(&args.until).duration;
        let until = seconds.and_then(|seconds| Instant::now().checked_add(Duration::from_secs(seconds)));
        Ok(Self { sources, stopped, until, packets: 0, whole: Vec::new() })
    }

    /// Hands out packets until it is enough; then says how many there were.
    pub(super) fn run(mut self, sink: &mut impl Sink) -> Result<(), Stop> {
        self.sources.iter().enumerate().for_each(|(number, source)| sink.describe(&source.origin(number)));
        self.sources.iter().for_each(|source| eprintln!("capturing on {}", source.device.name));
        let captured = self.capture(sink);
        let written = sink.flush();
        self.tell();
        captured.and(written)
    }

    fn capture(&mut self, sink: &mut impl Sink) -> Result<(), Stop> {
        while !self.is_stopped() {
            let until_next = sink.heed_time()?;
            if sink.is_full() {
                break;
            }
            if !self.wait(until_next)? {
                sink.flush()?;
            }
            for number in 0..self.sources.len() {
                self.take(number, sink)?;
            }
        }
        self.finish(sink)
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed) || self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// Waits until something comes; not for longer than a moment, or until there is something to be done.
    fn wait(&self, until_next: Option<Duration>) -> Result<bool, Stop> {
        let until_end = self.until.map(|until| until.saturating_duration_since(Instant::now()));
        // Not a little too short, which would be to wait again and again.
        let millis =
            until_next.into_iter().chain(until_end).min().map_or(u128::MAX, |left| left.as_micros().div_ceil(1000));
        let timeout = u16::try_from(millis).map_or(MOMENT, |millis| millis.min(MOMENT));
        let mut fds: Vec<_> = self.sources.iter().map(|source| PollFd::new(source.fd(), PollFlags::POLLIN)).collect();
        match poll(&mut fds, PollTimeout::from(timeout)) {
            Ok(count) => Ok(count > 0),
            Err(nix::errno::Errno::EINTR) => Ok(false),
            Err(error) => Err(Stop::Broken(format!("interfaces cannot be waited for: {}", error.desc()))),
        }
    }

    /// What came before the end and is still to be read.
    fn finish(&mut self, sink: &mut impl Sink) -> Result<(), Stop> {
        let (end, latest) = (now(), Instant::now() + LAST);
        for number in 0..self.sources.len() {
            while !sink.is_full() && Instant::now() < latest {
                let last = self.take(number, sink)?;
                if last.is_none_or(|last| last >= end) {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Takes in what came on an interface, a batch at most. Gives back when the last of it came.
    fn take(&mut self, number: usize, sink: &mut impl Sink) -> Result<Option<Timestamp>, Stop> {
        let Some(source) = self.sources.get_mut(number) else { return Ok(None) };
        let (count, vanished) = match source.socket.receive() {
            Ok(count) => (count, None),
            Err(error) => source.vanished(&error)?,
        };
        if let Some(sentence) = vanished {
            // What it had sent before is read.
            while self.take(number, sink)?.is_some() && !sink.is_full() {}
            return Err(Stop::Broken(sentence));
        }
        let mut last = None;
        let (origin, source) = (source.origin(number), &*source);
        for at in 0..count {
            let Some(frame) = source.socket.frame(at, &mut self.whole) else { continue };
            if sink.is_full() {
                break;
            }
            let time = frame.time.unwrap_or_else(now);
            last = Some(time);
            if source.filter.as_ref().is_some_and(|filter| !filter.accepts(frame.bytes, frame.original_len)) {
                continue;
            }
            self.packets += 1;
            let record = Record {
                number: self.packets,
                time: Some(time),
                original_len: frame.original_len,
                link_type: source.interface.link_type,
                bytes: frame.bytes,
            };
            sink.take(&record, &origin)?;
        }
        Ok(last)
    }

    fn tell(&self) {
        let dropped: u64 = self.sources.iter().map(|source| source.socket.dropped().unwrap_or(0)).sum();
        let packets = if self.packets == 1 { "packet" } else { "packets" };
        eprintln!("{} {packets} captured, {dropped} dropped by the kernel", self.packets);
    }
}

impl Source {
    fn open(device: Device, args: &CaptureArgs) -> Result<Self, Stop> {
        let snap_len = args.snap_len.map_or(MAX_SNAP_LEN, |SnapLen(len)| len);
        let framing = device.framing();
        let filter = args.capture_filter.as_deref().map(pcap_filter::parse).transpose().map_err(Stop::Test)?;
        let (mut kernel, mut ours) = (None, None);
        if let Some(filter) = &filter {
            let is_cooked = framing == Framing::Cooked;
            let link_type = framing.link_type();
            kernel = if is_cooked { Some(filter.compile_cooked()) } else { filter.compile(link_type) };
            // The kernel has taken tags off where its filters look, and takes programs of a certain length.
            if filter.asks_for_tags() || kernel.as_ref().is_some_and(|of| of.instructions().len() > MAX_INSTRUCTIONS) {
                (kernel, ours) = (None, filter.compile(link_type));
            }
        }
        let kernel = kernel.as_ref().map(Program::instructions);
        let socket = PacketSocket::open(&device, snap_len as usize, !args.no_promiscuous, kernel);
        let socket = socket.map_err(|error| Stop::Broken(format!("{}: {}", device.name, explain(&error))))?;
        let interface = Interface::plain(framing.link_type(), snap_len).named(&device.name);
        Ok(Self { device, socket, interface, filter: ours })
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.socket.fd()
    }

    fn origin(&self, number: usize) -> Origin<'_> {
        Origin { section: 0, number: number as u32, interface: &self.interface, comments: Vec::new() }
    }

    /// What an error means: that the interface is gone, or that it is down and may come up again.
    fn vanished(&self, error: &io::Error) -> Result<(usize, Option<String>), Stop> {
        let name = &self.device.name;
        match error.raw_os_error() {
            Some(nix::libc::ENETDOWN | nix::libc::ENODEV | nix::libc::ENXIO) if self.device.is_there() => {
                complain(&format!("{name}: the interface is down"));
                Ok((0, None))
            }
            Some(nix::libc::ENETDOWN | nix::libc::ENODEV | nix::libc::ENXIO) => {
                Ok((0, Some(format!("{name}: the interface is gone"))))
            }
            _ => Err(Stop::Broken(format!("{name}: {error}"))),
        }
    }
}

/// Why a socket cannot be had.
fn explain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "no permission to capture, which takes root or the capability CAP_NET_RAW".to_owned()
        }
        _ => error.to_string(),
    }
}

/// The clock of this machine.
pub(super) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp { seconds: since.as_secs() as i64, nanoseconds: since.subsec_nanos() }
}
