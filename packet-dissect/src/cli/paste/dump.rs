//! Dumps: lines of an offset and the bytes from there, as tcpdump, tshark, xxd, hexdump, od, the kernel's log and this program write
//! them, with text before and behind that is none of the packet's. An offset is known by its agreeing with the bytes before it, so it
//! is never taken for bytes; where it is zero a packet begins, or the next part of one: the kernel dumps a packet that lies in several
//! places of its memory part by part, each with offsets of its own.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::super::hex;
use super::given::Given;
use super::words;

/// The longest packet that lines of repeats make, and what all of them make together.
const MAX_LEN: usize = 1 << 18;
const MAX_REPEATED: usize = 1 << 24;

/// An offset with a colon: tcpdump, xxd, the kernel. Whatever is before it is a log's prefix.
static COLON: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?P<name>(?:.*?[ \t])?)(?:0[xX])?(?P<offset>[0-9a-fA-F]{4,16}):[ \t]+(?P<bytes>[0-9a-fA-F]{2}(?:[0-9a-fA-F]*[ \t]|[0-9a-fA-F]*$).*)$")
        .ok()
});

/// An offset without one: hexdump -C, od -tx1, tshark, and, behind a layer's name, this program.
static PLAIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^[ \t]*(?P<name>(?:[A-Za-z0-9_.-]+ {2})?)(?P<offset>[0-9a-fA-F]{4,16})(?: {1,3}|\t)(?P<bytes>[0-9a-fA-F]{2}(?:[ \t].*)?)$",
    )
    .ok()
});

/// The end of a dump, or of repeats.
static END: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[ \t]*(?P<offset>[0-9a-fA-F]{4,16})[ \t]*$").ok());

/// The header of a kernel's dump: the whole length, of which the dump may have the beginning only.
static KERNEL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|[ \t])skb len=(?P<len>[0-9]{1,9})(?:[ \t]|$)").ok());

/// The packets of a text; `None` if it is no dump.
pub(super) fn parse(text: &str) -> Option<Result<Vec<Given>, String>> {
    if let Err(error) = words::refuse(text) {
        return Some(Err(error));
    }
    let mut dump = Dump::default();
    for (number, line) in text.lines().enumerate() {
        if let Err(error) = dump.line(line.trim_end()) {
            return Some(Err(format!("line {}: {error}", number + 1)));
        }
    }
    dump.finish()
}

fn matches<'a>(regex: &LazyLock<Option<Regex>>, line: &'a str) -> Option<Captures<'a>> {
    regex.as_ref()?.captures(line)
}

/// What was read so far.
#[derive(Default)]
struct Dump {
    packets: Vec<Given>,
    /// What the kernel said of the next packet's length.
    announced: Option<usize>,
    /// Where the part that is read begins in its packet.
    part: usize,
    /// The kernel said that other buffers hold the rest of the packet.
    is_in_list: bool,
    /// The last line's bytes, and how many there are if a gap in it parts them from text; they are taken when it is known.
    last: Row,
    /// The lines before had so many bytes.
    width: usize,
    /// What offsets are written in, once one tells.
    radix: Option<u32>,
    /// A line of repeats came.
    repeats: bool,
    /// How many bytes such lines made.
    repeated: usize,
    /// What comes is none of the packet's: what lies around it in the kernel's memory, or fragments put together.
    is_passed_by: bool,
}

/// The bytes of a line.
#[derive(Default)]
struct Row {
    bytes: Vec<u8>,
    short: Option<usize>,
}

impl Dump {
    fn line(&mut self, line: &str) -> Result<(), String> {
        let found = matches(&COLON, line).map(|found| (found, true));
        let found = found.or_else(|| matches(&PLAIN, line).map(|found| (found, false)));
        let Some((found, has_colon)) = found else {
            return self.other(line);
        };
        let (name, offset) = (found["name"].trim(), &found["offset"]);
        self.is_passed_by = match name {
            "" if !has_colon => self.is_passed_by && !is_zero(offset),
            name => name.ends_with("headroom:") || name.ends_with("tailroom:") || name == "whole",
        };
        if self.is_passed_by {
            return Ok(());
        }
        let goes_on = name.ends_with("frag:");
        self.at(offset, goes_on, has_colon)?;
        if !self.packets.is_empty() {
            self.last = row(&found["bytes"], has_colon);
        }
        Ok(())
    }

