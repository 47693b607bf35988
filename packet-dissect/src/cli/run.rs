//! The program, from the command line to its exit code.

use std::io::{self, IsTerminal, Read};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::capture::Described;
use crate::fields::Field;
use crate::opening::esp::{Association, Associations};
use crate::opening::wireguard::{self, KeyLog};
use crate::{Capture, CaptureError, LinkType, Record};
use clap::{CommandFactory, Parser};
use indicatif::{ProgressBar, ProgressStyle};
use weave_codec::crypto::SessionKey;

use super::args::{Action, Color, Command, DecodeAs, ReadArgs, Start};
use super::capture_args::SnapLen;
use super::dump::Dump;
use super::hex;
use super::key::Secret;
use super::leases::Places;
#[cfg(target_os = "linux")]
use super::live::{self, Live};
use super::network::{Network, Ports};
use super::opened::Openers;
use super::output::Output;
use super::palette::Palette;
use super::pcap_filter::{self, Programs};
use super::preferences::Preferences;
use super::session::Session;
use super::streams::{Stop, Streams, complain, complain_in_lines, read_text};
use super::tree::{self, Show};

/// The longest text of bytes that is read: the longest packet, in the widest dump.
const MAX_PASTED: u64 = 1 << 24;

/// The program, from the command line to its exit code.
#[must_use]
pub fn run() -> ExitCode {
    let mut stdout = io::stdout().lock();
    let is_terminal = stdout.is_terminal();
    let streams = Streams { input: Box::new(io::stdin()), output: &mut stdout, is_terminal };
    match execute(Command::parse(), streams) {
        Ok(()) | Err(Stop::Closed) => ExitCode::SUCCESS,
        Err(Stop::Broken(message)) => {
            complain(&message);
            ExitCode::from(1)
        }
        Err(Stop::Usage(message)) => {
            complain(&message);
            eprintln!("\nFor more information, try '--help'.");
            ExitCode::from(2)
        }
        Err(Stop::Test(lines)) => {
            complain_in_lines(&lines);
            ExitCode::from(2)
        }
    }
}

/// The program on bytes: its exit code, and what it wrote to standard output. `None` if the arguments are wrong already.
#[must_use]
pub fn run_on(arguments: &[&str], input: Vec<u8>) -> Option<(u8, Vec<u8>)> {
    let command = Command::try_parse_from(std::iter::once(&"packet-dissect").chain(arguments)).ok()?;
    let mut output = Vec::new();
    let input = Box::new(io::Cursor::new(input));
    let status = match execute(command, Streams { input, output: &mut output, is_terminal: false }) {
        Ok(()) | Err(Stop::Closed) => 0,
        Err(Stop::Broken(_)) => 1,
        Err(Stop::Usage(_) | Stop::Test(_)) => 2,
    };
    Some((status, output))
}

fn execute(command: Command, mut streams: Streams<'_>) -> Result<(), Stop> {
    match command.action {
        Some(Action::Fields) => list_fields(&mut streams),
        Some(Action::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Command::command(), "packet-dissect", &mut script);
            streams.put(&script)
        }
        Some(Action::Hex { link, decode_as, preferences, bytes }) => {
            decode_hex(link, &decode_as, &Preferences::of(&preferences), &bytes, &mut streams)
        }
        None => read(&command.read, streams),
    }
}

fn list_fields(streams: &mut Streams<'_>) -> Result<(), Stop> {
    let lines = Field::ALL.iter().map(|field| {
        let kind = format!("{:?}", field.kind()).to_lowercase();
        format!("{:<36} {kind:<8} {}\n", field.name(), field.label())
    });
    streams.put(lines.collect::<String>().as_bytes())
}

