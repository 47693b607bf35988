//! A stack of layers, read in one expression.
//!
//! ```
//! use ether_ip::stack::{Ethernet, Ipv4, Udp, Vlans};
//!
//! # let bytes = [
//! #     2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x81, 0, 0, 7, 8, 0, // Ethernet, a tag
//! #     0x45, 0, 0, 33, 0, 0, 0x40, 0, 64, 17, 0xb6, 0xc8, 192, 0, 2, 1, 192, 0, 2, 2, // IPv4
//! #     0x0f, 0xa0, 0, 53, 0, 13, 0x28, 0x29, b'h', b'e', b'l', b'l', b'o', // UDP
//! # ];
//! let (ethernet, vlans, ip, udp) = (Ethernet / Vlans / Ipv4 / Udp).parse(&bytes)?;
//! assert_eq!((vlans[0].id(), ip.ttl(), udp.destination_port()), (7, 64, 53));
//! assert_eq!(udp.payload(), b"hello");
//! # assert_eq!(ethernet.source().0[5], 1);
//! # Ok::<(), ether_ip::Error>(())
//! ```
//!
//! The layers are types without a size, and the whole becomes the calls that one would write by hand: each layer's `parse`, and between
//! two of them a look whether the one announces the other. [`Error::OtherLayer`] says that it does not, and all other errors are the
//! layers' own.
//!
//! Only what may follow a layer can be put behind it, so that a wrong order does not compile:
//!
//! ```compile_fail,E0277
//! use ether_ip::stack::{Ethernet, Ipv4, Udp};
//! let _ = Ethernet / Udp / Ipv4;
//! ```
//!
//! ```compile_fail,E0277
//! use ether_ip::stack::{Ethernet, Ipv4, Vlans};
//! let _ = Ethernet / Ipv4 / Vlans;
//! ```
//!
//! ICMP's own version is checked too, and nothing follows what carries no layers:
//!
//! ```compile_fail,E0277
//! use ether_ip::stack::{Icmpv6, Ipv4};
//! let _ = Ipv4 / Icmpv6;
//! ```
//!
//! ```compile_fail,E0277
//! use ether_ip::stack::{Ethernet, Arp, Ipv4};
//! let _ = Ethernet / Arp / Ipv4;
//! ```
//!
//! Over `&mut [u8]` the headers can be changed where they are, and the last layer with all that is in it:
//!
//! ```
//! use ether_ip::stack::{Ip, Udp};
//!
//! # let mut bytes = [
//! #     0x45, 0, 0, 33, 0, 0, 0x40, 0, 64, 17, 0xb6, 0xc8, 192, 0, 2, 1, 192, 0, 2, 2, // IPv4
//! #     0x0f, 0xa0, 0, 53, 0, 13, 0x28, 0x29, b'h', b'e', b'l', b'l', b'o', // UDP
//! # ];
//! let (ip, mut udp) = (Ip / Udp).parse_mut(&mut bytes)?;
//! udp.set_destination_port(5353);
//! udp.payload_mut()[0] = b'j';
//! udp.fill_checksum(&ip.pseudo_header(17.into()));
//! # assert_eq!(bytes[22..24], [20, 233]);
//! # Ok::<(), ether_ip::Error>(())
//! ```
//!
//! The packet that an ICMP error quotes is a part of the stack. It is read as far as it was quoted, with the layers of [`quoted`]:
//!
//! ```
//! use ether_ip::stack::{Icmpv4, Ipv4, quoted};
//!
//! # let bytes = [
//! #     0x45, 0, 0, 56, 0, 0, 0x40, 0, 64, 1, 0, 0, 192, 0, 2, 2, 192, 0, 2, 1, // IPv4
//! #     3, 1, 0, 0, 0, 0, 0, 0, // host unreachable
//! #     0x45, 0, 5, 220, 0, 0, 0x40, 0, 64, 6, 0, 0, 192, 0, 2, 1, 192, 0, 2, 9, // of a packet of 1500 bytes
//! #     0x9c, 0x40, 0, 80, 0, 0, 0, 1, // its first eight
//! # ];
//! let (_, icmp, about, tcp) = (Ipv4 / Icmpv4 / quoted::Ipv4 / quoted::Tcp).parse(&bytes)?;
//! assert_eq!((icmp.code(), about.total_length(), tcp.destination_port()), (1, 1500, 80));
//! # Ok::<(), ether_ip::Error>(())
//! ```
//!
//! Other crates have layers of their own: they implement [`Layer`], say what theirs [follows](Follows), and, where something follows it,
//! that it is a [`Carrier`].

