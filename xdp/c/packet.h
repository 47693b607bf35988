// What the programs in C share, which stand beside those in Rust to be measured with: written as the kernel's own samples are, with pointer
// checks before each header.
#pragma once

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define MAX_TAGS 2
#define MAX_EXTENSIONS 6

struct cursor {
	void *at;
	void *end;
};

struct ip {
	__u32 source[4], destination[4];
	struct iphdr *v4;
	struct ipv6hdr *v6;
	__u16 options;
	__u8 version, protocol, is_fragment, is_later_fragment;
};

// Both VXLAN and Geneve, so far as they are alike.
struct tunnel {
	__u8 flags, options, type[2], vni[3], reserved;
};

struct vlan {
	__be16 tag, type;
};

struct extension {
	__u8 next, length;
	__be16 more;
	__u8 rest[4];
};

// How a kind of extension headers is passed: a switch would be too many ways for the verifier.
struct kind {
	__u8 least, unit;
	__u16 fragment;
};

static const struct kind kinds[256] = {
	[IPPROTO_HOPOPTS] = { 8, 8, 0 },      [IPPROTO_ROUTING] = { 8, 8, 0 }, [IPPROTO_DSTOPTS] = { 8, 8, 0 },
	[IPPROTO_FRAGMENT] = { 8, 0, 0xfff9 }, [IPPROTO_AH] = { 12, 4, 0 },
};

// A number from here on, of which the compiler makes no sums of pointers.
static __always_inline __u32 left(struct cursor *c)
{
	__u64 left = c->end - c->at;

	asm volatile("" : "+r"(left));
	return left;
}

#define take(c, type)                                                                                                                     \
	({                                                                                                                                \
		type *header = (c)->at;                                                                                                   \
		if ((void *)(header + 1) > (c)->end)                                                                                      \
			return -1;                                                                                                        \
		(c)->at = header + 1;                                                                                                     \
		header;                                                                                                                   \
	})

static __always_inline int skip(struct cursor *c, __u32 len)
{
	if (c->at + len > c->end)
		return -1;
	c->at += len;
	return 0;
}

static __always_inline int ethernet(struct cursor *c, __be16 *type)
{
	struct ethhdr *header = take(c, struct ethhdr);

	*type = header->h_proto;
	for (int i = 0; i < MAX_TAGS; i++) {
		if (*type != bpf_htons(ETH_P_8021Q) && *type != bpf_htons(ETH_P_8021AD) && *type != bpf_htons(0x9100))
			break;
		struct vlan *tag = take(c, struct vlan);
		*type = tag->type;
	}
	return 0;
}

static __always_inline int ipv4(struct cursor *c, struct ip *ip)
{
	struct iphdr *header = take(c, struct iphdr);
	__u32 options = header->ihl * 4;

	if (header->version != 4 || options < sizeof(*header))
		return -1;
	options -= sizeof(*header);
	if (options && skip(c, options) < 0)
		return -1;
	ip->source[0] = ip->source[1] = ip->destination[0] = ip->destination[1] = 0;
	ip->source[2] = ip->destination[2] = bpf_htonl(0xffff);
	ip->source[3] = header->saddr;
	ip->destination[3] = header->daddr;
	ip->v4 = header;
	ip->version = 4;
	ip->options = options;
	ip->protocol = header->protocol;
	ip->is_fragment = (header->frag_off & bpf_htons(0x3fff)) != 0;
	ip->is_later_fragment = (header->frag_off & bpf_htons(0x1fff)) != 0;
	return 0;
}

