// The end of a tunnel once more, in C: see ../programs/src/bin/vtep.rs.

#include "packet.h"

enum { VXLAN = 1, GENEVE };

struct remote {
	__u32 address[4];
	__u32 vni, tunnel;
};

struct receiver {
	__u8 address[6], unused[2];
};

#define MAX_HEADERS 128

struct template {
	__u8 headers[MAX_HEADERS];
	__u32 len, mtu, device;
	__u16 first_port, last_port;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct remote);
	__type(value, __u32);
} REMOTES SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct receiver);
	__type(value, struct template);
} TEMPLATES SEC(".maps");

struct option {
	__be16 class;
	__u8 kind, length;
};

// Geneve's critical options (RFC 8926 §3.5).
static __always_inline int options_of(struct cursor *c, struct tunnel *header, int *critical)
{
	__u32 len = (header->flags & 0x3f) * 4, at = 0;
	__u8 kinds = 0;

#pragma clang loop unroll(disable)
	for (int i = 0; i < 63; i++) {
		if (at >= len)
			break;
		struct option *option = c->at + (at & 0xff);
		if ((void *)(option + 1) > c->end)
			return -1;
		kinds |= option->kind;
		at += sizeof(*option) + (option->length & 0x1f) * 4;
	}
	*critical = kinds & 0x80;
	return at == len ? skip(c, len) : -1;
}

static __always_inline int tunnel_of(struct cursor *c, __be16 port, struct remote *remote, int *good)
{
	struct tunnel *header = take(c, struct tunnel);
	int critical = 0;

	switch (bpf_ntohs(port)) {
	case 4789:
	case 8472:
		remote->tunnel = VXLAN;
		*good = (header->flags & 0x08) != 0;
		break;
	case 6081:
		if (header->flags >> 6 || options_of(c, header, &critical) < 0)
			return -1;
		remote->tunnel = GENEVE;
		*good = !(header->options & 0x80) && !critical && *(__be16 *)header->type == bpf_htons(ETH_P_TEB);
		break;
	default:
		return -1;
	}
	remote->vni = header->vni[0] << 16 | header->vni[1] << 8 | header->vni[2];
	return 0;
}

// RFC 6040, figure 4: the mark with which a packet leaves; negative if it must be dropped.
static __always_inline int leave(__u8 inner, __u8 outer)
{
	if (inner == 0)
		return outer == 3 ? -1 : 0;
	if (inner == 3 || outer == 3)
		return 3;
	return inner == 2 && outer == 1 ? 1 : inner;
}

// RFC 1624, equation 3.
static __always_inline void patch(struct iphdr *header, __be16 before, __be16 after)
{
	header->check = ~folded((__u16)~header->check + (__u16)~before + after);
}

static __always_inline __u8 class_of(struct ip *ip)
{
	return ip->version == 4 ? ip->v4->tos : ip->v6->priority << 4 | ip->v6->flow_lbl[0] >> 4;
}

static __always_inline void mark_as(struct ip *ip, __u8 mark)
{
	__u8 class = class_of(ip);

	if (mark == (class & 3))
		return;
	if (ip->version == 4) {
		__be16 before = *(__be16 *)ip->v4;
		ip->v4->tos = (class & ~3) | mark;
		patch(ip->v4, before, *(__be16 *)ip->v4);
	} else {
		ip->v6->flow_lbl[0] = (ip->v6->flow_lbl[0] & ~0x30) | mark << 4;
	}
}

static __always_inline int marked(struct xdp_md *context, struct cursor *c, __u8 outer)
{
	struct ip ip;
	__be16 type;
	int mark;

	if (ethernet(c, &type) < 0)
		return -1;
	if (ip_of(c, type, &ip) < 0)
		return 0;
	if (complete(context, c, &ip) < 0)
		return -1;
	__u8 class = class_of(&ip);
	mark = leave(class & 3, outer);
	if (mark < 0)
		return -1;
	mark_as(&ip, mark);
	return 0;
}

