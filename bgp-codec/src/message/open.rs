//! OPEN: begins a session (RFC 4271 §4.2).
//!
//! ```text
//!  0       8               24              40                              72      80
//!  +-------+---------------+---------------+-------------------------------+-------+
//!  | versn.| my AS         | hold time     | BGP identifier                | optlen|
//!  +-------+---------------+---------------+-------------------------------+-------+
//!  | type  | length| value …      an optional parameter; type 2: capabilities (RFC 5492 §4)
//!  +-------+-------+
//! ```
//!
//! When the first parameter's type is 255, lengths have two bytes (RFC 9072 §2): the type is followed by the length of
//! all parameters, and each parameter's own length.

use core::net::Ipv4Addr;

use ether_ip::view::take_header;
use ether_ip::writer::Writer;
use ether_ip::{LayerName, Rule};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Ref, Unaligned};

use crate::capability::{Capabilities, Capability, CapabilityCode};
use crate::error::{Data, Error, Fault, NotificationCode};
use crate::header::{MAX_LEN, MessageType, build};
pub use crate::value::as_number::AS_TRANS;
use crate::wire::Reader;

/// An OPEN, as an error names it.
pub const OPEN: LayerName = LayerName::new("OPEN");
const CAPABILITIES: u8 = 2;
const EXTENDED: u8 = 255;

/// The fixed part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct OpenHeader {
    version: u8,
    my_as: U16,
    hold_time: U16,
    identifier: [u8; 4],
    parameters_len: u8,
}

/// An OPEN. Its numbers are good, and its parameters and capabilities are there to their ends.
#[derive(Debug, Clone, Copy)]
pub struct Open<'a> {
    header: &'a OpenHeader,
    parameters: Parameters<'a>,
}

impl<'a> Open<'a> {
    /// Reads a message's body.
    ///
    /// # Errors
    /// 1/2 under 10 bytes. 2/1 for another version than 4, with 4 as data. 2/2 if the AS is 0 (RFC 7607 §2), or the
    /// 4-octet AS is 0, AS_TRANS, or not the one in the fixed part (RFC 6793 §4.2.3). 2/3 if the identifier is 0
    /// (RFC 6286 §2.2). 2/6 if the hold time is 1 or 2. 2/4 for an optional parameter that is not known. 2/0 if a
    /// parameter or a capability goes past the end.
    pub fn parse(body: &'a [u8]) -> Result<Self, Error> {
        let (header, rest) = take_header::<OpenHeader, _>(body).ok_or_else(|| too_short(body))?;
        let header = Ref::into_ref(header);
        //= RFC 4271 §6.2/version
        if header.version != 4 {
            let data = Data::Inline([0, 4], 2);
            return Err(Error::new(Fault::Version(header.version), NotificationCode::UNSUPPORTED_VERSION, data));
        }
        let broken = |error: ether_ip::Error| Error::new(error.into(), NotificationCode::OPEN, Data::None);
        let open = Self { header, parameters: Parameters::split(header.parameters_len, rest).map_err(broken)? };
        open.check_numbers()?;
        let mut reader = Reader::new(OPEN, open.parameters.rest);
        while !reader.is_empty() {
            let (kind, value) = open.parameters.read(&mut reader).map_err(broken)?;
            //= RFC 4271 §6.2/parameter
            //= RFC 9072 §3/type-elsewhere
            if kind != CAPABILITIES {
                return Err(Error::new(Fault::Parameter(kind), NotificationCode::UNSUPPORTED_PARAMETER, Data::None));
            }
            //= RFC 4271 §6.2/parameter-malformed
            Capabilities::parse(value).map_err(broken)?;
        }
        open.check_as()?;
        Ok(open)
    }

    /// Reads what can be read of a body, whatever its numbers are and wherever its parameters end: for captures.
    ///
    /// # Errors
    /// 1/2 under 10 bytes.
    pub fn parse_lax(body: &'a [u8]) -> Result<Self, Error> {
        let (header, rest) = take_header::<OpenHeader, _>(body).ok_or_else(|| too_short(body))?;
        let header = Ref::into_ref(header);
        let parameters = Parameters::split(header.parameters_len, rest);
        Ok(Self { header, parameters: parameters.unwrap_or(Parameters { is_extended: false, rest }) })
    }

    fn check_numbers(&self) -> Result<(), Error> {
        let error = |fault, code| Err(Error::new(fault, code, Data::None));
        //= RFC 4271 §6.2/identifier
        if self.header.identifier == [0; 4] {
            return error(Fault::Identifier(self.identifier()), NotificationCode::BAD_IDENTIFIER);
        }
        //= RFC 4271 §4.2/hold-time, §6.2/hold-time
        if matches!(self.hold_time(), 1 | 2) {
            return error(Fault::HoldTime(self.hold_time()), NotificationCode::UNACCEPTABLE_HOLD_TIME);
        }
        Ok(())
    }

