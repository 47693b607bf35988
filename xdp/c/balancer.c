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

enum { SOURCE, DESTINATION };
enum { TCX_NEXT = -1, TCX_DROP = 2 };

struct packet {
	struct ip ip;
	void *end;
	__u32 *addresses[2];
	// IPv4's.
	__be16 *checksum;
	__u8 *hops;
	__u32 len;
};

struct transport {
	__be16 *ports, *checksum;
	__u8 is_udp, is_syn;
};

struct turned {
	struct pod *told;
	struct changes changes;
	__u32 device;
	__u8 is_datagram, is_udp, is_ipv6;
};

static __always_inline __u16 folded(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

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
		packet->addresses[SOURCE] = &ip->v4->saddr;
		packet->addresses[DESTINATION] = &ip->v4->daddr;
		packet->checksum = &ip->v4->check;
		packet->hops = &ip->v4->ttl;
	} else {
		header = sizeof(struct ipv6hdr);
		len = sizeof(struct ipv6hdr) + bpf_ntohs(ip->v6->payload_len);
		packet->addresses[SOURCE] = ip->v6->saddr.s6_addr32;
		packet->addresses[DESTINATION] = ip->v6->daddr.s6_addr32;
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
	if (packet->checksum) {
		*packet->addresses[side] = address[3];
		*packet->checksum = patched(*packet->checksum, change);
		return 0;
	}
	// The verifier has forgotten by now which version it was.
	if ((void *)(packet->addresses[side] + 4) <= packet->end)
		__builtin_memcpy(packet->addresses[side], address, 16);
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
	transport->is_syn = !transport->is_udp && c->at + 14 <= c->end && ((__u8 *)c->at)[13] & 2;
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

static __always_inline __u32 entropy(struct ip *ip, int side, __u32 ports)
{
	__u32 *from = side == DESTINATION ? ip->source : ip->destination, *to = side == DESTINATION ? ip->destination : ip->source;
	__u64 sum = product((__u64)ports << 8 | ip->protocol, 0x629a292a367cd507);

	if (ip->version == 4)
		return (sum + product((__u64)to[3] << 32 | from[3], 0x9e3779b97f4a7c15)) >> 32;
	sum += product((__u64)from[1] << 32 | from[0], 0x9e3779b97f4a7c15) + product((__u64)from[3] << 32 | from[2], 0x9b05688c2b3e6c1f) +
	       product((__u64)to[1] << 32 | to[0], 0x6a09e667f3bcc909) + product((__u64)to[3] << 32 | to[2], 0xcbbb9d5dc1059ed9);
	return sum >> 32;
}

static __always_inline struct pod *pod_for(struct ip *ip, int side, __be16 client, __be16 port, __u32 *number)
{
	struct end end = {};
	struct service *service;

	__builtin_memcpy(end.address, side == DESTINATION ? ip->destination : ip->source, 16);
	end.port = bpf_ntohs(port);
	end.protocol = ip->protocol;
	service = bpf_map_lookup_elem(&SERVICES, &end);
	if (!service)
		return 0;
	*number = service->first + (__u32)((__u64)entropy(ip, side, (__u32)port << 16 | client) * service->count >> 32);
	return bpf_map_lookup_elem(&PODS, number);
}

static __always_inline struct pod *talk_of(struct talk *talk, struct client **client)
{
	*client = bpf_map_lookup_elem(&TALKS, talk);
	if (!*client)
		return 0;
	return bpf_map_lookup_elem(&PODS, &(*client)->pod);
}

static __always_inline int turn_datagram(struct packet *packet, struct transport *transport, struct client *back, __u32 len, struct hop *hop,
					 struct turned *turned)
{
	struct ip *ip = &packet->ip;
	struct talk talk = { .protocol = ip->protocol };
	struct client *client;
	struct pod *pod;

	if (!transport->checksum)
		return -1;
	turned->is_datagram = 1;
	turned->is_udp = transport->is_udp;
	turned->is_ipv6 = ip->version == 6;
	__builtin_memcpy(talk.client, ip->destination, 16);
	__builtin_memcpy(talk.pod, ip->source, 16);
	talk.ports[0] = bpf_ntohs(transport->ports[1]);
	talk.ports[1] = bpf_ntohs(transport->ports[0]);
	pod = talk_of(&talk, &client);
	if (pod) {
		write_address(packet, SOURCE, pod->service.address, pod->to_service.address);
		transport->ports[0] = bpf_htons(pod->service.port);
		turned->changes = pod->to_service;
		*hop = client->hop;
		return 0;
	}
	pod = pod_for(ip, DESTINATION, transport->ports[0], transport->ports[1], &back->pod);
	if (!pod)
		return -1;
	if (pod->dsr_len && (transport->is_udp || transport->is_syn)) {
		turned->told = pod;
		len += pod->dsr_len;
	}
	if (len - sizeof(struct ethhdr) > pod->mtu)
		return -1;
	__builtin_memcpy(talk.client, ip->source, 16);
	__builtin_memcpy(talk.pod, pod->pod.address, 16);
	talk.ports[0] = bpf_ntohs(transport->ports[0]);
	talk.ports[1] = pod->pod.port;
	client = bpf_map_lookup_elem(&TALKS, &talk);
	if (!client || __builtin_memcmp(client, back, sizeof(*back)))
		bpf_map_update_elem(&TALKS, &talk, back, BPF_ANY);
	write_address(packet, DESTINATION, pod->pod.address, pod->to_pod.address);
	transport->ports[1] = bpf_htons(pod->pod.port);
	turned->changes = pod->to_pod;
	*hop = pod->hop;
	return 0;
}

static __always_inline int is_error(struct ip *ip, __u8 kind)
{
	if (ip->version == 4)
		return ip->protocol == IPPROTO_ICMP && (kind == 3 || kind == 4 || kind == 5 || kind == 11 || kind == 12);
	return ip->protocol == IPPROTO_ICMPV6 && kind < 128;
}

static __always_inline int turn_error(struct cursor *c, struct packet *packet, __be16 type, struct hop *hop)
{
	struct error *error = take(c, struct error);
	struct ip *ip = &packet->ip;
	struct transport transport;
	struct packet quoted;
	struct client *client;
	struct talk talk = {};
	__u32 room, number, change;
	struct pod *pod;

	if (!is_error(ip, error->type) || packet_of(c, type, &quoted) < 0 || quoted.ip.is_later_fragment)
		return -1;
	room = sizeof(*error) + (ip->version == 4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr));
	if (packet->len < room)
		return -1;
	if (quoted.len > packet->len - room)
		quoted.len = packet->len - room;
	if (transport_of(c, &quoted, &transport) < 0 || __builtin_memcmp(ip->destination, quoted.ip.source, 16))
		return -1;
	__builtin_memcpy(talk.client, quoted.ip.source, 16);
	__builtin_memcpy(talk.pod, quoted.ip.destination, 16);
	talk.ports[0] = bpf_ntohs(transport.ports[0]);
	talk.ports[1] = bpf_ntohs(transport.ports[1]);
	talk.protocol = quoted.ip.protocol;
	pod = talk_of(&talk, &client);
	if (pod) {
		int is_pod = !__builtin_memcmp(ip->source, quoted.ip.destination, 16);

		transport.ports[1] = bpf_htons(pod->service.port);
		change = write_address(&quoted, DESTINATION, pod->service.address, pod->to_service.address);
		change += patch(&transport, &pod->to_service);
		if (is_pod)
			change += write_address(packet, SOURCE, pod->service.address, pod->to_service.address);
		*hop = client->hop;
	} else {
		pod = pod_for(&quoted.ip, SOURCE, transport.ports[1], transport.ports[0], &number);
		if (!pod)
			return -1;
		transport.ports[0] = bpf_htons(pod->pod.port);
		change = write_address(&quoted, SOURCE, pod->pod.address, pod->to_pod.address);
		change += patch(&transport, &pod->to_pod);
		change += write_address(packet, DESTINATION, pod->pod.address, pod->to_pod.address);
		*hop = pod->hop;
	}
	error->checksum = patched(error->checksum, change);
	return 0;
}