SEC("xdp")
int decapsulate(struct xdp_md *context)
{
	struct cursor c = { (void *)(long)context->data, (void *)(long)context->data_end };
	__u32 whole = left(&c), packet, datagram, front, behind, len, ip_len, *device;
	struct remote remote = {};
	struct udphdr *udp;
	struct ip ip;
	__be16 type;
	int good = 0;

	if (ethernet(&c, &type) < 0)
		return XDP_PASS;
	packet = left(&c);
	if (ip_of(&c, type, &ip) < 0 || ip.protocol != IPPROTO_UDP || ip.is_fragment || ip.options)
		return XDP_PASS;
	if (ip.version == 4 && folded(bpf_csum_diff(0, 0, (void *)ip.v4, sizeof(*ip.v4), 0)) != 0xffff)
		return XDP_PASS;
	datagram = left(&c);
	udp = c.at;
	if ((void *)(udp + 1) > c.end)
		return XDP_PASS;
	c.at = udp + 1;
	if (tunnel_of(&c, udp->dest, &remote, &good) < 0)
		return XDP_PASS;
	__builtin_memcpy(remote.address, ip.source, 16);
	device = bpf_map_lookup_elem(&REMOTES, &remote);
	if (!device)
		return XDP_PASS;
	len = bpf_ntohs(udp->len);
	ip_len = ip.version == 4 ? bpf_ntohs(ip.v4->tot_len) : sizeof(struct ipv6hdr) + bpf_ntohs(ip.v6->payload_len);
	front = whole - left(&c);
	behind = datagram - len;
	if (!good || ip_len > packet || len > ip_len - (packet - datagram) || len > datagram ||
	    behind + sizeof(struct ethhdr) > left(&c) || marked(context, &c, class_of(&ip) & 3) < 0)
		return XDP_DROP;
	if (behind && bpf_xdp_adjust_tail(context, -(int)behind))
		return XDP_DROP;
	if (bpf_xdp_adjust_head(context, front))
		return XDP_DROP;
	return bpf_redirect(*device, 0);
}

// See ether-ip/src/flow.rs.
static __always_inline __u64 product(__u64 a, __u64 b)
{
	__u64 low = (__u32)a * (__u64)(__u32)b, one = (a >> 32) * (__u32)b, other = (__u32)a * (b >> 32), high = (a >> 32) * (b >> 32);
	__u64 middle = (low >> 32) + (__u32)one + other;

	return (middle << 32 | (__u32)low) ^ (high + (one >> 32) + (middle >> 32));
}

static __always_inline __u64 number(__u8 address[6])
{
	__u64 number = 0;

	for (int i = 0; i < 6; i++)
		number = number << 8 | address[i];
	return number;
}

static __always_inline __u32 entropy(struct cursor *c, struct ethhdr *header, __be16 type, struct ip *ip)
{
	__u32 ports = 0;
	__u64 sum;

	if (!ip) {
		__u16 kind = bpf_ntohs(type);

		sum = product(kind <= 1500 ? 0 : kind, 0x629a292a367cd507) + product(number(header->h_source), 0x9e3779b97f4a7c15) +
		      product(number(header->h_dest), 0x9b05688c2b3e6c1f);
		return sum >> 32;
	}
	if (!ip->is_fragment && (ip->protocol == IPPROTO_TCP || ip->protocol == IPPROTO_UDP || ip->protocol == IPPROTO_SCTP) &&
	    c->at + sizeof(ports) <= c->end)
		ports = *(__u32 *)c->at;
	if (ip->version == 4) {
		sum = product((__u64)ports << 8 | ip->protocol, 0x629a292a367cd507) +
		      product((__u64)ip->destination[3] << 32 | ip->source[3], 0x9e3779b97f4a7c15);
	} else {
		__u8 protocol = ip->is_fragment ? IPPROTO_FRAGMENT : ip->protocol;

		sum = product((__u64)ports << 8 | protocol, 0x629a292a367cd507) +
		      product((__u64)ip->source[1] << 32 | ip->source[0], 0x9e3779b97f4a7c15) +
		      product((__u64)ip->source[3] << 32 | ip->source[2], 0x9b05688c2b3e6c1f) +
		      product((__u64)ip->destination[1] << 32 | ip->destination[0], 0x6a09e667f3bcc909) +
		      product((__u64)ip->destination[3] << 32 | ip->destination[2], 0xcbbb9d5dc1059ed9);
	}
	return sum >> 32;
}

