//! Flow specifications: what packets are meant, by rules on their headers (RFC 8955 §4, RFC 8956 §3).
//!
//! ```text
//!  0       8
//!  +-------+-----------------------------------------+
//!  | length| components …                            |    from 240 bytes, the length has two: 0xf, and 12 bits
//!  +-------+-----------------------------------------+
//! ```
//!
//! A component is a type and, for types 1 and 2, a prefix (in IPv6 with an offset between length and bits); for the
//! others a list of operators, each with a value:
//!
//! ```text
//!  0   1   2       4   5   6   7
//!  +---+---+-------+---+---+---+---+
//!  | e | a | len   | 0 | lt| gt| eq|    a number's: end of list, and (with the one before), 1 << len bytes
//!  +---+---+-------+---+---+---+---+
//!  | e | a | len   | 0   0 |not| m |    a bit mask's: none of the bits, all of the bits
//!  +---+---+-------+-------+---+---+
//! ```

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule, open_set};

use crate::family::{Afi, Family, NLRI, Safi};
use crate::value::distinguisher::RouteDistinguisher;
use crate::value::prefix::{IpPrefix, Ipv6Prefix};
use crate::wire::Reader;

open_set! {
    /// What a component looks at.
    pub struct ComponentType(u8) {
        /// Destination prefix.
        DESTINATION = 1, "destination";
        /// Source prefix.
        SOURCE = 2, "source";
        /// IP protocol, or the last next header.
        PROTOCOL = 3, "protocol";
        /// Source or destination port.
        PORT = 4, "port";
        /// Destination port.
        DESTINATION_PORT = 5, "destination-port";
        /// Source port.
        SOURCE_PORT = 6, "source-port";
        /// ICMP type.
        ICMP_TYPE = 7, "icmp-type";
        /// ICMP code.
        ICMP_CODE = 8, "icmp-code";
        /// TCP flags.
        TCP_FLAGS = 9, "tcp-flags";
        /// Total length of the packet.
        PACKET_LENGTH = 10, "packet-length";
        /// DSCP.
        DSCP = 11, "dscp";
        /// Fragment bits.
        FRAGMENT = 12, "fragment";
        /// IPv6 flow label.
        FLOW_LABEL = 13, "flow-label";
    }
}

impl ComponentType {
    /// Whether its values are masks of bits, and not numbers.
    #[must_use]
    pub const fn is_mask(self) -> bool {
        matches!(self, Self::TCP_FLAGS | Self::FRAGMENT)
    }

    /// The most bytes of a value (RFC 8955 §4.2.2.3 to §4.2.2.12, RFC 8956 §3.7).
    const fn widest(self) -> usize {
        match self {
            Self::PROTOCOL | Self::ICMP_TYPE | Self::ICMP_CODE | Self::DSCP | Self::FRAGMENT => 1,
            Self::PORT | Self::DESTINATION_PORT | Self::SOURCE_PORT | Self::TCP_FLAGS | Self::PACKET_LENGTH => 2,
            _ => 4,
        }
    }
}

/// A flow: its components, whose lengths were checked as a whole. [`components`](Self::components) reads each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FlowSpec<'a> {
    afi: Afi,
    /// Whose, in a VPN.
    pub distinguisher: Option<RouteDistinguisher>,
    components: &'a [u8],
}

impl<'a> FlowSpec<'a> {
    /// A flow of components, as they stand on the wire.
    ///
    /// # Errors
    /// What is wrong with the components: see [`Components`].
    pub fn new(afi: Afi, distinguisher: Option<RouteDistinguisher>, components: &'a [u8]) -> Result<Self, Error> {
        let flow = Self { afi, distinguisher, components };
        flow.check()?;
        Ok(flow)
    }

    pub(crate) fn read(family: Family, from: &mut Reader<'a>) -> Result<Self, Error> {
        let first = from.u8()?;
        let len = if first < 240 { u16::from(first) } else { u16::from_be_bytes([first & 0x0f, from.u8()?]) };
        let mut inner = Reader::new(from.layer(), from.take(usize::from(len))?);
        let has_distinguisher = family.safi == Safi::FLOW_SPEC_VPN;
        let distinguisher = if has_distinguisher { Some(RouteDistinguisher::read(&mut inner)?) } else { None };
        Ok(Self { afi: family.afi, distinguisher, components: inner.rest() })
    }

