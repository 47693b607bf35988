#!/bin/sh
# The expected decode of one capture, by tshark: one line a frame, every occurrence of a field joined by commas.
# usage: fields.sh FILE
exec tshark -n -r "$1" -o ip.defragment:FALSE -o ipv6.defragment:FALSE -o ip.check_checksum:TRUE \
    -d udp.port==8472,vxlan -d tcp.port==11019,bmp -T fields -E occurrence=a -E aggregator=, -E separator=/t \
    -e frame.number -e frame.len -e eth.src -e eth.dst -e eth.type -e vlan.id -e arp.opcode \
    -e ip.src -e ip.dst -e ip.proto -e ip.ttl -e ip.len -e ip.frag_offset -e ip.checksum.status \
    -e ipv6.src -e ipv6.dst -e ipv6.nxt -e ipv6.hlim -e ipv6.plen \
    -e udp.srcport -e udp.dstport -e udp.length -e tcp.srcport -e tcp.dstport -e tcp.seq_raw -e tcp.flags \
    -e icmp.type -e icmp.code -e icmpv6.type -e icmpv6.code -e gre.proto -e mpls.label \
    -e vxlan.vni -e vxlan.flags -e geneve.vni -e bgp.type -e bgp.length
