//! What becomes of each packet of a capture, and of each entry of a dump: tested, shown in one of the forms, written out.

use std::io::Write;
#[cfg(target_os = "linux")]
use std::time::Duration;

use crate::capture::Origin;
use crate::fields::Field;
use crate::verify::verify;
use crate::{Record, Timestamp};

use super::args::{Form, ReadArgs};
use super::capture_args::SnapLen;
use super::columns::{Columns, Options};
use super::conversation::is_wanted;
use super::filter::Filter;
use super::json::{self, Asked};
use super::limits::Limits;
use super::line::{Line, Look};
use super::listener::{Listener, Shown};
use super::names::field_to_print;
use super::palette::Palette;
use super::pods;
use super::save::Save;
use super::stats::Stats;
use super::streams::{Stop, complain};
use super::taps::{Labels, Taps};
use super::tree::{self, Show};

/// What is gathered before it is written out.
const CHUNK: usize = 1 << 16;

/// Where all goes that is read.
pub(super) struct Output<'a> {
    /// All must be true of what is shown.
    filters: Vec<Filter>,
    sink: Sink,
    gathered: Vec<u8>,
    to: &'a mut dyn Write,
    is_unbuffered: bool,
    /// How many may yet be shown.
    left: u64,
    /// Whether conversations are followed through packets that are not shown.
    follows: bool,
    /// What is counted of every packet, and what is known of the addresses in it.
    taps: Option<Box<Taps>>,
    labels: Labels<'a>,
    palette: Palette,
    form: Form,
    /// Whether anything stands before what is only known at the end.
    prints: bool,
    /// Where packets are written to beside.
    save: Option<Save>,
    is_decapsulated: bool,
    /// After how many seconds it ends, and when the first packet came.
    duration: Option<u64>,
    since: Option<Timestamp>,
}

/// Follows conversations, and no more.
struct Follower;

impl Listener for Follower {
    fn wants_conversations(&self) -> bool {
        true
    }
}

impl<'a> Output<'a> {
    /// `follow` is a test beside the one that the arguments have.
    pub(super) fn new(
        args: &ReadArgs,
        follow: Option<&str>,
        labels: Labels<'a>,
        to: &'a mut dyn Write,
        is_terminal: bool,
    ) -> Result<Self, Stop> {
        let tests = args.filter.as_deref().into_iter().chain(follow);
        let filters = tests.map(Filter::parse).collect::<Result<Vec<_>, _>>().map_err(Stop::Test)?;
        let taps = Taps::new(&args.taps)?.map(Box::new);
        let sink = Sink::new(args, is_terminal)?;
        let (palette, form) = (Palette::new(args.color), args.form.unwrap_or(Form::Text));
        let prints = !matches!(sink, Sink::Nothing);
        let mut gathered = Vec::with_capacity(2 * CHUNK);
        sink.begin(&mut gathered);
        let is_unbuffered = args.line_buffered || is_terminal;
        let left = args.count.unwrap_or(u64::MAX);
        // What comes first is shown every packet.
        let is_asked_for = sink.wants_conversations() || filters.iter().any(is_wanted);
        let follows = is_asked_for && filters.first().is_some_and(|first| !is_wanted(first));
        let capture = &args.capture;
        let (rotate, until) = (Limits::of(&capture.rotate), Limits::of(&capture.until));
        let left = left.min(until.packets.unwrap_or(u64::MAX));
        let snap_len = capture.snap_len.map(|SnapLen(len)| len);
        let save = capture.write.as_deref().map(|path| Save::new(path, rotate, until, snap_len)).transpose()?;
        let is_decapsulated = capture.decapsulate;
        let (duration, since) = (until.duration, None);
        Ok(Self {
            filters,
            sink,
            gathered,
            to,
            is_unbuffered,
            left,
            follows,
            taps,
            labels,
            palette,
            form,
            prints,
            save,
            is_decapsulated,
            duration,
            since,
        })
    }

