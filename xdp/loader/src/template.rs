//! A tunnel's headers for the map that the program takes them from.

use anyhow::{Context, ensure};
use ether_ip::Headroom;
use ether_ip::ethernet::{EtherType, EthernetFrame, EthernetHeader};
use ether_ip::ipv4::Ipv4Header;
use ether_ip::ipv6::Ipv6Header;
use ether_ip::udp::UdpHeader;
use ether_ip::zerocopy::FromBytes;
use xdp_maps::{MAX_HEADERS, Template};

/// The frame that headers are made in front of: an address to nobody.
const FRAME: usize = size_of::<EthernetHeader>();

/// The headers that `encapsulate` puts in front of a frame, a codec's `template()`; they go out by this device, in IP packets of at most `mtu`
/// bytes, from these ports.
///
/// # Errors
///
/// If there is no Ethernet header in them, or more than there is room for; or UDP has a checksum: the program does not look at all bytes of a
/// frame.
pub fn template<E>(
    encapsulate: impl FnOnce(&mut Headroom<'_>) -> Result<(), E>,
    (first_port, last_port): (u16, u16),
    mtu: u16,
    device: u32,
) -> anyhow::Result<Template>
where
    anyhow::Error: From<E>,
{
    let mut buffer = [0; MAX_HEADERS + FRAME];
    let mut packet = Headroom::new(&mut buffer, FRAME)?;
    encapsulate(&mut packet)?;
    let bytes = packet.packet();
    let len = bytes.len() - FRAME;
    ensure!(len < MAX_HEADERS, "the headers have {len} bytes, and there is room for {}", MAX_HEADERS - 1);
    let mut headers = [0; MAX_HEADERS];
    headers.get_mut(..len).context("they do not fit")?.copy_from_slice(bytes.get(..len).context("they are not there")?);
    let ether_type = EthernetFrame::parse(bytes)?.ether_type();
    let rest = headers.get_mut(FRAME..).context("they do not fit")?;
    let udp = match ether_type {
        EtherType::IPV4 => {
            let (header, rest) = Ipv4Header::mut_from_prefix(rest).map_err(|_| anyhow::anyhow!("no IPv4 header"))?;
            header.change_total_length(0);
            rest
        }
        EtherType::IPV6 => {
            let (header, rest) = Ipv6Header::mut_from_prefix(rest).map_err(|_| anyhow::anyhow!("no IPv6 header"))?;
            header.set_payload_length(0);
            rest
        }
        other => anyhow::bail!("behind Ethernet is {other}, and it has to be IP"),
    };
    let (udp, _) = UdpHeader::mut_from_prefix(udp).map_err(|_| anyhow::anyhow!("no UDP header"))?;
    ensure!(udp.checksum() == 0, "the program makes no UDP checksums: the template has to be without");
    udp.set_length(0);
    udp.set_source_port(0);
    Ok(Template { headers, len: u32::try_from(len)?, mtu: mtu.into(), device, first_port, last_port })
}
