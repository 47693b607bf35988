//! The program, from the command line to its exit code.

use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::capture::{Described, Origin};
use crate::opening::esp::{Association, Associations};
use crate::opening::wireguard::KeyLog;
use crate::{Capture, LinkType, Record, Timestamp, Tunnels};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};

use super::args::{Action, Command, DiagnoseArgs, KeyArgs, PastedForm, ReadArgs};
use super::capture_args::SnapLen;
use super::cluster::Cluster;
use super::doctor::{self, Device, Doctor, Known, Watch};
use super::dump::Dump;
use super::filter;
use super::help;
use super::hosts::Hosts;
use super::key::Secret;
use super::limits::Limit;
#[cfg(target_os = "linux")]
use super::live::{self, Live, Showing, Sink};
use super::merge::Merged;
use super::names;
use super::network::{Network, Ports};
use super::opened::Keys;
use super::output::Output;
use super::palette::Palette;
use super::pasted::Pasted;
use super::pcap_filter::{self, Programs};
use super::preferences::Preferences;
use super::session::Session;
use super::streams::{Stop, Streams, complain, complain_in_lines};
use super::taps::Labels;

/// The program, from the command line to its exit code.
#[must_use]
pub fn run() -> ExitCode {
    let mut stdout = io::stdout().lock();
    let is_terminal = stdout.is_terminal();
    let mut streams = Streams { input: Box::new(io::stdin()), output: &mut stdout, is_terminal };
    let done = match help::asked(std::env::args_os().filter_map(|argument| argument.into_string().ok())) {
        Some(text) => streams.put(text.as_bytes()),
        None => match Command::try_parse() {
            Ok(command) => execute(command, streams),
            Err(error) => match help::elsewhere(&error) {
                Some(told) => Err(Stop::Usage(told)),
                None => error.exit(),
            },
        },
    };
    match done {
        Ok(()) | Err(Stop::Closed) => ExitCode::SUCCESS,
        Err(Stop::Broken(message)) => {
            complain(&message);
            ExitCode::from(1)
        }
        Err(Stop::Told) => ExitCode::from(1),
        Err(Stop::Found) => ExitCode::from(3),
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
        Err(Stop::Broken(_) | Stop::Told) => 1,
        Err(Stop::Usage(_) | Stop::Test(_)) => 2,
        Err(Stop::Found) => 3,
    };
    Some((status, output))
}

