//! What can be found: each with its code, which stays the same from release to release, and all that is said of it.

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Gravity {
    /// It costs something, or looks odd, and traffic goes on.
    Note,
    /// Packets are lost, late or refused.
    Trouble,
    /// Some traffic cannot go on at all.
    Fault,
}

impl Gravity {
    /// As it is printed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Trouble => "trouble",
            Self::Fault => "fault",
        }
    }
}

/// What is said of a code.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Row {
    pub(super) name: &'static str,
    pub(super) gravity: Gravity,
    pub(super) means: &'static str,
    /// When it is raised, and when knowingly not.
    pub(super) raised: &'static str,
    pub(super) not_raised: &'static str,
    /// What usually causes it, and what to try.
    pub(super) cause: &'static str,
    pub(super) advice: &'static str,
}

/// Declares [`Code`]: a finding has a row here, or it does not compile.
macro_rules! codes {
    ($($name:literal $code:ident $gravity:ident:
        means $means:literal
        raised $raised:literal
        not_raised $not_raised:literal
        cause $cause:literal
        advice $advice:literal;)*) => {
        /// What a finding is known by.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(in super::super) enum Code { $($code),* }

        impl Code {
            /// All of them.
            pub(super) const ALL: &[Self] = &[$(Self::$code),*];

            /// What is said of it.
            pub(super) const fn row(self) -> Row {
                match self {
                    $(Self::$code => Row {
                        name: $name,
                        gravity: Gravity::$gravity,
                        means: $means,
                        raised: $raised,
                        not_raised: $not_raised,
                        cause: $cause,
                        advice: $advice,
                    },)*
                }
            }
        }
    };
}

