//! Times of day, in the zone that TZ names: written as tshark writes them, and read as people type them.

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// TZ, or else the system's; UTC where neither is known.
static ZONE: LazyLock<TimeZone> = LazyLock::new(|| TimeZone::try_system().unwrap_or(TimeZone::UTC));

/// How a line tells its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum TimeForm {
    #[default]
    SinceFirst,
    SinceBefore,
    SinceShown,
    Epoch,
    /// A time of day in the zone, or in UTC, with the day in front.
    Clock {
        is_utc: bool,
        day: Day,
    },
    None,
}

/// How a day is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    None,
    Date,
    OfYear,
}

impl TimeForm {
    /// By tshark's name, or as so many of tcpdump's t.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let clock = |is_utc, day| Ok(Self::Clock { is_utc, day });
        match text {
            "a" => clock(false, Day::None),
            "ad" => clock(false, Day::Date),
            "adoy" => clock(false, Day::OfYear),
            "u" => clock(true, Day::None),
            "ud" => clock(true, Day::Date),
            "udoy" => clock(true, Day::OfYear),
            "e" | "t" => Ok(Self::Epoch),
            "r" | "tttt" => Ok(Self::SinceFirst),
            "d" | "tt" => Ok(Self::SinceBefore),
            "dd" => Ok(Self::SinceShown),
            "ttt" => clock(false, Day::Date),
            "" | "none" => Ok(Self::None),
            _ => Err("known are a, ad, adoy, u, ud, udoy, e, r, d, dd and none; -t alone stands before another option"
                .to_owned()),
        }
    }

    /// What a line has of a time, six digits behind the point.
    pub(super) fn text(self, nanoseconds: i128) -> Option<String> {
        let Self::Clock { is_utc, day } = self else { return None };
        let zone = if is_utc { TimeZone::UTC } else { ZONE.clone() };
        let form = match day {
            Day::None => "%H:%M:%S.%6f",
            Day::Date => "%Y-%m-%d %H:%M:%S.%6f",
            Day::OfYear => "%Y/%j %H:%M:%S.%6f",
        };
        strtime::format(form, &zoned(nanoseconds, zone)?).ok()
    }
}

/// A time as `frame.time` has it: `Nov 24, 2026 05:43:50.265499000 UTC`. One beyond all calendars in seconds.
pub(super) fn words(out: &mut impl std::fmt::Write, nanoseconds: i128) {
    let text = zoned(nanoseconds, ZONE.clone()).and_then(|at| strtime::format("%b %e, %Y %H:%M:%S.%9f %Z", &at).ok());
    // Those to whom it is written cannot fail.
    let _ = match text {
        Some(text) => out.write_str(&text),
        None => write!(out, "{} s since 1970", nanoseconds / 1_000_000_000),
    };
}

/// Year, month, day, hour, minute and second in a row, as names of files have them: those of so many seconds since 1970.
pub(super) fn moment(seconds: i64) -> String {
    let text = zoned(i128::from(seconds) * 1_000_000_000, ZONE.clone());
    text.and_then(|at| strtime::format("%Y%m%d%H%M%S", &at).ok()).unwrap_or_else(|| seconds.to_string())
}

fn zoned(nanoseconds: i128, zone: TimeZone) -> Option<Zoned> {
    Timestamp::from_nanosecond(nanoseconds).ok().map(|at| at.to_zoned(zone))
}

/// A time that somebody types: a date with or without a time of day, `2015-01-01 00:00:00` or `Jan 1, 2015 00:00:00`, with fractions of a
/// second or not, and with UTC, Z or an offset behind it; without, in the zone of TZ.
pub(super) fn parse(text: &str) -> Option<i128> {
    let text = text.trim();
    let (text, zone) = zone(text);
    let at = civil(text.trim())?.to_zoned(zone).ok()?;
    Some(at.timestamp().as_nanosecond())
}

/// What stands behind a time, if something does, and the text without it.
fn zone(text: &str) -> (&str, TimeZone) {
    if let Some(rest) = ["UTC", "GMT", "Z"].iter().find_map(|name| text.strip_suffix(name)) {
        return (rest, TimeZone::UTC);
    }
    // The hyphens of a date come before its time of day.
    let of_offset = |at: usize| {
        let offset = ["%z", "%:z"].iter().find_map(|form| strtime::parse(form, &text[at..]).ok()?.offset())?;
        Some((&text[..at], offset.to_time_zone()))
    };
    let has_time = text.find(':').unwrap_or(text.len());
    let at = text.rfind(['+', '-']).filter(|at| *at > has_time);
    at.and_then(of_offset).unwrap_or_else(|| (text, ZONE.clone()))
}

fn civil(text: &str) -> Option<DateTime> {
    const DATES: [&str; 3] = ["%Y-%m-%d", "%b %d, %Y", "%Y/%j"];
    const TIMES: [&str; 4] = ["", "%H:%M", "%H:%M:%S", "%H:%M:%S%.f"];
    let whole = text.replace('T', " ");
    DATES.iter().find_map(|date| {
        TIMES.iter().find_map(|time| {
            let found = strtime::parse(format!("{date} {time}").trim(), &whole).ok()?;
            let day: Date = found.to_date().ok()?;
            let time = if time.is_empty() { Time::midnight() } else { found.to_time().ok()? };
            Some(day.to_datetime(time))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i128 = 1_420_070_400_000_000_000;

    #[test]
    fn what_people_type() {
        for text in [
            "2015-01-01 00:00:00 UTC",
            "2015-01-01T00:00:00Z",
            "2015-01-01 00:00Z",
            "Jan  1, 2015 00:00:00.000000000 UTC",
            "2015-01-01 01:00:00+0100",
            "2014-12-31 19:00:00.0 -05:00",
            "2015-01-01 UTC",
        ] {
            assert_eq!(parse(text), Some(DAY), "{text}");
        }
        assert_eq!(parse("2015-01-01 00:00:00.5Z"), Some(DAY + 500_000_000));
        for wrong in
            ["", "2015", "yesterday", "2015-13-01", "2015-01-01 25:00", "Z", "2015-01-01 00:00:00 +99:99", "ä+"]
        {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn forms_of_a_line() {
        let text = |form| TimeForm::parse(form).unwrap().text(DAY + 1_500);
        assert_eq!(text("u").as_deref(), Some("00:00:00.000001"));
        assert_eq!(text("ud").as_deref(), Some("2015-01-01 00:00:00.000001"));
        assert_eq!(text("udoy").as_deref(), Some("2015/001 00:00:00.000001"));
        assert_eq!(text("r"), None);
        assert!(matches!(TimeForm::parse("none"), Ok(TimeForm::None)));
        assert!(TimeForm::parse("x").is_err());
    }

    #[test]
    fn beyond_all_calendars() {
        let mut out = String::new();
        words(&mut out, i128::from(i64::MAX) * 1_000_000_000);
        assert_eq!(out, "9223372036854775807 s since 1970");
        assert_eq!(moment(i64::MAX), "9223372036854775807");
    }
}
