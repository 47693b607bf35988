//! What the program shows of packets, for who embeds it: the fields of each, in the order in which they were captured.

use core::fmt;

use crate::bgp::sessions::Overrule;
use crate::fields::FieldVisitor;
use crate::{Record, Tunnels};

use super::listener::Shown;
use super::network::Network;
use super::opened::Openers;
use super::session::Session;

/// Shows the fields of packets that were captured one after the other, as `packet-dissect -T fields` writes them: with what packets
/// before add to one, so that BGP messages are put together of segments, and packets of fragments.
///
/// ```
/// use packet_dissect::fields::{Field, FieldValue, FieldVisitor, Group};
/// use packet_dissect::{Dissector, LinkType, Record, Tunnels};
///
/// #[derive(Default)]
/// struct Lengths(Vec<u64>);
///
/// impl FieldVisitor for Lengths {
///     fn wants(&self, field: Field) -> bool {
///         field == Field::UdpLength
///     }
///     fn wants_any(&self, _: Group) -> bool {
///         false
///     }
///     fn visit(&mut self, _: Field, value: FieldValue<'_>, _: Option<&'static str>) {
///         if let FieldValue::Number(length) = value {
///             self.0.push(length);
///         }
///     }
/// }
///
/// # let bytes = [
/// #     2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 33, 0, 0, 0x40, 0, 64, 17, 0xb6, 0xc8, 192, 0, 2, 1, 192, 0,
/// #     2, 2, 0x0f, 0xa0, 0, 53, 0, 13, 0x28, 0x29, b'h', b'e', b'l', b'l', b'o',
/// # ];
/// let mut dissector = Dissector::new(Tunnels::DEFAULT);
/// let mut lengths = Lengths::default();
/// let record = Record { number: 1, time: None, original_len: 47, link_type: LinkType::ETHERNET, bytes: &bytes };
/// dissector.visit(&record, &mut lengths);
/// assert_eq!(lengths.0, [13]);
/// ```
pub struct Dissector<'a> {
    session: Session<'a>,
}

impl<'a> Dissector<'a> {
    /// One that has seen no packet, with these ports of tunnels and of protocols over TCP.
    #[must_use]
    pub fn new(tunnels: Tunnels<'a>) -> Self {
        Self { session: Session::new(Network::new(tunnels), Overrule::default(), Openers::default()) }
    }

    /// Takes the next packet in, and shows its fields.
    pub fn visit(&mut self, record: &Record<'_>, visitor: &mut impl FieldVisitor) {
        let packet = self.session.take(record);
        packet.fields(visitor);
        packet.was_shown();
    }
}

impl fmt::Debug for Dissector<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dissector").finish_non_exhaustive()
    }
}
