//! The records with which flanneld steers its proxy, over a local socket, one a message.
//!
//! ```text
//!  0       4             8              12            16      18        20
//!  +-------+-------------+--------------+-------------+-------+---------+
//!  | cmd   | network     | prefix length| next hop    | port  | padding |
//!  +-------+-------------+--------------+-------------+-------+---------+
//!   int     network order int            network order short
//! ```
//!
//! It is a C structure in the memory of the machine: numbers are in its byte order, which is to be said ([`ByteOrder`]), and
//! addresses in the network's. Compilers pad it to 20 bytes; packed, it has 18.
//!
//! flannel pkg/backend/udp/proxy_amd64.h.

use core::net::{Ipv4Addr, SocketAddrV4};

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule};
use ipnet::Ipv4Net;

use crate::routes::{FirstMatch, PREFIX_LEN, SubnetRoute};

/// Control records, as [`ether_ip::Error`] names them.
pub const CONTROL: LayerName = LayerName::new("Flannel control record");

/// A record's length without padding, in bytes.
pub const PACKED_LEN: usize = 18;
/// A record's length as compilers lay it out, in bytes.
pub const PADDED_LEN: usize = 20;

/// The order in which a machine keeps the bytes of its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum ByteOrder {
    /// The least first: x86-64, and most ARM.
    Little,
    /// The greatest first: s390x.
    Big,
}

impl ByteOrder {
    /// This machine's.
    pub const HOST: Self = if cfg!(target_endian = "little") { Self::Little } else { Self::Big };

    const fn i32(self, bytes: [u8; 4]) -> i32 {
        match self {
            Self::Little => i32::from_le_bytes(bytes),
            Self::Big => i32::from_be_bytes(bytes),
        }
    }

    const fn i32_bytes(self, value: i32) -> [u8; 4] {
        match self {
            Self::Little => value.to_le_bytes(),
            Self::Big => value.to_be_bytes(),
        }
    }
}

ether_ip::open_set! {
    /// What a record asks for.
    pub struct Command(i32) {
        /// Add or replace a route.
        SET_ROUTE = 1, "set route";
        /// Take a route away.
        DEL_ROUTE = 2, "delete route";
        /// End.
        STOP = 3, "stop";
    }
}

/// A record as it stands, every field kept whatever it holds. [`control`](Self::control) makes sense of it.
///
/// ```
/// use flannel_udp_codec::{ByteOrder, Control, ControlRecord, SubnetRoute};
///
/// let bytes = [1, 0, 0, 0, 10, 244, 2, 0, 24, 0, 0, 0, 192, 0, 2, 2, 0x5d, 0x20, 0, 0];
/// let record = ControlRecord::parse(&bytes, ByteOrder::Little)?;
/// let route = SubnetRoute::new("10.244.2.0/24".parse()?, "192.0.2.2:8285".parse()?);
/// assert_eq!(record.control()?, Control::SetRoute(route));
/// assert_eq!(ControlRecord::from(Control::SetRoute(route)), record);
/// assert_eq!(record.write(ByteOrder::Little, &mut [0; 20])?, bytes);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct ControlRecord {
    /// What it asks for.
    pub command: Command,
    /// The pod network; bits behind the prefix may be set.
    pub network: Ipv4Addr,
    /// The prefix length, 0–32 in a good record.
    pub prefix_len: i32,
    /// The node's address.
    pub next_hop: Ipv4Addr,
    /// The node's port. In C it is a signed number, and ports from 32768 on are negative there.
    pub port: u16,
    /// The two bytes that compilers put behind it; `None` in the packed form.
    pub padding: Option<[u8; 2]>,
}

/// What a record that makes sense asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Control {
    /// Packets to this network go to this node.
    SetRoute(SubnetRoute),
    /// Packets to this network go nowhere.
    DelRoute(Ipv4Net),
    /// The proxy ends.
    Stop,
}

