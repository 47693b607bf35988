// The drop reasons once more, in C: see ../programs/src/bin/drops.rs.

#include "packet.h"

#define MAX_SAMPLED 256

enum {
	GOOD,
	ETHERNET_TRUNCATED,
	VLAN_TRUNCATED,
	IPV4_TRUNCATED,
	IPV6_TRUNCATED,
	HOP_BY_HOP_TRUNCATED,
	DESTINATION_OPTIONS_TRUNCATED,
	ROUTING_TRUNCATED,
	FRAGMENT_TRUNCATED,
	AUTHENTICATION_TRUNCATED,
	UDP_TRUNCATED,
	TCP_TRUNCATED,
	ICMPV4_TRUNCATED,
	ICMPV6_TRUNCATED,
	VXLAN_TRUNCATED,
	GENEVE_TRUNCATED,
	TCP_HEADER_LENGTH,
	IPV4_VERSION,
	IPV4_HEADER_LENGTH,
	IPV4_TOTAL_LENGTH,
	IPV4_FRAGMENT_END,
	IPV6_VERSION,
	FRAGMENT_END,
	AUTHENTICATION_HEADER_LENGTH,
	UDP_LENGTH,
	GENEVE_VERSION,
	IPV4_CHECKSUM,
	KINDS,
};

struct settings {
	__u32 verdict, every;
};

struct tally {
	__u64 packets, bytes, lost;
};

struct sample {
	__u64 time;
	__u32 kind, len;
	__u8 bytes[MAX_SAMPLED];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, KINDS);
	__type(key, __u32);
	__type(value, struct tally);
} TALLIES SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct settings);
} SETTINGS SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 18);
} SAMPLES SEC(".maps");

// ICMPv6's have no more in common.
struct icmp {
	__u8 type, code;
	__be16 checksum;
};

// Where it is are numbers of which the verifier knows nothing: see ../programs/src/bin/drops.rs.
struct walk {
	struct cursor c;
	__u64 at, end;
	__u32 in_fragment, is_odd;
};

#define MOST 0x7fff

// A number from here on, and one of 64 bits: see left.
static __always_inline __u64 whole(struct cursor *c)
{
	__u64 whole = c->end - c->at;

	asm volatile("" : "+r"(whole));
	return whole;
}

static __always_inline void *place(struct walk *w, __u64 ahead)
{
	return w->c.at + ((w->at + ahead) & MOST);
}

static __always_inline __u64 carried(struct walk *w)
{
	return w->end - w->at;
}

#define take_of(w, type, truncated)                                                                                                       \
	({                                                                                                                                \
		type *header = place(w, 0);                                                                                               \
		if (carried(w) < sizeof(*header) || (void *)(header + 1) > (w)->c.end)                                                    \
			return truncated;                                                                                                 \
		(w)->at += sizeof(*header);                                                                                             \
		header;                                                                                                                   \
	})

#define try(step)                                                                                                                         \
	do {                                                                                                                              \
		int error = step;                                                                                                         \
		if (error)                                                                                                                \
			return error;                                                                                                     \
	} while (0)

static __always_inline int skip_of(struct walk *w, __u64 len, int truncated)
{
	if (len > carried(w))
		return truncated;
	w->at += len;
	return GOOD;
}

static __always_inline int carries(struct walk *w, __u64 len, int truncated)
{
	if (len > carried(w))
		return truncated;
	w->end = w->at + len;
	return GOOD;
}

static __always_inline int typed(struct walk *w, __be16 type, int truncated)
{
	__u16 number = bpf_ntohs(type);

	return number <= 1500 && number > carried(w) ? truncated : GOOD;
}

static __always_inline int ethernet_of(struct walk *w, __be16 *type)
{
	struct ethhdr *header = take_of(w, struct ethhdr, ETHERNET_TRUNCATED);

	*type = header->h_proto;
	return typed(w, *type, ETHERNET_TRUNCATED);
}

static __always_inline int tags(struct walk *w, __be16 *type)
{
#pragma clang loop unroll(disable)
	for (int i = 0; i < MAX_TAGS; i++) {
		if (*type != bpf_htons(ETH_P_8021Q) && *type != bpf_htons(ETH_P_8021AD) && *type != bpf_htons(0x9100))
			break;
		struct vlan *tag = take_of(w, struct vlan, VLAN_TRUNCATED);
		*type = tag->type;
		try(typed(w, *type, VLAN_TRUNCATED));
	}
	return GOOD;
}