use core::fmt;
use core::net::IpAddr;
use core::ops::{Div, Range};
use zerocopy::{ByteSlice, CopyableByteSlice, SplitByteSlice};

use crate::arp::ArpPacket;
use crate::checksum::PseudoHeader;
use crate::ethernet::{EtherType, EthernetFrame, EthernetHeader};
use crate::icmpv4::{Icmpv4Header, Icmpv4Packet};
use crate::icmpv6::{Icmpv6Header, Icmpv6Packet};
use crate::ip::{IpProtocol, Version, version};
use crate::ipv4::{Ipv4Header, Ipv4Packet};
use crate::ipv6::{Ipv6Header, Ipv6Packet};
use crate::ipv6_extension::{Extension, Extensions, is_extension};
use crate::tcp::TcpSegment;
use crate::udp::{UdpDatagram, UdpHeader};
use crate::vlan::{VlanHeader, VlanTags};
use crate::{Error, LayerName, Rule};

// ── What a layer is ─────────────────────────────────────────────────────────────────────────────────────────────────

/// What a layer says of the one behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// Who says it.
    pub layer: LayerName,
    /// The field that it stands in, as its RFC names it.
    pub field: &'static str,
    /// The field's value.
    pub value: u32,
}

impl Next {
    /// `value` in a layer's `field`.
    #[inline(always)]
    pub fn new(layer: LayerName, field: &'static str, value: impl Into<u32>) -> Self {
        Self { layer, field, value: value.into() }
    }

    /// That the value keeps a rule.
    ///
    /// # Errors
    /// [`Error::OtherLayer`] if it does not.
    #[inline(always)]
    pub fn check(self, rule: Rule) -> Result<(), Error> {
        if rule.allows(self.value as usize) { Ok(()) } else { Err(self.other(rule)) }
    }

    #[cold]
    fn other(self, rule: Rule) -> Error {
        let Self { layer, field, value } = self;
        Error::OtherLayer { layer, field, value, rule }
    }
}

/// A layer, as it stands in the expression.
pub trait Layer: Copy {
    /// What it is read as.
    type View<B: SplitByteSlice>;

    /// Reads it from the start of what the layer in front carries. That one has announced it; nobody has, if it is the first.
    ///
    /// # Errors
    /// As the view's `parse`.
    fn read<B: SplitByteSlice>(self, announced: Option<Next>, bytes: B) -> Result<Self::View<B>, Error>;
}

/// A layer that carries others.
pub trait Carrier: Layer {
    /// What is left of its view over `&mut [u8]` once its payload is the next layer's: the header, to be changed.
    type Head<'a>;

    /// What it says of the next layer, and the bytes of that.
    ///
    /// # Errors
    /// [`Error::OtherLayer`] if the next layer's header is not there: in a later fragment, and in an ICMP message that quotes nothing.
    fn next<'a>(view: &Self::View<&'a [u8]>) -> Result<(Next, &'a [u8]), Error>;

    /// The same, and the header.
    ///
    /// # Errors
    /// As [`next`](Self::next).
    fn split<'a>(view: Self::View<&'a mut [u8]>) -> Result<(Self::Head<'a>, Next, &'a mut [u8]), Error>;
}

/// That a layer may follow another.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not follow `{Below}` in a packet",
    label = "this layer cannot be behind `{Below}`"
)]
pub trait Follows<Below: Carrier>: Layer {
    /// What the layer in front says, if it is this one that follows.
    fn when(self) -> Rule;
}

// ── How layers are put together ─────────────────────────────────────────────────────────────────────────────────────

/// Layers, one behind the other: `Ethernet / Ipv4 / Udp` is `Stack<Stack<Ethernet, Ipv4>, Udp>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stack<F, L> {
    front: F,
    last: L,
}

/// The layers that stand in front of the last one: one, or a [`Stack`]. There are no others.
pub trait Front: Copy {
    /// The last of them.
    type Last: Carrier;
    /// Their views, each in a pair with those in front of it: `(((), A), B)`.
    type Views<'a>;
    /// Their headers, in the same way.
    type Heads<'a>;