struct icmp {
	__u8 type, code;
	__be16 check;
	__be32 mtu;
};

#define QUOTED_V4 (576 - sizeof(struct iphdr) - sizeof(struct icmp))
#define QUOTED_V6 (1280 - sizeof(struct ipv6hdr) - sizeof(struct icmp))

// Whether the sender of a packet that is too long may be told (RFC 1122 3.2.2, RFC 4443 2.4 e).
static __always_inline int may_answer(struct cursor *c, struct ethhdr *header, struct ip *ip)
{
	__u8 *kind = c->at, first;
	int told = !ip->is_later_fragment && (void *)(kind + 1) <= c->end;

	if (header->h_dest[0] & 1)
		return 0;
	if (ip->version == 4) {
		if (ip->protocol == IPPROTO_ICMP && (!told || *kind == 3 || *kind == 4 || *kind == 5 || *kind == 11 || *kind == 12))
			return 0;
		first = ip->v4->saddr;
		return (ip->v4->frag_off & bpf_htons(0x4000)) && !ip->is_later_fragment && first != 0 && first != 127 && first < 224 &&
		       (ip->v4->daddr & 0xf0) != 0xe0 && ip->v4->daddr != 0xffffffff;
	}
	if (ip->protocol == IPPROTO_ICMPV6 && (!told || *kind < 128 || *kind == 137))
		return 0;
	if (!ip->source[0] && !ip->source[1] && !ip->source[2] && (!ip->source[3] || ip->source[3] == bpf_htonl(1)))
		return 0;
	return (__u8)ip->source[0] != 0xff && (__u8)ip->destination[0] != 0xff;
}

static __always_inline int tell(struct xdp_md *context, struct ethhdr *header, struct ip *ip, __u32 len, __u32 mtu)
{
	__u32 quoted = ip->version == 4 ? QUOTED_V4 : QUOTED_V6, more, icmp_len = quoted + sizeof(struct icmp), version = ip->version;
	__u32 from = ip->version == 4 ? ip->v4->saddr : 0, to = ip->version == 4 ? ip->v4->daddr : 0, before = 0;
	__u8 macs[12];
	long sum;

	more = (version == 4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr)) + sizeof(struct icmp);
	__builtin_memcpy(macs, header->h_source, 6);
	__builtin_memcpy(macs + 6, header->h_dest, 6);
	if (len != sizeof(*header) + quoted && bpf_xdp_adjust_tail(context, -(int)(len - sizeof(*header) - quoted)))
		return XDP_DROP;
	if (bpf_xdp_adjust_head(context, -(int)more))
		return XDP_DROP;
	struct cursor c = { (void *)(long)context->data, (void *)(long)context->data_end };
	struct icmp *icmp;
	header = c.at;
	if ((void *)(header + 1) > c.end)
		return XDP_DROP;
	__builtin_memcpy(header, macs, 12);
	if (version == 4) {
		struct iphdr *v4 = (void *)(header + 1);
		icmp = (void *)(v4 + 1);
		if ((void *)(icmp + 1) > c.end)
			return XDP_DROP;
		header->h_proto = bpf_htons(ETH_P_IP);
		*v4 = (struct iphdr){ .version = 4, .ihl = 5, .tot_len = bpf_htons(576), .frag_off = bpf_htons(0x4000), .ttl = 64,
				      .protocol = IPPROTO_ICMP, .saddr = to, .daddr = from };
		v4->check = ~folded(bpf_csum_diff(0, 0, (void *)v4, sizeof(*v4), 0));
		*icmp = (struct icmp){ 3, 4, 0, bpf_htonl(mtu) };
	} else {
		struct ipv6hdr *v6 = (void *)(header + 1);
		icmp = (void *)(v6 + 1);
		if ((void *)(icmp + 1) > c.end)
			return XDP_DROP;
		header->h_proto = bpf_htons(ETH_P_IPV6);
		*v6 = (struct ipv6hdr){ .version = 6, .payload_len = bpf_htons(icmp_len), .nexthdr = IPPROTO_ICMPV6, .hop_limit = 64 };
		__builtin_memcpy(&v6->saddr, ip->destination, 16);
		__builtin_memcpy(&v6->daddr, ip->source, 16);
		before = bpf_csum_diff(0, 0, (void *)&v6->saddr, 32, 0);
		before = folded(before) + bpf_htons(icmp_len) + bpf_htons(IPPROTO_ICMPV6);
		*icmp = (struct icmp){ 2, 0, 0, bpf_htonl(mtu) };
	}
	sum = add_up(context, (void *)icmp - (void *)header, icmp_len, before);
	if (sum < 0)
		return XDP_DROP;
	icmp->check = sum;
	return XDP_TX;
}