    /// The address family of its packets.
    #[must_use]
    pub const fn afi(&self) -> Afi {
        self.afi
    }

    /// The components, in the order of their types.
    #[must_use]
    pub const fn components(&self) -> Components<'a> {
        Components { afi: self.afi, before: 0, rest: self.components }
    }

    /// Whether all components can be read. One that cannot makes the flow useless, but not the UPDATE: where the next
    /// flow begins is known.
    ///
    /// # Errors
    /// What is wrong with the first that cannot.
    pub fn check(&self) -> Result<(), Error> {
        self.components().try_for_each(|component| component.map(drop))
    }

    /// Writes length and components.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if there are more than 4095 bytes of them.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let value = self.components.len().saturating_add(if self.distinguisher.is_some() { 8 } else { 0 });
        to.layer().check("length", value, &[Rule::AtMost(4095)])?;
        match value {
            ..240 => to.u8(value as u8)?,
            _ => to.u16(0xf000 | value as u16)?,
        };
        if let Some(distinguisher) = self.distinguisher {
            to.put(&distinguisher.0)?;
        }
        to.put(self.components)?;
        Ok(())
    }
}

/// The components of a flow. An iterator over them, whose last item is an error if one is cut, unknown, not behind the
/// one before in the order of types (RFC 8955 §4.2), or malformed in itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Components<'a> {
    afi: Afi,
    before: u8,
    rest: &'a [u8],
}

/// One component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Component<'a> {
    /// What it looks at.
    pub kind: ComponentType,
    /// What it wants to see.
    pub value: ComponentValue<'a>,
}

/// What a component wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ComponentValue<'a> {
    /// An address in this prefix, the first `offset` bits of which do not count (IPv6: RFC 8956 §3.1).
    Prefix {
        /// The prefix.
        prefix: IpPrefix,
        /// How many bits are left out; 0 in IPv4.
        offset: u8,
    },
    /// One of these numbers or masks.
    Operators(Operators<'a>),
}

impl<'a> Components<'a> {
    fn read(&self, from: &mut Reader<'a>) -> Result<Component<'a>, Error> {
        let kind = ComponentType(from.u8()?);
        //= RFC 8955 §4.2/order
        if kind.0 <= self.before {
            return Err(from.malformed("component type", u32::from(kind.0), Rule::AtLeast(u32::from(self.before) + 1)));
        }
        let value = match kind {
            ComponentType::DESTINATION | ComponentType::SOURCE => read_prefix(self.afi, from)?,
            _ if kind.name().is_some() && (kind != ComponentType::FLOW_LABEL || self.afi == Afi::IPV6) => {
                let list = from.rest();
                loop {
                    let operator = from.u8()?;
                    let width = 1 << (operator >> 4 & 3);
                    if width > kind.widest() {
                        let (field, rule) = ("length of a value", Rule::AtMost(kind.widest() as u32));
                        return Err(from.malformed(field, width as u32, rule));
                    }
                    from.take(width)?;
                    if operator & 0x80 != 0 {
                        break;
                    }
                }
                let len = list.len().saturating_sub(from.rest().len());
                ComponentValue::Operators(Operators { is_first: true, rest: list.get(..len).unwrap_or_default() })
            }
            _ => return Err(from.malformed("component type", u32::from(kind.0), Rule::Known)),
        };
        Ok(Component { kind, value })
    }
}

fn read_prefix<'a>(afi: Afi, from: &mut Reader<'_>) -> Result<ComponentValue<'a>, Error> {
    if afi != Afi::IPV6 {
        return Ok(ComponentValue::Prefix { prefix: IpPrefix::read(afi, from)?, offset: 0 });
    }
    let [len, offset] = from.array()?;
    if len > 128 {
        return Err(from.malformed("prefix length", u32::from(len), Rule::AtMost(128)));
    }
    //= RFC 8956 §3.1/offset
    // The offset is under the length, but both may be 0.
    let bits = len.checked_sub(offset).filter(|bits| *bits > 0 || len == 0);
    let rule = Rule::AtMost(u32::from(len.saturating_sub(1)));
    let bits = bits.ok_or_else(|| from.malformed("prefix offset", u32::from(offset), rule))?;
    let mut pattern = [0; 16];
    let taken = from.take(usize::from(bits).div_ceil(8))?;
    pattern.iter_mut().zip(taken).for_each(|(to, byte)| *to = *byte);
    let address = u128::from_be_bytes(pattern).checked_shr(u32::from(offset)).unwrap_or(0);
    let prefix = Ipv6Prefix::new(address.into(), len)?;
    Ok(ComponentValue::Prefix { prefix: IpPrefix::V6(prefix), offset })
}

