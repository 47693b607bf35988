// The flow meter once more, in C: see ../programs/src/bin/meter.rs.

#include "packet.h"

enum { NO_TUNNEL, VXLAN, GENEVE };

struct flow {
	__u32 nodes[2][4], ends[2][4];
	__u32 vni;
	__u16 ports[2];
	__u8 tunnel, protocol, unused[6];
};

struct count {
	__u64 packets, bytes, overhead;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct flow);
	__type(value, struct count);
} FLOWS SEC(".maps");

static __always_inline void ports_of(struct cursor *c, struct ip *ip, __u16 ports[2])
{
	ports[0] = ports[1] = 0;
	if (ip->is_later_fragment)
		return;
	if (ip->protocol == IPPROTO_UDP) {
		struct udphdr *header = c->at;

		if ((void *)(header + 1) > c->end)
			return;
		c->at = header + 1;
		ports[0] = bpf_ntohs(header->source);
		ports[1] = bpf_ntohs(header->dest);
	} else if (ip->protocol == IPPROTO_TCP) {
		struct tcphdr *header = c->at;

		if ((void *)(header + 1) > c->end)
			return;
		c->at = header + 1;
		ports[0] = bpf_ntohs(header->source);
		ports[1] = bpf_ntohs(header->dest);
	}
}

static __always_inline int tunnel_of(struct cursor *c, __u16 port, struct flow *flow, __be16 *type)
{
	struct tunnel *header;

	switch (port) {
	case 4789:
	case 8472:
	case 6784:
		header = take(c, struct tunnel);
		if (!(header->flags & 0x08))
			return -1;
		flow->tunnel = VXLAN;
		*type = bpf_htons(ETH_P_TEB);
		break;
	case 6081:
		header = take(c, struct tunnel);
		if (header->flags >> 6 || skip(c, (header->flags & 0x3f) * 4) < 0)
			return -1;
		flow->tunnel = GENEVE;
		*type = *(__be16 *)header->type;
		break;
	default:
		return -1;
	}
	flow->vni = header->vni[0] << 16 | header->vni[1] << 8 | header->vni[2];
	return 0;
}

static __always_inline int metered(struct cursor *c, struct flow *flow, struct count *count)
{
	struct ip outer, inner;
	struct flow in_tunnel = {};
	__u16 ports[2];
	__be16 type;

	count->packets = 1;
	count->bytes = left(c);
	if (ethernet(c, &type) < 0 || ip_of(c, type, &outer) < 0)
		return -1;
	ports_of(c, &outer, ports);
	if (tunnel_of(c, ports[1], &in_tunnel, &type) == 0) {
		count->overhead = count->bytes - left(c);
		*flow = in_tunnel;
		__builtin_memcpy(flow->nodes[0], outer.source, 16);
		__builtin_memcpy(flow->nodes[1], outer.destination, 16);
		if ((type != bpf_htons(ETH_P_TEB) || ethernet(c, &type) == 0) && ip_of(c, type, &inner) == 0) {
			__builtin_memcpy(flow->ends[0], inner.source, 16);
			__builtin_memcpy(flow->ends[1], inner.destination, 16);
			flow->protocol = inner.protocol;
			ports_of(c, &inner, flow->ports);
		}
		return 0;
	}
	count->overhead = 0;
	__builtin_memcpy(flow->ends[0], outer.source, 16);
	__builtin_memcpy(flow->ends[1], outer.destination, 16);
	flow->protocol = outer.protocol;
	flow->ports[0] = ports[0];
	flow->ports[1] = ports[1];
	return 0;
}

SEC("xdp")
int meter(struct xdp_md *context)
{
	struct cursor c = { (void *)(long)context->data, (void *)(long)context->data_end };
	struct flow flow = {};
	struct count count = {}, *known;

	if (metered(&c, &flow, &count) == 0) {
		known = bpf_map_lookup_elem(&FLOWS, &flow);
		if (known) {
			known->packets += count.packets;
			known->bytes += count.bytes;
			known->overhead += count.overhead;
		} else {
			bpf_map_update_elem(&FLOWS, &flow, &count, BPF_ANY);
		}
	}
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual MIT/GPL";
