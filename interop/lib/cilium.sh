# Cilium's DSR in IPv4 and IPv6 options, against Scapy, both ways. Sourced by interop/run.

. "$here/lib/forge.sh"