    /// Reads them: their views, and what stands behind them.
    ///
    /// # Errors
    /// What one of them is refused with.
    fn open(self, bytes: &[u8]) -> Result<(Self::Views<'_>, Next, &[u8]), Error>;

    /// Reads them to be changed: their headers, and what stands behind them.
    ///
    /// # Errors
    /// What one of them is refused with.
    fn open_mut(self, bytes: &mut [u8]) -> Result<(Self::Heads<'_>, Next, &mut [u8]), Error>;
}

impl<F: Carrier> Front for F {
    type Last = F;
    type Views<'a> = ((), F::View<&'a [u8]>);
    type Heads<'a> = ((), F::Head<'a>);

    #[inline(always)]
    fn open(self, bytes: &[u8]) -> Result<(Self::Views<'_>, Next, &[u8]), Error> {
        let view = self.read(None, bytes)?;
        let (next, rest) = F::next(&view)?;
        Ok((((), view), next, rest))
    }

    #[inline(always)]
    fn open_mut(self, bytes: &mut [u8]) -> Result<(Self::Heads<'_>, Next, &mut [u8]), Error> {
        let (head, next, rest) = F::split(self.read(None, bytes)?)?;
        Ok((((), head), next, rest))
    }
}

impl<F: Front, L: Carrier + Follows<F::Last>> Front for Stack<F, L> {
    type Last = L;
    type Views<'a> = (F::Views<'a>, L::View<&'a [u8]>);
    type Heads<'a> = (F::Heads<'a>, L::Head<'a>);

    #[inline(always)]
    fn open(self, bytes: &[u8]) -> Result<(Self::Views<'_>, Next, &[u8]), Error> {
        let (views, next, rest) = self.front.open(bytes)?;
        let view = behind(self.last, next, rest)?;
        let (next, rest) = L::next(&view)?;
        Ok(((views, view), next, rest))
    }

    #[inline(always)]
    fn open_mut(self, bytes: &mut [u8]) -> Result<(Self::Heads<'_>, Next, &mut [u8]), Error> {
        let (heads, next, rest) = self.front.open_mut(bytes)?;
        let (head, next, rest) = L::split(behind(self.last, next, rest)?)?;
        Ok(((heads, head), next, rest))
    }
}

/// A layer, if it is the one that was announced.
#[inline(always)]
fn behind<Below: Carrier, L: Follows<Below>, B: SplitByteSlice>(
    layer: L,
    next: Next,
    bytes: B,
) -> Result<L::View<B>, Error> {
    next.check(layer.when())?;
    layer.read(Some(next), bytes)
}

impl<F: Front, L: Follows<F::Last>> Stack<F, L> {
    /// One layer more. The expression is what this is written as; it is for layers of other crates, to have a `/` of their own.
    #[inline(always)]
    pub const fn new(front: F, last: L) -> Self {
        Self { front, last }
    }

    /// Reads the layers: the view of each, with its payload. The last one's is what the stack carries.
    ///
    /// # Errors
    /// What the first that is refused is refused with: as its own `parse`, and [`Error::OtherLayer`] where another one is in its place.
    #[inline(always)]
    pub fn parse<'a, V>(self, bytes: &'a [u8]) -> Result<V, Error>
    where
        (F::Views<'a>, L::View<&'a [u8]>): Flat<Flat = V>,
    {
        let (views, next, rest) = self.front.open(bytes)?;
        Ok((views, behind(self.last, next, rest)?).flat())
    }

    /// Reads the layers to be changed: the header of each, and of the last one the view, with the payload in it.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    #[inline(always)]
    pub fn parse_mut<'a, V>(self, bytes: &'a mut [u8]) -> Result<V, Error>
    where
        (F::Heads<'a>, L::View<&'a mut [u8]>): Flat<Flat = V>,
    {
        let (heads, next, rest) = self.front.open_mut(bytes)?;
        Ok((heads, behind(self.last, next, rest)?).flat())
    }
}

impl<F: Front, L: Carrier + Follows<F::Last>, R: Follows<L>> Div<R> for Stack<F, L> {
    type Output = Stack<Self, R>;

    #[inline(always)]
    fn div(self, behind: R) -> Stack<Self, R> {
        Stack::new(self, behind)
    }
}

/// Pairs of pairs as one tuple: up to twelve layers.
pub trait Flat {
    /// The tuple.
    type Flat;

    /// As one tuple.
    fn flat(self) -> Self::Flat;
}

