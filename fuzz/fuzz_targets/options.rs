//! Options of every protocol from arbitrary values: written, read back, the same; and from arbitrary bytes, written again.
#![no_main]

use ether_ip::gtp_u::{GtpUElement, GtpUElements};
use ether_ip::ipv4::{Ipv4Option, Ipv4OptionKind, Ipv4Options};
use ether_ip::ipv6_extension::{Ipv6Option, Ipv6OptionType};
use ether_ip::multicast::{GroupRecord, GroupRecords};
use ether_ip::ndp::NdpOptions;
use ether_ip::tcp::{TcpOption, TcpOptions};
use ether_ip::{LayerName, writer::Writer};
use geneve_codec::{GeneveOption, GeneveOptions};
use libfuzzer_sys::fuzz_target;

type Records<'a> = (GroupRecord<'a, 4>, GroupRecord<'a, 16>, GtpUElement<'a>);

fuzz_target!(|input: (Ipv4Option<'_>, Ipv6Option<'_>, TcpOption<'_>, GeneveOption<'_>, Records<'_>, &[u8])| {
    let (ipv4, ipv6, tcp, geneve, (igmp, mld, gtp), bytes) = input;
    let mut buffer = [0; 4096];
    /// Writes an option to the start of a buffer: how long it is.
    macro_rules! write {
        ($option:expr, $buffer:expr) => {{
            let mut writer = Writer::new(LayerName::PACKET, &mut $buffer);
            $option.write(&mut writer).map(|()| writer.len())
        }};
    }

    // A value whose kind is another variant's, `Other` of a known kind say, reads back as that one: bytes are compared.
    if let Ok(len) = write!(ipv4, buffer) {
        let is_route = matches!(ipv4, Ipv4Option::Route { kind, .. } | Ipv4Option::Other { kind, .. } if kind.0 <= 1);
        if !is_route {
            let read = Ipv4Options::new(&buffer[..len]).next().unwrap().unwrap();
            let mut again = [0; 4096];
            let again_len = write!(read, again).unwrap();
            assert_eq!(again[..again_len], buffer[..len], "{ipv4:?}");
            assert!(ipv4.kind() == read.kind() || ipv4.kind() == Ipv4OptionKind::END_OF_LIST);
        }
    }
    if let Ok(len) = write!(ipv6, buffer) {
        assert!(
            len <= 257 && (ipv6.kind() != Ipv6OptionType::PAD1 || len == 1 || matches!(ipv6, Ipv6Option::Other { .. }))
        );
    }
    if let Ok(len) = write!(tcp, buffer) {
        if !matches!(tcp, TcpOption::Other { .. }) {
            assert_eq!(TcpOptions::new(&buffer[..len]).next(), Some(Ok(tcp)));
        }
    }
    if let Ok(len) = write!(geneve, buffer) {
        let read = GeneveOptions::new(&buffer[..len]).next().unwrap().unwrap();
        assert_eq!((read.class, read.kind, read.data), (geneve.class, geneve.kind, geneve.data));
    }

    if let Ok(len) = write!(igmp, buffer) {
        assert!(GroupRecords::of(&buffer[..len]).unwrap().iter().eq([Ok(igmp)]));
    }
    // An address of 4 or 16 bytes under another name reads back as one.
    if let Ok(len) = write!(gtp, buffer) {
        let read = GtpUElements::new(&buffer[..len]).next().unwrap().unwrap();
        let mut again = [0; 4096];
        let again_len = write!(read, again).unwrap();
        assert_eq!(again[..again_len], buffer[..len], "{gtp:?}");
    }
    if let Ok(len) = write!(mld, buffer) {
        assert!(GroupRecords::of(&buffer[..len]).unwrap().iter().eq([Ok(mld)]));
    }

    macro_rules! same_again {
        ($options:expr) => {
            let mut at = 0;
            for option in $options {
                let Ok(option) = option else { break };
                let len = write!(option, buffer).unwrap();
                assert_eq!(buffer[..len], bytes[at..at + len], "{option:?}");
                at += len;
            }
            assert!(at <= bytes.len());
        };
    }
    let bytes = &bytes[..bytes.len().min(4000)];
    same_again!(Ipv4Options::new(bytes));
    same_again!(TcpOptions::new(bytes));
    same_again!(NdpOptions::new(bytes));
    same_again!(GeneveOptions::new(bytes));
    same_again!(GtpUElements::new(bytes));
    same_again!(GroupRecords::<4>::new(u16::MAX, bytes).iter());
    same_again!(GroupRecords::<16>::new(u16::MAX, bytes).iter());
});
