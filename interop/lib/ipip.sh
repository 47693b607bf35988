# IP in IP, GRE and the ICMP errors that come back, against Scapy, both ways. Sourced by interop/run.

. "$here/lib/forge.sh"