    /// Whether as many were shown as were asked for.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.left == 0 || self.save.as_ref().is_some_and(|save| save.is_full)
    }

    /// Shows one, if the test is true of it and not enough were shown.
    #[inline]
    pub(super) fn take(&mut self, shown: &(impl Shown + Line)) -> Result<(), Stop> {
        self.take_from(shown, None)
    }

    /// The same of a packet from somewhere: it is written to where packets go.
    #[inline]
    pub(super) fn take_from(&mut self, shown: &(impl Shown + Line), origin: Option<&Origin<'_>>) -> Result<(), Stop> {
        if self.duration.is_some() {
            self.heed_duration(shown);
        }
        if self.follows {
            shown.show(&mut Follower);
        }
        if self.taps.is_some() && !self.is_full() {
            self.tap(shown);
        }
        if !self.is_full() && self.filters.iter_mut().all(|filter| filter.accepts(shown)) {
            self.left -= 1;
            if let (Some(_), Some(record), Some(origin)) = (&self.save, shown.record(), origin) {
                self.save(shown, record, origin)?;
            }
            self.sink.take(&mut self.gathered, shown);
            shown.was_shown();
            if self.gathered.len() >= CHUNK || self.is_unbuffered {
                self.write()?;
            }
        }
        Ok(())
    }

    /// Counts a packet, whether it is shown or not. Out of line: most often nobody asked for it.
    #[inline(never)]
    fn tap(&mut self, shown: &impl Shown) {
        self.taps.iter_mut().for_each(|taps| taps.add(shown));
    }

    /// Ends where a packet comes too long after the first.
    fn heed_duration(&mut self, shown: &impl Shown) {
        if let Some(time) = shown.record().and_then(|record| record.time) {
            let passed = time.nanoseconds_since(*self.since.get_or_insert(time));
            let is_over = self.duration.is_some_and(|seconds| passed >= i128::from(seconds) * 1_000_000_000);
            self.left = if is_over { 0 } else { self.left };
        }
    }

    /// Writes a packet, or what of it is the pods', to where packets go.
    fn save(&mut self, shown: &impl Shown, record: &Record<'_>, origin: &Origin<'_>) -> Result<(), Stop> {
        let Some(save) = &mut self.save else { return Ok(()) };
        if !self.is_decapsulated {
            let number = save.describe(origin);
            return save.write(record, number, &origin.comments, self.to);
        }
        for (link_type, bytes) in pods::in_tunnels(shown) {
            let number = save.plain(link_type);
            // What was cut off the packet was cut off the innermost.
            let original_len = bytes.len().saturating_add(record.missing()) as u32;
            let inner = Record { original_len, link_type, bytes: &bytes, ..*record };
            save.write(&inner, number, &origin.comments, self.to)?;
        }
        Ok(())
    }

    /// Tells of an interface that packets will come from.
    #[cfg(target_os = "linux")]
    pub(super) fn describe(&mut self, origin: &Origin<'_>) {
        if let (Some(save), false) = (&mut self.save, self.is_decapsulated) {
            save.describe(origin);
        }
    }

    /// Has what is written go on in another file where it is time, and tells in how long that is next.
    #[cfg(target_os = "linux")]
    pub(super) fn heed_time(&mut self) -> Result<Option<Duration>, Stop> {
        let Some(save) = &mut self.save else { return Ok(None) };
        save.heed_time(self.to)?;
        Ok(save.until_next())
    }

    /// Writes out what is gathered.
    #[cfg(target_os = "linux")]
    pub(super) fn flush(&mut self) -> Result<(), Stop> {
        if !self.gathered.is_empty() {
            self.write()?;
            self.to.flush()?;
        }
        self.save.iter_mut().try_for_each(|save| save.flush(self.to))
    }

    #[inline(never)]
    fn write(&mut self) -> Result<(), Stop> {
        let written = self.to.write_all(&self.gathered);
        self.gathered.clear();
        written?;
        if self.is_unbuffered {
            self.to.flush()?;
        }
        Ok(())
    }

    /// Writes what is left, and what is only known at the end.
    pub(super) fn end(mut self) -> Result<(), Stop> {
        let ended = self.sink.end(&mut self.gathered);
        if let Some(taps) = &self.taps {
            taps.write(&mut self.gathered, self.form, &self.labels, &self.palette, !self.prints);
        }
        self.write()?;
        self.to.flush()?;
        self.save.iter_mut().try_for_each(|save| save.end(self.to))?;
        ended
    }
}

/// The forms.
enum Sink {
    Lines(Look),
    Tree(Show, Look),
    Columns(Columns),
    Json,
    SomeJson(Asked),
    Stats(Box<Stats>, Palette),
    StatsJson(Box<Stats>),
    Verify(Verified),
    /// What is written is not shown.
    Nothing,
}

/// What `--verify` counts.
#[derive(Debug, Default)]
struct Verified {
    packets: u64,
    same: u64,
    built: usize,
    kept: usize,
}

