//! A cursor goes through any bytes as slices do: it reads and writes none beside them, its entropy is the codecs', and a checksum that it
//! completes is right.
#![no_main]

use ether_ip::ip::IpProtocol;
use ether_ip::ipv6_extension::{Extensions, is_extension};
use ether_ip::{checksum::Checksum, flow};
use libfuzzer_sys::fuzz_target;
use packet_cursor::{Cursor, Ip, IpHeader};

fuzz_target!(|bytes: &[u8]| {
    // Memory of its own, so that what is read beside it is seen.
    let mut frame: Box<[u8]> = bytes.into();
    entropy(bytes, &mut frame);
    assert_eq!(&frame[..], bytes);
    complete(bytes, &mut frame);
    tunnels(&mut frame);
});

fn entropy(bytes: &[u8], frame: &mut [u8]) {
    let mut cursor = Cursor::over(frame);
    let Some(ethernet) = cursor.ethernet() else { return };
    if ethernet.ether_type.is_vlan() {
        return;
    }
    match cursor.ip(ethernet.ether_type) {
        // More extension headers than a cursor passes, or one that ends beyond what IP can have.
        Some(ip) if matches!(ip.header, IpHeader::V6(_)) && !is_passed(bytes, &ip, ethernet.tags) => {}
        Some(ip) => assert_eq!(cursor.entropy(&ip), flow::entropy(bytes)),
        None => assert_eq!(ethernet.entropy(), flow::entropy(bytes)),
    }
}

fn is_passed(bytes: &[u8], ip: &Ip<'_>, tags: usize) -> bool {
    let packet = &bytes[14 + 4 * tags..];
    let all = Extensions::new(IpProtocol(packet[6]), &packet[40..]).upper_layer();
    all.is_ok() && (ip.is_later_fragment || !is_extension(ip.protocol))
}

fn complete(bytes: &[u8], frame: &mut [u8]) {
    let mut cursor = Cursor::over(frame);
    let Some(ethernet) = cursor.ethernet() else { return };
    let Some(ip) = cursor.ip(ethernet.ether_type) else { return };
    let (place, len) = (bytes.len() - cursor.left(), ip.packet_len().wrapping_sub(ip.header_len()));
    let (before, protocol) = (pseudo_header(&ip, len), ip.protocol);
    let done = cursor.complete(&ip);
    if &frame[..] == bytes {
        return;
    }
    assert_eq!(done, Some(()));
    assert_eq!(before.bytes(&frame[place..place + len]).finish(), 0);
    let field = place + if protocol == IpProtocol::TCP { 16 } else { 6 };
    assert!((0..bytes.len()).all(|at| frame[at] == bytes[at] || (field..field + 2).contains(&at)));
}

fn pseudo_header(ip: &Ip<'_>, len: usize) -> Checksum {
    match &ip.header {
        IpHeader::V4(header) => header.pseudo_header().with_length(len),
        IpHeader::V6(header) => header.pseudo_header(ip.protocol).with_length(len),
    }
}

fn tunnels(frame: &mut [u8]) {
    let len = frame.len();
    let mut cursor = Cursor::over(frame);
    let Some(ethernet) = cursor.ethernet() else { return };
    let Some(ip) = cursor.ip(ethernet.ether_type) else { return };
    let Some(udp) = cursor.udp(&ip) else { return };
    if udp.destination_port() == geneve_codec::PORT {
        let (at, here) = (len - cursor.left(), cursor.geneve_with_options().map(|of| of.has_critical_options));
        assert_eq!(here, critical(&frame[at..]));
    } else if cursor.vxlan().is_some() {
        let _ = cursor.ethernet().and_then(|inner| cursor.ip(inner.ether_type));
    }
}

/// Whether the codec finds options that may not be passed over.
fn critical(bytes: &[u8]) -> Option<bool> {
    let packet = geneve_codec::GenevePacket::parse(bytes).ok()?;
    let options: Vec<_> = packet.options().collect::<Result<_, _>>().ok()?;
    Some(options.iter().any(|option| option.is_critical()))
}
