//! What a layer's fields depend on beside the layer.

use core::net::{Ipv4Addr, Ipv6Addr};

use ether_ip::checksum::PseudoHeader;
use ether_ip::ethernet::EtherType;
use ether_ip::ip::IpProtocol;
use ether_ip::ipv6_extension::{Ipv6Option, Ipv6OptionsHeader, Ipv6Routing};

/// What a layer's fields depend on that stands in the layers before it. One for each packet.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    pub(super) addresses: Option<Addresses>,
    /// The bytes of the upper layer are not all there: cut, a fragment, or a quote.
    pub(super) is_partial: bool,
    /// How many bytes of what the IP header carries were not captured.
    pub(super) missing: usize,
    /// The EtherType that announced this layer.
    pub(super) announced: EtherType,
    /// Behind an ICMP error, where Wireshark has another name for TCP's sequence number.
    pub(super) is_icmpv4_quote: bool,
    /// How many of the packet's bytes on the wire were not captured.
    pub(super) cut: usize,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Addresses {
    V4(Ipv4Addr, Ipv4Addr),
    V6(Ipv6Addr, Ipv6Addr),
}

impl Context {
    /// The context of a packet of which `cut` bytes were not captured.
    #[must_use]
    pub fn new(cut: usize) -> Self {
        Self { addresses: None, is_partial: false, missing: 0, announced: EtherType(0), is_icmpv4_quote: false, cut }
    }

    /// Behind what fragments made whole, everything is there.
    pub fn behind_fragments(&mut self) {
        (self.is_partial, self.missing) = (false, 0);
    }

    /// A home address is the source that an upper layer's checksum is over (RFC 6275 §6.3).
    pub(super) fn behind_options(&mut self, header: &Ipv6OptionsHeader<&[u8]>) {
        //= RFC 6275 §9.3.1/exchange
        for option in header.options().map_while(Result::ok) {
            if let (Ipv6Option::HomeAddress(home), Some(Addresses::V6(source, _))) = (option, &mut self.addresses) {
                *source = home;
            }
        }
    }

    /// The end of a route is the destination that an upper layer's checksum is over (RFC 8200 §8.1).
    pub(super) fn behind_routing(&mut self, header: &Ipv6Routing<&[u8]>) {
        if let Some(Addresses::V6(_, destination)) = &mut self.addresses {
            match header.final_destination(*destination) {
                Some(last) => *destination = last,
                None => self.is_partial = true,
            }
        }
    }

    /// What the IP header adds to an upper layer's checksum. `None` if that cannot be verified.
    pub(super) fn pseudo_header(&self, protocol: IpProtocol) -> Option<PseudoHeader> {
        match self.addresses.filter(|_| !self.is_partial)? {
            Addresses::V4(source, destination) => Some(PseudoHeader::ipv4(source, destination, protocol)),
            Addresses::V6(source, destination) => Some(PseudoHeader::ipv6(source, destination, protocol)),
        }
    }
}