fn decode_hex(
    start: Start,
    decode_as: &[DecodeAs],
    preferences: &Preferences,
    texts: &[String],
    streams: &mut Streams<'_>,
) -> Result<(), Stop> {
    let text = match texts {
        [dash] if dash == "-" => {
            let text = read_text(&mut streams.input, MAX_PASTED);
            text.map_err(|error| Stop::Usage(format!("standard input: {error}")))?
        }
        texts => texts.join(" "),
    };
    let bytes = hex::parse(&text).map_err(Stop::Usage)?;
    let ports = Ports::of(decode_as);
    let tcp = ports.tcp();
    let mut out = Vec::new();
    let palette = Palette::new(Color::Auto);
    match start {
        Start::Link(link_type) => {
            let mut session = Session::new(Network::new(ports.tunnels(&tcp)), preferences.bgp, Openers::default());
            let original_len = bytes.len() as u32;
            let record = Record { number: 1, time: None, original_len, link_type, bytes: &bytes };
            tree::write(&mut out, &session.take(&record), Show { fields: true, bytes: true }, &palette);
        }
        Start::Bgp => tree::write_bgp(&mut out, &bytes, preferences.bgp, &palette).map_err(Stop::Broken)?,
    }
    streams.put(&out)
}

fn open(path: &Path, input: Box<dyn Read + Send>) -> Result<Capture, Stop> {
    let capture = if path == Path::new("-") { Capture::new(input) } else { Capture::open(path) };
    capture.map_err(|error| {
        let message = format!("{}: {error}", path.display());
        match error {
            CaptureError::Io(_) => Stop::Usage(message),
            _ => Stop::Broken(message),
        }
    })
}

#[cfg(target_os = "linux")]
fn capture(args: &ReadArgs, mut streams: Streams<'_>) -> Result<(), Stop> {
    if args.capture.list {
        return streams.put(live::list(&args.capture)?.as_bytes());
    }
    args.capture.check(args.stats || args.verify, None).map_err(Stop::Usage)?;
    let places = args.leases.as_deref().map(Places::read).transpose().map_err(Stop::Usage)?;
    let mut output = Output::new(args, streams.output, streams.is_terminal)?;
    let captured = with_session(args, places.as_ref(), |session| Live::open(&args.capture)?.run(session, &mut output));
    let ended = output.end();
    captured.and(ended)
}

#[cfg(not(target_os = "linux"))]
fn capture(_: &ReadArgs, _: Streams<'_>) -> Result<(), Stop> {
    Err(Stop::Usage("-i and -D are for Linux".to_owned()))
}

fn read(args: &ReadArgs, streams: Streams<'_>) -> Result<(), Stop> {
    if args.capture.list || !args.capture.interfaces.is_empty() {
        return capture(args, streams);
    }
    let path = args.file.as_deref().or(args.read.as_deref());
    let path = path.ok_or_else(|| Stop::Usage("no capture was given; - is standard input".to_owned()))?;
    let dump = Dump::of(path);
    if dump.is_some() && (args.stats || args.verify || args.hex) {
        return Err(Stop::Usage("-x, --stats and --verify are for captures, and this is a dump".to_owned()));
    }
    if dump.is_some() && args.capture.write.is_some() {
        return Err(Stop::Usage("-w is for captures, and this is a dump".to_owned()));
    }
    args.capture.check(args.stats || args.verify, Some(path)).map_err(Stop::Usage)?;
    let Streams { input, output, is_terminal } = streams;
    let mut output = Output::new(args, output, is_terminal)?;
    let read = match dump {
        Some(dump) => dump.read(path, &mut output),
        None => {
            let places = args.leases.as_deref().map(Places::read).transpose().map_err(Stop::Usage)?;
            read_capture(args, path, open(path, input)?, places.as_ref(), &mut output)
        }
    };
    let ended = output.end();
    read.and(ended)
}

fn weave_key(args: &ReadArgs) -> Result<Option<SessionKey>, Stop> {
    let from_file = args.weave_key_file.as_deref().map(Secret::read).transpose().map_err(Stop::Usage)?;
    from_file.as_ref().or(args.weave_key.as_ref()).map(Secret::key).transpose().map_err(Stop::Usage)
}

/// The keys of what tunnels seal.
fn openers(args: &ReadArgs) -> Result<Openers, String> {
    let (mut associations, mut wireguard) = (Associations::default(), wireguard::Opener::default());
    if let Some(path) = &args.wireguard_keys {
        let parsed = KeyLog::parse(Secret::read_many(path)?.text());
        wireguard = wireguard::Opener::new(parsed.map_err(|error| format!("{}: {error}", path.display()))?);
    }
    if let Some(path) = &args.esp_sas {
        let parsed = Associations::parse(Secret::read_many(path)?.text());
        associations = parsed.map_err(|error| format!("{}: {error}", path.display()))?;
    }
    for line in &args.esp_sa {
        associations.push(Association::parse(line.text()).map_err(|error| format!("--esp-sa: {error}"))?);
    }
    Ok(Openers { associations, wireguard })
}

