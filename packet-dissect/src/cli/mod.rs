//! The program: arguments in, packets out.

mod args;
mod columns;
mod write;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use packet_dissect::bgp::streams::{Segment, StreamKey, Streams};
use packet_dissect::fields::{self, Context, Field, Visit};
use packet_dissect::{Capture, CaptureError, Layer, Layers, Record, Timestamp, Tunnel, Tunnels};

use args::{Action, Command, Form, ReadArgs};
use columns::{Columns, Options};

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

pub(crate) fn run() -> ExitCode {
    let command = Command::parse();
    let result = match command.action {
        Some(Action::Fields) => list_fields(),
        Some(Action::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Command::command(), "packet-dissect", &mut script);
            io::stdout().write_all(&script).map_err(Stop::from)
        }
        Some(Action::Hex { .. }) => Ok(()),
        None => read(&command.read),
    };
    match result {
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

/// The known name that is most like `name`.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> &'a str {
    let likeness = |known: &str| strsim::jaro_winkler(name, known);
    known
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
        .unwrap_or_default()
}

fn list_fields() -> Result<(), Stop> {
    let mut out = String::new();
    for field in Field::ALL {
        out += &format!("{:<36} {:?}\t{}\n", field.name(), field.kind(), field.label());
    }
    io::stdout().write_all(out.as_bytes()).map_err(Stop::from)
}

fn field_by_name(name: &str) -> Result<Field, Stop> {
    Field::ALL
        .iter()
        .copied()
        .find(|field| field.name() == name)
        .ok_or_else(|| {
            let nearest = nearest(name, Field::ALL.iter().map(|field| field.name()));
            Stop::Usage(format!("unknown field {name:?}; the nearest known one is {nearest:?}"))
        })
}

fn open(path: &Path) -> Result<Capture, Stop> {
    let capture = if path == Path::new("-") {
        Capture::new(io::stdin())
    } else {
        Capture::open(path)
    };
    capture.map_err(|error| {
        let message = format!("{}: {error}", path.display());
        match error {
            CaptureError::Io(_) => Stop::Usage(message),
            _ => Stop::Broken(message),
        }
    })
}

fn read(args: &ReadArgs) -> Result<(), Stop> {
    let path = args.file.as_deref().or(args.read.as_deref());
    let path = path.ok_or_else(|| Stop::Usage("no capture was given; - is standard input".to_owned()))?;
    let mut rows: Vec<(u16, Tunnel)> = args.decode_as.iter().map(|row| (row.port, row.tunnel)).collect();
    rows.extend(Tunnels::DEFAULT.rows());
    let tunnels = Tunnels::new(&rows);
    let mut capture = open(path)?;
    let mut out = Vec::with_capacity(1 << 17);
    let fields = args
        .fields
        .iter()
        .map(|name| field_by_name(name))
        .collect::<Result<Vec<_>, _>>()?;
    let mut columns = Columns::new(&fields, Options::parse(&args.options).map_err(Stop::Usage)?);
    let mut stdout = io::stdout().lock();
    let _ = Form::Fields;
    let mut first_time = None;
    let mut streams = Streams::default();
    while let Some(record) = capture.next_record() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                stdout.write_all(&out)?;
                stdout.flush()?;
                return Err(Stop::Broken(format!("{}: {error}", path.display())));
            }
        };
        show(&record, tunnels, &mut first_time, &mut streams, &mut columns);
        columns.finish(&mut out);
        if out.len() > 1 << 16 {
            stdout.write_all(&out)?;
            out.clear();
        }
    }
    stdout.write_all(&out)?;
    stdout.flush()?;
    Ok(())
}

fn show(
    record: &Record<'_>,
    tunnels: Tunnels<'_>,
    _first: &mut Option<Timestamp>,
    streams: &mut Streams,
    columns: &mut Columns,
) {
    columns.number(Field::FrameNumber, record.number);
    columns.number(Field::FrameLen, record.original_len);
    let mut layers = Layers::new(record.link_type, record.bytes, tunnels);
    let mut context = Context::new((record.original_len as usize).saturating_sub(record.bytes.len()));
    let mut addresses = None;
    while let Some(Ok(layer)) = layers.next() {
        match &layer {
            Layer::Ipv4(ip) => addresses = Some((ip.source().into(), ip.destination().into())),
            Layer::Ipv6(ip) => addresses = Some((ip.source().into(), ip.destination().into())),
            Layer::Bgp(_) => continue,
            _ => {}
        }
        fields::visit(&layer, layers.is_quoted(), &mut context, columns);
        if let (Layer::Tcp(segment), false, Some(addresses)) = (&layer, layers.is_quoted(), addresses) {
            let ports = (segment.source_port(), segment.destination_port());
            if ports.0 == 179 || ports.1 == 179 {
                let is_syn = segment.flags().contains(ether_ip::tcp::TcpFlags::SYN);
                let segment = Segment {
                    sequence: segment.sequence(),
                    is_syn,
                    data: segment.payload(),
                };
                streams.push(StreamKey { addresses, ports }, segment, |message| {
                    fields::bgp_message(message.length, message.kind, message.kind_name(), columns);
                });
            }
        }
    }
}