macro_rules! tuples {
    ($pairs:tt: $($name:ident)+) => {
        impl<$($name),+> Flat for $pairs {
            type Flat = ($($name,)+);

            #[inline(always)]
            #[allow(non_snake_case, reason = "the names of the types are those of the values")]
            fn flat(self) -> Self::Flat {
                let $pairs = self;
                ($($name,)+)
            }
        }
    };
    ($pairs:tt: $($name:ident)+ | $next:ident $($more:ident)*) => {
        tuples!($pairs: $($name)+);
        tuples!(($pairs, $next): $($name)+ $next | $($more)*);
    };
    ($pairs:tt: $($name:ident)+ |) => {
        tuples!($pairs: $($name)+);
    };
}

tuples!((((), A), B): A B | C D E G H I J K L M);

// ── The layers ──────────────────────────────────────────────────────────────────────────────────────────────────────

/// Layers whose view is what their `parse` gives, whoever announced them.
macro_rules! layers {
    ($($(#[$doc:meta])* $layer:ident: $view:ident, $parse:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $layer;

        impl Layer for $layer {
            type View<B: SplitByteSlice> = $view<B>;

            #[inline(always)]
            fn read<B: SplitByteSlice>(self, _: Option<Next>, bytes: B) -> Result<$view<B>, Error> {
                $view::$parse(bytes)
            }
        }
    )*};
}

/// Layers that carry others: what their view says of the next one, and where in the payload that is.
macro_rules! carriers {
    ($($layer:ident: $header:ty, |$view:ident| $next:expr;)*) => {$(
        impl Carrier for $layer {
            type Head<'a> = &'a mut $header;

            #[inline(always)]
            fn next<'a>($view: &Self::View<&'a [u8]>) -> Result<(Next, &'a [u8]), Error> {
                let (next, at) = $next?;
                Ok((next, $view.into_payload().get(at).unwrap_or_default()))
            }

            #[inline(always)]
            fn split<'a>($view: Self::View<&'a mut [u8]>) -> Result<(Self::Head<'a>, Next, &'a mut [u8]), Error> {
                let (next, at) = $next?;
                let (header, payload) = $view.into_parts();
                Ok((header, next, payload.get_mut(at).unwrap_or_default()))
            }
        }

    )*};
}

/// The `/` of layers that are the first.
macro_rules! starts {
    ($($layer:ident)*) => {$(
        impl<R: Follows<$layer>> Div<R> for $layer {
            type Output = Stack<$layer, R>;

            #[inline(always)]
            fn div(self, behind: R) -> Stack<$layer, R> {
                Stack::new(self, behind)
            }
        }
    )*};
}

/// Which layer follows which, and what that one says then.
macro_rules! follows {
    ($($layer:ident: $($below:ident)+ => $rule:expr;)*) => {$($(
        impl Follows<$below> for $layer {
            #[inline(always)]
            fn when(self) -> Rule {
                $rule
            }
        }
    )+)*};
}

/// Whatever the layer in front says.
const ALWAYS: Rule = Rule::AtLeast(0);

layers! {
    /// An Ethernet frame.
    Ethernet: EthernetFrame, parse;
    /// An ARP packet.
    Arp: ArpPacket, parse;
    /// An IPv4 packet. No layer is found in a later fragment, which does not start with one's header.
    Ipv4: Ipv4Packet, parse;
    /// An IPv6 packet. Its extension headers are looked through, and no layer is found in a later fragment.
    Ipv6: Ipv6Packet, parse;
    /// A UDP datagram.
    Udp: UdpDatagram, parse;
    /// A TCP segment.
    Tcp: TcpSegment, parse;
    /// An ICMP message; behind it what it quotes, with the layers of [`quoted`].
    Icmpv4: Icmpv4Packet, parse;
    /// An ICMPv6 message; behind it what it quotes, with the layers of [`quoted`].
    Icmpv6: Icmpv6Packet, parse;
}

/// VLAN tags, any number of them, and none too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vlans;

impl Layer for Vlans {
    type View<B: SplitByteSlice> = VlanTags<B>;

    #[inline(always)]
    fn read<B: SplitByteSlice>(self, announced: Option<Next>, bytes: B) -> Result<VlanTags<B>, Error> {
        VlanTags::parse(EtherType(announced.map_or(0, |next| next.value as u16)), bytes)
    }
}

/// An IP packet of either version: the one that was announced, and the one that its first byte says if it is the first layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ip;

