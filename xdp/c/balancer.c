// The pod load balancer once more, in C: see ../programs/src/bin/balancer.rs.

#include "packet.h"

// linux/icmp.h wants the C library's headers.
struct error {
	__u8 type, code;
	__be16 checksum;
	__u8 rest[4];
};

struct end {
	__u32 address[4];
	__u32 port, protocol;
};

struct service {
	__u32 first, count;
};

struct hop {
	__u16 addresses[6];
	__u32 device;
} __attribute__((aligned(8)));

struct changes {
	__u16 address, port;
};

struct pod {
	struct end service, pod;
	struct hop hop;
	__u32 mtu;
	struct changes to_pod, to_service;
	__u8 dsr[24];
	__u16 dsr_len, dsr_change;
};

struct talk {
	__u32 client[4], pod[4];
	__u16 ports[2];
	__u32 protocol;
};

struct client {
	struct hop hop;
	__u32 pod, unused;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct end);
	__type(value, struct service);
} SERVICES SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct pod);
} PODS SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct talk);
	__type(value, struct client);
} TALKS SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 5);
	__type(key, __u32);
	__type(value, __u64);
} TURNED SEC(".maps");

enum { TO_POD, FROM_POD, ERROR, PASSED, DROPPED };
enum { SOURCE, DESTINATION };
enum { TCX_NEXT = -1, TCX_DROP = 2 };

struct packet {
	struct ip ip;
	void *end;
	__u32 *source, *destination;
	// IPv4's.
	__be16 *checksum;
	__u8 *hops;
	__u32 len;
};

struct transport {
	__be16 *ports, *checksum;
	__u8 is_udp;
};

struct turned {
	struct pod *told;
	struct changes changes;
	__u32 device, outcome;
	__u8 is_datagram, is_udp, is_ipv6;
};

// RFC 1624, equation 3: all in the order in which bytes stand in the packet.
static __always_inline __be16 patched(__be16 checksum, __u32 change)
{
	return ~folded((__u16)~checksum + change);
}

static __always_inline int packet_of(struct cursor *c, __be16 type, struct packet *packet)
{
	struct ip *ip = &packet->ip;
	__u32 header, len;

	if (ip_of(c, type, ip) < 0 || ip->options)
		return -1;
	if (ip->version == 4) {
		header = sizeof(struct iphdr);
		len = bpf_ntohs(ip->v4->tot_len);
		packet->source = &ip->v4->saddr;
		packet->destination = &ip->v4->daddr;
		packet->checksum = &ip->v4->check;
		packet->hops = &ip->v4->ttl;
	} else {
		header = sizeof(struct ipv6hdr);
		len = sizeof(struct ipv6hdr) + bpf_ntohs(ip->v6->payload_len);
		packet->source = ip->v6->saddr.s6_addr32;
		packet->destination = ip->v6->daddr.s6_addr32;
		packet->checksum = 0;
		packet->hops = &ip->v6->hop_limit;
	}
	packet->end = c->end;
	if (len < header)
		return -1;
	packet->len = len - header;
	return 0;
}

// The change for what covers the packet.
static __always_inline __u32 write_address(struct packet *packet, int side, __u32 address[4], __u16 change)
{
	__u32 *at = side == SOURCE ? packet->source : packet->destination;

	if (packet->checksum) {
		*at = address[3];
		*packet->checksum = patched(*packet->checksum, change);
		return 0;
	}
	// The verifier has forgotten by now which version it was.
	if ((void *)(at + 4) <= packet->end)
		__builtin_memcpy(at, address, 16);
	return change;
}

static __always_inline int transport_of(struct cursor *c, struct packet *packet, struct transport *transport)
{
	__u32 ahead;

	transport->is_udp = packet->ip.protocol == IPPROTO_UDP;
	if (!transport->is_udp && packet->ip.protocol != IPPROTO_TCP)
		return -1;
	ahead = transport->is_udp ? 6 : 16;
	transport->ports = c->at;
	if (packet->len < 4 || c->at + 4 > c->end)
		return -1;
	transport->checksum = 0;
	if (packet->len >= ahead + 2 && c->at + ahead + 2 <= c->end)
		transport->checksum = c->at + ahead;
	return 0;
}