impl ControlRecord {
    /// Reads a record of 20 or 18 bytes.
    ///
    /// # Errors
    /// [`Error::Truncated`] under 18 bytes; [`Error::Malformed`] if there are 19, or more than 20.
    pub fn parse(bytes: &[u8], order: ByteOrder) -> Result<Self, Error> {
        let available = bytes.len();
        let Some((fields, behind)) = bytes.split_first_chunk::<PACKED_LEN>() else {
            return Err(Error::Truncated { layer: CONTROL, needed: PACKED_LEN, available });
        };
        let padding = match *behind {
            [] => None,
            [a, b] => Some([a, b]),
            _ => {
                let rule = Rule::Either(PACKED_LEN as u32, PADDED_LEN as u32);
                return Err(Error::Malformed { layer: CONTROL, field: "length", value: available as u32, rule });
            }
        };
        let [c0, c1, c2, c3, n0, n1, n2, n3, l0, l1, l2, l3, h0, h1, h2, h3, p0, p1] = *fields;
        Ok(Self {
            command: Command(order.i32([c0, c1, c2, c3])),
            network: Ipv4Addr::new(n0, n1, n2, n3),
            prefix_len: order.i32([l0, l1, l2, l3]),
            next_hop: Ipv4Addr::new(h0, h1, h2, h3),
            port: match order {
                ByteOrder::Little => u16::from_le_bytes([p0, p1]),
                ByteOrder::Big => u16::from_be_bytes([p0, p1]),
            },
            padding,
        })
    }

    /// What the record asks for. Fields that its command has no use for are not looked at.
    ///
    /// # Errors
    /// [`Error::Malformed`] if the command is not known, the prefix length is not from 0 to 32, or a route has port 0, to
    /// which nothing can be sent. flannel's proxy checks none of these: it passes by an unknown command, and shifts by
    /// whatever number it was given.
    pub fn control(&self) -> Result<Control, Error> {
        let malformed = |field, value, rule| Error::Malformed { layer: CONTROL, field, value, rule };
        let subnet = || {
            let len = u8::try_from(self.prefix_len).ok().and_then(|len| Ipv4Net::new(self.network, len).ok());
            len.map(|subnet| subnet.trunc()).ok_or(malformed("prefix length", self.prefix_len as u32, PREFIX_LEN))
        };
        match self.command {
            Command::SET_ROUTE if self.port == 0 => Err(malformed("next hop port", 0, Rule::AtLeast(1))),
            Command::SET_ROUTE => {
                Ok(Control::SetRoute(SubnetRoute::new(subnet()?, SocketAddrV4::new(self.next_hop, self.port))))
            }
            Command::DEL_ROUTE => subnet().map(Control::DelRoute),
            Command::STOP => Ok(Control::Stop),
            Command(other) => Err(malformed("command", other as u32, Rule::Known)),
        }
    }

    /// Writes the record to the start of `to`, with its padding if it has some.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if `to` is too short. What stands in it then is of no account.
    pub fn write<'b>(&self, order: ByteOrder, to: &'b mut [u8]) -> Result<&'b [u8], Error> {
        let port = match order {
            ByteOrder::Little => self.port.to_le_bytes(),
            ByteOrder::Big => self.port.to_be_bytes(),
        };
        let mut writer = Writer::new(CONTROL, to);
        writer.put(&order.i32_bytes(self.command.0))?.put(&self.network.octets())?;
        writer.put(&order.i32_bytes(self.prefix_len))?.put(&self.next_hop.octets())?.put(&port)?;
        writer.put(self.padding.as_ref().map_or(&[][..], |padding| &padding[..]))?;
        Ok(writer.into_written())
    }
}

impl FirstMatch<'_> {
    /// Does what a control record asks for.
    ///
    /// # Errors
    /// As [`set`](Self::set); [`Error::Malformed`] if the record makes no sense.
    pub fn apply(&mut self, record: &ControlRecord) -> Result<Control, Error> {
        let control = record.control()?;
        match control {
            Control::SetRoute(route) => self.set(route)?,
            Control::DelRoute(subnet) => self.remove(subnet),
            Control::Stop => None,
        };
        Ok(control)
    }
}

impl From<Control> for ControlRecord {
    /// In the padded form.
    fn from(control: Control) -> Self {
        let (network, next_hop) = (Ipv4Addr::UNSPECIFIED, Ipv4Addr::UNSPECIFIED);
        let nothing = Self { command: Command::STOP, network, prefix_len: 0, next_hop, port: 0, padding: Some([0; 2]) };
        let of = |command, subnet: Ipv4Net| {
            let network = SubnetRoute::new(subnet, SubnetRoute::NONE.next_hop()).subnet().addr();
            let prefix_len = i32::from(subnet.prefix_len());
            Self { command, network, prefix_len, ..nothing }
        };
        match control {
            Control::Stop => nothing,
            Control::DelRoute(subnet) => of(Command::DEL_ROUTE, subnet),
            Control::SetRoute(route) => {
                let (next_hop, port) = (*route.next_hop().ip(), route.next_hop().port());
                Self { next_hop, port, ..of(Command::SET_ROUTE, route.subnet()) }
            }
        }
    }
}