impl Layer for Ip {
    type View<B: SplitByteSlice> = IpPacket<B>;

    #[inline(always)]
    fn read<B: SplitByteSlice>(self, announced: Option<Next>, bytes: B) -> Result<IpPacket<B>, Error> {
        let version = match announced {
            None => version(&bytes)?,
            Some(Next { value, .. }) if value == IPV6 || value == IN_IPV6 => Version::V6,
            Some(_) => Version::V4,
        };
        match version {
            Version::V4 => Ipv4Packet::parse(bytes).map(IpPacket::V4),
            Version::V6 => Ipv6Packet::parse(bytes).map(IpPacket::V6),
        }
    }
}

const IPV4: u32 = EtherType::IPV4.0 as u32;
const IPV6: u32 = EtherType::IPV6.0 as u32;
const IN_IPV4: u32 = IpProtocol::IPV4.0 as u32;
const IN_IPV6: u32 = IpProtocol::IPV6.0 as u32;

follows! {
    Vlans: Ethernet => ALWAYS;
    Arp: Ethernet Vlans => Rule::Exactly(u32::from(EtherType::ARP.0));
    Ipv4: Ethernet Vlans => Rule::Exactly(IPV4);
    Ipv4: Ipv4 Ipv6 Ip => Rule::Exactly(IN_IPV4);
    Ipv6: Ethernet Vlans => Rule::Exactly(IPV6);
    Ipv6: Ipv4 Ipv6 Ip => Rule::Exactly(IN_IPV6);
    Ip: Ethernet Vlans => Rule::Either(IPV4, IPV6);
    Ip: Ipv4 Ipv6 Ip => Rule::Either(IN_IPV4, IN_IPV6);
    Udp: Ipv4 Ipv6 Ip => Rule::Exactly(u32::from(IpProtocol::UDP.0));
    Tcp: Ipv4 Ipv6 Ip => Rule::Exactly(u32::from(IpProtocol::TCP.0));
    Icmpv4: Ipv4 => Rule::Exactly(u32::from(IpProtocol::ICMP.0));
    Icmpv6: Ipv6 => Rule::Exactly(u32::from(IpProtocol::ICMPV6.0));
}

carriers! {
    Ethernet: EthernetHeader, |view| all(by_type(LayerName::ETHERNET, view.ether_type()), view.payload());
    Vlans: [VlanHeader], |view| all(by_type(in_front(view.len()), view.ether_type()), view.payload());
    Ipv4: Ipv4Header, |view| in_ipv4(view.header(), view.payload());
    Ipv6: Ipv6Header, |view| in_ipv6(view.header(), view.payload());
    Udp: UdpHeader, |view| {
        all(Next::new(LayerName::UDP, "destination port", view.destination_port()), view.payload())
    };
    Icmpv4: Icmpv4Header, |view| in_error(LayerName::ICMPV4, view.kind().0, 0, view.quoted());
}

starts!(Ethernet Ipv4 Ipv6 Ip Udp Icmpv4 Icmpv6);

type Found = Result<(Next, Range<usize>), Error>;

/// The next layer is the whole payload.
#[inline(always)]
fn all(next: Next, payload: &[u8]) -> Found {
    Ok((next, 0..payload.len()))
}

#[inline(always)]
fn by_type(layer: LayerName, ether_type: EtherType) -> Next {
    Next::new(layer, "EtherType", ether_type.0)
}

/// Who says what is behind so many tags: where there are none it is Ethernet.
#[inline(always)]
fn in_front(tags: usize) -> LayerName {
    if tags == 0 { LayerName::ETHERNET } else { LayerName::VLAN }
}

/// A later fragment has no header of what it is a part of (RFC 791 §3.2).
#[inline(always)]
fn in_ipv4(header: &Ipv4Header, payload: &[u8]) -> Found {
    match header.fragment_offset() {
        0 => all(Next::new(LayerName::IPV4, "protocol", header.protocol().0), payload),
        offset => Err(later_fragment(LayerName::IPV4, offset)),
    }
}

#[inline(always)]
fn in_ipv6(header: &Ipv6Header, payload: &[u8]) -> Found {
    match header.next_header() {
        next if is_extension(next) => behind_extensions(next, payload),
        protocol => all(Next::new(LayerName::IPV6, NEXT_HEADER, protocol.0), payload),
    }
}

const NEXT_HEADER: &str = "next header";

