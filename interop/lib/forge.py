"""Packets that our crates build, read by Scapy and PyNaCl; and theirs, read by ours. Run by the cases ipip, cilium and weave.

usage: forge.py FORGE ipip|cilium|weave     last line: N passed, M failed
RECORD=FOLDER keeps some of what Scapy and PyNaCl built, as captures.
"""
import os, random, subprocess, sys

forge = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
passed = failed = 0
# The same packets each time.
random.seed(20261124)

def ask(*words):
    forge.stdin.write(" ".join(str(word) for word in words) + "\n")
    forge.stdin.flush()
    return forge.stdout.readline().rstrip("\n")

def check(name, got, expected):
    global passed, failed
    if got == expected:
        passed += 1
    else:
        failed += 1
        print(f"FAILED {name}\n    ours     {got}\n    expected {expected}")

kept = []
def keep(name, packet):
    """Into a capture of raw IP packets, a millisecond apart."""
    kept.append(bytes(packet))
    if "RECORD" in os.environ:
        from scapy.all import IP, IPv6, PcapWriter
        with PcapWriter(os.path.join(os.environ["RECORD"], name + ".pcap"), linktype=101) as writer:
            for number, packet in enumerate(kept):
                packet = IP(packet) if packet[0] >> 4 == 4 else IPv6(packet)
                packet.time = 1795500000 + number / 1000
                writer.write(packet)

def some(length):
    return random.randbytes(length)

