# Joins and leaves multicast groups on the device `wire`, first with IGMPv3 and MLDv2, then with the versions before. usage: python3
# multicast.py COMMAND, which makes the querier one of version 2 and of MLDv1.
import os, socket, struct, sys, time

DEVICE = socket.if_nametoindex("wire")
OURS = socket.inet_aton("192.0.2.1")
IP_BLOCK, IP_ADD_SOURCE, IP_DROP_SOURCE = 38, 39, 40
BLOCK, JOIN_SOURCE, LEAVE_SOURCE = 43, 46, 47
GROUP, GROUP6 = "233.252.0.1", "ff0e::db8:0:1"
ONE_SOURCE, ONE_SOURCE6 = "232.0.0.7", "ff3e::db8:7"


def v6(address):
    return socket.inet_pton(socket.AF_INET6, address)


def storage(address):
    return struct.pack("=HHI16sI", socket.AF_INET6, 0, 0, v6(address), 0).ljust(128, b"\0")


def set4(at, option, group, source):
    at.setsockopt(socket.IPPROTO_IP, option, socket.inet_aton(group) + OURS + socket.inet_aton(source))


def set6(at, option, group, source):
    at.setsockopt(socket.IPPROTO_IPV6, option, struct.pack("=I4x", DEVICE) + storage(group) + storage(source))


def sockets():
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)


def wait():
    time.sleep(2.2)


def force(igmp, mld):
    for device in "all", "wire":
        open(f"/proc/sys/net/ipv4/conf/{device}/force_igmp_version", "w").write(str(igmp))
        open(f"/proc/sys/net/ipv6/conf/{device}/force_mld_version", "w").write(str(mld))


def join_and_leave():
    four, six = sockets()
    four.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(GROUP) + OURS)
    six.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, v6(GROUP6) + struct.pack("=I", DEVICE))
    wait()
    set4(four, IP_BLOCK, GROUP, "198.51.100.9")
    set6(six, BLOCK, GROUP6, "2001:db8:9::9")
    wait()
    four.close(), six.close()
    wait()


join_and_leave()
four, six = sockets()
for number in 7, 8, 9:
    set4(four, IP_ADD_SOURCE, ONE_SOURCE, f"198.51.100.{number}")
    set6(six, JOIN_SOURCE, ONE_SOURCE6, f"2001:db8:9::{number}")
wait()
set4(four, IP_DROP_SOURCE, ONE_SOURCE, "198.51.100.8")
set6(six, LEAVE_SOURCE, ONE_SOURCE6, "2001:db8:9::8")
wait()
four.close(), six.close()
wait()
assert os.system(sys.argv[1]) == 0
force(2, 1)
join_and_leave()
force(1, 1)
join_and_leave()