    fn check_as(&self) -> Result<(), Error> {
        let (as_number, four_octet) = (self.my_as(), self.as_number());
        let is_told_elsewhere = as_number == AS_TRANS || u32::from(as_number) == four_octet;
        let is_trans = self.four_octet_as() == Some(u32::from(AS_TRANS));
        //= RFC 4271 §6.2/peer-as
        //= RFC 7607 §2/open
        if as_number == 0 || four_octet == 0 || is_trans || !is_told_elsewhere {
            return Err(Error::new(Fault::PeerAs { as_number, four_octet }, NotificationCode::BAD_PEER_AS, Data::None));
        }
        Ok(())
    }

    /// Version: 4.
    #[must_use]
    pub const fn version(&self) -> u8 {
        self.header.version
    }

    /// The AS number in the fixed part: [`AS_TRANS`] if it needs four bytes.
    #[must_use]
    pub const fn my_as(&self) -> u16 {
        self.header.my_as.get()
    }

    /// The speaker's AS number: the capability's, or else the fixed part's.
    #[must_use]
    pub fn as_number(&self) -> u32 {
        self.four_octet_as().unwrap_or(u32::from(self.my_as()))
    }

    /// The AS number in the first 4-octet AS capability, if there is one.
    #[must_use]
    pub fn four_octet_as(&self) -> Option<u32> {
        self.capabilities().find_map(|capability| match capability {
            Capability::FourOctetAs(as_number) => Some(as_number),
            _ => None,
        })
    }

    /// The hold time that the speaker proposes, in seconds; 0 for none.
    #[must_use]
    pub const fn hold_time(&self) -> u16 {
        self.header.hold_time.get()
    }

    /// The speaker's identifier.
    #[must_use]
    pub fn identifier(&self) -> Ipv4Addr {
        self.header.identifier.into()
    }

    /// Whether the parameters are in the extended form (RFC 9072).
    #[must_use]
    pub const fn is_extended(&self) -> bool {
        self.parameters.is_extended
    }

    /// The optional parameters: types and values.
    #[must_use]
    pub const fn parameters(&self) -> Parameters<'a> {
        self.parameters
    }

    /// All capabilities, of all parameters.
    pub fn capabilities(&self) -> impl Iterator<Item = Capability<'a>> + use<'a> {
        let capabilities = self.parameters.filter(|(kind, _)| *kind == CAPABILITIES);
        capabilities.flat_map(|(_, value)| Capabilities::new(value))
    }

    /// Whether a capability with this code is there. One whose value is not what its RFC says does not count; where that is not
    /// known here, any value is good.
    #[must_use]
    pub fn has(&self, code: CapabilityCode) -> bool {
        let is_good = |capability: &Capability<'_>| !matches!(capability, Capability::Other { .. }) || !code.is_read();
        self.capabilities().any(|capability| capability.code() == code && is_good(&capability))
    }
}

#[cold]
fn too_short(body: &[u8]) -> Error {
    let available = body.len();
    let truncated = ether_ip::Error::Truncated { layer: OPEN, needed: size_of::<OpenHeader>(), available };
    Error::new(truncated.into(), NotificationCode::BAD_LENGTH, Data::Part { at: 16, len: 2 })
}

/// The optional parameters of an OPEN. An iterator over types and values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Parameters<'a> {
    is_extended: bool,
    rest: &'a [u8],
}

impl<'a> Parameters<'a> {
    /// Finds out the form, and where the parameters end: where the message does.
    fn split(len: u8, rest: &'a [u8]) -> Result<Self, ether_ip::Error> {
        let mut reader = Reader::new(OPEN, rest);
        // RFC 9072 §2: by the first parameter's type, if the length is not 0; the length itself should be 255 then.
        //= RFC 9072 §2/type-decides, §2/length-ignored, §2/short-received, §3/other-length
        let is_extended = len > 0 && rest.first() == Some(&EXTENDED);
        let len = if is_extended { reader.take(1).and_then(|_| reader.u16())? } else { u16::from(len) };
        let parameters = reader.take(usize::from(len))?;
        reader.finish()?;
        Ok(Self { is_extended, rest: parameters })
    }

    fn read(&self, from: &mut Reader<'a>) -> Result<(u8, &'a [u8]), ether_ip::Error> {
        let kind = from.u8()?;
        //= RFC 9072 §2/parameter-length
        let len = if self.is_extended { from.u16()? } else { u16::from(from.u8()?) };
        Ok((kind, from.take(usize::from(len))?))
    }
}

impl<'a> Iterator for Parameters<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let mut reader = Reader::new(OPEN, self.rest);
        let parameter = self.read(&mut reader).ok()?;
        self.rest = reader.rest();
        Some(parameter)
    }
}