static __always_inline __u32 patch(struct transport *transport, struct changes *changes)
{
	__be16 after;

	if (!transport->checksum)
		return changes->port;
	if (transport->is_udp && !*transport->checksum)
		return changes->port;
	after = patched(*transport->checksum, changes->address + changes->port);
	if (transport->is_udp && !after)
		after = 0xffff;
	*transport->checksum = after;
	return (__u16)~changes->address;
}

// See ether-ip/src/flow.rs.
static __always_inline __u64 product(__u64 a, __u64 b)
{
	__u64 low = (__u32)a * (__u64)(__u32)b, one = (a >> 32) * (__u32)b, other = (__u32)a * (b >> 32), high = (a >> 32) * (b >> 32);
	__u64 middle = (low >> 32) + (__u32)one + other;

	return (middle << 32 | (__u32)low) ^ (high + (one >> 32) + (middle >> 32));
}

struct flow {
	__u32 source[4], destination[4];
	__u16 from, to;
	__u8 protocol, is_ipv6;
};

struct way {
	struct pod *pod;
	struct end *end;
	struct changes changes;
	struct hop hop;
	__u32 number;
	int side;
};

// Host order; those of an error's quote the other way round.
static __always_inline int flow_of(struct packet *packet, struct cursor *c, int is_answer, struct flow *flow)
{
	__be16 *ports = c->at;

	if ((packet->ip.protocol != IPPROTO_TCP && packet->ip.protocol != IPPROTO_UDP) || packet->ip.is_later_fragment || packet->len < 4 ||
	    (void *)(ports + 2) > c->end)
		return -1;
	flow->protocol = packet->ip.protocol;
	flow->is_ipv6 = packet->ip.version == 6;
	flow->from = bpf_ntohs(is_answer ? ports[1] : ports[0]);
	flow->to = bpf_ntohs(is_answer ? ports[0] : ports[1]);
	__builtin_memcpy(flow->source, is_answer ? packet->ip.destination : packet->ip.source, 16);
	__builtin_memcpy(flow->destination, is_answer ? packet->ip.source : packet->ip.destination, 16);
	return 0;
}

static __always_inline __u32 entropy(struct flow *flow)
{
	__u32 *from = flow->source, *to = flow->destination, ports = (__u32)bpf_htons(flow->to) << 16 | bpf_htons(flow->from);
	__u64 sum = product((__u64)ports << 8 | flow->protocol, 0x629a292a367cd507);

	if (!flow->is_ipv6)
		return (sum + product((__u64)to[3] << 32 | from[3], 0x9e3779b97f4a7c15)) >> 32;
	sum += product((__u64)from[1] << 32 | from[0], 0x9e3779b97f4a7c15) + product((__u64)from[3] << 32 | from[2], 0x9b05688c2b3e6c1f) +
	       product((__u64)to[1] << 32 | to[0], 0x6a09e667f3bcc909) + product((__u64)to[3] << 32 | to[2], 0xcbbb9d5dc1059ed9);
	return sum >> 32;
}

static __always_inline int way_of(struct flow *flow, struct way *way)
{
	struct talk talk = { .ports = { flow->to, flow->from }, .protocol = flow->protocol };
	struct end end = { .port = flow->to, .protocol = flow->protocol };
	struct service *service;
	struct client *client;

	__builtin_memcpy(talk.client, flow->destination, 16);
	__builtin_memcpy(talk.pod, flow->source, 16);
	client = bpf_map_lookup_elem(&TALKS, &talk);
	if (client) {
		way->hop = client->hop;
		way->number = client->pod;
		way->pod = bpf_map_lookup_elem(&PODS, &way->number);
		if (way->pod) {
			way->side = SOURCE;
			way->end = &way->pod->service;
			way->changes = way->pod->to_service;
			return 0;
		}
	}
	__builtin_memcpy(end.address, flow->destination, 16);
	service = bpf_map_lookup_elem(&SERVICES, &end);
	if (!service)
		return -1;
	way->number = service->first + (__u32)((__u64)entropy(flow) * service->count >> 32);
	way->pod = bpf_map_lookup_elem(&PODS, &way->number);
	if (!way->pod)
		return -1;
	way->side = DESTINATION;
	way->end = &way->pod->pod;
	way->changes = way->pod->to_pod;
	way->hop = way->pod->hop;
	return 0;
}