/// What is found in frames beside what a text says of their cluster, as a line each. A text that says nothing of one is refused, with a
/// sentence.
pub fn diagnose_on(cluster: &str, frames: &[Vec<u8>]) -> Result<String, String> {
    let (cluster, _) = Cluster::parse(cluster)?;
    let mut doctor = Doctor::of(Known { tunnels: Tunnels::DEFAULT, cluster: Some(&cluster), mtu: 1500, keys: None });
    for (number, bytes) in (1..).zip(frames) {
        let time = Some(Timestamp { seconds: number as i64, nanoseconds: 0 });
        let (link_type, original_len) = (LinkType::ETHERNET, bytes.len() as u32);
        doctor.take(&Record { number, time, original_len, link_type, bytes });
    }
    let mut text = Vec::new();
    doctor.report().write_json(&mut text);
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// What is found in captures of Ethernet, each packet with its time in nanoseconds, and what becomes of packets between them, as a line each.
pub fn diagnose_together(captures: &[Vec<(i64, Vec<u8>)>]) -> String {
    let names: Vec<String> = (1..=captures.len()).map(|number| number.to_string()).collect();
    let captures: Vec<_> = names.iter().map(String::as_str).zip(captures.iter().map(Vec::as_slice)).collect();
    let (report, mut text) = (doctor::together(&captures), Vec::new());
    report.write_json(&mut text);
    report.write_paths(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

fn execute(command: Command, mut streams: Streams<'_>) -> Result<(), Stop> {
    match command.action {
        Some(Action::Fields) => list_fields(&mut streams),
        Some(Action::Filters) => streams.put(help::FILTERS.as_bytes()),
        Some(Action::Man { of }) => streams.put(&help::manual(of.as_deref())?),
        Some(Action::Completions { shell }) => streams.put(&help::completions(shell)),
        Some(Action::Hex { link, form, decode_as, preferences, bytes }) => {
            let pasted = Pasted { link, form, decode_as: &decode_as, preferences: Preferences::of(&preferences) };
            pasted.show(&bytes, &mut streams)
        }
        Some(Action::Diagnose(args)) => diagnose(&args, streams),
        None => read(&command.read, streams),
    }
}

/// Says what is wrong with what was captured.
fn diagnose(args: &DiagnoseArgs, streams: Streams<'_>) -> Result<(), Stop> {
    let Streams { input, output, is_terminal } = streams;
    let (mut input, palette) = (Some(input), Palette::new(args.color));
    if args.list {
        let text = if args.form == PastedForm::Json { doctor::list_json() } else { doctor::list(&palette) };
        return Streams { input: Box::new(io::empty()), output, is_terminal }.put(&text);
    }
    no_filters(&args.files)?;
    let cluster = Cluster::read(args.leases.as_deref(), &args.cluster).map_err(Stop::Usage)?;
    let ports = Ports::of(&args.decode_as);
    let tcp = ports.tcp();
    let keys = keys(&args.keys).map_err(Stop::Usage)?;
    let known = Known { tunnels: ports.tunnels(&tcp), cluster: cluster.as_ref(), mtu: args.mtu, keys: Some(&keys) };
    if !args.interfaces.is_empty() {
        return watch(args, known, output, palette);
    }
    // They are read twice.
    let is_compared = args.files.len() > 1 && args.files.iter().all(|path| path != Path::new("-"));
    let doctor = Doctor::of(known);
    let mut doctor = if is_compared { doctor.comparing() } else { doctor };
    args.clocks().map_err(Stop::Usage)?.for_each(|(file, clock)| doctor.give(&file.to_string_lossy(), clock));
    let (mut unread, mut has_failed, mut is_read) = (Unread::default(), false, false);
    for path in &args.files {
        let read = open(path, &mut input).and_then(|capture| {
            is_read = true;
            examine(path, capture, &mut doctor, &mut unread)
        });
        match read {
            Err(Stop::Broken(message)) => {
                complain(&message);
                has_failed = true;
            }
            other => other?,
        }
    }
    if is_compared {
        doctor.compare_files(args.files.iter().map(PathBuf::as_path));
    }
    let report = doctor.report();
    report.remarks.iter().for_each(|remark| complain(remark));
    let mut text = Vec::new();
    match args.form {
        PastedForm::Json => {
            report.write_json(&mut text);
            if args.paths {
                report.write_paths(&mut text);
            }
        }
        PastedForm::Text if is_read => report.write(&mut text, &palette),
        PastedForm::Text => {}
    }
    output.write_all(&text)?;
    output.flush()?;
    match (report.findings.is_empty(), has_failed) {
        (false, _) => Err(Stop::Found),
        (true, true) => Err(Stop::Told),
        (true, false) => Ok(()),
    }
}

/// Says what is wrong as it arises and goes.
#[cfg(target_os = "linux")]
fn watch(args: &DiagnoseArgs, known: Known<'_>, output: &mut dyn Write, palette: Palette) -> Result<(), Stop> {
    if !args.until.iter().all(|limit| matches!(limit, Limit::Duration(_))) {
        return Err(Stop::Usage("diagnose -i stops after duration:SECONDS, and after nothing else".to_owned()));
    }
    let form = if args.form == PastedForm::Json { doctor::Form::Json } else { doctor::Form::Text(palette) };
    let mut watching = Watching { watch: Watch::new(known, args.window, form), output };
    Live::open(&args.capture())?.run(&mut watching)?;
    let Watching { mut watch, output } = watching;
    output.write_all(&watch.end(live::now().total_nanoseconds()))?;
    output.flush()?;
    if watch.has_found { Err(Stop::Found) } else { Ok(()) }
}

#[cfg(not(target_os = "linux"))]
fn watch(_: &DiagnoseArgs, _: Known<'_>, _: &mut dyn Write, _: Palette) -> Result<(), Stop> {
    Err(Stop::Usage("-i is for Linux".to_owned()))
}

/// Packets go by the doctor.
#[cfg(target_os = "linux")]
struct Watching<'a, 'o> {
    watch: Watch<'a>,
    output: &'o mut dyn Write,
}

#[cfg(target_os = "linux")]
impl Sink for Watching<'_, '_> {
    fn take(&mut self, record: &Record<'_>, origin: &Origin<'_>) -> Result<(), Stop> {
        self.watch.take(record, origin.number);
        Ok(())
    }

    fn heed_time(&mut self) -> Result<Option<Duration>, Stop> {
        let said = self.watch.told(live::now().total_nanoseconds());
        if !said.is_empty() {
            self.output.write_all(&said)?;
            self.output.flush()?;
        }
        Ok(None)
    }
}

/// Has the doctor look at a capture, as far as it goes.
fn examine(path: &Path, mut capture: Capture, doctor: &mut Doctor<'_>, unread: &mut Unread) -> Result<(), Stop> {
    let mut progress = Progress::new(path);
    doctor.begin(&path.to_string_lossy());
    loop {
        match capture.next_described() {
            None => break,
            Some(Err(error)) => return Err(Stop::Broken(format!("{}: {error}", path.display()))),
            Some(Ok(Described { record, origin })) => {
                unread.check(path, record.link_type);
                doctor.take_of(&record, Device::of(&record, origin.section, origin.number));
            }
        }
        progress.tick(&capture);
    }
    tell_skipped(path, &capture);
    Ok(())
}

fn list_fields(streams: &mut Streams<'_>) -> Result<(), Stop> {
    let lines = names::listed().map(|field| {
        let kind = format!("{:?}", field.kind()).to_lowercase();
        format!("{:<36} {kind:<8} {}\n", field.name(), field.label())
    });
    streams.put(lines.collect::<String>().as_bytes())
}

fn open(path: &Path, input: &mut Option<Box<dyn Read + Send>>) -> Result<Capture, Stop> {
    let capture = if path == Path::new("-") {
        let input = input.take().ok_or_else(|| Stop::Broken("-: standard input was read already".to_owned()))?;
        Capture::new(input)
    } else {
        Capture::open(path)
    };
    capture.map_err(|error| Stop::Broken(format!("{}: {error}", path.display())))
}

#[cfg(target_os = "linux")]
fn capture(args: &ReadArgs, mut streams: Streams<'_>) -> Result<(), Stop> {
    if args.capture.list {
        return streams.put(live::list(&args.capture)?.as_bytes());
    }
    no_filters(&args.files)?;
    if let Some(file) = args.paths().first() {
        return Err(Stop::Usage(format!("-i captures, and {} is a file to be read: give one of them", file.display())));
    }
    args.capture.check(args.counts(), &[]).map_err(Stop::Usage)?;
    with_session(args, streams.output, streams.is_terminal, |mut session, mut output| {
        let captured = Live::open(&args.capture)?.run(&mut Showing { session: &mut session, output: &mut output });
        let ended = output.end();
        captured.and(ended)
    })
}

#[cfg(not(target_os = "linux"))]
fn capture(_: &ReadArgs, _: Streams<'_>) -> Result<(), Stop> {
    Err(Stop::Usage("-i and -D are for Linux".to_owned()))
}

fn read(args: &ReadArgs, streams: Streams<'_>) -> Result<(), Stop> {
    if args.capture.list || !args.capture.interfaces.is_empty() {
        return capture(args, streams);
    }
    let paths = args.paths();
    if paths.is_empty() {
        return Err(Stop::Usage("no capture was given; - is standard input".to_owned()));
    }
    no_filters(&args.files)?;
    let dumps: Vec<_> = paths.iter().map(|path| Dump::of(path)).collect();
    let has_dump = dumps.iter().any(Option::is_some);
    if has_dump && (args.counts() || args.hex || args.merge) {
        let what = "-x, -z, --stats, --verify and --merge are for captures, and this is a dump";
        return Err(Stop::Usage(what.to_owned()));
    }
    if has_dump && args.capture.write.is_some() {
        return Err(Stop::Usage("-w is for captures, and this is a dump".to_owned()));
    }
    args.capture.check(args.counts(), &paths).map_err(Stop::Usage)?;
    let filter = args.capture.capture_filter.as_deref().map(pcap_filter::parse).transpose().map_err(Stop::Test)?;
    let Streams { input, output, is_terminal } = streams;
    with_session(args, output, is_terminal, |session, mut output| {
        let mut files = Files {
            input: Some(input),
            session,
            filter: filter.map(Programs::new),
            snap_len: args.capture.snap_len,
            unread: Unread::default(),
            number: 0,
            opened: 0,
            failed: 0,
        };
        if args.merge {
            files.merged(&paths, &mut output)?;
        } else {
            files.in_turn(&paths, &dumps, &mut output)?;
        }
        files.end(&paths, output)
    })
}

/// That no test stands where files do. Other programs have it there; to take its words for files that are missing would show every packet
/// first.
fn no_filters(files: &[PathBuf]) -> Result<(), Stop> {
    let is_missing = |path: &&PathBuf| path.as_os_str() != "-" && !path.exists();
    let words: Vec<_> = files.iter().skip_while(|path| !is_missing(path)).map(|path| path.to_string_lossy()).collect();
    let words = words.join(" ");
    let told = match filter::meant(&words) {
        Some(test) => format!("A test on packets stands behind an option: -Y '{test}'"),
        None if !words.is_empty() && pcap_filter::parse(&words).is_ok() => {
            format!("A capture filter stands behind an option, and sees the outer packet alone: -f '{words}'")
        }
        None => return Ok(()),
    };
    Err(Stop::Test(vec![format!("{words}: there is no such file"), told]))
}

/// Has packets walked through, and shown, as the command line asks for.
fn with_session(
    args: &ReadArgs,
    to: &mut dyn Write,
    is_terminal: bool,
    run: impl FnOnce(Session<'_>, Output<'_>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let hosts = hosts(args).map_err(Stop::Usage)?;
    let follow = args.follow.as_deref().map(|text| hosts.follow(text)).transpose().map_err(Stop::Usage)?;
    let places = Cluster::read(args.leases.as_deref(), &[]).map_err(Stop::Usage)?;
    let ports = Ports::of(&args.decode_as);
    let tcp = ports.tcp();
    let (tunnels, preferences) = (ports.tunnels(&tcp), Preferences::of(&args.preferences));
    let (defragment, keys) = (preferences.defragments(), keys(&args.keys).map_err(Stop::Usage)?);
    let hosts = Some(&hosts).filter(|hosts| !hosts.is_empty());
    let labels = Labels { hosts, places: places.as_ref() };
    let output = Output::new(args, follow.as_deref(), labels, to, is_terminal)?;
    let network =
        Network { tunnels, defragment, places: places.as_ref(), hosts, cni: args.cni, key: keys.weave.clone() };
    run(Session::new(network, preferences.bgp, keys.openers()), output)
}

/// What addresses are called.
fn hosts(args: &ReadArgs) -> Result<Hosts, String> {
    let mut hosts = Hosts::default();
    for path in args.pods.iter().chain(&args.services) {
        hosts.read_cluster(path)?;
    }
    args.hosts.iter().try_for_each(|path| hosts.read_lines(path))?;
    Ok(hosts)
}

/// The keys of what tunnels seal.
fn keys(args: &KeyArgs) -> Result<Keys, String> {
    let mut keys = Keys::default();
    let from_file = args.weave_key_file.as_deref().map(Secret::read).transpose()?;
    keys.weave = from_file.as_ref().or(args.weave_key.as_ref()).map(Secret::key).transpose()?;
    if let Some(path) = &args.wireguard_keys {
        let parsed = KeyLog::parse(Secret::read_many(path)?.text());
        keys.wireguard = parsed.map_err(|error| format!("{}: {error}", path.display()))?;
    }
    if let Some(path) = &args.esp_sas {
        let parsed = Associations::parse(Secret::read_many(path)?.text());
        keys.associations = parsed.map_err(|error| format!("{}: {error}", path.display()))?;
    }
    for line in &args.esp_sa {
        keys.associations.push(Association::parse(line.text()).map_err(|error| format!("--esp-sa: {error}"))?);
    }
    Ok(keys)
}

/// What is read of files, of which each may fail and the others go on.
struct Files<'a> {
    /// Standard input, until a capture is read from it.
    input: Option<Box<dyn Read + Send>>,
    session: Session<'a>,
    /// What is not looked at, and how much of a packet is.
    filter: Option<Programs>,
    snap_len: Option<SnapLen>,
    unread: Unread,
    /// How many packets came before the file.
    number: u64,
    opened: usize,
    failed: usize,
}

impl Files<'_> {
    /// One file after the other.
    fn in_turn(&mut self, paths: &[&Path], dumps: &[Option<Dump>], output: &mut Output<'_>) -> Result<(), Stop> {
        for (path, dump) in paths.iter().zip(dumps) {
            if output.is_full() {
                break;
            }
            let read = match dump {
                Some(dump) => {
                    self.opened += 1;
                    dump.read(path, output)
                }
                None => self.open(path).and_then(|capture| self.capture(path, capture, output)),
            };
            self.go_on(read)?;
        }
        Ok(())
    }

    /// All captures at once, by time.
    fn merged(&mut self, paths: &[&Path], output: &mut Output<'_>) -> Result<(), Stop> {
        let mut captures = Vec::new();
        for &path in paths {
            match self.open(path) {
                Ok(capture) => captures.push((path, capture)),
                Err(stop) => self.go_on(Err(stop))?,
            }
        }
        let mut merged = Merged::new(captures);
        while !output.is_full() {
            let Self { session, filter, snap_len, unread, .. } = self;
            let taken = merged.next(|path, record, origin| {
                if !is_accepted(filter, record, path)? {
                    return Ok(());
                }
                unread.check(path, record.link_type);
                let bytes = SnapLen::cut(*snap_len, record.bytes);
                output.take_from(&session.take(&Record { bytes, ..*record }), Some(origin))
            });
            let Some(taken) = taken else { break };
            taken?;
        }
        for (path, error) in merged.errors() {
            self.go_on(Err(Stop::Broken(format!("{}: {error}", path.display()))))?;
        }
        merged.captures().for_each(|(path, capture)| tell_skipped(path, capture));
        Ok(())
    }

    fn open(&mut self, path: &Path) -> Result<Capture, Stop> {
        let capture = open(path, &mut self.input)?;
        self.opened += 1;
        Ok(capture)
    }

    /// Hands out a capture's packets, until so many were shown.
    fn capture(&mut self, path: &Path, mut capture: Capture, output: &mut Output<'_>) -> Result<(), Stop> {
        let (mut progress, before) = (Progress::new(path), self.number);
        while !output.is_full() {
            match capture.next_described() {
                None => break,
                Some(Err(error)) => return Err(Stop::Broken(format!("{}: {error}", path.display()))),
                Some(Ok(Described { record, origin })) => {
                    self.number = before + record.number;
                    if is_accepted(&mut self.filter, &record, path)? {
                        self.unread.check(path, record.link_type);
                        let bytes = SnapLen::cut(self.snap_len, record.bytes);
                        let record = Record { number: self.number, bytes, ..record };
                        // Interfaces of several files are told apart by their sections.
                        let section = origin.section.wrapping_add((self.opened as u32) << 16);
                        output.take_from(&self.session.take(&record), Some(&Origin { section, ..origin }))?;
                    }
                }
            }
            progress.tick(&capture);
        }
        tell_skipped(path, &capture);
        Ok(())
    }

    /// A file that is missing or broken is told at once, and is no reason to leave the others out.
    fn go_on(&mut self, read: Result<(), Stop>) -> Result<(), Stop> {
        match read {
            Err(Stop::Broken(message)) => {
                complain(&message);
                self.failed += 1;
                Ok(())
            }
            other => other,
        }
    }

    /// What is known at the end. Nothing is counted where nothing could be read.
    fn end(&self, paths: &[&Path], output: Output<'_>) -> Result<(), Stop> {
        let unfinished = self.session.unfinished();
        // Where somebody stops early the rest may well stand in the capture.
        if unfinished.packets > 0 && !output.is_full() {
            let name = if let [path] = paths { format!("{}: ", path.display()) } else { String::new() };
            complain(&format!("{name}{unfinished}"));
        }
        // tcpdump says nothing; but here one asks for pods, which are further in.
        if let Some(packets) = self.filter.as_ref().and_then(Programs::in_vain) {
            complain(&format!(
                "-f took none of {packets} packets: it sees the outer packet alone, and -Y all that is in it"
            ));
        }
        if self.opened > 0 {
            output.end()?;
        }
        if self.failed > 0 { Err(Stop::Told) } else { Ok(()) }
    }
}

/// Whether a packet is looked at.
fn is_accepted(filter: &mut Option<Programs>, record: &Record<'_>, path: &Path) -> Result<bool, Stop> {
    let accepted = filter.as_mut().map_or(Ok(true), |filter| filter.accept(record));
    accepted.map_err(|error| Stop::Broken(format!("{}: {error}", path.display())))
}

fn tell_skipped(path: &Path, capture: &Capture) {
    capture.skipped().iter().for_each(|skipped| complain(&format!("{}: {skipped}", path.display())));
}

/// The link types that are not read, each told once; a capture has one, or a few.
#[derive(Default)]
struct Unread(Vec<LinkType>);

impl Unread {
    const MAX_TOLD: usize = 16;

    #[inline]
    fn check(&mut self, path: &Path, link_type: LinkType) {
        if !link_type.is_read() {
            self.tell(path, link_type);
        }
    }

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