    /// A line without bytes.
    fn other(&mut self, line: &str) -> Result<(), String> {
        if let Some(len) = matches(&KERNEL, line).and_then(|found| found["len"].parse().ok()) {
            self.announced = Some(len);
        } else if self.packets.is_empty() {
            return Ok(());
        } else if line.trim_end().ends_with("skb fraglist:") {
            self.is_in_list = true;
        } else if line.trim() == "*" {
            self.repeats = true;
        } else if let Some(found) = matches(&END, line) {
            self.at(&found["offset"], false, false)?;
        }
        Ok(())
    }

    /// The bytes before are complete: there are as many as the offset says.
    fn at(&mut self, offset: &str, goes_on: bool, has_colon: bool) -> Result<(), String> {
        if is_zero(offset) {
            self.take_last(None);
            self.begin(goes_on);
            return Ok(());
        }
        let Some(packet) = self.packets.last() else {
            // Digits that look like an offset without one before them may be bytes.
            return if has_colon {
                Err(format!("the dump begins at offset {offset}: what is before is missing"))
            } else {
                Ok(())
            };
        };
        let before = packet.bytes.len() - self.part;
        let full = before + self.last.bytes.len();
        let short = self.last.short.map(|short| before + short);
        let radices = self.radix.map_or(vec![16, 8, 10], |radix| vec![radix]);
        let values: Vec<_> =
            radices.into_iter().filter_map(|radix| Some((radix, usize::from_str_radix(offset, radix).ok()?))).collect();
        if let Some((radix, _)) = values.iter().find(|(_, value)| *value == full) {
            self.agreed(*radix, full);
            self.take_last(None);
        } else if let Some((_, value)) = values.iter().find(|(_, value)| Some(*value) == short) {
            self.take_last(Some(value - before));
        } else if let (true, Some((_, value))) = (self.repeats, values.iter().find(|(_, value)| *value > full)) {
            self.repeat(*value)?;
        } else {
            return Err(format!(
                "the offset is {offset}, and {full:#x} bytes are before it: a line is missing, or cut"
            ));
        }
        self.repeats = false;
        Ok(())
    }

    /// A packet begins, or the next part of one: the kernel says a packet's length before its first part, and the length of one that
    /// other buffers go on is of all of them.
    fn begin(&mut self, is_frag: bool) {
        let announced = self.announced.take();
        let is_in_list = self.is_in_list;
        match self.packets.last().filter(|packet| {
            let is_missing = packet.len.is_some_and(|len| packet.bytes.len() < len);
            (is_frag && announced.is_none()) || (is_in_list && is_missing)
        }) {
            Some(packet) => self.part = packet.bytes.len(),
            None => {
                self.packets.push(Given { bytes: Vec::new(), len: announced });
                (self.part, self.is_in_list) = (0, false);
            }
        }
    }

    /// An offset below eight tells no radix.
    fn agreed(&mut self, radix: u32, offset: usize) {
        if offset >= 8 {
            self.radix = Some(radix);
        }
    }

    /// Takes the last line's bytes, or so many of them.
    fn take_last(&mut self, count: Option<usize>) {
        let Row { bytes, short } = std::mem::take(&mut self.last);
        // Without an offset behind it the lines before tell how many.
        let count = count.or(short.filter(|short| *short == self.width)).unwrap_or(bytes.len());
        if let Some(packet) = self.packets.last_mut().filter(|_| count > 0) {
            packet.bytes.extend(&bytes[..count]);
            self.width = count;
        }
    }

    /// As many of the last line as bring the packet's part to a length.
    fn repeat(&mut self, len: usize) -> Result<(), String> {
        self.take_last(None);
        self.repeated = self.repeated.saturating_add(len);
        let is_too_long = len > MAX_LEN || self.repeated > MAX_REPEATED;
        let packet = self.packets.last_mut().map(|packet| &mut packet.bytes);
        let Some(packet) = packet.filter(|packet| !is_too_long && !packet.is_empty()) else {
            return Err(format!("{len:#x} bytes are more than a packet has"));
        };
        let line = packet[packet.len() - self.width..].to_vec();
        packet.extend(line.iter().cycle().take(self.part + len - packet.len()));
        Ok(())
    }

    fn finish(mut self) -> Option<Result<Vec<Given>, String>> {
        self.take_last(None);
        if self.packets.is_empty() { None } else { Ok(Some(self.packets)).transpose() }
    }
}

fn is_zero(offset: &str) -> bool {
    offset.bytes().all(|digit| digit == b'0')
}

