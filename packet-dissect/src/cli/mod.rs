//! The program: arguments in, packets out. It is a module of the library so that its texts and its whole way from a capture to
//! what is printed can be fuzzed; nobody else is promised anything of it.
#![allow(clippy::indexing_slicing, reason = "the program indexes tables and columns that it made; no packet's bytes")]

mod args;
mod columns;
mod dump;
mod filter;
mod fragments;
mod frame;
mod hex;
mod json;
mod leases;
mod line;
mod stats;
mod tree;
mod write;

use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::bgp::sessions::Overrule;
use crate::fields::Field;
use crate::verify::verify;
use crate::{Capture, CaptureError, Record, Tunnel, Tunnels};
use clap::{CommandFactory, Parser};
use indicatif::{ProgressBar, ProgressStyle};

use args::{Action, Color, Command, DecodeAs, Form, ReadArgs, Start, overrule};
use columns::{Columns, Options};
use dump::Dump;
use filter::Filter;
use frame::{Fields, Session};
use leases::Places;
use line::Palette;
use stats::Stats;
use tree::Show;

/// What is gathered before it is written out.
const CHUNK: usize = 1 << 16;

/// Why the program ends early, and with which status.
enum Stop {
    /// 2: it was called wrongly.
    Usage(String),
    /// 1: the capture is broken, or the output cannot be written.
    Broken(String),
    /// 0: nobody reads the output any more.
    Closed,
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Broken(format!("standard output: {error}")),
        }
    }
}

/// What the program reads and writes beside files.
struct Streams<'a> {
    input: Box<dyn Read + Send>,
    output: &'a mut dyn Write,
    /// Whether a person watches: nothing is held back then.
    is_terminal: bool,
}

impl Streams<'_> {
    fn put(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        self.output.write_all(bytes)?;
        Ok(self.output.flush()?)
    }
}

/// The program, from the command line to its exit code.
#[must_use]
pub fn run() -> ExitCode {
    let mut stdout = io::stdout().lock();
    let is_terminal = stdout.is_terminal();
    let streams = Streams { input: Box::new(io::stdin()), output: &mut stdout, is_terminal };
    match execute(Command::parse(), streams) {
        Ok(()) | Err(Stop::Closed) => ExitCode::SUCCESS,
        Err(Stop::Broken(message)) => {
            eprintln!("packet-dissect: {message}");
            ExitCode::from(1)
        }
        Err(Stop::Usage(message)) => {
            eprintln!("packet-dissect: {message}\n\nFor more information, try '--help'.");
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
        Err(Stop::Usage(_)) => 2,
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
        Some(Action::Hex { link, decode_as, bgp, bytes }) => {
            decode_hex(link, &decode_as, overrule(&bgp), &bytes, &mut streams)
        }
        None => read(&command.read, streams),
    }
}

/// The known name that is most like `name`.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> &'a str {
    let likeness = |known: &str| strsim::jaro_winkler(name, known);
    known.max_by(|a, b| likeness(a).total_cmp(&likeness(b))).unwrap_or_default()
}

fn list_fields(streams: &mut Streams<'_>) -> Result<(), Stop> {
    let lines = Field::ALL.iter().map(|field| {
        let kind = format!("{:?}", field.kind()).to_lowercase();
        format!("{:<36} {kind:<8} {}\n", field.name(), field.label())
    });
    streams.put(lines.collect::<String>().as_bytes())
}

fn field_by_name(name: &str) -> Result<Field, Stop> {
    Field::ALL.iter().copied().find(|field| field.name() == name).ok_or_else(|| {
        let nearest = nearest(name, Field::ALL.iter().map(|field| field.name()));
        Stop::Usage(format!("unknown field {name:?}; the nearest known one is {nearest:?}"))
    })
}

/// The form of the output and the fields in it, which have to go together.
fn form_and_fields(args: &ReadArgs) -> Result<(Form, Vec<Field>), Stop> {
    let fields = args.fields.iter().map(|name| field_by_name(name)).collect::<Result<Vec<_>, _>>()?;
    let form = args.form.unwrap_or(Form::Text);
    let wrong = match form {
        Form::Text if !fields.is_empty() => "-e needs -T fields or -T json",
        Form::Fields if fields.is_empty() => "-T fields needs a field: -e NAME",
        Form::Fields if fields.len() > usize::from(u8::MAX) => "-e was given more than 255 times",
        _ => return Ok((form, fields)),
    };
    Err(Stop::Usage(wrong.to_owned()))
}

/// The tunnels' table with the caller's rows first.
fn tunnel_rows(decode_as: &[DecodeAs]) -> Vec<(u16, Tunnel)> {
    let rows = decode_as.iter().map(|row| (row.port, row.tunnel));
    rows.chain(Tunnels::DEFAULT.rows().iter().copied()).collect()
}

fn decode_hex(
    start: Start,
    decode_as: &[DecodeAs],
    overrule: Overrule,
    texts: &[String],
    streams: &mut Streams<'_>,
) -> Result<(), Stop> {
    let text = match texts {
        [dash] if dash == "-" => {
            let mut text = String::new();
            streams.input.read_to_string(&mut text).map_err(|error| Stop::Usage(format!("standard input: {error}")))?;
            text
        }
        texts => texts.join(" "),
    };
    let bytes = hex::parse(&text).map_err(Stop::Usage)?;
    let rows = tunnel_rows(decode_as);
    let mut out = Vec::new();
    let palette = palette(Color::Auto);
    match start {
        Start::Link(link_type) => {
            let mut session = Session::new(Tunnels::new(&rows), overrule);
            let original_len = bytes.len() as u32;
            let record = Record { number: 1, time: None, original_len, link_type, bytes: &bytes };
            tree::write(&mut out, &mut session, &record, Show { fields: true, bytes: true }, &palette);
        }
        Start::Bgp => tree::write_bgp(&mut out, &bytes, overrule, &palette).map_err(Stop::Broken)?,
    }
    streams.put(&out)
}