codes! {
    "outer-checksum" OuterChecksum Fault:
        means "The packets that carry a tunnel have a wrong checksum: the receiving node drops them before it looks inside."
        raised "The UDP checksum of a tunnel's datagram, or the IPv4 header's around a tunnel, is wrong for what stands in it; or the \
            checksums of both directions are a card's to complete, three pings or SYNs and more each way over a second have no answer, \
            and none has, while the nodes' other packets go both ways."
        not_raised "The checksum is zero, which is none (RFC 6935, RFC 7348); it is the pseudo-header's sum alone, which a \
            network card was still to complete; a checksum within the tunnel is, for which Linux works out the outer one beforehand; or not \
            all it covers was captured. Such sums are no fault where a virtual link hands them on: one answer shows that."
        cause "A network card or a hypervisor's that says it can sum tunnels and does it wrong: flannel-io/flannel 1279, \
            projectcalico/calico 3145."
        advice "Turn the tunnel device's offload off on the sending node (ethtool -K DEVICE tx-checksum-ip-generic off), or \
            tx-udp_tnl-csum-segmentation of the card below; see whether it is gone.";
    "inner-checksum" InnerChecksum Trouble:
        means "Packets have a wrong checksum of their own: whoever receives them drops them."
        raised "A checksum of IPv4, UDP, TCP, ICMP or ICMPv6 that no tunnel stands behind is wrong."
        not_raised "It is the pseudo-header's sum alone or, of TCP and IPv4, zero, as a card was still to complete it; the segment is \
            longer than a link carries, as a card made several one; not all it covers was captured."
        cause "An offload that is left undone on a path without a card, a translation of addresses that forgets the checksum, or \
            broken memory on the way."
        advice "Turn the sender's offload off (ethtool -K DEVICE tx off), and capture again behind the sender's card.";
    "malformed" Malformed Trouble:
        means "Packets contradict themselves or end before they say: whoever receives them drops them."
        raised "A layer of a packet is truncated or malformed, as its RFC has it."
        not_raised "The capture alone cut the packet short, or it is quoted by an ICMP error or sampled by sFlow; a service's port sent it to one \
            that happens to be a tunnel's; several datagrams of Flannel's UDP backend stand in one, which a card takes apart."
        cause "A damaged or forged packet; or a port that this program takes for a tunnel's, and another protocol uses."
        advice "See the packet with packet-dissect -V; if it is no tunnel of that kind, tell with -d what the port is.";
    "unreachable" Unreachable Trouble:
        means "A router or a host says by ICMP that packets cannot be delivered."
        raised "A destination unreachable of ICMP or ICMPv6 comes, other than fragmentation needed, and quotes the packet."
        not_raised "The error quotes nothing of the packet."
        cause "Nobody listens on the port; a route is missing; a policy or a firewall rejects."
        advice "Prohibited: look at the policies of both pods. No route, host unreachable: look at routes on the node that says so. Port \
            unreachable: look whether the service listens.";
    "pmtu-refused" PmtuRefused Trouble:
        means "Packets are longer than a link on their way carries, and may not be fragmented: a router drops them and says so."
        raised "Fragmentation needed of ICMP or packet too big of ICMPv6 comes; an absurd value in it is told."
        not_raised "The error quotes nothing of the packet."
        cause "The pods' MTU is larger than the tunnel carries: nobody took its overhead off (cilium/cilium 14751)."
        advice "Set the pods' MTU to that of the nodes' link less the tunnel's overhead. One such error and smaller packets after it are as \
            path MTU discovery is meant (RFC 1191).";
    "hops-exhausted" HopsExhausted Trouble:
        means "Packets go through more routers than they may, and are dropped."
        raised "Time exceeded of ICMP or ICMPv6 comes, in transit."
        not_raised "The error quotes nothing of the packet."
        cause "A loop between routes; or traceroute, which means it."
        advice "Look at the routes to the packet's destination on the router that says so and on the next.";
    "refused" Refused Trouble:
        means "A connection is asked for, and the other host says that nobody takes it."
        raised "A RST comes that acknowledges a SYN (RFC 9293 §3.5.2)."
        not_raised "The SYN is not in the capture."
        cause "Nothing listens on that port; or a policy rejects with a RST."
        advice "Look whether the process listens, and on the pod's address rather than on 127.0.0.1.";
    "syn-unanswered" SynUnanswered Fault:
        means "A connection is asked for, and nothing comes back."
        raised "No packet of the connection came back for 3 s behind its first SYN, and no ICMP error."
        not_raised "The capture ends sooner, or has no times; or no packet to the one who asks, or to its node, is in it, so that an \
            answer would not be seen."
        cause "A policy that drops, a route that is missing, a tunnel port that is filtered (flannel-io/flannel 2388), a pod that is gone."
        advice "Capture at the other pod: if the SYN comes there, its answer is lost, or else the SYN.";
    "retransmissions" Retransmissions Trouble:
        means "A pod sends much of its data again: packets or their acknowledgments are lost on the way."
        raised "At least 5 segments with data, and 2 % of all bytes, were sent again, as sequence numbers have it."
        not_raised "The same packet is captured at two places, which within 0.1 s nothing else is told from; the times are missing."
        cause "A link that is full or lossy; a policer; large packets that vanish (see mtu-black-hole)."
        advice "Capture at both nodes, and see on which side of the path the first copy is missing.";
    "zero-window" ZeroWindow Note:
        means "A process does not read what comes for it, so that its peer must wait."
        raised "A window of zero was told, and no other for 1 s or longer."
        not_raised "The times are missing."
        cause "The receiving process is busy, stopped, or has too little memory: not the network."
        advice "Look at that process and its limits of CPU.";
    "mss-exceeds-tunnel" MssExceedsTunnel Note:
        means "Two pods agree on TCP segments that are too long for the tunnel between their nodes."
        raised "The lesser MSS of a SYN and its answer, with headers and the tunnel's overhead, is more than --mtu."
        not_raised "One of the two segments is not in the capture, or how much stands around it is not known."
        cause "The pods' interfaces have the nodes' MTU: the tunnel's overhead was not taken off."
        advice "Lower the pods' MTU by the overhead; or tell with --mtu what really goes between nodes.";
    "neighbour-unanswered" NeighbourUnanswered Fault:
        means "Somebody asks for another's hardware address, and gets none: nothing can be sent there."
        raised "ARP or neighbour discovery asked at least 3 times in 1.5 s, and neither an answer nor any packet of the one who is asked for came."
        not_raised "No packet of the one who asks to one other alone is in the capture: who sees only what goes to all would not see the answer; \
            but where 5 questions come a second behind one another there was none. \
            Who has no address yet asks and hopes for no answer."
        cause "The pod is gone, or its node's entry for it; the bridge or the tunnel device does not forward what goes to all."
        advice "Look at ip neigh and bridge fdb on the node of the one who asks, and whether the question comes at the other node.";
    "fragmented-outer" FragmentedOuter Note:
        means "Packets that carry a tunnel go in fragments: each costs two, a lost one loses both, and many clouds drop them."
        raised "A fragment comes, and its packet's protocol or UDP port is a tunnel's."
        not_raised "The first fragment is not in the capture."
        cause "The pods' MTU is larger than the nodes' link carries with the tunnel's overhead."
        advice "Lower the pods' MTU by the tunnel's overhead.";
    "fragment-missing" FragmentMissing Fault:
        means "Some fragments of packets never come, so that the packets are lost whole."
        raised "A packet is not whole when the capture ends, and its fragments came 1 s or more behind its begin and before its end; or ICMP says \
            that fragments were waited for in vain."
        not_raised "The times are missing; the capture cut fragments short; they are refused, as overlapping ones; or nothing but first fragments is \
            in the capture, as where its filter asks for ports."
        cause "A firewall or a cloud that knows ports drops fragments that tell none, or a policy drops the first."
        advice "Keep packets from being fragmented: lower the pods' MTU. Let fragments pass where they are dropped.";
    "mtu-black-hole" MtuBlackHole Fault:
        means "Large packets vanish without a word, while small ones pass: connections begin, and stand still when data is sent."
        raised "A TCP segment is sent at least 3 times over 1 s and never acknowledged; it is longer than any that was acknowledged between the \
            same pods; and packets came back in the meantime, or until then and the tunnel's overhead makes it longer than --mtu, or it was \
            sent 4 times over 3 s. Or at least 3 pings over 1 s have no answer, and all shorter ones have; or so datagrams to a port, \
            which with the overhead are longer than --mtu."
        not_raised "The packet has less than 577 bytes; short ones are lost as well; nothing came back before either; ICMP says that they are too \
            long; the times are missing."
        cause "The pods' MTU is larger than the tunnel carries, and the ICMP error that would say so is filtered or never sent: cilium/cilium \
            14751, cozystack/cozystack 2147."
        advice "Set the pods' MTU to that of the nodes' link less the tunnel's overhead; until then, clamp the MSS to it.";
    "lost-between" LostBetween Trouble:
        means "Packets that one capture has come no more by where another was made: they are lost between the two."
        raised "Of packets between the same pods, or nodes, that are known to go by at both taps, one is seen at the first and not at the second; \
            TCP's data is compared by its bytes, so that what a card or a kernel cuts or joins is the same."
        not_raised "The second capture began later or ended before; the data is acknowledged, so that the capture alone has it not; the \
            conversation goes on, and nothing of it comes by there: it has another way, or a capture's filter leaves it out; the packet comes \
            with another payload, or as one with others; who drops it says so, by ICMP or in netfilter's log; the two have nothing in common, or no times."
        cause "A link or a queue that is full, a filter between the two taps, a node's own policy behind its first tap."
        advice "Capture at a place between the two, and give all captures at once; look at the counters of drops there (nft, tc -s qdisc, \
            ip -s link, ethtool -S).";
    "one-way-tunnel" OneWayTunnel Fault:
        means "Packets leave for a node in a tunnel, and none ever comes back."
        raised "At least 5 packets that hope for an answer, TCP's, pings or WireGuard's handshakes, go to a node over 3 s, and neither a tunnel's packet comes from there nor \
            any of the pods that are asked; and other packets from that node are in the capture."
        not_raised "Nothing from that node but its hardware address is in the capture, so that its answers would not be seen either: they may come \
            by another wire; the times are missing; it is GRE or GTP-U. Or a policy drops what those pods ask, as policy-dropped tells."
        cause "The tunnel's port is filtered, or taken, on one side (flannel-io/flannel 2388); the other node does not know the way back."
        advice "Capture at the other node: if the packets come there, look at its tunnel device and routes, or else at what filters the port \
            between the two.";
    "wrong-port" WrongPort Fault:
        means "Two nodes send the packets of one tunnel to different ports: at least one of them does not listen."
        raised "All packets of a tunnel from one node to another go to one port, and all back to another, in the same network."
        not_raised "The tunnel's port is not known to be one; only one direction is in the capture."
        cause "VXLAN is on 4789 (IANA) on one node and on 8472 (Linux's default) on the other."
        advice "Set the same port on all nodes.";
    "wrong-vni" WrongVni Fault:
        means "Two nodes send in networks of different numbers: neither takes what the other sends."
        raised "VXLAN to a pod has another number than the cluster says of its node; Weave's fast datapath goes between a \
            peer and a number that no peer has; or all packets of VXLAN or Geneve from one node to another have one \
            number, at least 3, all back have another, and no answer between \
            the same pods came."
        not_raised "The cluster says nothing of the node; what may be an answer came through, as with Cilium, where the number says who sends; or the \
            port is Weave's fast datapath's, and not all peers' numbers are told. Calico's is 4096 where no FelixConfiguration is told."
        cause "Nodes are configured for different VNIs."
        advice "Set the same VNI on all nodes.";
    "vni-without-flag" VniWithoutFlag Fault:
        means "VXLAN packets do not say that their number is valid: the other node drops them."
        raised "VXLAN's I flag is clear, and an IP packet stands in it (RFC 7348 §5)."
        not_raised "No IP packet stands in it: another protocol may be on that port."
        cause "A VXLAN of another kind on the same port, such as VXLAN-GPE; or a damaged header."
        advice "Look at who sends on that port of the node; give the two tunnels ports of their own.";
    "unknown-peer" UnknownPeer Trouble:
        means "A tunnel's packets come from or go to an address that is no node's."
        raised "An outer address of VXLAN, Geneve, Flannel's UDP backend, Weave's sleeve, IP in IP or opened WireGuard around a pod's packet is \
            not among the nodes of --leases and --cluster."
        not_raised "Neither is given; some node's address is not told, or Cilium's numbers say that the cluster is one of a mesh; the address is \
            multicast."
        cause "The files are of another time; a node has several addresses and the network took the wrong one (flannel's --iface, Calico's \
            IP_AUTODETECTION_METHOD); or somebody forges packets."
        advice "Compare with the node's InternalIP and its annotations flannel.alpha.coreos.com/public-ip and projectcalico.org/IPv4Address.";
    "wrong-vtep-mac" WrongVtepMac Fault:
        means "Inner frames go to a hardware address that the other node's VXLAN device does not have: it drops them."
        raised "The destination of a frame in VXLAN is not the hardware address that Flannel's lease, or Calico's node, has for the node of the \
            inner destination; Calico makes it of the node's name where it tells none."
        not_raised "Neither --leases nor --cluster is given, or they tell none; the destination is multicast. Cilium's and Weave's devices have none \
            that matters: Cilium's programs take what comes to a node whatever it is, and in Weave's one bridge it is the pods' own."
        cause "The VXLAN device was made anew, and this node's neighbour entries are of the old one."
        advice "Look at ip neigh show dev flannel.1, or vxlan.calico, on the sending node; restart flanneld, or calico-node, there.";
    "unencapsulated-pod" UnencapsulatedPod Trouble:
        means "Packets of pods go between nodes without the tunnel that the network asks for."
        raised "A packet between pods of two nodes, as --leases and --cluster tell them, has no tunnel around, between the same hardware addresses \
            as the nodes' own packets, tunnels' and ARP's among them."
        not_raised "Neither is given; pods travel plainly there, as by host-gw, in Calico's pools with Never and with CrossSubnet on one link, or it \
            is not told, as with Calico without its pools, and with Cilium without its ConfigMap, unless its tunnels come too; the capture has no \
            hardware addresses, or is of a pod's or a tunnel's device."
        cause "A route of another network, or of host-gw before, goes before the tunnel device's."
        advice "Look at ip route get POD on the sending node.";
    "double-encapsulation" DoubleEncapsulation Note:
        means "A tunnel goes in a tunnel: each packet pays for both."
        raised "A tunnel's header comes behind another's in one packet."
        not_raised "The outer tunnel is sealed, and no key was given."
        cause "An overlay of containers on a cloud's overlay of machines."
        advice "Take the overhead of both off the pods' MTU; or route pods without an overlay of their own, if the machines' network can.";
    "routing-loop" RoutingLoop Fault:
        means "A packet goes in a circle until its hops are used up."
        raised "The same packet, in as many tunnels, comes 5 times with fewer hops left than the time before."
        not_raised "It comes less often, as where the taps of a node are in one capture; it is a fragment."
        cause "Two routers, or nodes, each have a route for the destination that leads to the other."
        advice "Look at the routes to that destination on both.";
    "bgp-reset" BgpReset Trouble:
        means "A BGP session ends: all routes that came by it go."
        raised "A NOTIFICATION is sent, other than for an OPEN or a timer; its reason is told, and what an administrator wrote with it (RFC 9003). Or a \
            connection on which a session was up is closed or reset, and no NOTIFICATION came before."
        not_raised "Two connections of one session collide, and one of them is closed (RFC 4271 §6.8); the message is not whole in the capture, or BMP \
            tells of it."
        cause "The reason says: an administrator, a peer that was removed, too many routes, a message that is malformed."
        advice "Look at the log of the one who sent it.";
    "bgp-open-mismatch" BgpOpenMismatch Fault:
        means "Two BGP speakers cannot agree: no session comes to be, or one that carries no routes."
        raised "A NOTIFICATION says that an OPEN is not acceptable (RFC 4271 §6.2); what both told is said. Or an OPEN says what nobody may take, as \
            a hold time of 2 s; or the two have no address family in common (RFC 4760 §8)."
        not_raised "One has families that the other has not beside some that both have; the message is not whole in the capture, or BMP tells of it."
        cause "AS numbers, identifiers, hold times or families that the two configurations do not have in common."
        advice "Compare the AS that each has for the other, and the families that each has for it.";
    "bgp-hold-expired" BgpHoldExpired Fault:
        means "A BGP speaker heard nothing of its peer for as long as they agreed on, and gave it up, or had to."
        raised "A NOTIFICATION says that the hold timer, or the send hold timer, expired (RFC 4271 §6.5, RFC 9687). Or one goes on with the connection, \
            and acknowledges nothing new, 0.5 s and more behind the hold time that the OPENs agree on, counted from the last data that the other \
            sent; or closes it without a NOTIFICATION behind three quarters of that time, as BIRD does; or sends the same 3 times until the \
            capture ends, and has no answer."
        not_raised "They agreed on no hold time; their OPENs or the times are missing; BMP tells of it."
        cause "The peer or the path was away; or large UPDATEs vanish, while small KEEPALIVEs wait behind them."
        advice "See whether mtu-black-hole or retransmissions is found between the two; look at the peer's load.";
    "bgp-malformed" BgpMalformed Trouble:
        means "A BGP message breaks its rules: routes are ignored, or the session ends."
        raised "A message cannot be read, or RFC 7606 asks for something to be done about an UPDATE."
        not_raised "The message is not whole in the capture, or BMP tells of it."
        cause "A speaker with a fault; or an OPEN that is not in the capture, by which the message would be read otherwise."
        advice "See the message with packet-dissect -V -Y bgp.";
    "bgp-flap" BgpFlap Trouble:
        means "A route comes and goes over and over: traffic for it is lost or takes another way each time."
        raised "A speaker announces a route and withdraws it again to the same peer at least 3 times."
        not_raised "BMP tells of it; 10000 other routes came before."
        cause "A link or a pod network's node that comes and goes; a route whose next hop depends on itself."
        advice "Look at what the route's first speaker says of its interface, or of the block of addresses.";
    "bgp-loop" BgpLoop Trouble:
        means "A speaker is told of routes with its own AS in their path: it takes them for a loop, and has none of them."
        raised "A route is announced whose AS_PATH has the AS that the OPEN of the one who is told of it has (RFC 4271 §9.1.2)."
        not_raised "That OPEN is not in the capture; the AS stands in a confederation's segment alone; the speaker announced the same route there \
            itself, and gets it back; ORIGINATOR_ID or CLUSTER_LIST tell of a loop, as several route reflectors make them where all is well."
        cause "Two sites, or all nodes, have one AS, and what is between them another; an export filter that prepends the peer's AS."
        advice "Let the speaker between put its own AS there (as-override), or the peer accept its own (allowas-in), where such paths are meant.";
    "bgp-unreachable-next-hop" BgpUnreachableNextHop Fault:
        means "A route leads to a next hop that is not there: what goes by it is lost."
        raised "Behind an UPDATE whose NEXT_HOP or MP_REACH_NLRI has the address, ARP or neighbour solicitations ask for it at least 3 times over \
            1.5 s, or ICMP says 3 times that it is unreachable; and nothing comes from it until the capture ends."
        not_raised "Nobody asks for it, as where nothing goes by the route; the packets of who asks are not seen otherwise, so that an answer would not \
            be either; the route was withdrawn; BMP tells of it."
        cause "A next hop that an export filter sets, or that is passed on to who is not on its link (next-hop-self is missing); a node that is gone."
        advice "Look whether the next hop has a route and a neighbour entry on the one who was told (ip route get, ip neigh), and who sets it.";
    "bgp-md5" BgpMd5 Fault:
        means "Two BGP speakers sign their segments differently, or one does not: both drop what the other sends."
        raised "Both ask each other for connections to port 179, one with the option of TCP MD5 or TCP-AO (RFC 2385, RFC 5925) and the other without, \
            or with the other of the two. Or one asks at least 3 times over 3 s, signed, and has no answer from one who is there: who sends it \
            other packets, or answers ARP."
        not_raised "What is signed is answered; the keys differ on a connection that both ask for, which nobody sees who has none."
        cause "A password is configured for the peer on one side only, or another one; or a filter drops what is asked for, if one side alone asks."
        advice "Configure the same password on both sides, or on neither.";
    "dns-unanswered" DnsUnanswered Trouble:
        means "Names are asked for, and nothing answers: whoever asks waits for seconds, and then fails."
        raised "At least 2 questions of DNS over UDP, and 10 % of a pair's, have no answer 5 s later."
        not_raised "The capture ends sooner, or has no times; no packet to the one who asks, or to its node, is in it; ICMP refused a question."
        cause "A policy that forgets DNS; two questions on one port that race in conntrack; a DNS pod that is gone."
        advice "Ask the DNS pods' addresses one by one (dig @POD), and then the service's.";
    "policy-dropped" PolicyDropped Trouble:
        means "A network policy drops packets."
        raised "Netfilter's log (NFLOG) has packets whose prefix says that Calico denied them; by which policy is told."
        not_raised "The capture is none of NFLOG's, or another prefix is there."
        cause "The policy is meant so, or it forgets a service, a port or a namespace."
        advice "Look at the rule of that policy, and at the labels of both pods.";
    "cilium-identity" CiliumIdentity Trouble:
        means "Packets say that they come from another identity than their pod has: policies let them pass, or drop them, as another's."
        raised "The number of VXLAN or Geneve, which is Cilium's identity of the sender, is not that of the CiliumEndpoint with the inner source."
        not_raised "There is no such endpoint in --cluster; the number is a reserved one, as of a node, a proxy or the world; one of the two lacks the \
            cluster's number, and the rest is the same; another network has the pods, and that is its number."
        cause "The file is of another time: a pod's identity changes with its labels, and its address may be another pod's by now; an agent \
            that was away when it changed; or somebody forges packets."
        advice "Compare cilium-dbg endpoint list on the sending node with kubectl get ciliumendpoints.";
    "flannel-no-route" FlannelNoRoute Trouble:
        means "Flannel's proxy does not know which node has a pod's address, and says so to the sender."
        raised "Network unreachable of ICMP comes as the proxy of the UDP backend sends it: without identification, with 8 hops, or 7 to 4 behind \
            the routers and proxies of the two nodes; plainly, or in the backend's own tunnel."
        not_raised "The error quotes nothing of the packet; the offender is ICMP itself or a later fragment, of which the proxy says nothing."
        cause "No node has a lease for that network any more, or flanneld has yet to hear of it; or nobody ever had that address."
        advice "Compare the address with the leases (kubectl get nodes, or etcdctl), and look at flanneld's log on the node that says so.";
    "weave-fallback" WeaveFallback Note:
        means "Two peers of Weave try the fast datapath, and pods' frames go by the slow sleeve all the same."
        raised "At least 3 frames of pods go by the sleeve over 2 s, all of them 3 s or more behind the first heartbeat of the fast datapath \
            between the two, or behind its last frame; or Weave's report in --cluster says that it is tried."
        not_raised "The sleeve's packets are sealed; the times are missing; a frame to one pod by the fast datapath came later."
        cause "UDP port 6784 is filtered between the two, or its heartbeats, which are as long as the MTU, do not fit the path."
        advice "Let UDP port 6784 pass; set WEAVE_MTU to what the path carries less 84 bytes; look at weave status connections.";
    "weave-replay" WeaveReplay Trouble:
        means "Sealed packets of Weave's sleeve come again: the receiver drops them, as it must."
        raised "A sealed packet of a peer's comes with the sequence number and all the bytes of one that came 0.1 s or more before in the same \
            capture, from whatever address."
        not_raised "The times are missing; 20000 others came in between; every packet of both peers comes twice, as where two places are in one \
            capture; the bytes are others, as in a connection that begins anew."
        cause "Somebody sends recorded packets; or a loop below IP brings them again."
        advice "Look where the copies come from: compare their hardware addresses and TTL with those of the first.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// Codes are for scripts: small words with hyphens between, and each stands for one thing.
    #[test]
    fn codes_are_words_of_their_own() {
        let names: HashSet<_> = Code::ALL.iter().map(|code| code.row().name).collect();
        assert_eq!(names.len(), Code::ALL.len());
        let is_plain =
            |name: &&str| name.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'0'..=b'9'));
        assert!(names.iter().all(is_plain));
    }

    /// What is continued on the next line has one space there, and all are whole sentences.
    #[test]
    fn all_is_said() {
        for code in Code::ALL {
            let Row { name, means, raised, not_raised, cause, advice, .. } = code.row();
            for text in [means, raised, not_raised, cause, advice] {
                assert!(text.ends_with('.') && !text.contains("  "), "{name}: {text}");
            }
        }
    }
}
