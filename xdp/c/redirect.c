// Packets for sockets of user space, in C: see programs/src/bin/redirect.rs.
#include "packet.h"

struct end {
	__u32 address[4];
	__u64 port;
};

struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u32);
} UNDERLAY SEC(".maps"), OVERLAY SEC(".maps");

const volatile struct end END = {};

static __always_inline int is_ours(struct cursor *c)
{
	struct udphdr *udp;
	struct ip ip;
	__be16 type;

	if (ethernet(c, &type) < 0 || ip_of(c, type, &ip) < 0)
		return 0;
	if (ip.protocol != IPPROTO_UDP || ip.is_fragment || (ip.version == 6 && ip.options))
		return 0;
	udp = c->at;
	if ((void *)(udp + 1) > c->end || bpf_ntohs(udp->dest) != END.port)
		return 0;
	return ip.destination[0] == END.address[0] && ip.destination[1] == END.address[1] && ip.destination[2] == END.address[2] &&
	       ip.destination[3] == END.address[3];
}

SEC("xdp")
int underlay(struct xdp_md *context)
{
	struct cursor c = { (void *)(long)context->data, (void *)(long)context->data_end };

	return is_ours(&c) ? bpf_redirect_map(&UNDERLAY, context->rx_queue_index, XDP_PASS) : XDP_PASS;
}

SEC("xdp")
int overlay(struct xdp_md *context)
{
	return bpf_redirect_map(&OVERLAY, context->rx_queue_index, XDP_PASS);
}

char _license[] SEC("license") = "Dual MIT/GPL";