/// The bytes of a line up to the text at its right, which two gaps part from them, or a sign. hexdump -C and Wireshark have two gaps in
/// the middle too.
fn row(text: &str, has_colon: bool) -> Row {
    let mut row = Row::default();
    let mut rest = text;
    while let Some(end) = rest.find([' ', '\t']).or(Some(rest.len())).filter(|end| *end > 0) {
        let (word, behind) = rest.split_at(end);
        let bytes = if has_colon || word.len() == 2 { hex::digits(word) } else { None };
        let Some(bytes) = bytes.filter(|_| !word.contains(':')) else { break };
        row.bytes.extend(bytes);
        rest = behind.trim_start_matches([' ', '\t']);
        if behind.len() - rest.len() > 1 {
            if has_colon || row.bytes.len() != 8 {
                break;
            }
            row.short = Some(8);
        }
    }
    if row.bytes.len() == 8 {
        row.short = None;
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<Vec<u8>> {
        parse(text).unwrap().unwrap().into_iter().map(|packet| packet.bytes).collect()
    }

    #[test]
    fn offsets_and_text_are_no_bytes() {
        let tcpdump = "12:00:00.1 IP 10.0.0.1 > 10.0.0.2: ICMP echo request\n\t0x0000:  4500 001c 1c46 4000 4001 b6d1 c000 0201\n\t0x0010:  4000\n";
        assert_eq!(bytes(tcpdump)[0].len(), 18);
        let with_text = "\t0x0000:  4500 001c                                E...\n";
        assert_eq!(bytes(with_text), [[0x45, 0, 0, 0x1c]]);
        // The text may be of digits.
        let digits = "00000000: 3132 3320 3334 2035  123 34 5\n00000008: 3132 3334 3536 3738  12345678\n";
        assert_eq!(bytes(digits), [b"123 34 512345678"]);
        let digits = "0000  31 32 33 34 35 36 37 38  12 34 56\n0008  39  9\n";
        assert_eq!(bytes(digits), [b"123456789"]);
        let halves = "00000000  45 00 00 1c 00 00 40 00  40 01 b6 d1 c0 00 02 01  |E.....@.@.......|\n00000010\n";
        assert_eq!(bytes(halves)[0].len(), 16);
    }

    #[test]
    fn lines_that_repeat() {
        let zeros = "00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n00000040  01  |.|\n00000041\n";
        assert_eq!(bytes(zeros), [[vec![0; 64], vec![1]].concat()]);
        let long = "00000000  00 00  |..|\n*\nffffffff\n";
        assert!(parse(long).unwrap().unwrap_err().contains("more than a packet has"));
    }

    /// net/core/skbuff.c, `skb_dump`: each part has its own offsets; a list of buffers goes on until the announced length is there.
    #[test]
    fn parts_of_a_kernel_packet() {
        let parse = |text: &str| parse(text).unwrap().unwrap().into_iter().map(|packet| (packet.bytes, packet.len));
        let parts = "skb len=5 headroom=0\nskb linear:   00000000: 01 02\nskb frag:     00000000: 03\nskb frag:     00000000: 04 05\n";
        let whole = (vec![1, 2, 3, 4, 5], Some(5));
        assert_eq!(parse(parts).collect::<Vec<_>>(), std::slice::from_ref(&whole));
        let list = "skb len=5 headroom=0\nskb linear:   00000000: 01 02\nskb fraglist:\nskb len=1 headroom=0\nskb linear:   00000000: 03\n\
            skb len=2 headroom=0\nskb linear:   00000000: 04\nskb frag:     00000000: 05\nskb len=9 headroom=0\nskb frag:     00000000: 06\n";
        assert_eq!(parse(list).collect::<Vec<_>>(), [whole, (vec![6], Some(9))]);
        let unannounced = "skb linear:   00000000: 01 02\nskb fraglist:\nskb linear:   00000000: 03\n";
        assert_eq!(parse(unannounced).collect::<Vec<_>>(), [(vec![1, 2], None), (vec![3], None)]);
    }

    #[test]
    fn a_line_that_is_missing_is_said() {
        let error = |text: &str| parse(text).unwrap().unwrap_err();
        assert!(error("0x0000:  4500\n0x0020:  4500\n").starts_with("line 2: the offset is 0020, and 0x2 bytes"));
        assert!(error("\t0x0010:  4500\n").contains("begins at offset 0010"));
        assert!(parse("45 00 00 1c").is_none());
        assert!(parse("4500 001c\n0000 4000").is_none());
    }
}