// Writes down who talks. Negative if the packet is too long for its way.
static __always_inline int open_way(struct flow *flow, struct way *way, struct client *back, __u32 len)
{
	struct talk talk = { .ports = { flow->from, way->pod->pod.port }, .protocol = flow->protocol };
	struct client *client;

	if (len > way->pod->mtu + sizeof(struct ethhdr))
		return -1;
	__builtin_memcpy(talk.client, flow->source, 16);
	__builtin_memcpy(talk.pod, way->pod->pod.address, 16);
	back->pod = way->number;
	client = bpf_map_lookup_elem(&TALKS, &talk);
	if (!client || __builtin_memcmp(client, back, sizeof(*back)))
		bpf_map_update_elem(&TALKS, &talk, back, BPF_ANY);
	return 0;
}

static __always_inline void write_port(struct transport *transport, int side, struct end *end)
{
	if (side == SOURCE)
		transport->ports[0] = bpf_htons(end->port);
	else
		transport->ports[1] = bpf_htons(end->port);
}

// As complete() of packet.h, with what is known here: an address of IPv4, as IPv6 maps it, has the same sum.
static __always_inline int complete_datagram(struct xdp_md *xdp, struct cursor *c, struct packet *packet, struct flow *flow)
{
	struct pseudo header = { .len = bpf_htonl(packet->len), .protocol = bpf_htonl(flow->protocol) };
	__u32 place = flow->protocol == IPPROTO_UDP ? 6 : 16;
	__be16 *check = c->at + place;
	__u64 start;
	long sum;

	__builtin_memcpy(header.source, flow->source, 32);
	if ((void *)(check + 1) > c->end || *check != folded(bpf_csum_diff(0, 0, (void *)&header, sizeof(header), 0)))
		return 0;
	start = c->at - (void *)(long)xdp->data;
	asm volatile("" : "+r"(start));
	sum = add_up(xdp, start, packet->len, 0);
	if (sum < 0)
		return -1;
	*check = sum ? sum : 0xffff;
	return 0;
}

static __always_inline int turn_datagram(struct xdp_md *xdp, struct cursor *c, struct packet *packet, struct flow *flow, struct way *way)
{
	struct transport transport;

	if (packet->len < (flow->protocol == IPPROTO_UDP ? 8 : 18) || (xdp && complete_datagram(xdp, c, packet, flow) < 0) ||
	    transport_of(c, packet, &transport) < 0 || !transport.checksum)
		return -1;
	write_address(packet, way->side, way->end->address, way->changes.address);
	write_port(&transport, way->side, way->end);
	if (xdp)
		patch(&transport, &way->changes);
	return 0;
}

static __always_inline int is_error(struct ip *ip, __u8 kind)
{
	if (ip->version == 4)
		return ip->protocol == IPPROTO_ICMP && (kind == 3 || kind == 4 || kind == 5 || kind == 11 || kind == 12);
	return ip->protocol == IPPROTO_ICMPV6 && kind < 128;
}

static __always_inline int error_of(struct cursor *c, struct packet *packet, __be16 type, struct error **error, struct packet *quoted)
{
	struct ip *ip = &packet->ip;
	__u32 room;

	*error = take(c, struct error);
	if (!is_error(ip, (*error)->type) || packet_of(c, type, quoted) < 0)
		return -1;
	room = sizeof(**error) + (ip->version == 4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr));
	if (packet->len < room)
		return -1;
	if (quoted->len > packet->len - room)
		quoted->len = packet->len - room;
	return 0;
}

static __always_inline int turn_error(struct cursor *c, struct error *error, struct packet *packet, struct packet *quoted, struct flow *flow,
				      struct way *way)
{
	struct transport transport;
	__u32 change;
	int side = way->side == SOURCE ? DESTINATION : SOURCE;