static __always_inline int is_summed(struct walk *w)
{
	__u8 *first = place(w, 0);
	__u64 sum = 0, len;

	if ((void *)(first + 1) > w->c.end)
		return 0;
	len = (*first & 0xf) * 4;
#pragma clang loop unroll(disable)
	for (__u64 at = 0; at < 60; at += 4) {
		__u32 *word = place(w, at);

		if (at >= len || (void *)(word + 1) > w->c.end)
			break;
		sum += *word;
	}
	return sum % 65535 == 0;
}

static __always_inline int ipv4_of(struct walk *w, __u8 *protocol)
{
	__u64 whole = carried(w), len, total, offset;
	int summed = is_summed(w);
	struct iphdr *header = take_of(w, struct iphdr, IPV4_TRUNCATED);

	if (header->version != 4)
		return IPV4_VERSION;
	len = header->ihl * 4;
	if (len < sizeof(*header))
		return IPV4_HEADER_LENGTH;
	try(skip_of(w, len - sizeof(*header), IPV4_TRUNCATED));
	total = header->tot_len ? bpf_ntohs(header->tot_len) : whole;
	if (total < len)
		return IPV4_TOTAL_LENGTH;
	offset = (bpf_ntohs(header->frag_off) & 0x1fff) * 8;
	if (offset && offset + total > 65535)
		return IPV4_FRAGMENT_END;
	try(carries(w, total - len, IPV4_TRUNCATED));
	w->in_fragment |= header->frag_off & bpf_htons(0x3fff);
	w->is_odd |= !summed;
	*protocol = offset ? IPPROTO_NONE : header->protocol;
	return GOOD;
}

static __always_inline int ipv6_of(struct walk *w, __u8 *protocol)
{
	struct ipv6hdr *header = take_of(w, struct ipv6hdr, IPV6_TRUNCATED);
	__u64 len;

	if (header->version != 6)
		return IPV6_VERSION;
	len = bpf_ntohs(header->payload_len);
	if (!len)
		len = carried(w);
	*protocol = header->nexthdr;
	return carries(w, len, IPV6_TRUNCATED);
}

struct extensions {
	__u32 truncated;
	__u8 least, unit;
	__u16 place;
};

static const struct extensions all_extensions[256] = {
	[IPPROTO_HOPOPTS] = { HOP_BY_HOP_TRUNCATED, 8, 8, 0 },
	[IPPROTO_DSTOPTS] = { DESTINATION_OPTIONS_TRUNCATED, 8, 8, 0 },
	[IPPROTO_ROUTING] = { ROUTING_TRUNCATED, 8, 8, 0 },
	[IPPROTO_FRAGMENT] = { FRAGMENT_TRUNCATED, 8, 0, 0xfff9 },
	[IPPROTO_AH] = { AUTHENTICATION_TRUNCATED, 12, 4, 0 },
};

static __always_inline int extensions(struct walk *w, __u8 *protocol)
{
#pragma clang loop unroll(disable)
	for (int i = 0; i < MAX_EXTENSIONS; i++) {
		const struct extensions *kind = &all_extensions[*protocol];
		struct extension *extension = place(w, 0);
		__u32 len, fragment, offset;

		if (!kind->least)
			break;
		if ((void *)(&extension->rest) > w->c.end || carried(w) < kind->least)
			return kind->truncated;
		len = 8 + extension->length * kind->unit;
		if (len < kind->least)
			return AUTHENTICATION_HEADER_LENGTH;
		fragment = bpf_ntohs(extension->more) & kind->place;
		*protocol = extension->next;
		try(skip_of(w, len, kind->truncated));
		offset = fragment & 0xfff8;
		if (offset + carried(w) > 65535)
			return FRAGMENT_END;
		w->in_fragment |= fragment;
		if (offset)
			*protocol = IPPROTO_NONE;
	}
	return GOOD;
}

enum { NO_TUNNEL, VXLAN, GENEVE, ANOTHER };

static __always_inline int behind(__u16 port)
{
	switch (port) {
	case 4789:
	case 8472:
	case 6784:
		return VXLAN;
	case 6081:
		return GENEVE;
	case 4790:
	case 6635:
	case 4754:
	case 51820:
	case 51821:
	case 51871:
	case 4500:
	case 2152:
	case 8285:
	case 6343:
	case 6783:
		return ANOTHER;
	default:
		return NO_TUNNEL;
	}
}

