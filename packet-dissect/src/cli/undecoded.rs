//! Protocols that people ask for and that are not decoded here, and what can be asked for instead.

/// What Wireshark and others call them, and a test that is true of their packets where they have their usual ports.
pub(super) const UNDECODED: [(&str, &str); 40] = [
    ("amqp", "tcp.port == 5672"),
    ("bfd", "udp.port == 3784"),
    ("bootp", "udp.port in {67, 68}"),
    ("dhcp", "udp.port in {67, 68}"),
    ("dhcpv6", "udp.port in {546, 547}"),
    ("dns", "udp.port == 53"),
    ("dtls", "udp.port == 443"),
    ("eapol", "eth.type == 0x888e"),
    ("eigrp", "ip.proto == 88"),
    ("ftp", "tcp.port == 21"),
    ("grpc", "tcp.port == 443"),
    ("http", "tcp.port == 80"),
    ("http2", "tcp.port == 443"),
    ("http3", "udp.port == 443"),
    ("https", "tcp.port == 443"),
    ("isakmp", "udp.port in {500, 4500}"),
    ("kafka", "tcp.port == 9092"),
    ("kerberos", "tcp.port == 88 or udp.port == 88"),
    ("ldap", "tcp.port == 389"),
    ("lldp", "eth.type == 0x88cc"),
    ("mdns", "udp.port == 5353"),
    ("mqtt", "tcp.port == 1883"),
    ("mysql", "tcp.port == 3306"),
    ("nfs", "tcp.port == 2049"),
    ("ntp", "udp.port == 123"),
    ("ospf", "ip.proto == 89"),
    ("pgsql", "tcp.port == 5432"),
    ("pim", "ip.proto == 103"),
    ("quic", "udp.port == 443"),
    ("resp", "tcp.port == 6379"),
    ("sctp", "ip.proto == 132"),
    ("sip", "udp.port == 5060"),
    ("smb2", "tcp.port == 445"),
    ("smtp", "tcp.port == 25"),
    ("snmp", "udp.port == 161"),
    ("ssh", "tcp.port == 22"),
    ("ssl", "tcp.port == 443"),
    ("syslog", "udp.port == 514"),
    ("tls", "tcp.port == 443"),
    ("vrrp", "ip.proto == 112"),
];

/// What layers are called elsewhere that have another name here, which is Wireshark's.
const OTHERWISE: [(&str, &str); 6] =
    [("ethernet", "eth"), ("icmp6", "icmpv6"), ("icmpv4", "icmp"), ("ip4", "ip"), ("ip6", "ipv6"), ("ipv4", "ip")];

/// The protocol of a name, be it a field's, if it is not decoded, and what could be asked for instead.
pub(super) fn protocol(name: &str) -> Option<(&str, &'static str)> {
    let protocol = name.split('.').next()?;
    UNDECODED.iter().find(|(of, _)| of.eq_ignore_ascii_case(protocol)).map(|(_, test)| (protocol, *test))
}

/// The same name as it is here, if its layer has another.
pub(super) fn otherwise(name: &str) -> Option<String> {
    let (layer, field) = name.split_at(name.find('.').unwrap_or(name.len()));
    OTHERWISE.iter().find(|(of, _)| of.eq_ignore_ascii_case(layer)).map(|(_, here)| [here, field].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Layer;
    use crate::fields::Field;

    #[test]
    fn none_is_decoded() {
        let known =
            || Layer::NAMES.iter().copied().chain(Field::ALL.iter().filter_map(|of| of.name().split('.').next()));
        for (name, _) in UNDECODED.iter().chain(&OTHERWISE) {
            assert!(known().all(|known| known != *name), "{name}");
        }
        for (_, here) in OTHERWISE {
            assert!(known().any(|known| known == here), "{here}");
        }
        assert_eq!(protocol("http.request.method"), Some(("http", "tcp.port == 80")));
        assert_eq!(protocol("httpd"), None);
        assert_eq!(otherwise("ipv4.src").as_deref(), Some("ip.src"));
    }
}