	if (__builtin_memcmp(packet->ip.destination, flow->destination, 16) || transport_of(c, quoted, &transport) < 0)
		return -1;
	write_port(&transport, side, way->end);
	change = write_address(quoted, side, way->end->address, way->changes.address);
	change += patch(&transport, &way->changes);
	if (way->side == DESTINATION || !__builtin_memcmp(packet->ip.source, flow->source, 16))
		change += write_address(packet, way->side, way->end->address, way->changes.address);
	error->checksum = patched(error->checksum, change);
	return 0;
}

static __always_inline void count(__u32 what)
{
	__u64 *counter = bpf_map_lookup_elem(&TURNED, &what);

	if (counter)
		*counter += 1;
}

static __always_inline int turn(struct xdp_md *xdp, struct cursor *c, __u32 device, __u32 len, struct turned *turned)
{
	struct ethhdr *header = c->at;
	struct client back = {};
	struct packet packet, quoted;
	struct error *error = 0;
	struct flow flow;
	struct way way;
	__be16 type;

	if (ethernet(c, &type) < 0 || header->h_proto != type || packet_of(c, type, &packet) < 0 || packet.ip.is_fragment || *packet.hops < 2)
		return -1;
	if (packet.ip.protocol == IPPROTO_ICMP || packet.ip.protocol == IPPROTO_ICMPV6) {
		if (error_of(c, &packet, type, &error, &quoted) < 0 || flow_of(&quoted, c, 1, &flow) < 0)
			return -1;
	} else if (flow_of(&packet, c, 0, &flow) < 0) {
		return -1;
	}
	if (way_of(&flow, &way) < 0)
		return -1;
	if (error) {
		if (turn_error(c, error, &packet, &quoted, &flow, &way) < 0)
			return -1;
	} else {
		turned->is_datagram = 1;
		turned->is_udp = flow.protocol == IPPROTO_UDP;
		turned->is_ipv6 = flow.is_ipv6;
		turned->changes = way.changes;
		if (way.side == DESTINATION) {
			__u8 *transport = c->at;

			if (way.pod->dsr_len && (turned->is_udp || (c->at + 14 <= c->end && transport[13] & 2))) {
				turned->told = way.pod;
				len += way.pod->dsr_len;
			}
			__builtin_memcpy(back.hop.addresses, header->h_source, 6);
			__builtin_memcpy(back.hop.addresses + 3, header->h_dest, 6);
			back.hop.device = device;
			if (open_way(&flow, &way, &back, len) < 0)
				return -1;
		}
		if (turn_datagram(xdp, c, &packet, &flow, &way) < 0)
			return -1;
	}
	*packet.hops -= 1;
	if (packet.checksum)
		*packet.checksum = patched(*packet.checksum, (__u16)~bpf_htons(0x0100));
	__builtin_memcpy(header->h_dest, way.hop.addresses, 6);
	__builtin_memcpy(header->h_source, way.hop.addresses + 3, 6);
	turned->device = way.hop.device;
	turned->outcome = error ? ERROR : way.side == SOURCE ? FROM_POD : TO_POD;
	return 0;
}

#define TELL(context, grow, ip_header, len, lengthen)                                                                                     \
	({                                                                                                                                \
		struct told {                                                                                                             \
			struct ethhdr ethernet;                                                                                           \
			struct ip_header ip;                                                                                              \
			__u8 option[len];                                                                                                 \
		} __attribute__((packed, aligned(2))) told, *to = (void *)(long)(context)->data;                                                      \
		if ((void *)to + __builtin_offsetof(struct told, option) > (void *)(long)(context)->data_end)                             \
			return -1;                                                                                                        \
		__builtin_memcpy(&told, to, __builtin_offsetof(struct told, option));                                                     \
		__builtin_memcpy(told.option, pod->dsr, len);                                                                             \
		lengthen;                                                                                                                 \
		if (grow)                                                                                                                 \
			return -1;                                                                                                        \
		to = (void *)(long)(context)->data;                                                                                       \
		if ((void *)(to + 1) > (void *)(long)(context)->data_end)                                                                 \
			return -1;                                                                                                        \
		*to = told;                                                                                                               \
	})

#define LENGTHEN_V4                                                                                                                       \
	({                                                                                                                                \
		told.ip.ihl += 2;                                                                                                         \
		told.ip.tot_len = bpf_htons(bpf_ntohs(told.ip.tot_len) + 8);                                                              \
		told.ip.check = patched(told.ip.check, pod->dsr_change);                                                       \
	})

