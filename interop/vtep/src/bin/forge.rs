//! Builds packets and takes them apart for other programs to check: a line in, a line out, bytes in hexadecimal.
//!
//! ```text
//! ipip SOURCE DESTINATION TTL CLASS fixed|ecn|all DF(0|1) INNER          -> PACKET
//! gre SOURCE DESTINATION CHECKSUM(0|1) KEY|- SEQUENCE|- ETHERTYPE INNER  -> PACKET
//! open PACKET                                    -> SOURCE DESTINATION ETHERTYPE KEY|- SEQUENCE|- INNER, or refused
//! relay NODE ICMP                                -> PACKET, or none
//! ecn INNER-ECN OUTER-ECN                        -> ECN, or drop
//! dsr SERVICE PACKET                             -> PACKET
//! undsr PACKET                                   -> SERVICE PACKET, or none
//! seal KEY outbound|inbound NUMBER DF(0|1) SENDER SOURCE DESTINATION FRAME …  -> PACKET
//! unseal KEY outbound|inbound PACKET             -> NUMBER DF SOURCE DESTINATION FRAME …, or refused
//! ```

use std::error::Error;
use std::io::{BufRead, Write};
use std::net::IpAddr;

use cilium_codec::dsr;
use ether_ip::ecn::{self, ClassMode};
use ether_ip::ethernet::{EtherType, MacAddr};
use ether_ip::gre::Gre;
use ether_ip::icmp_relay::relay;
use ether_ip::ip::Ecn;
use ether_ip::ip_tunnel::{GreTemplate, IpDecapsulator, IpTemplate};
use ether_ip::outer::Outer;
use ether_ip::{Headroom, ip_tunnel::Decapsulated};
use weave_codec::crypto::{Direction, SessionKey};
use weave_codec::{PeerName, Sequence, SleeveFrame, SleeveWriter};

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        writeln!(out, "{}", answer(&words).unwrap_or_else(|error| format!("error {error}")))?;
        out.flush()?;
    }
    Ok(())
}

fn answer(words: &[&str]) -> Result<String, Box<dyn Error>> {
    Ok(match *words {
        ["ipip", source, destination, ttl, class, mode, df, inner] => {
            let outer = Outer::ip(source.parse()?, destination.parse()?).ok_or("two families")?;
            let outer = outer.ttl(ttl.parse()?).traffic_class(class.parse()?).class_mode(class_mode(mode)?);
            let template = IpTemplate::new(&outer.dont_fragment(df == "1"));
            let inner = bytes(inner)?;
            let mut buffer = vec![0; template.overhead() + inner.len()];
            template.encapsulate(&mut Headroom::with_payload(&mut buffer, &inner)?)?;
            hex(&buffer)
        }
        ["gre", source, destination, checksum, key, sequence, ether_type, inner] => {
            let outer = Outer::ip(source.parse()?, destination.parse()?).ok_or("two families")?;
            let (key, sequence) = (optional(key)?, optional(sequence)?);
            let ether_type = EtherType(u16::from_str_radix(ether_type, 16)?);
            let template =
                GreTemplate::new(&outer, Gre { protocol_type: ether_type, checksum: checksum == "1", key, sequence });
            let inner = bytes(inner)?;
            let mut buffer = vec![0; template.overhead() + inner.len()];
            let mut packet = Headroom::with_payload(&mut buffer, &inner)?;
            template.encapsulate(&mut packet)?;
            hex(packet.packet())
        }
        ["open", packet] => {
            let packet = bytes(packet)?;
            match IpDecapsulator::new().decapsulate_ip(&packet) {
                Ok(Decapsulated { inner, protocol_type, key, sequence, source, destination, .. }) => {
                    let number = |number: Option<u32>| number.map_or("-".to_owned(), |number| number.to_string());
                    let (key, sequence, inner) = (number(key), number(sequence), hex(&packet[inner]));
                    format!("{source} {destination} {:04x} {key} {sequence} {inner}", protocol_type.0)
                }
                Err(error) => format!("refused {error}"),
            }
        }
        ["relay", node, icmp] => match relay(&bytes(icmp)?) {
            Some(relayed) => hex(relayed.write(node.parse::<IpAddr>()?, &mut [0; 1280])?),
            None => "none".to_owned(),
        },
        ["ecn", inner, outer] => match ecn::leave(Ecn::from_bits(inner.parse()?), Ecn::from_bits(outer.parse()?)) {
            Some(left) => (left.ecn as u8).to_string(),
            None => "drop".to_owned(),
        },
        ["dsr", service, packet] => {
            let packet = bytes(packet)?;
            let mut buffer = vec![0; 24 + packet.len()];
            let mut packet = Headroom::with_payload(&mut buffer, &packet)?;
            dsr::insert(&mut packet, service.parse()?)?;
            hex(packet.packet())
        }
        ["undsr", packet] => {
            let mut packet = bytes(packet)?;
            match dsr::remove(&mut packet)? {
                Some((service, start)) => format!("{service} {}", hex(&packet[start..])),
                None => "none".to_owned(),
            }
        }
        ["seal", key, direction, number, df, sender, source, destination, ref frames @ ..] => {
            let mut buffer = vec![0; 65_507];
            let mut packet = SleeveWriter::encrypted(peer(sender)?, &mut buffer)?;
            for frame in frames {
                let ethernet = &bytes(frame)?;
                packet.push(&SleeveFrame { source: peer(source)?, destination: peer(destination)?, ethernet })?;
            }
            let len = packet.finish().len();
            let sequence = Sequence::new(number.parse()?, df == "1");
            self::key(key)?.seal(&mut buffer[..len], self::direction(direction)?, sequence)?;
            hex(&buffer[..len])
        }
        ["unseal", key, direction, packet] => {
            let mut packet = bytes(packet)?;
            match self::key(key)?.open(&mut packet, self::direction(direction)?) {
                Ok((sequence, frames)) => {
                    let mut words = vec![sequence.number().to_string(), u8::from(sequence.dont_fragment()).to_string()];
                    for frame in frames {
                        let frame = frame?;
                        words.extend([frame.source.to_string(), frame.destination.to_string(), hex(frame.ethernet)]);
                    }
                    words.join(" ")
                }
                Err(error) => format!("refused {error}"),
            }
        }
        _ => return Err("unknown words".into()),
    })
}

fn bytes(text: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?)).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn optional(text: &str) -> Result<Option<u32>, Box<dyn Error>> {
    Ok(if text == "-" { None } else { Some(text.parse()?) })
}

fn class_mode(text: &str) -> Result<ClassMode, Box<dyn Error>> {
    match text {
        "fixed" => Ok(ClassMode::Fixed),
        "ecn" => Ok(ClassMode::CopyEcn),
        "all" => Ok(ClassMode::CopyAll),
        _ => Err("no such mode".into()),
    }
}

fn peer(text: &str) -> Result<PeerName, Box<dyn Error>> {
    Ok(PeerName(text.parse::<MacAddr>()?.0))
}

fn key(text: &str) -> Result<SessionKey, Box<dyn Error>> {
    let key = <[u8; 32]>::try_from(bytes(text)?).map_err(|_| "a key has 32 bytes")?;
    Ok(SessionKey::new(key))
}

fn direction(text: &str) -> Result<Direction, Box<dyn Error>> {
    match text {
        "outbound" => Ok(Direction::Outbound),
        "inbound" => Ok(Direction::Inbound),
        _ => Err("no such direction".into()),
    }
}
