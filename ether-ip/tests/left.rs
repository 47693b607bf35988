//! What a rewrite leaves as it is, and tells: in packets of RFCs and of Linux.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use ether_ip::ipv4::Ipv4Packet;
use ether_ip::rewrite::{Left, Rewriter};

#[path = "../../testdata/unhex.rs"]
mod unhex;
use unhex::unhex;

/// RFC 9235 §4.1.1: a SYN with TCP-AO, whose MAC is of the RFC's key.
const AUTHENTICATED: &str = "
    45e0004cdd0f4000ff06bf6b0a0b0c0dac1b1c1d e9d700b3fbfbab5a00000000e002ffffcac40000
    020405b40103030804020 80a00155ab7000000001d103d542ee437c6f8ede6d7c4d602e7";
/// A SYN of Linux 6 to itself with TCP_MD5SIG, key "secret"; what tcpdump -M has to say of it is "valid".
const SIGNED: &str = "
    45000048c50540004006 77a87f0000017f000001 bc7a45ecb9c81b5000000000d002ffd7fe3c0000
    01011312f90615d7ee011d90179588c8e1db07420204ffd7010104020103030a";

fn left_of(mut bytes: Vec<u8>) -> Left {
    Rewriter::ip(&mut bytes).unwrap().left()
}

/// RFC 2385 §2.0, RFC 5925 §5.1: the digests are over the addresses and ports, and stay as they are.
#[test]
fn signatures() {
    for packet in [AUTHENTICATED, SIGNED] {
        let mut bytes = unhex(packet);
        let before = bytes.clone();
        let mut rewriter = Rewriter::ip(&mut bytes).unwrap();
        let left = rewriter.left();
        assert!(left.signature && !left.addresses && !left.authentication);
        rewriter.change_source([203, 0, 113, 7].into()).unwrap();
        rewriter.change_source_port(61_000);
        assert!(rewriter.left().signature);
        assert_eq!(bytes[40..], before[40..]);
        assert!(Ipv4Packet::parse(&bytes[..]).unwrap().checksum_is_valid());

        // Another option of that length; the header cut before them; a later fragment, which has no header.
        let at = before.windows(2).position(|pair| pair == [19, 18] || pair == [29, 16]).unwrap();
        let with = |at: usize, byte| {
            let mut bytes = before.clone();
            bytes[at] = byte;
            left_of(bytes)
        };
        assert_eq!(with(at, 253), Left::default());
        assert_eq!(with(7, 1), Left::default());
        assert_eq!(with(32, 0x50), Left::default(), "no options");
        // RFC 9293 §3.1: behind a length that is none nobody looks; and what is malformed there is no reason to refuse the packet.
        assert_eq!(with(at + 1, 1), Left::default());
    }
}

/// RFC 8684 §3.4.1: ADD_ADDR tells an address and a port, here behind another option of the same kind (§3.3, a DSS without anything).
#[test]
fn addresses_of_multipath_tcp() {
    let tcp = |options: &[u8]| {
        let length = 40 + options.len() as u8;
        let offset = (5 + options.len() as u8 / 4) << 4;
        let ip = [0x45, 0, 0, length, 0, 0, 0x40, 0, 64, 6, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];
        let tcp = [0x0f, 0xa0, 0, 80, 0, 0, 0, 1, 0, 0, 0, 2, offset, 0x10, 1, 0, 0, 0, 0, 0];
        left_of([&ip[..], &tcp, options].concat())
    };
    let (dss, add_addr) = ([30, 4, 0x20, 0], [30, 8, 0x31, 2, 10, 0, 0, 1]);
    assert_eq!(tcp(&dss), Left::default());
    assert!(tcp(&[&dss[..], &add_addr].concat()).addresses);
    assert!(!tcp(&[&dss[..], &add_addr].concat()).signature);
    // What has no room for a subtype has none.
    assert_eq!(tcp(&[30, 2, 1, 1]), Left::default());
}

/// RFC 791 §3.1, RFC 8200 §4.4, RFC 4302: what IP itself has.
#[test]
fn of_ip() {
    let ipv4 = |protocol, options: &[u8], upper: &[u8]| {
        let [header, length] = [20 + options.len() as u8, 20 + (options.len() + upper.len()) as u8];
        let start = [0x40 + header / 4, 0, 0, length, 0, 0, 0x40, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];
        left_of([&start, options, upper].concat())
    };
    let addresses = |left: Left| (left.addresses, left.authentication, left.signature);
    let route = [7, 7, 4, 0, 0, 0, 0, 0];
    assert_eq!(addresses(ipv4(59, &route, &[])), (true, false, false));
    assert_eq!(addresses(ipv4(59, &[68, 8, 5, 0, 0, 0, 0, 0], &[])), (false, false, false));
    assert_eq!(addresses(ipv4(59, &[68, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0], &[])), (true, false, false));
    let authentication = [59, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
    assert_eq!(addresses(ipv4(51, &[], &authentication)), (false, true, false));
    let routing = [59, 2, 0, 0, 0, 0, 0, 0, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    let ipv6 = [&[0x60, 0, 0, 0, 0, 24, 43, 64][..], &[0xfd; 32], &routing].concat();
    assert_eq!(addresses(left_of(ipv6)), (true, false, false));
}