static __always_inline int turn(struct cursor *c, __u32 device, int is_whole, struct turned *turned)
{
	struct ethhdr *header = c->at;
	struct client back = {};
	struct packet packet;
	struct transport transport;
	__u32 len = left(c);
	struct hop hop;
	__be16 type;

	if (ethernet(c, &type) < 0 || header->h_proto != type)
		return -1;
	if (packet_of(c, type, &packet) < 0 || packet.ip.is_fragment)
		return -1;
	if (*packet.hops < 2)
		return -1;
	__builtin_memcpy(back.hop.addresses, header->h_source, 6);
	__builtin_memcpy(back.hop.addresses + 3, header->h_dest, 6);
	back.hop.device = device;
	switch (packet.ip.protocol) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
		if (transport_of(c, &packet, &transport) < 0 || turn_datagram(&packet, &transport, &back, len, &hop, turned) < 0)
			return -1;
		if (is_whole)
			patch(&transport, &turned->changes);
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		if (turn_error(c, &packet, type, &hop) < 0)
			return -1;
		break;
	default:
		return -1;
	}
	*packet.hops -= 1;
	if (packet.checksum)
		*packet.checksum = patched(*packet.checksum, (__u16)~bpf_htons(0x0100));
	__builtin_memcpy(header->h_dest, hop.addresses, 6);
	__builtin_memcpy(header->h_source, hop.addresses + 3, 6);
	turned->device = hop.device;
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
		TELL(skb, bpf_skb_adjust_room(skb, 24, BPF_ADJ_ROOM_NET, 0), ipv6hdr, 24, LENGTHEN_V6);
	else
		TELL(skb, bpf_skb_adjust_room(skb, 8, BPF_ADJ_ROOM_NET, 0), iphdr, 8, LENGTHEN_V4);
	return 0;
}

SEC("xdp")
int balance(struct xdp_md *context)
{
	struct cursor c = { (void *)(long)context->data, (void *)(long)context->data_end };
	struct turned turned = {};

	if (turn(&c, context->ingress_ifindex, 1, &turned) < 0)
		return XDP_PASS;
	if (tell(context, &turned) < 0)
		return XDP_DROP;
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
	if (skb->vlan_present || turn(&c, skb->ifindex, 0, &turned) < 0)
		return TCX_NEXT;
	if (patch_skb(skb, &turned) < 0 || tell_skb(skb, &turned) < 0)
		return TCX_DROP;
	return bpf_redirect(turned.device, 0);
}

char _license[] SEC("license") = "Dual MIT/GPL";