def ipip():
    from scapy.all import GRE, ICMP, ICMPv6PacketTooBig, ICMPv6DestUnreach, IP, IPv6, UDP, Ether, IPerror
    ends = {4: ("192.0.2.1", "192.0.2.2"), 6: ("2001:db8::1", "2001:db8::2")}

    def inner(version, tos=0, df=False):
        payload = UDP(sport=4000, dport=53) / some(random.randrange(0, 1400))
        if version == 4:
            return IP(src="10.244.1.2", dst="10.244.2.3", tos=tos, ttl=63, flags="DF" if df else 0, id=random.randrange(65536)) / payload
        return IPv6(src="fd00::1:2", dst="fd00::2:3", tc=tos, hlim=63) / payload

    def outer(version, tos, ttl, df):
        source, destination = ends[version]
        if version == 4:
            return IP(src=source, dst=destination, tos=tos, ttl=ttl, id=0, flags="DF" if df else 0)
        return IPv6(src=source, dst=destination, tc=tos, hlim=ttl)

    for over in (4, 6):
        for inside in (4, 6):
            for mode, mask in (("fixed", 0), ("ecn", 3), ("all", 255)):
                for _ in range(4):
                    tos, inner_tos, ttl, df = random.randrange(256), random.randrange(256), random.randrange(1, 256), random.random() < 0.5
                    inner_df = random.random() < 0.5
                    packet = bytes(inner(inside, inner_tos, inner_df))
                    expected_df = df or inside == 4 and inner_df
                    expected = outer(over, tos & ~mask & ~3 | inner_tos & mask, ttl, expected_df) / (IP(packet) if inside == 4 else IPv6(packet))
                    got = ask("ipip", *ends[over], ttl, tos, mode, int(df), packet.hex())
                    check(f"{inside} in {over}, {mode}", got, bytes(expected).hex())
                    ether_type = "0800" if inside == 4 else "86dd"
                    if mode == "all" and len(expected) < 400:
                        keep("ip-in-ip", expected)
                    back = ask("open", bytes(expected).hex())
                    check(f"{inside} in {over}, back", back, f"{ends[over][0]} {ends[over][1]} {ether_type} - - {packet.hex()}")
    for checksum in (0, 1):
        for key in (None, 7, 0xFFFFFFFF):
            for sequence in (None, 0, 9):
                packet = bytes(Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / inner(4))
                gre = GRE(chksum_present=checksum, key_present=int(key is not None), seqnum_present=int(sequence is not None), proto=0x6558,
                          key=key, seqence_number=sequence)
                expected = outer(4, 0, 64, True) / gre / Ether(packet)
                show = lambda number: "-" if number is None else number
                got = ask("gre", *ends[4], checksum, show(key), show(sequence), "6558", packet.hex())
                check(f"GRE {checksum} {key} {sequence}", got, bytes(expected).hex())
                if len(expected) < 700:
                    keep("ip-in-ip", expected)
                back = ask("open", bytes(expected).hex())
                check("GRE, back", back, f"192.0.2.1 192.0.2.2 6558 {show(key)} {show(sequence)} {packet.hex()}")
    # RFC 2003 section 4: what comes back to the entry goes on to the pod, with Scapy building and reading both.
    tunnel = outer(4, 0, 64, True) / inner(4)
    for (kind, code, mtu), told in {(3, 0, 0): (3, 0, 0), (3, 1, 0): (3, 1, 0), (3, 2, 0): (3, 0, 0), (3, 4, 1400): (3, 4, 1380), (11, 0, 0): (3, 1, 0)}.items():
        icmp = ICMP(type=kind, code=code, nexthopmtu=mtu) if (kind, code) == (3, 4) else ICMP(type=kind, code=code)
        message = IP(bytes.fromhex(ask("relay", "192.0.2.1", bytes(icmp / bytes(tunnel)[:500]).hex())))
        again = message.copy()
        del again.chksum, again[ICMP].chksum
        check("relayed: checksums", bytes(message), bytes(IP(bytes(again))))
        seen = (message.dst, message[ICMP].type, message[ICMP].code, message[ICMP].nexthopmtu if code == 4 else 0, message[IPerror].src, message[IPerror].dst)
        check(f"relayed: {kind}/{code}", seen, ("10.244.1.2", *told, "10.244.1.2", "10.244.2.3"))
    for kind, code in ((3, 3), (3, 5), (4, 0), (5, 0), (12, 0)):
        check(f"not relayed: {kind}/{code}", ask("relay", "192.0.2.1", bytes(ICMP(type=kind, code=code) / bytes(tunnel)[:500]).hex()), "none")
    # RFC 4213 section 3.2.2: told to who sent more than 1280 bytes.
    tunnel = outer(4, 0, 64, True) / IPv6(src="fd00::1:2", dst="fd00::2:3") / UDP(sport=4000, dport=53) / some(1400)
    message = IPv6(bytes.fromhex(ask("relay", "2001:db8::1", bytes(ICMP(type=3, code=4, nexthopmtu=1400) / bytes(tunnel)[:500]).hex())))
    check("relayed: IPv6, too big", (message.dst, message[ICMPv6PacketTooBig].mtu), ("fd00::1:2", 1380))
    message = IPv6(bytes.fromhex(ask("relay", "2001:db8::1", bytes(ICMP(type=11) / bytes(tunnel)[:500]).hex())))
    check("relayed: IPv6, unreachable", message[ICMPv6DestUnreach].code, 3)