/// What an OPEN is built from.
///
/// ```
/// use bgp_codec::{Capability, Family, Open, message::open::OpenConfig};
///
/// let family = Family::IPV6_UNICAST;
/// let config = OpenConfig {
///     as_number: 4_200_000_000,
///     hold_time: 90,
///     identifier: [192, 0, 2, 1].into(),
///     capabilities: &[Capability::Multiprotocol { family, reserved: 0 }, Capability::FourOctetAs(4_200_000_000)],
/// };
/// let mut buffer = [0; 64];
/// let message = config.build(&mut buffer)?;
/// let open = Open::parse(&message[19..]).unwrap();
/// assert_eq!((open.my_as(), open.as_number()), (23_456, 4_200_000_000));
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OpenConfig<'a> {
    /// The speaker's AS number; in the fixed part it is AS_TRANS if it needs four bytes.
    pub as_number: u32,
    /// The hold time to propose, in seconds.
    pub hold_time: u16,
    /// The speaker's identifier.
    pub identifier: Ipv4Addr,
    /// What it can do, in the order in which it is sent.
    pub capabilities: &'a [Capability<'a>],
}

impl OpenConfig<'_> {
    /// Writes the message to the start of `to`: one optional parameter with all capabilities, in the extended form if
    /// they need it.
    ///
    /// # Errors
    /// [`ether_ip::Error::NoRoom`] if `to` is too short; [`ether_ip::Error::Unbuildable`] if a capability exceeds 255
    /// bytes or the message 4096, and for what [`Open::parse`] refuses: an AS number of 0 or [`AS_TRANS`], one that is not that of the
    /// 4-octet AS capability or needs it and has it not, a hold time of 1 or 2 s, an identifier of 0. Nothing is written then.
    pub fn build<'b>(&self, to: &'b mut [u8]) -> Result<&'b [u8], ether_ip::Error> {
        self.check()?;
        let mut count = Writer::count(OPEN);
        self.write_capabilities(&mut count)?;
        let len = count.len();
        //= RFC 6793 §4.1/as-trans
        let my_as = u16::try_from(self.as_number).unwrap_or(AS_TRANS);
        //= RFC 9072 §2/long, §2/short, §2/length-255
        let parameters_len = match u8::try_from(len) {
            Ok(0) => 0,
            Ok(len @ ..=253) => len + 2,
            _ => EXTENDED,
        };
        let header = OpenHeader {
            //= RFC 4271 §4.2/version
            version: 4,
            my_as: U16::new(my_as),
            hold_time: U16::new(self.hold_time),
            identifier: self.identifier.octets(),
            parameters_len,
        };
        build(MessageType::OPEN, MAX_LEN, to, |to| {
            to.put(header.as_bytes())?;
            match len {
                0 => return Ok(()),
                1..=253 => to.u8(CAPABILITIES)?.u8(len as u8)?,
                _ => {
                    OPEN.check("length", len, &[Rule::AtMost(u32::from(MAX_LEN))])?;
                    let len = len as u16;
                    //= RFC 9072 §2/type-255, §2/parameter-length
                    to.u8(EXTENDED)?.u16(len.saturating_add(3))?.u8(CAPABILITIES)?.u16(len)?
                }
            };
            self.write_capabilities(to)
        })
    }

    /// What a peer would refuse.
    fn check(&self) -> Result<(), ether_ip::Error> {
        let refuse = |field, value: u32, rule| {
            Err(ether_ip::Error::Unbuildable { layer: OPEN, field, value: value as usize, rule })
        };
        let four_octet = self.capabilities.iter().find_map(|capability| match capability {
            Capability::FourOctetAs(as_number) => Some(*as_number),
            _ => None,
        });
        if matches!(self.as_number, 0) {
            return refuse("AS number", 0, Rule::AtLeast(1));
        }
        if self.as_number == u32::from(AS_TRANS) {
            return refuse("AS number", self.as_number, Rule::Known);
        }
        match four_octet {
            Some(told) if told != self.as_number => {
                return refuse("4-octet AS number", told, Rule::Exactly(self.as_number));
            }
            None if self.as_number > 0xffff => {
                return refuse("AS number without the 4-octet AS capability", self.as_number, Rule::AtMost(0xffff));
            }
            _ => {}
        }
        if matches!(self.hold_time, 1 | 2) {
            return refuse("hold time", u32::from(self.hold_time), Rule::AtLeast(3));
        }
        if self.identifier.is_unspecified() {
            return refuse("identifier", 0, Rule::AtLeast(1));
        }
        Ok(())
    }

    fn write_capabilities(&self, to: &mut Writer<'_>) -> Result<(), ether_ip::Error> {
        self.capabilities.iter().try_for_each(|capability| capability.write(to))
    }
}