impl<'a> Iterator for Components<'a> {
    type Item = Result<Component<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let mut reader = Reader::new(NLRI, self.rest);
        let component = self.read(&mut reader);
        self.rest = match component {
            Ok(component) => {
                self.before = component.kind.0;
                reader.rest()
            }
            Err(_) => &[],
        };
        Some(component)
    }
}

/// Operators with their values. An iterator over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operators<'a> {
    is_first: bool,
    rest: &'a [u8],
}

/// The a bit.
const AND: u8 = 0x40;

/// An operator and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operator {
    /// The operator's byte.
    pub flags: u8,
    /// The value.
    pub value: u64,
}

impl Operator {
    /// Whether it must hold together with the one before, and not instead of it: the a bit, which means nothing in the first
    /// (RFC 8955 §4.2.1.1) and is not handed out there.
    #[must_use]
    pub const fn is_and(&self) -> bool {
        self.flags & AND != 0
    }

    /// How a number compares: `=`, `<`, `>=`, `!=` and so on.
    #[must_use]
    pub const fn comparison(&self) -> &'static str {
        match self.flags & 7 {
            0 => "false",
            1 => "=",
            2 => ">",
            3 => ">=",
            4 => "<",
            5 => "<=",
            6 => "!=",
            _ => "true",
        }
    }

    /// How a mask compares: all of its bits (`=`), some of them (nothing), and the reverse of both.
    #[must_use]
    pub const fn mask(&self) -> &'static str {
        match self.flags & 3 {
            0 => "",
            1 => "=",
            2 => "!",
            _ => "!=",
        }
    }
}

impl Iterator for Operators<'_> {
    type Item = Operator;

    fn next(&mut self) -> Option<Operator> {
        let (&flags, behind) = self.rest.split_first()?;
        let (value, rest) = behind.split_at_checked(1 << (flags >> 4 & 3))?;
        self.rest = rest;
        let flags = if core::mem::replace(&mut self.is_first, false) { flags & !AND } else { flags };
        Some(Operator { flags, value: value.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)) })
    }
}

impl fmt::Display for Component<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.kind)?;
        match self.value {
            ComponentValue::Prefix { prefix, offset: 0 } => prefix.fmt(f),
            ComponentValue::Prefix { prefix, offset } => write!(f, "{prefix} offset {offset}"),
            ComponentValue::Operators(operators) => operators.enumerate().try_for_each(|(n, operator)| {
                let sign = if self.kind.is_mask() { operator.mask() } else { operator.comparison() };
                let between = if n == 0 {
                    ""
                } else if operator.is_and() {
                    "&"
                } else {
                    ","
                };
                match self.kind.is_mask() {
                    true => write!(f, "{between}{sign}{:#x}", operator.value),
                    false => write!(f, "{between}{sign}{}", operator.value),
                }
            }),
        }
    }
}

impl fmt::Display for FlowSpec<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.distinguisher.map_or(Ok(()), |rd| write!(f, "rd {rd} "))?;
        for (n, component) in self.components().enumerate() {
            f.write_str(if n == 0 { "" } else { " " })?;
            match component {
                Ok(component) => component.fmt(f)?,
                Err(error) => write!(f, "({error})")?,
            }
        }
        Ok(())
    }
}