SEC("xdp")
int encapsulate(struct xdp_md *context)
{
	struct cursor c = { (void *)(long)context->data, (void *)(long)context->data_end };
	__u32 len = left(&c), hash, headers, udp_len, mtu;
	struct receiver receiver = {};
	struct ethhdr *header = c.at;
	struct template *template;
	struct udphdr *udp;
	struct ip ip = {};
	__be16 type;
	__u8 ecn = 0;
	int is_ip;

	if ((void *)(header + 1) > c.end)
		return XDP_PASS;
	if (header->h_dest[0] & 1)
		__builtin_memset(receiver.address, 0xff, 6);
	else
		__builtin_memcpy(receiver.address, header->h_dest, 6);
	template = bpf_map_lookup_elem(&TEMPLATES, &receiver);
	if (!template || ethernet(&c, &type) < 0)
		return XDP_PASS;
	is_ip = ip_of(&c, type, &ip) >= 0;
	mtu = template->mtu - template->len;
	if (len > mtu + sizeof(*header)) {
		__u32 quoted = is_ip && ip.version == 4 ? QUOTED_V4 : QUOTED_V6;

		if (!is_ip || header->h_proto != type || len < sizeof(*header) + quoted || !may_answer(&c, header, &ip))
			return XDP_PASS;
		return tell(context, header, &ip, len, mtu);
	}
	hash = entropy(&c, header, type, is_ip ? &ip : 0);
	if (is_ip) {
		ecn = class_of(&ip) & 3;
		if (complete(context, &c, &ip) < 0)
			return XDP_PASS;
	}
	headers = template->len & (MAX_HEADERS - 1);
	if (bpf_xdp_adjust_head(context, -(int)template->len))
		return XDP_DROP;
	asm volatile("" : "+r"(headers));
	if (!headers || bpf_xdp_store_bytes(context, 0, template->headers, headers))
		return XDP_DROP;
	c.at = (void *)(long)context->data;
	c.end = (void *)(long)context->data_end;
	if (ethernet(&c, &type) < 0 || ip_of(&c, type, &ip) < 0)
		return XDP_DROP;
	udp = c.at;
	if (ip.protocol != IPPROTO_UDP || ip.is_later_fragment || (void *)(udp + 1) > c.end)
		return XDP_DROP;
	udp_len = len + template->len - sizeof(struct ethhdr) - ip.options - (ip.version == 4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr));
	if (ip.version == 4) {
		__be16 before = ip.v4->tot_len;

		ip.v4->tot_len = bpf_htons(udp_len + sizeof(struct iphdr));
		patch(ip.v4, before, ip.v4->tot_len);
	} else {
		ip.v6->payload_len = bpf_htons(udp_len);
	}
	mark_as(&ip, ecn);
	udp->len = bpf_htons(udp_len);
	udp->source = bpf_htons(template->first_port + (hash * ((__u64)template->last_port - template->first_port + 1) >> 32));
	return bpf_redirect(template->device, 0);
}

char _license[] SEC("license") = "Dual MIT/GPL";