#define LENGTHEN_V6                                                                                                                       \
	({                                                                                                                                \
		told.option[0] = told.ip.nexthdr;                                                                                         \
		told.ip.nexthdr = IPPROTO_DSTOPTS;                                                                                        \
		told.ip.payload_len = bpf_htons(bpf_ntohs(told.ip.payload_len) + 24);                                                     \
	})

static __always_inline int tell(struct xdp_md *context, struct turned *turned)
{
	struct pod *pod = turned->told;

	if (!pod)
		return 0;
	if (turned->is_ipv6)
		TELL(context, bpf_xdp_adjust_head(context, -24), ipv6hdr, 24, LENGTHEN_V6);
	else
		TELL(context, bpf_xdp_adjust_head(context, -8), iphdr, 8, LENGTHEN_V4);
	return 0;
}

static __always_inline int tell_skb(struct __sk_buff *skb, struct turned *turned)
{
	struct pod *pod = turned->told;

	if (!pod)
		return 0;
	if (turned->is_ipv6)
		TELL(skb, bpf_skb_adjust_room(skb, 24, BPF_ADJ_ROOM_NET, BPF_F_ADJ_ROOM_FIXED_GSO), ipv6hdr, 24, LENGTHEN_V6);
	else
		TELL(skb, bpf_skb_adjust_room(skb, 8, BPF_ADJ_ROOM_NET, BPF_F_ADJ_ROOM_FIXED_GSO), iphdr, 8, LENGTHEN_V4);
	return 0;
}

SEC("xdp")
int balance(struct xdp_md *context)
{
	struct cursor c = { (void *)(long)context->data, (void *)(long)context->data_end };
	struct turned turned = {};

	if (turn(context, &c, context->ingress_ifindex, left(&c), &turned) < 0) {
		count(PASSED);
		return XDP_PASS;
	}
	if (tell(context, &turned) < 0) {
		count(DROPPED);
		return XDP_DROP;
	}
	count(turned.outcome);
	return bpf_redirect(turned.device, 0);
}

#define HEADERS (14 + 40 + 8 + 40 + 18)

static __always_inline int patch_skb(struct __sk_buff *skb, struct turned *turned)
{
	__u64 zero = turned->is_udp ? BPF_F_MARK_MANGLED_0 : 0, pseudo = zero | BPF_F_PSEUDO_HDR;
	__u32 at = sizeof(struct ethhdr) + (turned->is_udp ? 6 : 16);
	struct changes *changes = &turned->changes;

	if (!turned->is_datagram)
		return 0;
	if (turned->is_ipv6) {
		at += sizeof(struct ipv6hdr);
		bpf_csum_update(skb, (__u16)~bpf_htons(1));
		if (bpf_l4_csum_replace(skb, at, 0, changes->address, pseudo | BPF_F_IPV6) &&
		    bpf_l4_csum_replace(skb, at, 0, changes->address, pseudo))
			return -1;
	} else {
		at += sizeof(struct iphdr);
		if (bpf_l4_csum_replace(skb, at, 0, changes->address, pseudo))
			return -1;
	}
	return bpf_l4_csum_replace(skb, at, 0, changes->port, zero) ? -1 : 0;
}

SEC("classifier")
int balance_skb(struct __sk_buff *skb)
{
	struct turned turned = {};
	__u32 needed = skb->len < HEADERS ? skb->len : HEADERS;
	struct cursor c;

	if ((void *)(long)skb->data_end - (void *)(long)skb->data < needed)
		bpf_skb_pull_data(skb, needed);
	c.at = (void *)(long)skb->data;
	c.end = (void *)(long)skb->data_end;
	if (skb->vlan_present || turn(0, &c, skb->ifindex, skb->gso_size ? 0 : skb->len, &turned) < 0) {
		count(PASSED);
		return TCX_NEXT;
	}
	if (patch_skb(skb, &turned) < 0 || tell_skb(skb, &turned) < 0) {
		count(DROPPED);
		return TCX_DROP;
	}
	count(turned.outcome);
	return bpf_redirect(turned.device, 0);
}

char _license[] SEC("license") = "Dual MIT/GPL";