def cilium():
    from scapy.all import IP, IPOption, IPv6, IPv6ExtHdrDestOpt, TCP, UDP, HBHOptUnknown, Raw
    import socket, struct
    # Scapy leaves out what it has no name for, and so the option is given as it stands; port and address are last byte first, as
    # Cilium's little-endian nodes write them.
    dsr = lambda service, port: IPOption(b"\x9a\x08" + struct.pack("<H", port) + socket.inet_aton(service)[::-1])
    # Cilium's own test, bpf/tests/tc_nodeport_lb4_dsr_lb.c at 120ae15a5df4, asks for these two checksums; its sequence number stands as
    # in little-endian memory.
    syn = TCP(sport=111, dport=8080, seq=0x40E20100, flags="S", window=65535) / Raw(b"Should not change!!\0")
    plain = IP(src="110.0.11.1", dst="192.168.0.2", ttl=63, id=0) / syn
    carried = IP(src="110.0.11.1", dst="192.168.0.2", ttl=63, id=0, options=[dsr("172.16.10.2", 80)]) / syn
    built = IP(bytes(carried))
    check("Cilium's checksums", (built.chksum, built[TCP].chksum), (0x434A, 0xD7CF))
    keep("cilium-dsr", carried)
    check("Cilium's packet, in", ask("dsr", "172.16.10.2:80", bytes(plain).hex()), bytes(carried).hex())
    check("Cilium's packet, out", ask("undsr", bytes(carried).hex()), f"172.16.10.2:80 {bytes(plain).hex()}")
    for _ in range(40):
        service, port = socket.inet_ntoa(some(4)), random.randrange(65536)
        payload = random.choice([UDP(sport=4000, dport=53) / some(100), TCP(sport=4000, dport=80, flags="S")])
        plain = IP(src="10.0.0.1", dst="10.0.1.1", ttl=63) / payload
        carried = IP(src="10.0.0.1", dst="10.0.1.1", ttl=63, options=[dsr(service, port)]) / payload
        if len(kept) < 11:
            keep("cilium-dsr", carried)
        check("IPv4 option in", ask("dsr", f"{service}:{port}", bytes(plain).hex()), bytes(carried).hex())
        check("IPv4 option out", ask("undsr", bytes(carried).hex()), f"{service}:{port} {bytes(plain).hex()}")
        check("IPv4 without one", ask("undsr", bytes(plain).hex()), "none")
        address = some(16)
        service = socket.inet_ntop(socket.AF_INET6, address)
        plain = IPv6(src="fd00::1", dst="fd00::2", hlim=63) / payload
        option = HBHOptUnknown(otype=0x1B, optlen=20, optdata=address + struct.pack(">HH", port, 0))
        carried = IPv6(src="fd00::1", dst="fd00::2", hlim=63) / IPv6ExtHdrDestOpt(options=[option], autopad=0) / payload
        if len(kept) < 11:
            keep("cilium-dsr", carried)
        check("IPv6 option in", ask("dsr", f"[{service}]:{port}", bytes(plain).hex()), bytes(carried).hex())
        check("IPv6 option out", ask("undsr", bytes(carried).hex()), f"[{service}]:{port} {bytes(plain).hex()}")
        check("IPv6 without one", ask("undsr", bytes(plain).hex()), "none")

def weave():
    from nacl.bindings import crypto_secretbox, crypto_secretbox_open
    import struct
    peers = ["4a:0f:f6:ec:1c:93", "72:b9:b3:f0:2a:5d"]
    for _ in range(100):
        key, outbound, number, df = some(32), random.random() < 0.5, random.randrange(1 << 63), random.random() < 0.5
        sender, other = random.sample(peers, 2)
        name = lambda peer: bytes.fromhex(peer.replace(":", ""))
        frames = [some(random.randrange(14, 1500)) for _ in range(random.randrange(0, 4))]
        plain = b"".join(name(sender) + name(other) + struct.pack(">H", len(frame)) + frame for frame in frames)
        sequence = struct.pack(">Q", number | df << 63)
        nonce = bytes([0x80 if outbound else 0]) + bytes(15) + sequence
        sealed = name(sender) + sequence + crypto_secretbox(plain, nonce, key)
        direction = "outbound" if outbound else "inbound"
        got = ask("seal", key.hex(), direction, number, int(df), sender, sender, other, *[frame.hex() for frame in frames])
        check("sealed by ours", got, sealed.hex())
        check("opened by PyNaCl", crypto_secretbox_open(bytes.fromhex(got)[14:], nonce, key), plain)
        words = [number, int(df)] + [word for frame in frames for word in (sender, other, frame.hex())]
        check("opened by ours", ask("unseal", key.hex(), direction, sealed.hex()), " ".join(map(str, words)))
        wrong = ask("unseal", key.hex(), "inbound" if outbound else "outbound", sealed.hex())
        check("the other direction", wrong.split()[0], "refused")

{"ipip": ipip, "cilium": cilium, "weave": weave}[sys.argv[2]]()
forge.stdin.close()
forge.wait()
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