/// Hands out a capture's packets, until so many were shown.
fn read_capture(
    args: &ReadArgs,
    path: &Path,
    mut capture: Capture,
    places: Option<&Places>,
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    let filter = args.capture.capture_filter.as_deref().map(pcap_filter::parse).transpose().map_err(Stop::Test)?;
    let mut filter = filter.map(Programs::new);
    with_session(args, places, |session| {
        let (mut progress, mut unread) = (Progress::new(path), Unread::default());
        while !output.is_full() {
            match capture.next_described() {
                None => break,
                Some(Err(error)) => return Err(Stop::Broken(format!("{}: {error}", path.display()))),
                Some(Ok(Described { mut record, origin })) => {
                    let broken = |error| Stop::Broken(format!("{}: {error}", path.display()));
                    if !filter.as_mut().map_or(Ok(true), |filter| filter.accept(&record)).map_err(broken)? {
                        continue;
                    }
                    record.bytes = SnapLen::cut(args.capture.snap_len, record.bytes);
                    if !record.link_type.is_read() {
                        unread.tell(path, record.link_type);
                    }
                    output.take_from(&session.take(&record), Some(&origin))?;
                }
            }
            progress.tick(&capture);
        }
        capture.skipped().iter().for_each(|skipped| complain(&format!("{}: {skipped}", path.display())));
        let unfinished = session.unfinished();
        // Where somebody stops early the rest may well stand in the capture.
        if unfinished.packets > 0 && !output.is_full() {
            complain(&format!("{}: {unfinished}", path.display()));
        }
        Ok(())
    })
}

/// Has packets walked through as the command line asks for.
fn with_session(
    args: &ReadArgs,
    places: Option<&Places>,
    run: impl FnOnce(&mut Session<'_>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let ports = Ports::of(&args.decode_as);
    let tcp = ports.tcp();
    let (tunnels, preferences) = (ports.tunnels(&tcp), Preferences::of(&args.preferences));
    let network =
        Network { tunnels, defragment: preferences.defragments(), places, cni: args.cni, key: weave_key(args)? };
    run(&mut Session::new(network, preferences.bgp, openers(args).map_err(Stop::Usage)?))
}

/// The link types that are not read, each told once; a capture has one, or a few.
#[derive(Default)]
struct Unread(Vec<LinkType>);

impl Unread {
    const MAX_TOLD: usize = 16;

    #[cold]
    fn tell(&mut self, path: &Path, link_type: LinkType) {
        if self.0.len() < Self::MAX_TOLD && !self.0.contains(&link_type) {
            self.0.push(link_type);
            let LinkType(number) = link_type;
            let name = link_type.name().unwrap_or("without a name");
            complain(&format!("{}: link type {number} ({name}) is not read", path.display()));
        }
    }
}

/// A bar on a terminal for what takes over a second, if the packets do not go there.
struct Progress {
    started: Instant,
    ticks: u32,
    total: u64,
    bar: Option<ProgressBar>,
    is_wanted: bool,
}

impl Progress {
    fn new(path: &Path) -> Self {
        let total = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        let is_wanted = total > 0 && io::stderr().is_terminal() && !io::stdout().is_terminal();
        Self { started: Instant::now(), ticks: 0, total, bar: None, is_wanted }
    }

    #[inline]
    fn tick(&mut self, capture: &Capture) {
        if self.is_wanted {
            self.ticks += 1;
            if self.ticks % 4096 == 0 {
                self.show(capture);
            }
        }
    }

    #[cold]
    fn show(&mut self, capture: &Capture) {
        if self.bar.is_none() && self.started.elapsed() > Duration::from_secs(1) {
            let style = ProgressStyle::with_template("{bar:40} {percent:>3} % {bytes_per_sec} {eta} left");
            let bar = ProgressBar::new(self.total);
            self.bar = Some(style.map_or(bar.clone(), |style| bar.with_style(style)));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(capture.bytes_read());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