/// Nor has one of IPv6 (RFC 8200 §4.5).
#[cold]
#[inline(never)]
fn behind_extensions(first: IpProtocol, payload: &[u8]) -> Found {
    let mut extensions = Extensions::new(first, payload);
    for extension in &mut extensions {
        let Extension::Fragment(fragment) = extension? else { continue };
        if fragment.fragment_offset() > 0 {
            return Err(later_fragment(LayerName::FRAGMENT, fragment.fragment_offset()));
        }
    }
    let upper = extensions.upper_layer()?;
    let start = payload.len().saturating_sub(upper.payload.len());
    Ok((Next::new(LayerName::IPV6, NEXT_HEADER, upper.protocol.0), start..payload.len()))
}

#[cold]
fn later_fragment(layer: LayerName, offset: usize) -> Error {
    Next::new(layer, "fragment offset", offset as u32).other(Rule::Exactly(0))
}

/// What an ICMP error quotes, which begins at `start` in what stands behind the header.
#[inline(always)]
fn in_error(layer: LayerName, kind: u8, start: usize, quoted: Option<&[u8]>) -> Found {
    let next = Next::new(layer, "type of error", kind);
    match quoted {
        Some(quoted) => Ok((next, start..start.saturating_add(quoted.len()))),
        None => Err(next.other(Rule::Known)),
    }
}

// ── Those that are not made by a table ──────────────────────────────────────────────────────────────────────────────

impl Carrier for Icmpv6 {
    type Head<'a> = &'a mut Icmpv6Header;

    #[inline(always)]
    fn next<'a>(view: &Self::View<&'a [u8]>) -> Result<(Next, &'a [u8]), Error> {
        let (next, at) = in_error(LayerName::ICMPV6, view.kind().0, 4, view.quoted())?;
        Ok((next, view.into_body().get(at).unwrap_or_default()))
    }

    #[inline(always)]
    fn split<'a>(view: Self::View<&'a mut [u8]>) -> Result<(Self::Head<'a>, Next, &'a mut [u8]), Error> {
        let (next, at) = in_error(LayerName::ICMPV6, view.kind().0, 4, view.quoted())?;
        let (header, body) = view.into_parts();
        Ok((header, next, body.get_mut(at).unwrap_or_default()))
    }
}

/// An IP packet of either version, over the bytes `B`.
pub enum IpPacket<B> {
    /// IPv4.
    V4(Ipv4Packet<B>),
    /// IPv6.
    V6(Ipv6Packet<B>),
}

/// The header of an IP packet of either version, to be changed.
#[derive(Debug)]
pub enum IpHeaderMut<'a> {
    /// IPv4.
    V4(&'a mut Ipv4Header),
    /// IPv6.
    V6(&'a mut Ipv6Header),
}

/// What IPv4 and IPv6 have both.
macro_rules! either {
    ($($of:tt)*) => {
        $($of)* {
            /// Source address.
            #[inline]
            pub fn source(&self) -> IpAddr {
                match self {
                    Self::V4(ip) => ip.source().into(),
                    Self::V6(ip) => ip.source().into(),
                }
            }

            /// Destination address.
            #[inline]
            pub fn destination(&self) -> IpAddr {
                match self {
                    Self::V4(ip) => ip.destination().into(),
                    Self::V6(ip) => ip.destination().into(),
                }
            }

            /// What this header adds to the checksum of what it carries, be there extension headers between them or none.
            #[inline]
            pub fn pseudo_header(&self, protocol: IpProtocol) -> PseudoHeader {
                match self {
                    Self::V4(ip) => PseudoHeader::ipv4(ip.source(), ip.destination(), protocol),
                    Self::V6(ip) => ip.pseudo_header(protocol),
                }
            }
        }
    };
}

either!(impl<B: ByteSlice> IpPacket<B>);
either!(impl IpHeaderMut<'_>);

impl<B: ByteSlice> IpPacket<B> {
    /// All that the packet carries, extension headers first, up to where its header says.
    #[inline]
    pub fn payload(&self) -> &[u8] {
        match self {
            Self::V4(ip) => ip.payload(),
            Self::V6(ip) => ip.payload(),
        }
    }
}

impl<B: CopyableByteSlice> Copy for IpPacket<B> {}
impl<B: CopyableByteSlice> Clone for IpPacket<B> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}
impl<B: ByteSlice> fmt::Debug for IpPacket<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(ip) => ip.fmt(f),
            Self::V6(ip) => ip.fmt(f),
        }
    }
}

