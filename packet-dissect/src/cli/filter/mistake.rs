//! What is wrong with a test, as a person is told it.

use crate::Layer;

/// What every packet is.
pub(super) const FRAME: &str = "frame";

/// What is wrong with a test, and from where to where in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) message: String,
    start: usize,
    end: usize,
}

impl Mistake {
    /// How much of a long test is shown around the place.
    const AROUND: usize = 60;

    pub(super) fn new(message: String, start: usize, end: usize) -> Self {
        Self { message, start, end }
    }

    /// As a person is told it: the option and the sentence, the test, and a mark under the place.
    pub(super) fn told(&self, option: &str, text: &str) -> Vec<String> {
        let Self { message, start, end } = self;
        let (before, marked, behind) = (&text[..*start], &text[*start..*end], &text[*end..]);
        let skipped = before.chars().count().saturating_sub(Self::AROUND);
        let shorten = |text: &str| text.chars().take(Self::AROUND).collect::<String>();
        let before = before.chars().skip(skipped).collect::<String>();
        let (marked, behind) = (shorten(marked), shorten(behind));
        let gap = " ".repeat(before.chars().count());
        let mark = "~".repeat(marked.chars().count().saturating_sub(1));
        // What cannot be shown as it is would move the mark.
        let shown = [&*before, &*marked, &*behind].concat().replace(char::is_control, " ");
        let mut lines = vec![format!("{option}: {message}"), format!("  {shown}"), format!("  {gap}^{mark}")];
        if let Some(filter) = of_captures(text) {
            lines.push(format!("That is a filter for captures, as -f takes one; here it is: {filter}"));
        }
        lines
    }
}

/// The date that a text begins with, and a time of day behind it.
pub(super) fn date(text: &str) -> Option<&str> {
    let is_shape = |text: &str, shape: &str| {
        text.len() == shape.len()
            && text
                .bytes()
                .zip(shape.bytes())
                .all(|(byte, of)| if of == b'0' { byte.is_ascii_digit() } else { byte == of })
    };
    let date = text.get(..10).filter(|date| is_shape(date, "0000-00-00"))?;
    let behind = text.get(11..).filter(|_| text[10..].starts_with([' ', 'T'])).unwrap_or_default();
    let time = behind.find(|c: char| !c.is_ascii_digit() && !":.".contains(c)).unwrap_or(behind.len());
    let len = 11 + time + usize::from(behind[time..].starts_with('Z'));
    if behind[..time].contains(':') { text.get(..len) } else { Some(date) }
}

/// The name that a text begins with: it has a letter first, and no colon, which addresses have.
pub(super) fn name(text: &str) -> Option<&str> {
    let is_part = |c: char| c.is_alphanumeric() || "._-/:".contains(c);
    let name = &text[..text.find(|c: char| !is_part(c)).unwrap_or(text.len())];
    (name.starts_with(char::is_alphabetic) && !name.contains(':')).then_some(name)
}

/// What a simple capture filter is as a test on fields. `None` if it is none, or none that simple.
pub(super) fn of_captures(text: &str) -> Option<String> {
    let words: Vec<_> = text.split_whitespace().collect();
    let is_layer = |word: &str| Layer::NAMES.contains(&word);
    let family = |address: &str| if address.contains(':') { "ipv6" } else { "ip" };
    let (way, rest) = match words[..] {
        [way @ ("src" | "dst"), ref rest @ ..] => (way, rest),
        ref rest => ("addr", rest),
    };
    match *rest {
        ["host" | "net", address] => Some(format!("{}.{way} == {address}", family(address))),
        [protocol @ ("tcp" | "udp"), "port", port] => Some(format!("{protocol}.port == {port}")),
        ["port", port] => {
            let field = if way == "addr" { "port".to_owned() } else { format!("{way}port") };
            Some(format!("tcp.{field} == {port} or udp.{field} == {port}"))
        }
        ["portrange", ports] => {
            let (from, to) = ports.split_once('-')?;
            Some(format!("tcp.port in {{{from} .. {to}}} or udp.port in {{{from} .. {to}}}"))
        }
        ["ether", "host", address] => Some(format!("eth.addr == {address}")),
        ["vlan", id] if id.parse::<u16>().is_ok() => Some(format!("vlan.id == {id}")),
        [first, "and" | "or", ..] if is_layer(first) => {
            let (between, behind) = (rest[1], rest[2..].join(" "));
            Some(format!("{first} {between} ({})", of_captures(&behind)?))
        }
        _ => None,
    }
}
