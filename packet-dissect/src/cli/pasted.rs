//! What becomes of pasted bytes: each packet decoded as what it seems to be, or as somebody says.

use crate::Record;
use crate::bgp::sessions::Sessions;
use crate::bgp::streams::StreamKey;
use crate::bgp::{BgpMessage, BgpMessages};
use crate::fields::{Field, FieldVisitor};
use bgp_codec::Negotiated;

use super::args::{Color, DecodeAs, PastedForm, Start};
use super::guess::Guess;
use super::json;
use super::listener::{Listener, Shown};
use super::network::{Network, Ports};
use super::opened::Openers;
use super::palette::Palette;
use super::paste::{self, Given};
use super::preferences::Preferences;
use super::session::Session;
use super::streams::{Stop, Streams, complain, read_text};
use super::tree::{self, Show};

/// The longest text of bytes that is read: many packets, in the widest dump.
const MAX_PASTED: u64 = 1 << 24;

/// How pasted bytes are read and shown.
pub(super) struct Pasted<'a> {
    /// `None`: as they seem.
    pub(super) link: Option<Start>,
    pub(super) form: PastedForm,
    pub(super) decode_as: &'a [DecodeAs],
    pub(super) preferences: Preferences,
}

impl Pasted<'_> {
    pub(super) fn show(&self, texts: &[String], streams: &mut Streams<'_>) -> Result<(), Stop> {
        let packets = paste::parse(&text(texts, streams)?).map_err(Stop::Usage)?;
        let starts = self.starts(&packets);
        let ports = Ports::of(self.decode_as);
        let tcp = ports.tcp();
        let mut session = Session::new(Network::new(ports.tunnels(&tcp)), self.preferences.bgp, Openers::default());
        for (number, (packet, start)) in (1..).zip(packets.iter().zip(starts)) {
            let bytes = &packet.bytes[..];
            let mut out = Vec::new();
            match start {
                Start::Link(link_type) => {
                    let original_len = packet.original_len() as u32;
                    let record = Record { number, time: None, original_len, link_type, bytes };
                    self.write(&mut out, &session.take(&record));
                }
                Start::Bgp => self.bgp(&mut out, number, bytes).map_err(Stop::Broken)?,
            }
            streams.put(&out)?;
        }
        Ok(())
    }

    /// What each packet begins with. A guess is said: once where all are the same.
    fn starts(&self, packets: &[Given]) -> Vec<Start> {
        if let Some(link) = self.link {
            return vec![link; packets.len()];
        }
        let guesses: Vec<_> = packets.iter().map(|packet| Guess::of(&packet.bytes, packet.original_len())).collect();
        let mut told = None;
        for (number, guess) in (1..).zip(&guesses) {
            if told.replace(guess) != Some(guess) {
                let which = if number == 1 { String::new() } else { format!("from packet {number} on ") };
                complain(&format!("{which}{guess}; --as says otherwise"));
            }
        }
        guesses.into_iter().map(Guess::start).collect()
    }

    fn write(&self, out: &mut Vec<u8>, shown: &impl Shown) {
        match self.form {
            PastedForm::Text => tree::write(out, shown, Show { fields: true, bytes: true }, &Palette::new(Color::Auto)),
            PastedForm::Json => json::write_all(out, shown),
        }
    }

    /// BGP messages back to back.
    fn bgp(&self, out: &mut Vec<u8>, number: u64, bytes: &[u8]) -> Result<(), String> {
        if self.form == PastedForm::Text {
            return tree::write_bgp(out, bytes, self.preferences.bgp, &Palette::new(Color::Auto));
        }
        let messages = BgpMessages::parse(bytes).ok_or(tree::NO_BGP)?;
        let anywhere = ([0; 4].into(), [0; 4].into());
        let (mut sessions, key) =
            (Sessions::new(self.preferences.bgp), StreamKey { addresses: anywhere, ports: (0, 0) });
        for message in messages {
            let session = sessions.of(key, &message);
            json::write_all(out, &Message { number, message, session });
        }
        Ok(())
    }
}

fn text(texts: &[String], streams: &mut Streams<'_>) -> Result<String, Stop> {
    match texts {
        [dash] if dash == "-" => {
            read_text(&mut streams.input, MAX_PASTED).map_err(|error| Stop::Usage(format!("standard input: {error}")))
        }
        texts => Ok(texts.join(" ")),
    }
}

/// A BGP message without a packet around it.
struct Message<'a> {
    number: u64,
    message: BgpMessage<'a>,
    session: Negotiated,
}

impl Shown for Message<'_> {
    fn record_fields(&self, v: &mut impl FieldVisitor) {
        v.number(Field::FrameNumber, self.number);
    }

    fn show(&self, listener: &mut impl Listener) {
        listener.bgp(&self.message, &self.session);
    }

    fn heading(&self) -> String {
        format!("Message {}", self.number)
    }
}