/// The form of the output and the fields in it, which have to go together.
fn form_and_fields(args: &ReadArgs) -> Result<(Form, Vec<Field>), Stop> {
    let fields = args.fields.iter().map(|name| field_to_print(name)).collect::<Result<Vec<_>, _>>()?;
    let form = args.form.unwrap_or(Form::Text);
    let wrong = match form {
        Form::Fields | Form::Csv if args.stats => "--stats goes with -T text and -T json",
        _ if args.stats && !fields.is_empty() => "--stats has fields of its own: -e does not go with it",
        Form::Csv if fields.is_empty() && args.habits.quiet && !args.taps.is_empty() => return Ok((form, fields)),
        Form::Csv if fields.is_empty() => "-T csv needs a field: -e NAME",
        Form::Text if !fields.is_empty() => "-e needs -T fields, -T csv or -T json",
        Form::Fields if fields.is_empty() => "-T fields needs a field: -e NAME",
        _ => return Ok((form, fields)),
    };
    Err(Stop::Usage(wrong.to_owned()))
}

impl Sink {
    fn new(args: &ReadArgs, is_cut: bool) -> Result<Self, Stop> {
        let (form, fields) = form_and_fields(args)?;
        let options = Options::parse(&args.options).map_err(Stop::Usage)?;
        if options.is_ambiguous() && form == Form::Fields {
            complain("-E: aggregator and separator are the same: columns and values in one cannot be told apart");
        }
        let palette = Palette::new(args.color);
        let (time, is_long) = (args.habits.time.unwrap_or_default(), args.habits.long > 0);
        let look = Look { palette, time, is_cut: is_cut && !args.habits.no_cut, is_long };
        Ok(match form {
            Form::Json if args.stats => Self::StatsJson(Box::default()),
            _ if args.stats => Self::Stats(Box::default(), palette),
            _ if args.verify => Self::Verify(Verified::default()),
            _ if args.habits.quiet || args.capture.is_quiet() => Self::Nothing,
            Form::Fields => Self::Columns(Columns::new(&fields, options)),
            Form::Csv => Self::Columns(Columns::new(&fields, options.csv(&args.options))),
            Form::Json if fields.is_empty() => Self::Json,
            Form::Json => Self::SomeJson(Asked::new(fields)),
            Form::Text if args.verbose || args.hex => Self::Tree(Show { fields: args.verbose, bytes: args.hex }, look),
            Form::Text => Self::Lines(look),
        })
    }

    /// Whether it shows what is only known of a segment from those before it.
    fn wants_conversations(&self) -> bool {
        match self {
            Self::Columns(columns) => is_wanted(columns),
            Self::SomeJson(asked) => is_wanted(asked),
            Self::Lines(_) | Self::Json => true,
            Self::Tree(show, _) => show.fields,
            Self::Stats(..) | Self::StatsJson(_) | Self::Verify(_) | Self::Nothing => false,
        }
    }

    fn begin(&self, out: &mut Vec<u8>) {
        if let Self::Columns(columns) = self {
            columns.header(out);
        }
    }

    #[inline]
    fn take(&mut self, out: &mut Vec<u8>, shown: &(impl Shown + Line)) {
        match self {
            Self::Columns(columns) => {
                shown.fields(columns);
                columns.finish(out);
            }
            Self::Lines(look) => shown.line(out, look),
            Self::Tree(show, look) => {
                if !show.fields {
                    shown.line(out, look);
                }
                tree::write(out, shown, *show, &look.palette);
            }
            Self::Json => json::write_all(out, shown),
            Self::SomeJson(asked) => asked.write(out, shown),
            Self::Stats(stats, _) | Self::StatsJson(stats) => stats.add(shown),
            Self::Verify(verified) => verified.add(out, shown),
            Self::Nothing => {}
        }
    }

    fn end(&self, out: &mut Vec<u8>) -> Result<(), Stop> {
        match self {
            Self::Stats(stats, palette) => stats.write(out, palette),
            Self::StatsJson(stats) => stats.write_json(out),
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

impl Verified {
    /// Builds a packet again; what is no packet is passed by.
    fn add(&mut self, out: &mut Vec<u8>, shown: &impl Shown) {
        let (Some(record), Some(packet)) = (shown.record(), shown.packet()) else { return };
        let verdict = verify(&packet);
        self.packets += 1;
        self.same += u64::from(verdict.is_same);
        self.built += verdict.built;
        self.kept += verdict.kept;
        if !verdict.is_same {
            // Writing to a vector cannot fail.
            let _ = writeln!(out, "packet {} was built differently: {packet}", record.number);
        }
    }
}