impl Carrier for Ip {
    type Head<'a> = IpHeaderMut<'a>;

    #[inline(always)]
    fn next<'a>(view: &Self::View<&'a [u8]>) -> Result<(Next, &'a [u8]), Error> {
        match view {
            IpPacket::V4(ip) => Ipv4::next(ip),
            IpPacket::V6(ip) => Ipv6::next(ip),
        }
    }

    #[inline(always)]
    fn split<'a>(view: Self::View<&'a mut [u8]>) -> Result<(Self::Head<'a>, Next, &'a mut [u8]), Error> {
        match view {
            IpPacket::V4(ip) => Ipv4::split(ip).map(|(header, next, rest)| (IpHeaderMut::V4(header), next, rest)),
            IpPacket::V6(ip) => Ipv6::split(ip).map(|(header, next, rest)| (IpHeaderMut::V6(header), next, rest)),
        }
    }
}

/// The layers of a packet that an ICMP error quotes: they are read as far as they were quoted, with `parse_lax`.
pub mod quoted {
    use super::{ALWAYS, Carrier, Follows, Layer, Next, in_ipv4, in_ipv6};
    use crate::icmpv4::Icmpv4Packet;
    use crate::icmpv6::Icmpv6Packet;
    use crate::ip::IpProtocol;
    use crate::ipv4::{Ipv4Header, Ipv4Packet};
    use crate::ipv6::{Ipv6Header, Ipv6Packet};
    use crate::tcp::TcpStart;
    use crate::udp::UdpDatagram;
    use crate::view::take_header;
    use crate::{Error, LayerName, Rule};
    use zerocopy::{Ref, SplitByteSlice};

    layers! {
        /// The IPv4 packet that an ICMP error is about.
        Ipv4: Ipv4Packet, parse_lax;
        /// The IPv6 packet that an ICMPv6 error is about.
        Ipv6: Ipv6Packet, parse_lax;
        /// Its UDP datagram.
        Udp: UdpDatagram, parse_lax;
        /// The start of its TCP segment: more than 8 bytes need not be quoted (RFC 792).
        Tcp: QuotedTcp, parse;
        /// Its ICMP message: an echo, since there is no error about an error.
        Icmpv4: Icmpv4Packet, parse;
        /// Its ICMPv6 message.
        Icmpv6: Icmpv6Packet, parse;
    }

    carriers! {
        Ipv4: Ipv4Header, |view| in_ipv4(view.header(), view.payload());
        Ipv6: Ipv6Header, |view| in_ipv6(view.header(), view.payload());
    }

    /// What stands behind an ICMP message's layer is what it quotes.
    impl Follows<super::Icmpv4> for Ipv4 {
        #[inline(always)]
        fn when(self) -> Rule {
            ALWAYS
        }
    }

    impl Follows<super::Icmpv6> for Ipv6 {
        #[inline(always)]
        fn when(self) -> Rule {
            ALWAYS
        }
    }

    follows! {
        Udp: Ipv4 Ipv6 => Rule::Exactly(u32::from(IpProtocol::UDP.0));
        Tcp: Ipv4 Ipv6 => Rule::Exactly(u32::from(IpProtocol::TCP.0));
        Icmpv4: Ipv4 => Rule::Exactly(u32::from(IpProtocol::ICMP.0));
        Icmpv6: Ipv6 => Rule::Exactly(u32::from(IpProtocol::ICMPV6.0));
    }

    /// The start of a TCP segment, over the bytes `B`.
    pub struct QuotedTcp<B> {
        header: Ref<B, TcpStart>,
        payload: B,
    }

    crate::view!(QuotedTcp => TcpStart { payload } payload "What else of the segment is quoted");

    impl<B: SplitByteSlice> QuotedTcp<B> {
        /// Reads the ports and the sequence number.
        ///
        /// # Errors
        /// [`Error::Truncated`] under 8 bytes.
        #[inline]
        pub fn parse(bytes: B) -> Result<Self, Error> {
            let (needed, available) = (size_of::<TcpStart>(), bytes.len());
            let truncated = Error::Truncated { layer: LayerName::TCP, needed, available };
            let (header, payload) = take_header(bytes).ok_or(truncated)?;
            Ok(Self { header, payload })
        }
    }
}
