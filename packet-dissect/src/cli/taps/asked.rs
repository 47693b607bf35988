//! What `-z` asks for.

use super::io::Interval;
use super::seen::Of;

/// A statistic, and the tests that it has: one or none of conversations and endpoints, one a column of frames by time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) what: What,
    pub(super) tests: Vec<String>,
}

/// A statistic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Conversations(Of),
    Endpoints(Of),
    Io(Interval),
}

impl Asked {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (kind, rest) = text.split_once(',').unwrap_or((text, ""));
        let (name, rest) = rest.split_once(',').map_or((rest, None), |(name, rest)| (name, Some(rest)));
        match (kind, name, Of::named(name)) {
            ("conv", _, Some(of)) => Ok(Self::tested(What::Conversations(of), rest)),
            ("endpoints", _, Some(of)) => Ok(Self::tested(What::Endpoints(of), rest)),
            ("io", "stat", _) => Self::io(rest.unwrap_or_default()),
            _ => Err(unknown(text)),
        }
    }

    /// What follows the name is a test, whatever commas are in it.
    fn tested(what: What, test: Option<&str>) -> Self {
        let tests = test.filter(|test| !test.trim().is_empty()).into_iter().map(str::to_owned);
        Self { what, tests: tests.collect() }
    }

    fn io(rest: &str) -> Result<Self, String> {
        let (interval, tests) = rest.split_once(',').unwrap_or((rest, ""));
        let what = What::Io(Interval::parse(interval)?);
        Ok(Self { what, tests: split(tests).into_iter().map(str::to_owned).collect() })
    }

    /// As -z has it, without what differs from one to another.
    pub(super) fn name(&self) -> String {
        match self.what {
            What::Conversations(of) => format!("conv,{}", of.names().0),
            What::Endpoints(of) => format!("endpoints,{}", of.names().0),
            What::Io(_) => "io,stat".to_owned(),
        }
    }

    /// As a heading has it.
    pub(super) fn heading(&self) -> String {
        match self.what {
            What::Conversations(of) => format!("{} conversations", of.names().1),
            What::Endpoints(of) => format!("{} endpoints", of.names().1),
            What::Io(_) => "Frames and bytes".to_owned(),
        }
    }
}

fn unknown(text: &str) -> String {
    let types = Of::ALL.map(|(name, ..)| name).join(", ");
    format!(
        "unknown statistic: -z {text}; known are conv,TYPE[,TEST], endpoints,TYPE[,TEST], of which TYPE is one of {types}, \
         and io,stat,SECONDS[,TEST[,TEST…]]"
    )
}

/// Splits tests at the commas between them: those in quotes, sets and parentheses are theirs.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    let (mut quote, mut is_escaped) = (None, false);
    for (at, byte) in text.bytes().enumerate() {
        match (byte, quote) {
            _ if is_escaped => is_escaped = false,
            (b'\\', Some(_)) => is_escaped = true,
            (_, Some(open)) => quote = Some(open).filter(|open| *open != byte),
            (b'"' | b'\'', None) => quote = Some(byte),
            (b'(' | b'[' | b'{', None) => depth += 1,
            (b')' | b']' | b'}', None) => depth = depth.saturating_sub(1),
            (b',', None) if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_of_tests_are_theirs() {
        let tests = |text: &str| Asked::parse(text).unwrap().tests;
        let with_set = r#"udp.port in {53, 4789},,tcp contains "a,\",b",(ip.src[0:2] == 0a:00)"#;
        let expected = ["udp.port in {53, 4789}", "", r#"tcp contains "a,\",b""#, "(ip.src[0:2] == 0a:00)"];
        assert_eq!(tests(&format!("io,stat,1,{with_set}")), expected);
        assert_eq!(tests("io,stat,0.5"), [""]);
        assert_eq!(tests("conv,ip,udp.port in {53,4789}"), ["udp.port in {53,4789}"]);
        assert!(tests("endpoints,tcp").is_empty() && tests("conv,ip, ").is_empty());
    }

    #[test]
    fn what_is_unknown_is_refused() {
        for text in
            ["", "conv", "conv,foo", "convs,ip", "io", "io,stat", "io,stat,x", "io,stat,1e3", "io,stat,0.0000001"]
        {
            assert!(Asked::parse(text).is_err(), "{text}");
        }
        assert!(unknown("foo").contains("eth, ip, ipv6, tcp, udp, pods, nodes"));
    }
}
