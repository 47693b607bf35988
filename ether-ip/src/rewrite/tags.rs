//! VLAN tags put on frames, taken off and exchanged (IEEE 802.1Q §6.9): the outermost one, behind the MAC addresses.
//!
//! ```text
//!  0             6             12       14       16
//!  +-------------+-------------+--------+--------+------------------
//!  | destination | source      | TPID   | TCI    | EtherType …
//!  +-------------+-------------+--------+--------+------------------
//!  <── the addresses move by the tag's 4 bytes, and nothing else
//! ```
//!
//! No checksum is over a tag: what the frame carries stays as it is and where it is.

use zerocopy::FromBytes;

use crate::ethernet::{EtherType, EthernetHeader};
use crate::vlan::VlanHeader;
use crate::{Error, LayerName, PacketBuffer};

/// How many bytes of a frame are touched.
const TAGGED: usize = size_of::<EthernetHeader>() + size_of::<VlanHeader>();

/// Puts a tag on an Ethernet frame, in front of any that it has. `tpid` announces it: [`EtherType::VLAN`], or
/// [`EtherType::SERVICE_VLAN`] for a provider's. The EtherType in `tag` is of no account: what the frame carries follows.
///
/// ```
/// use ether_ip::ethernet::{EtherType, EthernetFrame};
/// use ether_ip::{Headroom, rewrite, vlan::VlanHeader};
///
/// let mut buffer = *b"....\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\x00IPv4";
/// let mut frame = Headroom::new(&mut buffer, 18)?;
/// rewrite::push_tag(&mut frame, EtherType::VLAN, VlanHeader::new(7, EtherType::IPV4))?;
/// assert_eq!(frame.packet(), b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x81\x00\x00\x07\x08\x00IPv4");
/// assert_eq!(rewrite::pop_tag(&mut frame)?, Some((EtherType::VLAN, VlanHeader::new(7, EtherType::IPV4))));
/// assert_eq!(frame.packet(), b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\x00IPv4");
/// # Ok::<(), ether_ip::Error>(())
/// ```
///
/// # Errors
/// [`Error::Truncated`] if there is no Ethernet header; [`Error::NoRoom`] if there are not 4 bytes free in front of the frame. Nothing is
/// changed then.
pub fn push_tag(frame: &mut impl PacketBuffer, tpid: EtherType, tag: VlanHeader) -> Result<(), Error> {
    let header = header_of(frame.packet())?;
    frame.prepend_space(LayerName::VLAN, size_of::<VlanHeader>())?;
    let mut tag = tag;
    tag.set_ether_type(header.ether_type());
    write(frame.front_mut(TAGGED), EthernetHeader::new(header.destination(), header.source(), tpid), Some(tag));
    Ok(())
}

/// Takes the outermost tag off an Ethernet frame: what announced it, and the tag. `None`, and nothing is changed, if it has none.
///
/// # Errors
/// [`Error::Truncated`] if there is no Ethernet header, or the tag is not all there. Nothing is changed then.
pub fn pop_tag(frame: &mut impl PacketBuffer) -> Result<Option<(EtherType, VlanHeader)>, Error> {
    let Some((header, tag)) = tagged(frame.packet())? else { return Ok(None) };
    frame.trim_front(size_of::<VlanHeader>());
    write(frame.front_mut(TAGGED), EthernetHeader::new(header.destination(), header.source(), tag.ether_type()), None);
    Ok(Some((header.ether_type(), tag)))
}

/// Exchanges the identifier of the outermost tag, the lower 12 bits of `id`. The one before; `None`, and nothing is changed, if the frame
/// has no tag. Priority and drop eligibility stay.
///
/// # Errors
/// As [`pop_tag`].
pub fn swap_tag(frame: &mut [u8], id: u16) -> Result<Option<u16>, Error> {
    let Some((header, mut tag)) = tagged(frame)? else { return Ok(None) };
    let before = tag.id();
    tag.set_id(id);
    write(frame, header, Some(tag));
    Ok(Some(before))
}