static __always_inline int ipv6(struct cursor *c, struct ip *ip)
{
	struct ipv6hdr *header = take(c, struct ipv6hdr);

	if (header->version != 6)
		return -1;
	__builtin_memcpy(ip->source, &header->saddr, 16);
	__builtin_memcpy(ip->destination, &header->daddr, 16);
	ip->v6 = header;
	ip->version = 6;
	ip->options = 0;
	ip->protocol = header->nexthdr;
	__u16 fragment = 0;
#pragma clang loop unroll(disable)
	for (int i = 0; i < MAX_EXTENSIONS; i++) {
		const struct kind *kind = &kinds[ip->protocol];
		struct extension *extension = c->at;

		if (!kind->least || fragment & 0xfff8)
			break;
		if ((void *)(extension + 1) > c->end)
			return -1;
		fragment |= bpf_ntohs(extension->more) & kind->fragment;
		ip->protocol = extension->next;
		__u32 len = (sizeof(*extension) + extension->length * kind->unit) & 0xfff;
		if (len < kind->least || skip(c, len) < 0)
			return -1;
		ip->options += len;
	}
	ip->is_fragment = (fragment & 0xfff9) != 0;
	ip->is_later_fragment = (fragment & 0xfff8) != 0;
	return 0;
}

static __always_inline int ip_of(struct cursor *c, __be16 type, struct ip *ip)
{
	if (type == bpf_htons(ETH_P_IP))
		return ipv4(c, ip);
	if (type == bpf_htons(ETH_P_IPV6))
		return ipv6(c, ip);
	return -1;
}

struct pseudo {
	__u32 source[4], destination[4];
	__be32 len, protocol;
};

static __always_inline __u16 folded(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

// Adds up so many bytes from an offset on. A function of its own, as the verifier goes through it once, and not for each way that leads here.
// Negative if they are not there.
__noinline long add_up(struct xdp_md *context, __u32 offset, __u32 len, __u32 sum)
{
	void *data = (void *)(long)context->data, *end = (void *)(long)context->data_end, *at;
	__u32 size = 512;

	if (len > 0xfff)
		return -1;
	asm volatile("%0 &= 0xfff" : "+r"(offset));
	at = data + offset;
	for (__u32 i = 0; i < 14; i++) {
		if (size <= len) {
			if (at + size > end)
				return -1;
			sum = bpf_csum_diff(0, 0, at, size, sum);
			at += size;
			len -= size;
		}
		size >>= i >= 6;
	}
	sum = folded(sum);
	if (len & 2) {
		if (at + 2 > end)
			return -1;
		sum += *(__u16 *)at;
		at += 2;
	}
	if (len & 1) {
		if (at + 1 > end)
			return -1;
		sum += *(__u8 *)at;
	}
	return (__u16)~folded(sum);
}

// A checksum that the sender's kernel left to the device: it holds the pseudo-header's sum.
static __always_inline int complete(struct xdp_md *context, struct cursor *c, struct ip *ip)
{
	__u32 len, place, pseudo;
	__u64 start;
	long sum;
	__be16 *check;

	if (ip->is_fragment)
		return 0;
	if (ip->protocol == IPPROTO_TCP)
		place = 16;
	else if (ip->protocol == IPPROTO_UDP)
		place = 6;
	else
		return 0;
	len = ip->version == 4 ? bpf_ntohs(ip->v4->tot_len) - sizeof(struct iphdr) - ip->options :
				 bpf_ntohs(ip->v6->payload_len) - ip->options;
	check = c->at + place;
	if ((void *)(check + 1) > c->end)
		return 0;
	if (ip->version == 4) {
		__u64 all = (__u64)ip->v4->saddr + ip->v4->daddr + bpf_htons(len) + bpf_htons(ip->protocol);
		pseudo = folded((__u32)all + (__u32)(all >> 32));
	} else {
		struct pseudo header = { .len = bpf_htonl(len), .protocol = bpf_htonl(ip->protocol) };
		__builtin_memcpy(header.source, &ip->v6->saddr, 32);
		pseudo = folded(bpf_csum_diff(0, 0, (void *)&header, sizeof(header), 0));
	}
	if (*check != pseudo)
		return 0;
	start = c->at - (void *)(long)context->data;
	asm volatile("" : "+r"(start));
	sum = add_up(context, start, len, 0);
	if (sum < 0)
		return -1;
	*check = sum ? sum : 0xffff;
	return 0;
}