fn palette(color: Color) -> Palette {
    let is_colored = match color {
        Color::Always => true,
        Color::Never => false,
        // Heeds NO_COLOR, CLICOLOR and TERM.
        Color::Auto => anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
    };
    if is_colored { Palette::COLORED } else { Palette::default() }
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

/// What becomes of each packet.
enum Sink {
    Lines(Palette),
    Tree(Show, Palette),
    Columns(Columns),
    Json,
    SomeJson(Vec<Field>),
    Stats(Box<Stats>, Palette),
    Verify(Verified),
}

/// What `--verify` counts.
#[derive(Debug, Default)]
struct Verified {
    packets: u64,
    same: u64,
    built: usize,
    kept: usize,
}

impl Sink {
    fn new(args: &ReadArgs) -> Result<Self, Stop> {
        let (form, fields) = form_and_fields(args)?;
        let options = Options::parse(&args.options).map_err(Stop::Usage)?;
        let palette = palette(args.color);
        Ok(match form {
            _ if args.stats => Self::Stats(Box::default(), palette),
            _ if args.verify => Self::Verify(Verified::default()),
            Form::Fields => Self::Columns(Columns::new(&fields, options)),
            Form::Json if fields.is_empty() => Self::Json,
            Form::Json => Self::SomeJson(fields),
            Form::Text if args.verbose || args.hex => {
                Self::Tree(Show { fields: args.verbose, bytes: args.hex }, palette)
            }
            Form::Text => Self::Lines(palette),
        })
    }

    fn begin(&self, out: &mut Vec<u8>) {
        if let Self::Columns(columns) = self {
            columns.header(out);
        }
    }

    #[inline]
    fn take(&mut self, out: &mut Vec<u8>, session: &mut Session<'_>, record: &Record<'_>) {
        match self {
            Self::Columns(columns) => {
                frame::record_fields(session, record, columns);
                session.walk(record, &mut Fields::new(record, columns));
                columns.finish(out);
            }
            Self::Lines(palette) => line::write(out, session, record, palette),
            Self::Tree(show, palette) => {
                if !show.fields {
                    line::write(out, session, record, palette);
                }
                tree::write(out, session, record, *show, palette);
            }
            Self::Json => json::write_all(out, session, record),
            Self::SomeJson(fields) => json::write_some(out, session, record, fields),
            Self::Stats(stats, _) => stats.add(session, record),
            Self::Verify(verified) => {
                let verdict = verify(&record.packet().with_tunnels(session.tunnels));
                verified.packets += 1;
                verified.same += u64::from(verdict.is_same);
                verified.built += verdict.built;
                verified.kept += verdict.kept;
                if !verdict.is_same {
                    // Writing to a vector cannot fail.
                    let _ = writeln!(out, "packet {} was built differently: {}", record.number, record.packet());
                }
            }
        }
    }

    fn end(&self, out: &mut Vec<u8>) -> Result<(), Stop> {
        match self {
            Self::Stats(stats, palette) => stats.write(out, palette),
            Self::Verify(Verified { packets, same, built, kept }) => {
                let _ = writeln!(
                    out,
                    "{packets} packets, {same} built the same; \
                     {built} layers from their values, {kept} odd ones with their header kept"
                );
                if same < packets {
                    return Err(Stop::Broken(format!("{} packets were built differently", packets - same)));
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn read(args: &ReadArgs, streams: Streams<'_>) -> Result<(), Stop> {
    let path = args.file.as_deref().or(args.read.as_deref());
    let path = path.ok_or_else(|| Stop::Usage("no capture was given; - is standard input".to_owned()))?;
    if let Some(dump) = Dump::of(path) {
        return dump::read(args, path, dump, streams);
    }
    let mut sink = Sink::new(args)?;
    let mut filter = args.filter.as_deref().map(Filter::parse).transpose().map_err(Stop::Usage)?;
    let rows = tunnel_rows(&args.decode_as);
    let places = args.leases.as_deref().map(Places::read).transpose().map_err(Stop::Usage)?;
    let mut session = Session::new(Tunnels::new(&rows), overrule(&args.bgp)).with_places(places.as_ref());
    session = session.with_network(args.cni, args.weave_key.clone());
    let Streams { input, output, is_terminal } = streams;
    let mut capture = open(path, input)?;
    let mut progress = Progress::new(path);
    let mut out = Vec::with_capacity(2 * CHUNK);
    let is_unbuffered = args.line_buffered || is_terminal;
    if args.options.iter().any(|(key, value)| key == "header" && value == "y") {
        sink.begin(&mut out);
    }
    let mut shown = 0;
    let mut result = Ok(());
    while args.count.is_none_or(|count| shown < count) {
        match capture.next_record() {
            None => break,
            Some(Err(error)) => {
                result = Err(Stop::Broken(format!("{}: {error}", path.display())));
                break;
            }
            Some(Ok(record)) => {
                if filter.as_mut().is_none_or(|filter| filter.accepts(&mut session, &record)) {
                    shown += 1;
                    sink.take(&mut out, &mut session, &record);
                }
            }
        }
        if out.len() >= CHUNK || (is_unbuffered && !out.is_empty()) {
            output.write_all(&out)?;
            if is_unbuffered {
                output.flush()?;
            }
            out.clear();
        }
        progress.tick(&capture);
    }
    let ended = sink.end(&mut out);
    output.write_all(&out)?;
    output.flush()?;
    result.and(ended)
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