fn header_of(frame: &[u8]) -> Result<EthernetHeader, Error> {
    let (needed, available) = (size_of::<EthernetHeader>(), frame.len());
    let truncated = Error::Truncated { layer: LayerName::ETHERNET, needed, available };
    EthernetHeader::read_from_prefix(frame).map(|(header, _)| header).map_err(|_| truncated)
}

/// The header of a frame that has a tag, and the tag.
fn tagged(frame: &[u8]) -> Result<Option<(EthernetHeader, VlanHeader)>, Error> {
    let header = header_of(frame)?;
    if !header.ether_type().is_vlan() {
        return Ok(None);
    }
    let rest = frame.get(size_of::<EthernetHeader>()..).unwrap_or_default();
    let (needed, available) = (size_of::<VlanHeader>(), rest.len());
    let truncated = Error::Truncated { layer: LayerName::VLAN, needed, available };
    let (tag, _) = VlanHeader::read_from_prefix(rest).map_err(|_| truncated)?;
    Ok(Some((header, tag)))
}

/// Writes the start of a frame that is known to be as long.
fn write(frame: &mut [u8], header: EthernetHeader, tag: Option<VlanHeader>) {
    if let Ok((place, rest)) = EthernetHeader::mut_from_prefix(frame) {
        *place = header;
        if let (Some(tag), Ok((place, _))) = (tag, VlanHeader::mut_from_prefix(rest)) {
            *place = tag;
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::Headroom;

    /// IEEE 802.1Q §9.6, 802.1ad: a provider's tag (88a8) in front of a customer's (8100), on and off again; and what does not fit.
    #[test]
    fn tags_on_and_off() {
        let plain = *b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x86\xddIPv6";
        let mut buffer = [0; 26];
        let mut frame = Headroom::with_payload(&mut buffer, &plain).unwrap();
        let mut customer = VlanHeader::new(0xfff, EtherType(0));
        customer.set_priority(5);
        push_tag(&mut frame, EtherType::VLAN, customer).unwrap();
        push_tag(&mut frame, EtherType::SERVICE_VLAN, VlanHeader::new(100, EtherType(0))).unwrap();
        assert_eq!(frame.packet(), b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x88\xa8\0\x64\x81\0\xaf\xff\x86\xddIPv6");
        let full = push_tag(&mut frame, EtherType::VLAN, customer).unwrap_err();
        assert_eq!(full, Error::NoRoom { layer: LayerName::VLAN, needed: 4, available: 0 });
        assert_eq!(swap_tag(frame.packet_mut(), 0x1234), Ok(Some(100)));
        assert_eq!(frame.packet(), b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x88\xa8\x02\x34\x81\0\xaf\xff\x86\xddIPv6");
        assert_eq!(pop_tag(&mut frame), Ok(Some((EtherType::SERVICE_VLAN, VlanHeader::new(0x234, EtherType::VLAN)))));
        customer.set_ether_type(EtherType::IPV6);
        assert_eq!(pop_tag(&mut frame), Ok(Some((EtherType::VLAN, customer))));
        assert_eq!(pop_tag(&mut frame), Ok(None));
        assert_eq!((swap_tag(frame.packet_mut(), 1), frame.packet()), (Ok(None), &plain[..]));

        let cut = Error::Truncated { layer: LayerName::ETHERNET, needed: 14, available: 13 };
        let mut short = Headroom::with_payload(&mut buffer, &plain[..13]).unwrap();
        assert_eq!(pop_tag(&mut short), Err(cut));
        assert_eq!(push_tag(&mut short, EtherType::VLAN, customer), Err(cut));
        let mut tagged = *b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x81\x00\x00";
        let cut = Error::Truncated { layer: LayerName::VLAN, needed: 4, available: 1 };
        assert_eq!(swap_tag(&mut tagged, 1), Err(cut));
    }
}