static __always_inline int udp(struct walk *w, __be16 *type)
{
	struct udphdr *header = take_of(w, struct udphdr, UDP_TRUNCATED);
	__u64 len = bpf_ntohs(header->len);
	struct tunnel *tunnel;
	int kind;

	if (len < sizeof(*header))
		return UDP_LENGTH;
	try(carries(w, len - sizeof(*header), UDP_TRUNCATED));
	kind = behind(bpf_ntohs(header->dest));
	if (!kind)
		kind = behind(bpf_ntohs(header->source));
	if (kind == VXLAN) {
		try(skip_of(w, sizeof(*tunnel), VXLAN_TRUNCATED));
		*type = bpf_htons(ETH_P_TEB);
	} else if (kind == GENEVE) {
		tunnel = take_of(w, struct tunnel, GENEVE_TRUNCATED);
		if (tunnel->flags >> 6)
			return GENEVE_VERSION;
		*type = *(__be16 *)tunnel->type;
		try(skip_of(w, (tunnel->flags & 0x3f) * 4, GENEVE_TRUNCATED));
	}
	return GOOD;
}

static __always_inline int tcp(struct walk *w)
{
	struct tcphdr *header = take_of(w, struct tcphdr, TCP_TRUNCATED);

	if (header->doff < 5)
		return TCP_HEADER_LENGTH;
	return carries(w, header->doff * 4 - sizeof(*header), TCP_TRUNCATED);
}

static __always_inline int icmpv6(struct walk *w)
{
	struct icmp *header = take_of(w, struct icmp, ICMPV6_TRUNCATED);

	switch (header->type) {
	case 1 ... 4:
	case 128:
	case 129:
	case 143:
		return carries(w, 4, ICMPV6_TRUNCATED);
	case 130 ... 132:
		return carries(w, 20, ICMPV6_TRUNCATED);
	default:
		return GOOD;
	}
}

// What a tunnel carries is in *type, and 0 if there is none.
static __always_inline int transport(struct walk *w, __u8 protocol, __be16 *type)
{
	*type = 0;
	switch (protocol) {
	case IPPROTO_UDP:
		return udp(w, type);
	case IPPROTO_TCP:
		return tcp(w);
	case IPPROTO_ICMP:
		return skip_of(w, 8, ICMPV4_TRUNCATED);
	case IPPROTO_ICMPV6:
		return icmpv6(w);
	default:
		return GOOD;
	}
}

static __always_inline int walk(struct walk *w)
{
	__be16 type = bpf_htons(ETH_P_TEB);
	__u8 protocol;

#pragma clang loop unroll(disable)
	for (int i = 0; i < 2; i++) {
		if (type == bpf_htons(ETH_P_TEB))
			try(ethernet_of(w, &type));
		try(tags(w, &type));
		if (type == bpf_htons(ETH_P_IP))
			try(ipv4_of(w, &protocol));
		else if (type == bpf_htons(ETH_P_IPV6))
			try(ipv6_of(w, &protocol));
		else
			break;
		try(extensions(w, &protocol));
		try(transport(w, protocol, &type));
		if (!type)
			break;
	}
	return GOOD;
}

static __always_inline int sample(struct xdp_md *context, int kind, __u32 len)
{
	struct sample *sample = bpf_ringbuf_reserve(&SAMPLES, sizeof(*sample), 0);

	if (!sample)
		return -1;
	sample->time = bpf_ktime_get_ns();
	sample->kind = kind;
	sample->len = len;
	// A packet has a byte at least: what the verifier sees of this number is that it is 1 to MAX_SAMPLED.
	__u64 kept = (len < MAX_SAMPLED ? len : MAX_SAMPLED) - 1;
	asm volatile("" : "+r"(kept));
	bpf_xdp_load_bytes(context, 0, sample->bytes, (kept & (MAX_SAMPLED - 1)) + 1);
	bpf_ringbuf_submit(sample, 0);
	return 0;
}

SEC("xdp")
int drops(struct xdp_md *context)
{
	struct walk w = { .c = { (void *)(long)context->data, (void *)(long)context->data_end } };
	__u32 first = 0;
	__u64 len = whole(&w.c);

	w.end = len;
	w.at = len - whole(&w.c);
	__u32 kind = walk(&w);
	if (w.in_fragment && kind <= TCP_HEADER_LENGTH)
		kind = GOOD;
	if (kind == GOOD && w.is_odd)
		kind = IPV4_CHECKSUM;

	struct tally *tally = bpf_map_lookup_elem(&TALLIES, &kind);
	if (!tally)
		return XDP_PASS;
	__u64 turn = tally->packets++;
	tally->bytes += len;
	if (kind == GOOD)
		return XDP_PASS;
	struct settings *settings = bpf_map_lookup_elem(&SETTINGS, &first);
	if (!settings)
		return XDP_PASS;
	if (settings->every && turn % settings->every == 0 && sample(context, kind, len) < 0)
		tally->lost++;
	return settings->verdict;
}

char _license[] SEC("license") = "Dual MIT/GPL";
