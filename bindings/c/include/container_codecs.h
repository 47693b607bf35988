#ifndef CONTAINER_CODECS_H
#define CONTAINER_CODECS_H

/* Made by `cargo run -p generate`: do not change it. */

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/*
 The largest answer, in bytes (RFC 1812 §4.3.2.3).
 */
#define CC_FLANNEL_MAX_ANSWER 576

/*
 How a call ended.
 */
typedef enum cc_status {
  /*
   Well.
   */
  CC_STATUS_OK = 0,
  /*
   A pointer is null where none may be.
   */
  CC_STATUS_NULL = 1,
  /*
   There is no field of that number.
   */
  CC_STATUS_NO_FIELD = 2,
  /*
   The results do not fit: how much they need is told.
   */
  CC_STATUS_ROOM = 3,
  /*
   The capture has no more packets.
   */
  CC_STATUS_END = 4,
  /*
   The capture cannot be read, or is broken here.
   */
  CC_STATUS_CAPTURE = 5,
  /*
   A layer's bytes end before its headers say.
   */
  CC_STATUS_TRUNCATED = 6,
  /*
   A layer's bytes contradict themselves.
   */
  CC_STATUS_MALFORMED = 7,
  /*
   The packet is nested deeper than a walk goes.
   */
  CC_STATUS_TOO_DEEP = 8,
  /*
   The library failed: report it.
   */
  CC_STATUS_INTERNAL = 9,
  /*
   A path or a text is no UTF-8.
   */
  CC_STATUS_TEXT = 10,
  /*
   What is asked for is nothing that there is, or does not go together: the field says which.
   */
  CC_STATUS_ARGUMENT = 11,
  /*
   A field cannot hold what would have to be written. Nothing was.
   */
  CC_STATUS_UNBUILDABLE = 12,
  /*
   The packet is good, and not for whom it was given to: of another protocol, port, network or end.
   */
  CC_STATUS_NOT_OURS = 13,
  /*
   The packet is one that a rule has discarded: a fragment, an option that may not be passed over, an inner VLAN tag.
   */
  CC_STATUS_REFUSED = 14,
  /*
   A checksum is wrong.
   */
  CC_STATUS_CHECKSUM = 15,
  /*
   The outer packet met congestion and the inner one cannot say so: it is to be dropped (RFC 6040 §4.2).
   */
  CC_STATUS_CONGESTED = 16,
  /*
   The end is not there yet: `value` bytes are, and `limit` are needed, as far as is known.
   */
  CC_STATUS_PARTIAL = 17,
  /*
   A BGP message, or two, that end the session: `notification` says so to the peer.
   */
  CC_STATUS_BGP = 18,
} cc_status;

/*
 What a speaker does with an UPDATE (RFC 7606 §2), the weakest first.
 */
enum cc_bgp_action
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   Takes it as it is.
   */
  CC_BGP_ACTION_ACCEPT = 0,
  /*
   Takes it without the routes that cannot be read inside, which lead to nothing.
   */
  CC_BGP_ACTION_ROUTE_DISCARD = 1,
  /*
   Takes it without some attributes, which are not among those that are told.
   */
  CC_BGP_ACTION_ATTRIBUTE_DISCARD = 2,
  /*
   Withdraws all of its routes, the announced ones too.
   */
  CC_BGP_ACTION_TREAT_AS_WITHDRAW = 3,
  /*
   Exchanges no more routes of `families`, and withdraws those that it has of them; takes what is told.
   */
  CC_BGP_ACTION_DISABLE_FAMILY = 4,
  /*
   Ends the session with `notification`. Neither routes nor attributes are told.
   */
  CC_BGP_ACTION_SESSION_RESET = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cc_bgp_action cc_bgp_action;
#else
typedef uint8_t cc_bgp_action;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 What kind of value a value is.
 */
enum cc_form
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   A number.
   */
  CC_FORM_NUMBER = 0,
  /*
   A number of eight bits, of a field whose numbers have more elsewhere.
   */
  CC_FORM_BYTE = 1,
  /*
   A MAC address, the lower 48 bits.
   */
  CC_FORM_MAC = 2,
  /*
   An IPv4 address.
   */
  CC_FORM_IPV4 = 3,
  /*
   An IPv6 address: 16 bytes among the texts.
   */
  CC_FORM_IPV6 = 4,
  /*
   Bytes.
   */
  CC_FORM_BYTES = 5,
  /*
   Text in UTF-8.
   */
  CC_FORM_TEXT = 6,
  /*
   A time since 1970, or a span: nanoseconds, signed.
   */
  CC_FORM_TIME = 7,
  /*
   No value: a layer begins, and the values behind it are its own.
   */
  CC_FORM_LAYER = 8,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cc_form cc_form;
#else
typedef uint8_t cc_form;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 Where the bytes of a value are.
 */
enum cc_place
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   It has none: it is a number.
   */
  CC_PLACE_NUMBER = 0,
  /*
   In the packet.
   */
  CC_PLACE_PACKET = 1,
  /*
   Among the texts, which come with the values.
   */
  CC_PLACE_TEXT = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cc_place cc_place;
#else
typedef uint8_t cc_place;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 How a field's values are written.
 */
typedef enum cc_kind {
  /*
   There is no such field.
   */
  CC_KIND_NONE = 0,
  /*
   A number.
   */
  CC_KIND_DECIMAL = 1,
  /*
   A number in hexadecimal.
   */
  CC_KIND_HEXADECIMAL = 2,
  /*
   A bit.
   */
  CC_KIND_FLAG = 3,
  /*
   A MAC address.
   */
  CC_KIND_MAC_ADDRESS = 4,
  /*
   An IPv4 address.
   */
  CC_KIND_IPV4_ADDRESS = 5,
  /*
   An IPv6 address.
   */
  CC_KIND_IPV6_ADDRESS = 6,
  /*
   Bytes.
   */
  CC_KIND_BYTE_STRING = 7,
  /*
   Text.
   */
  CC_KIND_STRING = 8,
  /*
   A span of time, or a time since 1970, in seconds.
   */
  CC_KIND_SECONDS = 9,
  /*
   A date and time of day.
   */
  CC_KIND_DATE = 10,
} cc_kind;

/*
 Where in an UPDATE a route stands.
 */
enum cc_bgp_place
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   Among the withdrawn routes in front: IPv4 unicast.
   */
  CC_BGP_PLACE_WITHDRAWN = 0,
  /*
   In the NLRI at the end, announced: IPv4 unicast. Its next hop is NEXT_HOP.
   */
  CC_BGP_PLACE_NLRI = 1,
  /*
   In MP_REACH_NLRI, announced.
   */
  CC_BGP_PLACE_REACH = 2,
  /*
   In MP_UNREACH_NLRI, withdrawn.
   */
  CC_BGP_PLACE_UNREACH = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cc_bgp_place cc_bgp_place;
#else
typedef uint8_t cc_bgp_place;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 What a record of MRT holds.
 */
enum cc_mrt_form
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   Something that is not read here: `content` is its body.
   */
  CC_MRT_FORM_OTHER = 0,
  /*
   A message of a session: `content` is it, from its marker.
   */
  CC_MRT_FORM_MESSAGE = 1,
  /*
   A change of a session's state.
   */
  CC_MRT_FORM_STATE_CHANGE = 2,
  /*
   The peers of a table: `content` is the table's name, `cc_mrt_peers` reads them.
   */
  CC_MRT_FORM_PEERS = 3,
  /*
   The routes to one destination: `cc_mrt_entries` reads them.
   */
  CC_MRT_FORM_ROUTES = 4,
  /*
   A route of a table before version 2: `content` is its attributes.
   */
  CC_MRT_FORM_TABLE = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cc_mrt_form cc_mrt_form;
#else
typedef uint8_t cc_mrt_form;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 What can hold of a flow.
 */
enum cc_flow_flag
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   There are ports.
   */
  CC_FLOW_FLAG_PORTS = 1,
  /*
   There is the identifier of an ICMP question or answer (RFC 3022 §2.2), where the source port stands.
   */
  CC_FLOW_FLAG_IDENTIFIER = 2,
  /*
   The packet is a fragment.
   */
  CC_FLOW_FLAG_FRAGMENT = 4,
  /*
   The packet is a fragment that is not the first: its ports are in another packet.
   */
  CC_FLOW_FLAG_LATER_FRAGMENT = 8,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cc_flow_flag cc_flow_flag;
#else
typedef uint8_t cc_flow_flag;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 What is around a packet. Functions take its number, and refuse one that is not here.
 */
enum cc_tunnel_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   VXLAN (RFC 7348), with or without Group Policy; inside is Ethernet.
   */
  CC_TUNNEL_KIND_VXLAN = 1,
  /*
   Geneve (RFC 8926), with or without options.
   */
  CC_TUNNEL_KIND_GENEVE = 2,
  /*
   IP in IP, either version in either (RFC 2003, RFC 2473, RFC 4213).
   */
  CC_TUNNEL_KIND_IP = 3,
  /*
   GRE in IP (RFC 2784, RFC 2890).
   */
  CC_TUNNEL_KIND_GRE = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cc_tunnel_kind cc_tunnel_kind;
#else
typedef uint8_t cc_tunnel_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 What a tunnel has beside what all have. The flags of a configuration are a sum of these; any other bit is refused.
 */
enum cc_tunnel_flag
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   An outer Ethernet header, with the two MAC addresses. Without it packets begin with IP, as a raw socket takes them.
   */
  CC_TUNNEL_FLAG_ETHERNET = 1,
  /*
   Group Policy with `group`, of VXLAN.
   */
  CC_TUNNEL_FLAG_GROUP = 2,
  /*
   Group Policy's D: the receiver is not to learn the sender's address.
   */
  CC_TUNNEL_FLAG_GROUP_DONT_LEARN = 4,
  /*
   Group Policy's A: the policy was applied already.
   */
  CC_TUNNEL_FLAG_GROUP_APPLIED = 8,
  /*
   A key, of GRE (RFC 2890 §2.1).
   */
  CC_TUNNEL_FLAG_KEY = 16,
  /*
   Sequence numbers, of GRE, from 0 on, counted by the tunnel (RFC 2890 §2.2). What fails after all uses one up.
   */
  CC_TUNNEL_FLAG_SEQUENCE = 32,
  /*
   A checksum over all that GRE carries (RFC 2784 §2.5).
   */
  CC_TUNNEL_FLAG_GRE_CHECKSUM = 64,
  /*
   Outer IPv4 packets may be fragmented. Without it they may not (RFC 7348 §4.3).
   */
  CC_TUNNEL_FLAG_MAY_FRAGMENT = 128,
  /*
   An IPv6 flow label for each inner flow (RFC 6438 §3), in the place of `flow_label`.
   */
  CC_TUNNEL_FLAG_LABEL_BY_FLOW = 256,
  /*
   Source port and label that are the same for both directions of an inner flow.
   */
  CC_TUNNEL_FLAG_SYMMETRIC = 512,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cc_tunnel_flag cc_tunnel_flag;
#else
typedef uint32_t cc_tunnel_flag;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 What an outer traffic class takes from the inner one.
 */
enum cc_class_policy
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   Nothing: the tunnel's DSCP, not ECN-capable (RFC 6040 §4.1, compatibility mode).
   */
  CC_CLASS_POLICY_FIXED = 0,
  /*
   ECN (RFC 6040 §4.1, normal mode); DSCP is the tunnel's (RFC 2983, pipe model).
   */
  CC_CLASS_POLICY_COPY_ECN = 1,
  /*
   ECN and DSCP (RFC 2983, uniform model).
   */
  CC_CLASS_POLICY_COPY_ALL = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cc_class_policy cc_class_policy;
#else
typedef uint8_t cc_class_policy;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 Whether an outer UDP checksum is computed.
 */
enum cc_checksum_policy
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   Over IPv6 (RFC 8200 §8.1), not over IPv4 (RFC 7348 §5).
   */
  CC_CHECKSUM_POLICY_BY_FAMILY = 0,
  /*
   It is.
   */
  CC_CHECKSUM_POLICY_COMPUTED = 1,
  /*
   It is 0, which over IPv6 needs a receiver that agreed (RFC 6935).
   */
  CC_CHECKSUM_POLICY_ZERO = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cc_checksum_policy cc_checksum_policy;
#else
typedef uint8_t cc_checksum_policy;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 What a decapsulator does beside what all do. The flags of a configuration are a sum of these; any other bit is refused.
 */
enum cc_decapsulator_flag
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   It takes packets of one VNI, or GRE key, alone: `key`.
   */
  CC_DECAPSULATOR_FLAG_KEY = 1,
  /*
   It takes packets from `remote` to `local` alone.
   */
  CC_DECAPSULATOR_FLAG_ENDS = 2,
  /*
   It takes VXLAN's inner frames with VLAN tags in RFC 7348's reading too (§6.1).
   */
  CC_DECAPSULATOR_FLAG_TAGGED = 4,
  /*
   It takes Geneve packets with any option: the caller drops those with a critical one that he does not know (RFC 8926 §3.5).
   */
  CC_DECAPSULATOR_FLAG_ANY_OPTION = 8,
  /*
   It leaves the inner packet's ECN as it is.
   */
  CC_DECAPSULATOR_FLAG_LEAVES_ECN = 16,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cc_decapsulator_flag cc_decapsulator_flag;
#else
typedef uint32_t cc_decapsulator_flag;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 How VXLAN's flags are read.
 */
enum cc_vxlan_reading
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   I is set, and reserved bits are ignored (RFC 7348 §5).
   */
  CC_VXLAN_READING_RFC7348 = 0,
  /*
   As Linux does it: I is set, and no other bit outside the VNI.
   */
  CC_VXLAN_READING_LINUX = 1,
  /*
   As Linux does it with Group Policy.
   */
  CC_VXLAN_READING_LINUX_GROUP = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cc_vxlan_reading cc_vxlan_reading;
#else
typedef uint8_t cc_vxlan_reading;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 How outer checksums are taken: the IPv4 header's, and UDP's.
 */
enum cc_outer_sums
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   As the tunnel's RFC has it: of Geneve they are verified (RFC 8926 §3.3), of others they are not looked at (RFC 7348 §5).
   */
  CC_OUTER_SUMS_BY_KIND = 0,
  /*
   They are not looked at: the network card has done so.
   */
  CC_OUTER_SUMS_IGNORED = 1,
  /*
   They must be right; UDP's may be 0 over IPv4 (RFC 8200 §8.1).
   */
  CC_OUTER_SUMS_VERIFIED = 2,
  /*
   They must be right; UDP's may be 0 over IPv6 too (RFC 6935).
   */
  CC_OUTER_SUMS_VERIFIED_OR_ZERO = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cc_outer_sums cc_outer_sums;
#else
typedef uint8_t cc_outer_sums;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 What holds of a packet that was taken apart.
 */
enum cc_inner_flag
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint16_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   It has a key: a VNI, or GRE's.
   */
  CC_INNER_FLAG_KEY = 1,
  /*
   It has a sequence number, of GRE.
   */
  CC_INNER_FLAG_SEQUENCE = 2,
  /*
   It has a group, of VXLAN's Group Policy.
   */
  CC_INNER_FLAG_GROUP = 4,
  /*
   Group Policy's D.
   */
  CC_INNER_FLAG_GROUP_DONT_LEARN = 8,
  /*
   Group Policy's A.
   */
  CC_INNER_FLAG_GROUP_APPLIED = 16,
  /*
   Geneve's O: a control packet, which is not for the inner network (RFC 8926 §3.4).
   */
  CC_INNER_FLAG_CONTROL = 32,
  /*
   Geneve's C: it has critical options.
   */
  CC_INNER_FLAG_CRITICAL = 64,
  /*
   Outer and inner mark are none that RFC 6040 §4.2 expects: worth telling.
   */
  CC_INNER_FLAG_ODD_ECN = 128,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cc_inner_flag cc_inner_flag;
#else
typedef uint16_t cc_inner_flag;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 What is to be changed of a packet, and afterwards what was. Changes are a sum of these; any other bit is refused.
 */
enum cc_change
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   The source address.
   */
  CC_CHANGE_SOURCE = 1,
  /*
   The destination address.
   */
  CC_CHANGE_DESTINATION = 2,
  /*
   The source port; of an ICMP question or answer the identifier. A fragment that is not the first has none.
   */
  CC_CHANGE_SOURCE_PORT = 4,
  /*
   The destination port, likewise.
   */
  CC_CHANGE_DESTINATION_PORT = 8,
  /*
   One hop less to live. Not where it is the last one: the packet is to be dropped then (RFC 1812 §5.3.1).
   */
  CC_CHANGE_HOP = 16,
  /*
   The time to live, or hop limit.
   */
  CC_CHANGE_TTL = 32,
  /*
   DSCP.
   */
  CC_CHANGE_DSCP = 64,
  /*
   ECN.
   */
  CC_CHANGE_ECN = 128,
  /*
   The largest segment size that a TCP SYN offers, if it is larger.
   */
  CC_CHANGE_MSS = 256,
  /*
   A VLAN tag is put in front of all others: 4 bytes must be free in front of the frame.
   */
  CC_CHANGE_PUSH_TAG = 512,
  /*
   The first VLAN tag is taken off, if there is one.
   */
  CC_CHANGE_POP_TAG = 1024,
  /*
   The first VLAN tag gets another identifier, if there is one.
   */
  CC_CHANGE_SWAP_TAG = 2048,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cc_change cc_change;
#else
typedef uint32_t cc_change;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 How ICMP answers look.
 */
enum cc_flannel_style
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   As flannel's proxy has them: the header and 8 bytes quoted, a time to live of 8.
   */
  CC_FLANNEL_STYLE_FLANNEL = 0,
  /*
   As RFC 1812 §4.3.2 has them: as much quoted as 576 bytes hold.
   */
  CC_FLANNEL_STYLE_RFC1812 = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cc_flannel_style cc_flannel_style;
#else
typedef uint8_t cc_flannel_style;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 What becomes of a packet.
 */
enum cc_flannel_outcome
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   It is sent to the next hop, with a hop less to live.
   */
  CC_FLANNEL_OUTCOME_SEND = 0,
  /*
   It is delivered to the pods, with a hop less to live.
   */
  CC_FLANNEL_OUTCOME_DELIVER = 1,
  /*
   It is dropped.
   */
  CC_FLANNEL_OUTCOME_DROP = 2,
  /*
   It is dropped, and its sender is answered.
   */
  CC_FLANNEL_OUTCOME_ANSWER = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cc_flannel_outcome cc_flannel_outcome;
#else
typedef uint8_t cc_flannel_outcome;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 Why a packet is dropped, or answered.
 */
enum cc_flannel_reason
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   It is not.
   */
  CC_FLANNEL_REASON_NONE = 0,
  /*
   It is no whole IPv4 packet.
   */
  CC_FLANNEL_REASON_MALFORMED = 1,
  /*
   Its checksum is wrong.
   */
  CC_FLANNEL_REASON_CHECKSUM = 2,
  /*
   No network holds its destination.
   */
  CC_FLANNEL_REASON_NO_ROUTE = 3,
  /*
   Its hops are used up.
   */
  CC_FLANNEL_REASON_TTL_EXPIRED = 4,
  /*
   It is longer than the tunnel's MTU, and may not be fragmented.
   */
  CC_FLANNEL_REASON_TOO_LONG = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cc_flannel_reason cc_flannel_reason;
#else
typedef uint8_t cc_flannel_reason;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 A backend of flannel's: how nodes reach each other's pods.
 */
enum cc_flannel_backend
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   None that is known.
   */
  CC_FLANNEL_BACKEND_OTHER = 0,
  /*
   Pods' packets in UDP datagrams, by a proxy.
   */
  CC_FLANNEL_BACKEND_UDP = 1,
  /*
   VXLAN, by the kernel.
   */
  CC_FLANNEL_BACKEND_VXLAN = 2,
  /*
   Routes via the nodes.
   */
  CC_FLANNEL_BACKEND_HOST_GW = 3,
  /*
   WireGuard, by the kernel.
   */
  CC_FLANNEL_BACKEND_WIRE_GUARD = 4,
  /*
   IP in IP, by the kernel.
   */
  CC_FLANNEL_BACKEND_IPIP = 5,
  /*
   ESP between the nodes.
   */
  CC_FLANNEL_BACKEND_IPSEC = 6,
  /*
   Commands of whoever set it up.
   */
  CC_FLANNEL_BACKEND_EXTENSION = 7,
  /*
   Leases alone.
   */
  CC_FLANNEL_BACKEND_ALLOC = 8,
  /*
   Routes in Tencent's cloud.
   */
  CC_FLANNEL_BACKEND_TENCENT_VPC = 9,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cc_flannel_backend cc_flannel_backend;
#else
typedef uint8_t cc_flannel_backend;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 What takes a tunnel's packets apart. It does not change, and any number of threads may use it.
 */
typedef struct cc_decapsulator cc_decapsulator;

/*
 What was seen so far: of each packet come the fields that `packet-dissect -T fields` writes.
 */
typedef struct cc_dissector cc_dissector;

/*
 The leases of a network.
 */
typedef struct cc_flannel_leases cc_flannel_leases;

/*
 Pod networks and the nodes behind which they are: the narrowest that holds an address wins.
 */
typedef struct cc_flannel_routes cc_flannel_routes;

/*
 A capture that is being read.
 */
typedef struct cc_capture cc_capture;

/*
 The outer headers of a tunnel to one remote. It does not change, but for the sequence number, and any number of threads may use it.
 */
typedef struct cc_tunnel cc_tunnel;

/*
 A message of BMP. What its type does not have is 0.
 */
typedef struct cc_bmp_head {
  /*
   How many bytes the message has: the next one begins behind them.
   */
  size_t length;
  /*
   Where what it holds begins, in bytes from the message's first: of type 0 an UPDATE from its marker; of 3 the two OPENs, sent and
   received, and TLVs behind them; of 2 what belongs to the reason (1, 3 a NOTIFICATION, 2 an event's number); of 1, 4, 5, 6 TLVs, which
   `cc_bmp_tlvs` reads; of others the body.
   */
  size_t content_offset;
  /*
   How many bytes it has.
   */
  size_t content_length;
  /*
   Which VPN the peer is of.
   */
  uint64_t distinguisher;
  /*
   The peer's address; of IPv4 the first four bytes.
   */
  uint8_t address[16];
  /*
   The router's own address, of type 3.
   */
  uint8_t local[16];
  /*
   The peer's AS.
   */
  uint32_t peer_as;
  /*
   The peer's identifier.
   */
  uint8_t identifier[4];
  /*
   Seconds since 1970; 0 if the time is not known.
   */
  uint32_t seconds;
  /*
   Microseconds.
   */
  uint32_t microseconds;
  /*
   How many counters there should be, of type 1.
   */
  uint32_t count;
  /*
   The router's port, of type 3.
   */
  uint16_t local_port;
  /*
   The peer's.
   */
  uint16_t peer_port;
  /*
   The type: 0 routes of a peer, 1 counters, 2 a session ended, 3 one began, 4 the router begins, 5 ends, 6 messages as they came.
   */
  uint8_t kind;
  /*
   1 if it is about a peer.
   */
  uint8_t has_peer;
  /*
   The kind of peer: 0 global, 1 of a VPN, 2 local, 3 the router's own table (RFC 9069).
   */
  uint8_t peer_kind;
  /*
   Its flags (RFC 7854 §4.2, RFC 8671, RFC 9069).
   */
  uint8_t peer_flags;
  /*
   How many bytes the addresses have: 4 or 16.
   */
  uint8_t address_length;
  /*
   Why the session ended, of type 2.
   */
  uint8_t reason;
  /*
   Nothing yet.
   */
  uint8_t reserved[2];
} cc_bmp_head;

/*
 What a NOTIFICATION says (RFC 4271 §4.5), and where the data stands that it quotes.
 */
typedef struct cc_bgp_notification {
  /*
   The error code; 0 if there is no NOTIFICATION.
   */
  uint8_t code;
  /*
   The error subcode.
   */
  uint8_t subcode;
  /*
   1 if the data is `own`; else it is a part of the message.
   */
  uint8_t is_own;
  /*
   The data that is no part of the message, as many bytes of it as `data_length` says.
   */
  uint8_t own[2];
  /*
   Nothing yet.
   */
  uint8_t reserved[3];
  /*
   Where the data begins, in bytes from the message's marker.
   */
  uint32_t data_offset;
  /*
   How many bytes of data there are.
   */
  uint32_t data_length;
} cc_bgp_notification;

/*
 What went wrong, in words and in parts. Each text ends with a zero, and is cut where it is too long.
 */
typedef struct cc_error {
  /*
   How the call ended.
   */
  enum cc_status status;
  /*
   Where in the packet the layer begins that cannot be read.
   */
  uint32_t offset;
  /*
   The field's value, or how many bytes are there.
   */
  uint64_t value;
  /*
   What it had to be, or how many bytes are needed.
   */
  uint64_t limit;
  /*
   What to send to a BGP peer, if the status is that.
   */
  struct cc_bgp_notification notification;
  /*
   The layer, as its RFC names it.
   */
  char layer[32];
  /*
   The field, likewise. Empty, if it is of none.
   */
  char field[48];
  /*
   A sentence.
   */
  char text[192];
} cc_error;

/*
 What a session may do, and how its bytes are read: of `cc_bgp_negotiate`, or of `cc_bgp_session_assumed` and then set by hand. A set of
 families has a bit each, `cc_bgp_family_bit`'s. What is yes or no is 1 or 0.
 */
typedef struct cc_bgp_session {
  /*
   The speaker's own AS.
   */
  uint32_t local_as;
  /*
   The peer's AS.
   */
  uint32_t peer_as;
  /*
   The families that both can exchange (RFC 4760 §8).
   */
  uint32_t families;
  /*
   The families in which the peer's routes have a path identifier (RFC 7911).
   */
  uint32_t add_path_receive;
  /*
   The families in which the speaker's own routes have one.
   */
  uint32_t add_path_send;
  /*
   The families whose next hops may be of the other IP version in what the peer sends (RFC 8950 §4).
   */
  uint32_t extended_next_hop_receive;
  /*
   The same in what the speaker sends.
   */
  uint32_t extended_next_hop_send;
  /*
   The families whose forwarding the peer keeps through a restart (RFC 4724).
   */
  uint32_t graceful_restart;
  /*
   The families whose routes are kept for long (RFC 9494).
   */
  uint32_t long_lived_graceful_restart;
  /*
   The most bytes of a message that the peer sends: 4096 or 65535 (RFC 8654 §4).
   */
  uint16_t max_len_receive;
  /*
   The most bytes of a message that the speaker sends.
   */
  uint16_t max_len_send;
  /*
   The hold time, in seconds; 0 for none.
   */
  uint16_t hold_time;
  /*
   How long the peer's restart may take, in seconds.
   */
  uint16_t restart_time;
  /*
   How many labels the peer's routes may have (RFC 8277 §2.1): of IPv4 and of IPv6 with labels, of VPNv4, of VPNv6.
   */
  uint8_t labels_receive[4];
  /*
   How many labels the speaker's own routes may have.
   */
  uint8_t labels_send[4];
  /*
   What the peer is: 0 of the same AS, 1 of another, 2 of another member of the same confederation, which is not negotiated, 3 not known.
   */
  uint8_t peer;
  /*
   Whether this was agreed on or is taken for granted; if not, nothing that depends on it is called wrong.
   */
  uint8_t is_known;
  /*
   Whether AS numbers have four bytes (RFC 6793).
   */
  uint8_t four_octet_as;
  /*
   Whether the peer may ask for routes again (RFC 2918 §4).
   */
  uint8_t route_refresh_receive;
  /*
   Whether the speaker may.
   */
  uint8_t route_refresh_send;
  /*
   Whether a refresh has a beginning and an end (RFC 7313 §4).
   */
  uint8_t enhanced_route_refresh;
  /*
   Whether a broken MP_REACH_NLRI or MP_UNREACH_NLRI ends its family only (RFC 7606 §5.3). Not negotiated: set it.
   */
  uint8_t may_disable_family;
  /*
   Whether a path may have an AS_SET (RFC 9774 §3). Not negotiated: set it.
   */
  uint8_t may_have_as_sets;
  /*
   The speaker's role (RFC 9234 §4.1); 255 if it told none.
   */
  uint8_t local_role;
  /*
   The peer's role; 255 if it told none.
   */
  uint8_t peer_role;
  /*
   Nothing yet.
   */
  uint8_t reserved[2];
} cc_bgp_session;

/*
 A value with its type, of BMP.
 */
typedef struct cc_bmp_tlv {
  /*
   Where the value begins, in bytes from the first of the TLVs.
   */
  uint32_t offset;
  /*
   How many bytes it has.
   */
  uint16_t length;
  /*
   The type.
   */
  uint16_t kind;
} cc_bmp_tlv;

/*
 A path attribute, with its value as numbers of 32 bits in host order:

 - ORIGIN, NEXT_HOP, MULTI_EXIT_DISC, LOCAL_PREF, ORIGINATOR_ID, Only to Customer: one;
 - AGGREGATOR: the AS, the identifier, with AS4_AGGREGATOR in its place as RFC 6793 §4.2.3 has it;
 - AS_PATH: for each segment a number, type << 8 | count, and so many AS numbers, AS4_PATH merged in as RFC 6793 §4.2.3 has it;
 - COMMUNITIES, CLUSTER_LIST: one each; EXTENDED COMMUNITIES: two each; LARGE_COMMUNITY: three each, and twice what stands
   there twice (RFC 8092 §3 drops the second); IPv6 EXTENDED COMMUNITIES: five each;
 - AS4_PATH, AS4_AGGREGATOR: as the two above, by themselves;
 - all others: none, but their bytes.
 */
typedef struct cc_bgp_attribute {
  /*
   Where its numbers begin.
   */
  uint32_t words_start;
  /*
   How many there are.
   */
  uint32_t words_count;
  /*
   Where its value begins, in bytes from the message's marker.
   */
  uint32_t offset;
  /*
   How many bytes the value has.
   */
  uint16_t length;
  /*
   Its type.
   */
  uint8_t kind;
  /*
   Its flags: 0x80 optional, 0x40 transitive, 0x20 partial, 0x10 a length of two bytes.
   */
  uint8_t flags;
} cc_bgp_attribute;

/*
 An address family with its subsequent one (RFC 4760 §3).
 */
typedef struct cc_bgp_family {
  /*
   Address family: 1 IPv4, 2 IPv6, 25 layer 2 VPNs. 0 for none.
   */
  uint16_t afi;
  /*
   Subsequent address family: 1 unicast, 4 with labels, 70 EVPN, 128 VPNs …
   */
  uint8_t safi;
  /*
   Nothing yet.
   */
  uint8_t reserved;
} cc_bgp_family;

/*
 A route: what it leads to.
 */
typedef struct cc_bgp_route {
  /*
   The prefix's first address, if it is a prefix: of IPv4 the first four bytes. What stands behind its length is 0.
   */
  uint8_t address[16];
  /*
   The route distinguisher, in the families of VPNs (RFC 4364 §4.2).
   */
  uint8_t distinguisher[8];
  /*
   Which of several paths (RFC 7911 §3), if it has a path identifier.
   */
  uint32_t path_id;
  /*
   The first label, 20 bits, if it has one (RFC 8277 §2.2).
   */
  uint32_t label;
  /*
   Where it begins behind its path identifier, in bytes from the message's marker.
   */
  uint32_t offset;
  /*
   How many bytes it has, without a path identifier.
   */
  uint16_t length;
  /*
   The family's AFI.
   */
  uint16_t afi;
  /*
   The family's SAFI.
   */
  uint8_t safi;
  /*
   The prefix's length, in bits.
   */
  uint8_t prefix_length;
  /*
   1 if it leads to a prefix: IPv4 and IPv6, with labels, of VPNs. Of other families there are its bytes.
   */
  uint8_t is_prefix;
  /*
   1 if it has a path identifier.
   */
  uint8_t has_path_id;
  /*
   How many labels it has. Of a withdrawn one, one, which means nothing (RFC 8277 §2.4).
   */
  uint8_t labels;
  /*
   Where it stands: a `cc_bgp_place`.
   */
  uint8_t place;
  /*
   Nothing yet.
   */
  uint8_t reserved[2];
} cc_bgp_route;

/*
 Where a message stands.
 */
typedef struct cc_bgp_frame {
  /*
   Where it begins, with its marker.
   */
  size_t offset;
  /*
   How many bytes it has, the header's 19 among them.
   */
  uint32_t length;
  /*
   Its type: 1 OPEN, 2 UPDATE, 3 NOTIFICATION, 4 KEEPALIVE, 5 ROUTE-REFRESH.
   */
  uint8_t kind;
  /*
   Nothing yet.
   */
  uint8_t reserved[3];
} cc_bgp_frame;

/*
 What an UPDATE says, beside its routes and attributes.
 */
typedef struct cc_bgp_update {
  /*
   Where its routes end among those of the batch: they begin where those before it end.
   */
  size_t routes_end;
  /*
   Where its attributes end, likewise.
   */
  size_t attributes_end;
  /*
   What to send, if the session ends.
   */
  struct cc_bgp_notification notification;
  /*
   The next hop of the routes in MP_REACH_NLRI: of IPv4 the first four bytes, of IPv6 the global address.
   */
  uint8_t next_hop[16];
  /*
   The link-local address beside it (RFC 2545 §3).
   */
  uint8_t link_local[16];
  /*
   The next hop of the routes in the NLRI: NEXT_HOP. 0.0.0.0 if there is none.
   */
  uint8_t plain_next_hop[4];
  /*
   The families that end, if that is what is done; the second may be none.
   */
  struct cc_bgp_family families[2];
  /*
   The family of which all routes have been sent, if this says so (RFC 4724 §2).
   */
  struct cc_bgp_family end_of_rib;
  /*
   How many bytes `next_hop` and `link_local` have: 0, 4, 16 or 32. 0 too of one that is none of these.
   */
  uint8_t next_hop_length;
  /*
   What is done with it.
   */
  cc_bgp_action action;
  /*
   The message's type: what is no UPDATE has nothing but this.
   */
  uint8_t kind;
  /*
   Nothing yet.
   */
  uint8_t reserved[5];
} cc_bgp_update;

/*
 Where results go, and how much they came to.
 */
typedef struct cc_bgp_room {
  /*
   Places for routes.
   */
  struct cc_bgp_route *routes;
  /*
   How many there are.
   */
  size_t routes_room;
  /*
   How many routes there are. If not even the first message's fit: how many it has.
   */
  size_t routes_count;
  /*
   Places for attributes.
   */
  struct cc_bgp_attribute *attributes;
  /*
   How many there are.
   */
  size_t attributes_room;
  /*
   How many attributes there are, likewise.
   */
  size_t attributes_count;
  /*
   Places for the attributes' numbers.
   */
  uint32_t *words;
  /*
   How many there are.
   */
  size_t words_room;
  /*
   How many numbers there are, likewise.
   */
  size_t words_count;
} cc_bgp_room;

/*
 One thing that is wrong with an UPDATE.
 */
typedef struct cc_bgp_finding {
  /*
   Where it is, in bytes from the message's marker.
   */
  uint32_t offset;
  /*
   The family whose routes are meant, if it is about one.
   */
  struct cc_bgp_family family;
  /*
   The attribute's type; 0 if it is in the withdrawn routes or the NLRI.
   */
  uint8_t attribute;
  /*
   What is to be done about it.
   */
  cc_bgp_action action;
  /*
   The NOTIFICATION's code, should the session end.
   */
  uint8_t code;
  /*
   Its subcode.
   */
  uint8_t subcode;
  /*
   The RFC and section that say so. It ends with a zero.
   */
  char clause[28];
  /*
   What is wrong, as a sentence that ends with a zero, cut where it is too long.
   */
  char text[192];
} cc_bgp_finding;

/*
 A record of MRT. What its form does not have is 0.
 */
typedef struct cc_mrt_head {
  /*
   How many bytes the record has: the next one begins behind them.
   */
  size_t length;
  /*
   Where what it holds begins, in bytes from the record's first.
   */
  size_t content_offset;
  /*
   How many bytes it has.
   */
  size_t content_length;
  /*
   Seconds since 1970.
   */
  uint32_t seconds;
  /*
   Microseconds, if it has them.
   */
  uint32_t microseconds;
  /*
   Where the routes lead, of routes and tables. Its offset counts from the record's first byte.
   */
  struct cc_bgp_route route;
  /*
   The peer's address, of messages, changes and tables; of IPv4 the first four bytes. The collector's identifier, of peers.
   */
  uint8_t peer[16];
  /*
   The collector's address, of messages and changes.
   */
  uint8_t local[16];
  /*
   The peer's AS, of messages, changes and tables.
   */
  uint32_t peer_as;
  /*
   The collector's AS, of messages and changes.
   */
  uint32_t local_as;
  /*
   The record's number in the table, of routes and tables.
   */
  uint32_t sequence;
  /*
   Since when the route is known, in seconds since 1970, of tables.
   */
  uint32_t originated;
  /*
   The type: 13 TABLE_DUMP_V2, 16 BGP4MP …
   */
  uint16_t kind;
  /*
   The subtype.
   */
  uint16_t subtype;
  /*
   The interface's number, of messages and changes; the table's, of tables.
   */
  uint16_t interface;
  /*
   How many peers or entries there should be.
   */
  uint16_t count;
  /*
   The state before, of changes (RFC 4271 §8.2.2: 1 Idle to 6 Established).
   */
  uint16_t old_state;
  /*
   The state now.
   */
  uint16_t new_state;
  /*
   What it holds: a `cc_mrt_form`.
   */
  uint8_t form;
  /*
   How many bytes the addresses have: 4 or 16.
   */
  uint8_t address_length;
  /*
   1 if it has microseconds.
   */
  uint8_t has_microseconds;
  /*
   1 if the collector sent the message.
   */
  uint8_t is_local;
  /*
   1 if AS numbers have four bytes in it.
   */
  uint8_t four_octet_as;
  /*
   1 if its routes have path identifiers (RFC 8050).
   */
  uint8_t has_path_ids;
  /*
   Nothing yet.
   */
  uint8_t reserved[2];
} cc_mrt_head;

/*
 A peer of a table.
 */
typedef struct cc_mrt_peer {
  /*
   Its address; of IPv4 the first four bytes.
   */
  uint8_t address[16];
  /*
   Its AS.
   */
  uint32_t as_number;
  /*
   Its identifier.
   */
  uint8_t identifier[4];
  /*
   How many bytes the address has: 4 or 16.
   */
  uint8_t address_length;
  /*
   Nothing yet.
   */
  uint8_t reserved[3];
} cc_mrt_peer;

/*
 A route of a table.
 */
typedef struct cc_mrt_entry {
  /*
   Its next hop; of IPv4 the first four bytes, of IPv6 the global address.
   */
  uint8_t next_hop[16];
  /*
   The link-local address beside it.
   */
  uint8_t link_local[16];
  /*
   Where its attributes begin, in bytes from the record's first: `cc_bgp_attributes_read` reads them.
   */
  uint32_t attributes_offset;
  /*
   How many bytes they have.
   */
  uint32_t attributes_length;
  /*
   Since when it is known, in seconds since 1970.
   */
  uint32_t originated;
  /*
   Which of several paths, if it has a path identifier.
   */
  uint32_t path_id;
  /*
   The peer that it is from: its place among the table's peers.
   */
  uint16_t peer;
  /*
   1 if it has a path identifier (RFC 8050 §4).
   */
  uint8_t has_path_id;
  /*
   How many bytes `next_hop` and `link_local` have: 0, 4, 16 or 32.
   */
  uint8_t next_hop_length;
} cc_mrt_entry;

/*
 A NOTIFICATION that was read.
 */
typedef struct cc_bgp_reason {
  /*
   What it says.
   */
  struct cc_bgp_notification notification;
  /*
   The NOTIFICATION inside of a hard reset (RFC 8538 §3), which says why; its code is 0 if there is none, or if it is cut.
   */
  struct cc_bgp_notification inner;
  /*
   Where the text of an administrative shutdown or reset begins (RFC 9003 §2), its own or the inner one's, in bytes from the marker.
   */
  uint32_t text_offset;
  /*
   How many bytes it has; 0 if there is none.
   */
  uint32_t text_length;
  /*
   1 if the text is UTF-8, as it should be.
   */
  uint8_t is_utf8;
  /*
   Nothing yet.
   */
  uint8_t reserved[3];
} cc_bgp_reason;

/*
 What an OPEN says, beside its capabilities.
 */
typedef struct cc_bgp_open {
  /*
   The speaker's AS, with all its octets (RFC 6793).
   */
  uint32_t as_number;
  /*
   The speaker's identifier.
   */
  uint8_t identifier[4];
  /*
   The hold time that it proposes, in seconds; 0 for none.
   */
  uint16_t hold_time;
  /*
   The AS in the fixed part: 23456 if it has no room there. Not looked at when one is built.
   */
  uint16_t my_as;
  /*
   4. Not looked at when one is built.
   */
  uint8_t version;
  /*
   1 if the parameters are in the extended form (RFC 9072). Not looked at when one is built: it is used where it is needed.
   */
  uint8_t is_extended;
  /*
   Nothing yet.
   */
  uint8_t reserved[2];
} cc_bgp_open;

/*
 Where a capability's value stands.
 */
typedef struct cc_bgp_capability {
  /*
   Where its value begins, in bytes from the message's marker.
   */
  uint32_t offset;
  /*
   How many bytes the value has.
   */
  uint8_t length;
  /*
   The code.
   */
  uint8_t code;
  /*
   1 if the value is what the RFC of the code says; 0 too if the code is not known. What is 0 has no effect (RFC 5492 §3).
   */
  uint8_t is_known;
  /*
   Nothing yet.
   */
  uint8_t reserved;
} cc_bgp_capability;

/*
 What a ROUTE-REFRESH says.
 */
typedef struct cc_bgp_refresh {
  /*
   The family whose routes are meant.
   */
  struct cc_bgp_family family;
  /*
   0 asks for routes, or brings filters; 1 and 2 say where they begin and end (RFC 7313 §3.2). One that is not known is to be ignored.
   */
  uint8_t subtype;
  /*
   1 if the filters of a type go past the end: what stands in front of them is good. Not looked at when one is built.
   */
  uint8_t is_cut;
  /*
   Nothing yet.
   */
  uint8_t reserved[2];
  /*
   Where the filters begin that a request brings (RFC 5291 §4), in bytes from the message's marker.
   */
  uint32_t filters_offset;
  /*
   How many bytes they have.
   */
  uint32_t filters_length;
} cc_bgp_refresh;

/*
 A packet.
 */
typedef struct cc_packet {
  /*
   Its bytes, as far as they were captured.
   */
  const uint8_t *bytes;
  /*
   How many of them.
   */
  uint32_t captured;
  /*
   How long it was on the wire.
   */
  uint32_t original;
  /*
   How it begins: 1 is Ethernet, 101 raw IP.
   */
  uint32_t link_type;
  /*
   The nanoseconds of its time.
   */
  uint32_t nanoseconds;
  /*
   The seconds of its time, since 1970.
   */
  int64_t seconds;
  /*
   Its number, from 1.
   */
  uint64_t number;
  /*
   1 if it has a time.
   */
  uint8_t has_time;
  /*
   Nothing yet.
   */
  uint8_t reserved[7];
} cc_packet;

/*
 A piece of a packet that stands in several.
 */
typedef struct cc_segment {
  /*
   Its bytes. Null only if there are none.
   */
  const uint8_t *bytes;
  /*
   How many.
   */
  size_t length;
} cc_segment;

/*
 An IPv4 or IPv6 address.
 */
typedef struct cc_address {
  /*
   Its octets as they stand in a packet; of IPv4 the first four.
   */
  uint8_t octets[16];
  /*
   4 or 6. What is all zeros is no address.
   */
  uint8_t family;
  /*
   Nothing yet.
   */
  uint8_t reserved[3];
} cc_address;

/*
 What an outer packet must be. Of what is 0 the default is taken.
 */
typedef struct cc_decapsulator_config {
  /*
   The tunnel's other end, if `CC_DECAPSULATOR_FLAG_ENDS` is set.
   */
  struct cc_address remote;
  /*
   Its own, likewise.
   */
  struct cc_address local;
  /*
   Geneve's options that the caller knows: class, and type with the critical bit as the lower 8 bits. They are copied. A packet with any
   other critical one is refused (RFC 8926 §3.5).
   */
  const uint32_t *known_options;
  /*
   How many.
   */
  size_t known_count;
  /*
   What packets begin with: 1 is Ethernet, 101 raw IP.
   */
  uint32_t link_type;
  /*
   What holds: a sum of `cc_decapsulator_flag`s.
   */
  uint32_t flags;
  /*
   The VNI or the key, if `CC_DECAPSULATOR_FLAG_KEY` is set.
   */
  uint32_t key;
  /*
   The UDP port; 0 is 4789 of VXLAN and 6081 of Geneve.
   */
  uint16_t port;
  /*
   What is around a packet: a `cc_tunnel_kind`.
   */
  uint8_t kind;
  /*
   How VXLAN's flags are read: a `cc_vxlan_reading`.
   */
  uint8_t reading;
  /*
   How outer checksums are taken: an `cc_outer_sums`.
   */
  uint8_t checksum;
  /*
   Nothing yet.
   */
  uint8_t reserved[7];
} cc_decapsulator_config;

/*
 A packet in a buffer, with free bytes in front of it and behind it, as a driver hands it out.
 */
typedef struct cc_buffer {
  /*
   The buffer's first byte.
   */
  uint8_t *bytes;
  /*
   The buffer's length.
   */
  size_t room;
  /*
   Where in it the packet begins: as many bytes are free in front of it.
   */
  size_t start;
  /*
   The packet's length.
   */
  size_t length;
} cc_buffer;

/*
 What a packet held. Offsets are from the first byte of the outer packet as it was given.
 */
typedef struct cc_inner {
  /*
   The outer source: the tunnel's other end.
   */
  struct cc_address source;
  /*
   The outer destination: the own end, or a group.
   */
  struct cc_address destination;
  /*
   Where the inner packet begins.
   */
  uint32_t offset;
  /*
   How long it is.
   */
  uint32_t length;
  /*
   Where the outer IP packet begins.
   */
  uint32_t outer_offset;
  /*
   How long it says it is.
   */
  uint32_t outer_length;
  /*
   Where Geneve's options begin.
   */
  uint32_t options_offset;
  /*
   How long they are.
   */
  uint32_t options_length;
  /*
   The VNI, or the key of GRE.
   */
  uint32_t key;
  /*
   The sequence number of GRE.
   */
  uint32_t sequence;
  /*
   What is inside, as an EtherType: 0x6558 is Ethernet, 0x0800 IPv4, 0x86dd IPv6.
   */
  uint16_t inner_type;
  /*
   The outer UDP source port; 0 where there is no UDP.
   */
  uint16_t source_port;
  /*
   The group of VXLAN's Group Policy.
   */
  uint16_t group;
  /*
   What holds: a sum of `cc_inner_flag`s.
   */
  uint16_t flags;
  /*
   The outer traffic class, DSCP and ECN.
   */
  uint8_t traffic_class;
  /*
   The inner packet's ECN as it leaves the tunnel: 0 not capable, 1 ECT(1), 2 ECT(0), 3 congestion experienced; 0 of what is no IP.
   */
  uint8_t ecn;
  /*
   Nothing yet.
   */
  uint8_t reserved[6];
} cc_inner;

/*
 A field's value.
 */
typedef struct cc_value {
  /*
   The value, if its form is a number's, an address of up to 64 bits (in host order), a time (nanoseconds, signed). Of bytes and text where
   they begin: in the packet, or among the texts. Of a layer its number in the table of layers.
   */
  uint64_t number;
  /*
   How many bytes bytes and text have.
   */
  uint32_t length;
  /*
   The number of the field.
   */
  uint16_t field;
  /*
   What kind of value it is.
   */
  cc_form form;
  /*
   Where its bytes are.
   */
  cc_place place;
} cc_value;

/*
 Where values go. What is behind the room of each is the caller's; what is used of it is written at each call.
 */
typedef struct cc_room {
  /*
   Values, one packet's behind the other's.
   */
  struct cc_value *values;
  /*
   For how many values there is room.
   */
  size_t values_room;
  /*
   How many there are; if nothing was written since the first packet does not fit, how many that has.
   */
  size_t values_count;
  /*
   What is not in the packets: what was put into words, opened, or put together of several.
   */
  uint8_t *text;
  /*
   For how many bytes there is room.
   */
  size_t text_room;
  /*
   How many there are; likewise.
   */
  size_t text_length;
  /*
   For each packet how many values there are up to its last one. Room for as many as packets are given.
   */
  size_t *ends;
} cc_room;

/*
 A node of flannel. Of what is 0 the default is taken, which is what flannel's proxy does.
 */
typedef struct cc_flannel_node {
  /*
   The address that its ICMP answers come from.
   */
  uint8_t address[4];
  /*
   The tunnel's MTU, over which a packet that may not be fragmented is answered; 0: it is not looked at.
   */
  uint16_t mtu;
  /*
   How ICMP answers look: a `cc_flannel_style`.
   */
  uint8_t style;
  /*
   Not 0: a packet whose hops are used up is answered.
   */
  uint8_t time_exceeded;
  /*
   Not 0: the IPv4 header's checksum is verified.
   */
  uint8_t checksum;
  /*
   Nothing yet.
   */
  uint8_t reserved[3];
} cc_flannel_node;

/*
 The step that was taken.
 */
typedef struct cc_flannel_step {
  /*
   How long the answer is: an IPv4 packet to the sender.
   */
  size_t answer_length;
  /*
   The node that the packet is sent to.
   */
  uint8_t next_hop[4];
  /*
   Its UDP port.
   */
  uint16_t port;
  /*
   What becomes of the packet: a `cc_flannel_outcome`.
   */
  uint8_t outcome;
  /*
   Why it is dropped or answered: a `cc_flannel_reason`.
   */
  uint8_t reason;
} cc_flannel_step;

/*
 What a packet's flow is known by.
 */
typedef struct cc_flow {
  /*
   Where it comes from.
   */
  struct cc_address source;
  /*
   Where it goes; with a route in the packet, the next stop.
   */
  struct cc_address destination;
  /*
   What all fragments of the packet have in common, of 16 bits over IPv4 and 32 over IPv6; 0 of no fragment.
   */
  uint32_t identification;
  /*
   The sender's port; of an ICMP question or answer the identifier; else 0.
   */
  uint16_t source_port;
  /*
   The receiver's port; else 0.
   */
  uint16_t destination_port;
  /*
   The upper layer's protocol, behind IPv6's extension headers.
   */
  uint8_t protocol;
  /*
   What holds of it: a sum of `cc_flow_flag`s.
   */
  uint8_t flags;
  /*
   Nothing yet.
   */
  uint8_t reserved[2];
} cc_flow;

/*
 A node's lease. What there is none of is zero.
 */
typedef struct cc_flannel_lease {
  /*
   The pods' IPv4 network.
   */
  struct cc_address subnet;
  /*
   Their IPv6 network.
   */
  struct cc_address subnet_v6;
  /*
   The node.
   */
  struct cc_address node;
  /*
   Its IPv6 address.
   */
  struct cc_address node_v6;
  /*
   The VNI of a VXLAN backend; 0 of others.
   */
  uint32_t vni;
  /*
   The MAC address of the node's VXLAN device.
   */
  uint8_t vtep_mac[6];
  /*
   How many bits of `subnet` count.
   */
  uint8_t prefix_length;
  /*
   How many of `subnet_v6`.
   */
  uint8_t prefix_length_v6;
  /*
   A `cc_flannel_backend`.
   */
  uint8_t backend;
  /*
   Nothing yet.
   */
  uint8_t reserved[3];
} cc_flannel_lease;

/*
 What a packet is to become.
 */
typedef struct cc_changes {
  /*
   The new source address, of the packet's family.
   */
  struct cc_address source;
  /*
   The new destination address, likewise.
   */
  struct cc_address destination;
  /*
   What is to be changed: a sum of `cc_change`s. The others' values are of no account; of the three of tags one at most.
   */
  uint32_t what;
  /*
   The new source port.
   */
  uint16_t source_port;
  /*
   The new destination port.
   */
  uint16_t destination_port;
  /*
   The largest segment size, in bytes.
   */
  uint16_t mss;
  /*
   What announces a tag that is pushed: 0x8100, or 0x88a8 for a provider's.
   */
  uint16_t tpid;
  /*
   The tag: priority in the upper 3 bits, then drop eligibility, then the identifier; of one that is swapped the lower 12 bits.
   */
  uint16_t tag;
  /*
   The time to live, or hop limit.
   */
  uint8_t ttl;
  /*
   DSCP, 0 to 63.
   */
  uint8_t dscp;
  /*
   ECN: 0 not capable, 1 ECT(1), 2 ECT(0), 3 congestion experienced.
   */
  uint8_t ecn;
  /*
   Nothing yet.
   */
  uint8_t reserved[3];
} cc_changes;

/*
 A tunnel to one remote. Of what is 0 the default is taken, so that `{.kind = …, .source = …, .destination = …}` is a whole one.
 */
typedef struct cc_tunnel_config {
  /*
   The outer source.
   */
  struct cc_address source;
  /*
   The outer destination, of the same family.
   */
  struct cc_address destination;
  /*
   Geneve's options, as they stand in a packet: up to 252 bytes, a multiple of 4. They are copied.
   */
  const uint8_t *options;
  /*
   How many bytes of them.
   */
  size_t options_length;
  /*
   What holds: a sum of `cc_tunnel_flag`s.
   */
  uint32_t flags;
  /*
   The VNI of VXLAN and Geneve, of 24 bits; the key of GRE.
   */
  uint32_t key;
  /*
   The flow label of outer IPv6, of 20 bits.
   */
  uint32_t flow_label;
  /*
   The UDP port it goes to; 0 is 4789 of VXLAN and 6081 of Geneve.
   */
  uint16_t port;
  /*
   The least UDP source port. Both 0: 49152 to 65535 (RFC 7348 §5).
   */
  uint16_t first_source_port;
  /*
   The largest.
   */
  uint16_t last_source_port;
  /*
   The group of VXLAN's Group Policy.
   */
  uint16_t group;
  /*
   What is inside, of Geneve and GRE: an EtherType; 0 is 0x6558, Ethernet.
   */
  uint16_t inner_type;
  /*
   The MAC address it comes from.
   */
  uint8_t source_mac[6];
  /*
   The MAC address it goes to.
   */
  uint8_t destination_mac[6];
  /*
   What is around a packet: a `cc_tunnel_kind`.
   */
  uint8_t kind;
  /*
   Time to live, or hop limit; 0 is 64.
   */
  uint8_t ttl;
  /*
   DSCP, 0 to 63.
   */
  uint8_t dscp;
  /*
   What is taken from the inner traffic class: a `cc_class_policy`.
   */
  uint8_t class_policy;
  /*
   The outer UDP checksum: a `cc_checksum_policy`.
   */
  uint8_t checksum;
  /*
   Nothing yet.
   */
  uint8_t reserved[5];
} cc_tunnel_config;

/*
 A layer of a packet.
 */
typedef struct cc_layer {
  /*
   Where it begins in the packet.
   */
  uint32_t offset;
  /*
   How many bytes are its own, without what it carries.
   */
  uint32_t length;
  /*
   Its number: `cc_layer_name` has its name.
   */
  uint16_t kind;
  /*
   The layer that carries it, by its place in the walk; 65535 of the first.
   */
  uint16_t parent;
  /*
   1 if an ICMP error quotes it.
   */
  uint8_t is_quoted;
  /*
   Nothing yet.
   */
  uint8_t reserved[3];
} cc_layer;

/*
 Where in a packet stands what most ask for: each by its offset and its layer's number, both all ones where the packet has none. What an ICMP
 error quotes is not of the packet.
 */
typedef struct cc_outline {
  /*
   The outermost IP header.
   */
  uint32_t outer;
  /*
   The innermost tunnel's header.
   */
  uint32_t tunnel;
  /*
   The innermost IP header: the outermost too, where there is no tunnel.
   */
  uint32_t network;
  /*
   What that carries: TCP, UDP, ICMP, IGMP, ESP.
   */
  uint32_t transport;
  /*
   `CC_LAYER_IP` or `CC_LAYER_IPV6`.
   */
  uint16_t outer_kind;
  /*
   `CC_LAYER_VXLAN`, `CC_LAYER_GENEVE` …
   */
  uint16_t tunnel_kind;
  /*
   As the outermost's.
   */
  uint16_t network_kind;
  /*
   `CC_LAYER_TCP` …
   */
  uint16_t transport_kind;
  /*
   How the walk ended.
   */
  enum cc_status status;
  /*
   How many layers there are.
   */
  uint32_t layers;
} cc_outline;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/*
 Reads the message that bytes begin with. `CC_STATUS_PARTIAL` if its end is not there yet. `CC_STATUS_MALFORMED` if it is of another version
 than 3 and 4 or under 6 bytes: what follows cannot be found. `CC_STATUS_TRUNCATED` if it does not hold what its type says: its `length` is told, so
 that the next one can be read. Any number of threads may call it. Nothing is allocated. `error` may be null.

 # Safety
 `bytes` points to `len` bytes, `head` to a place for one, `error` is null or points to an error.
 */
enum cc_status cc_bmp_next(const uint8_t *bytes,
                           size_t len,
                           struct cc_bmp_head *head,
                           struct cc_error *error);

/*
 How the messages of a peer are to be read that a message of BMP holds. `CC_STATUS_NULL` for null. Any number of threads may call it.

 # Safety
 `head` points to one, `session` to a place for one.
 */
enum cc_status cc_bmp_session(const struct cc_bmp_head *head,
                              struct cc_bgp_session *session);

/*
 Reads TLVs, what a message of BMP holds, as many as there is room for; `count` gets how many there are. `CC_STATUS_TRUNCATED` if one is cut.
 Any number of threads may call it. Nothing is allocated. `error` may be null.

 # Safety
 `bytes` points to `len` bytes, `tlvs` to `room` places, `count` to a number, `error` is null or points to an error.
 */
enum cc_status cc_bmp_tlvs(const uint8_t *bytes,
                           size_t len,
                           struct cc_bmp_tlv *tlvs,
                           size_t room,
                           size_t *count,
                           struct cc_error *error);

/*
 Writes attributes as they stand in each message of a session, in ascending order of their types, to `to`; `written` gets how many bytes. An
 attribute's value is numbers, as `cc_bgp_attribute` has them, or, of other types, bytes at `offset`. Whether it is optional and transitive is
 told by its type, and by its flags where that is not known. To a peer of 2-octet AS numbers AS4_PATH and AS4_AGGREGATOR are added where they are needed (RFC 6793 §4.2.2). MP_REACH_NLRI
 and MP_UNREACH_NLRI are not among them: `cc_bgp_announce` and `cc_bgp_withdraw` write them.

 `CC_STATUS_ROOM` if `to` is too short; `CC_STATUS_ARGUMENT`, `CC_STATUS_UNBUILDABLE`, `CC_STATUS_MALFORMED` and `CC_STATUS_TRUNCATED` for what a peer would find fault
 with, or a session that can be none. Any number of threads may call it. `error` may be null.

 # Safety
 `session` points to one, `attributes` to `count` of them, `words` to `words_len` numbers, `bytes` to `len` bytes, `to` to `room` bytes,
 `written` to a number, `error` is null or points to an error.
 */
enum cc_status cc_bgp_attributes_build(const struct cc_bgp_session *session,
                                       const struct cc_bgp_attribute *attributes,
                                       size_t count,
                                       const uint32_t *words,
                                       size_t words_len,
                                       const uint8_t *bytes,
                                       size_t len,
                                       uint8_t *to,
                                       size_t room,
                                       size_t *written,
                                       struct cc_error *error);

/*
 Announces routes of a family: writes messages back to back to `to`, as few as hold them, as long as there is room for another of full
 length. `written` gets how many bytes, `taken` how many routes are in them: the rest is handed in again. `attributes` are of
 `cc_bgp_attributes_build`, for a session of the same kind. Without a next hop IPv4 unicast routes go to the NLRI, and NEXT_HOP is among the
 attributes; with one, routes go to MP_REACH_NLRI. It has as many bytes as there (RFC 4760 §3): 4, 16 or 32, and in VPNs 8 more an address.

 A route is a prefix with at most one label, of the family; or, if it is none or has several labels, the `length` bytes at `offset` of
 `bytes`, without a path identifier. Where it stands (`place`) is not looked at.

 `CC_STATUS_ROOM`: not even one route fits. `CC_STATUS_ARGUMENT`, `CC_STATUS_UNBUILDABLE`, `CC_STATUS_MALFORMED`, `CC_STATUS_TRUNCATED`: the session, the attributes, the
 next hop or the first of the routes is nothing that a peer takes. Nothing is taken then. Any number of threads may call it. Nothing is
 allocated. `error` may be null.

 # Safety
 `session` points to one, `attributes`, `next_hop` and `bytes` to as many bytes as are said, `routes` to `count` of them, `to` to `room` bytes,
 `taken` and `written` to a number each, `error` is null or points to an error.
 */
enum cc_status cc_bgp_announce(const struct cc_bgp_session *session,
                               struct cc_bgp_family family,
                               const uint8_t *attributes,
                               size_t attributes_len,
                               const uint8_t *next_hop,
                               size_t next_hop_len,
                               const struct cc_bgp_route *routes,
                               size_t count,
                               const uint8_t *bytes,
                               size_t len,
                               uint8_t *to,
                               size_t room,
                               size_t *taken,
                               size_t *written,
                               struct cc_error *error);

/*
 Withdraws routes of a family, as `cc_bgp_announce` announces them: IPv4 unicast in front, others in MP_UNREACH_NLRI. Labels are not looked at.
 Any number of threads may call it.

 # Safety
 As `cc_bgp_announce`'s.
 */
enum cc_status cc_bgp_withdraw(const struct cc_bgp_session *session,
                               struct cc_bgp_family family,
                               const struct cc_bgp_route *routes,
                               size_t count,
                               const uint8_t *bytes,
                               size_t len,
                               uint8_t *to,
                               size_t room,
                               size_t *taken,
                               size_t *written,
                               struct cc_error *error);

/*
 Writes the message that says that all routes of a family have been sent (RFC 4724 §2) to `to`; `written` gets how many bytes it has.
 `CC_STATUS_ROOM` if there is less room than the error's limit. Any number of threads may call it. `error` may be null.

 # Safety
 `to` points to `room` bytes, `written` to a number, `error` is null or points to an error.
 */
enum cc_status cc_bgp_end_of_rib_build(struct cc_bgp_family family,
                                       uint8_t *to,
                                       size_t room,
                                       size_t *written,
                                       struct cc_error *error);

/*
 Reads UPDATEs, `count` of them, where `frames` say that they stand in `bytes` (as `cc_bgp_frames` has it, or whoever has messages of
 elsewhere). `updates` has a place for each, and gets what is to be done with it (RFC 7606): what is wrong with a message is in there, and
 is no error. A message of another type has no routes and no attributes. `done` gets how many were read. Nothing is allocated. Any number
 of threads may call it.

 `CC_STATUS_OK`: all. `CC_STATUS_ROOM`: so many that the next does not fit into `room`; if that is the first, the room's counts say how
 much it needs. `CC_STATUS_ARGUMENT`: a frame is not a whole message, or the session can be none. `CC_STATUS_NULL`. `error` may be null.

 # Safety
 `session` points to one, `bytes` to `len` bytes, `frames` and `updates` to `count` of them, `room` to one whose places are there, `done` to
 a number, `error` is null or points to an error.
 */
enum cc_status cc_bgp_decode(const struct cc_bgp_session *session,
                             const uint8_t *bytes,
                             size_t len,
                             const struct cc_bgp_frame *frames,
                             struct cc_bgp_update *updates,
                             size_t count,
                             struct cc_bgp_room *room,
                             size_t *done,
                             struct cc_error *error);

/*
 Reads attributes alone, without what an UPDATE is checked for: of a route in a dump of a table (RFC 6396 §4.3.4). `room` gets them, with
 offsets from the first of `bytes`; its routes are not looked at. Of MP_REACH_NLRI and MP_UNREACH_NLRI there are the bytes, since a table has
 the next hop alone; AS_PATH and AGGREGATOR stand by themselves. `CC_STATUS_ROOM` if they do not fit: the room's counts say how much they
 need. `CC_STATUS_TRUNCATED` and `CC_STATUS_MALFORMED` for an attribute that cannot be read: those in front of it are good. Any number of
 threads may call it. Nothing is allocated. `error` may be null.

 # Safety
 `session` points to one, `bytes` to `len` bytes, `room` to one whose places are there, `error` is null or points to an error.
 */
enum cc_status cc_bgp_attributes_read(const struct cc_bgp_session *session,
                                      const uint8_t *bytes,
                                      size_t len,
                                      struct cc_bgp_room *room,
                                      struct cc_error *error);

/*
 Tells what is wrong with an UPDATE, as many things as there is room for; `count` gets how many there are. For the log: what is to be done
 `cc_bgp_decode` says. `CC_STATUS_BGP` for a message whose parts cannot be found, `CC_STATUS_PARTIAL` and `CC_STATUS_ARGUMENT` for what is no
 whole UPDATE, or for a session that can be none. Any number of threads may call it. `error` may be null.

 # Safety
 `session` points to one, `message` to `len` bytes, `findings` to `room` places, `count` to a number, `error` is null or points to an error.
 */
enum cc_status cc_bgp_findings(const struct cc_bgp_session *session,
                               const uint8_t *message,
                               size_t len,
                               struct cc_bgp_finding *findings,
                               size_t room,
                               size_t *count,
                               struct cc_error *error);

/*
 Cuts what TCP delivered into messages, as many as there is room for; `count` gets how many. What stands behind the last of them is handed in
 again with what comes later. No message is longer than `max_len`: 4096, or 65535 where a session agreed on it (RFC 8654 §4). Any number of
 threads may call it. Nothing is allocated.

 `CC_STATUS_OK`: all bytes are in messages, or there is no more room. `CC_STATUS_PARTIAL`: so is all but the beginning of a message, of which
 `value` bytes are there and `limit` needed. `CC_STATUS_BGP`: behind the last message stands none (RFC 4271 §6.1); the error's
 notification counts from there, and `limit` bytes of it may be thrown away. `error` may be null.

 # Safety
 `bytes` points to `len` bytes, `frames` to `room` places for a frame, `count` to a number, `error` is null or points to an error.
 */
enum cc_status cc_bgp_frames(const uint8_t *bytes,
                             size_t len,
                             uint16_t max_len,
                             struct cc_bgp_frame *frames,
                             size_t room,
                             size_t *count,
                             struct cc_error *error);

/*
 Reads the record that bytes begin with: what it is, and where what it holds stands. `CC_STATUS_END` if there are no bytes,
 `CC_STATUS_PARTIAL` if its end is not there yet. `CC_STATUS_TRUNCATED` and `CC_STATUS_MALFORMED` for one that does not hold what its subtype
 says: its `length` is told, if that is known, so that the next one can be read. Any number of threads may call it. Nothing is allocated.
 `error` may be null.

 # Safety
 `bytes` points to `len` bytes, `head` to a place for one, `error` is null or points to an error.
 */
enum cc_status cc_mrt_next(const uint8_t *bytes,
                           size_t len,
                           struct cc_mrt_head *head,
                           struct cc_error *error);

/*
 How what a record holds is to be read: a message by `cc_bgp_decode`, attributes by `cc_bgp_attributes_read`. `CC_STATUS_NULL` for null.
 Any number of threads may call it.

 # Safety
 `head` points to one, `session` to a place for one.
 */
enum cc_status cc_mrt_session(const struct cc_mrt_head *head,
                              struct cc_bgp_session *session);

/*
 Reads the peers of a table, as many as there is room for; `count` gets how many there are. `bytes` begin with the record. As
 `cc_mrt_next` for one that cannot be read, and `CC_STATUS_ARGUMENT` for one of another form; `CC_STATUS_TRUNCATED` if a peer is cut: those in
 front of it are good. Any number of threads may call it. Nothing is allocated. `error` may be null.

 # Safety
 `bytes` points to `len` bytes, `peers` to `room` places, `count` to a number, `error` is null or points to an error.
 */
enum cc_status cc_mrt_peers(const uint8_t *bytes,
                            size_t len,
                            struct cc_mrt_peer *peers,
                            size_t room,
                            size_t *count,
                            struct cc_error *error);

/*
 Reads the routes of a record to its one destination, as many as there is room for; `count` gets how many there are. Else as
 `cc_mrt_peers`. Any number of threads may call it.

 # Safety
 `bytes` points to `len` bytes, `entries` to `room` places, `count` to a number, `error` is null or points to an error.
 */
enum cc_status cc_mrt_entries(const uint8_t *bytes,
                              size_t len,
                              struct cc_mrt_entry *entries,
                              size_t room,
                              size_t *count,
                              struct cc_error *error);

/*
 Reads a NOTIFICATION, a whole message of a session of any length. Codes that are not known are values too. `CC_STATUS_BGP` with 1/2 if code
 and subcode are not there: for the log, since a NOTIFICATION is not answered (RFC 4271 §6.4). `CC_STATUS_PARTIAL` and
 `CC_STATUS_ARGUMENT` for what is no whole NOTIFICATION. Any number of threads may call it. Nothing is allocated. `error` may be null.

 # Safety
 `message` points to `len` bytes, `reason` to a place for one, `error` is null or points to an error.
 */
enum cc_status cc_bgp_notification_read(const uint8_t *message,
                                        size_t len,
                                        struct cc_bgp_reason *reason,
                                        struct cc_error *error);

/*
 Writes a NOTIFICATION, as an error has it or as the caller put it together, to `to`; `written` gets how many bytes it has. Data that is not
 its own is a part of `message`: what the error was about, from the marker, or any bytes. It is cut where the message would exceed
 `max_len`, 4096 or 65535 (RFC 8654 §4). `CC_STATUS_ROOM` if there is less room than the error's limit, `CC_STATUS_ARGUMENT` if the
 data goes past the end. Any number of threads may call it. Nothing is allocated. `error` may be null.

 # Safety
 `notification` points to one, `message` to `len` bytes, `to` to `room` bytes, `written` to a number, `error` is null or points to an error.
 */
enum cc_status cc_bgp_notification_build(const struct cc_bgp_notification *notification,
                                         const uint8_t *message,
                                         size_t len,
                                         uint16_t max_len,
                                         uint8_t *to,
                                         size_t room,
                                         size_t *written,
                                         struct cc_error *error);

/*
 Writes a KEEPALIVE, 19 bytes. `CC_STATUS_NULL` for null. Any number of threads may call it.

 # Safety
 `to` points to 19 bytes.
 */
enum cc_status cc_bgp_keepalive_build(uint8_t *to);

/*
 Reads an OPEN, a whole message, and where its capabilities stand, as many as there is room for; `count` gets how many there are.
 `CC_STATUS_BGP` for what RFC 4271 §6.2 refuses, with the NOTIFICATION; `CC_STATUS_PARTIAL` and `CC_STATUS_ARGUMENT` for what is no whole OPEN.
 Any number of threads may call it. Nothing is allocated. `error` may be null.

 # Safety
 `message` points to `len` bytes, `to` to a place for an OPEN, `capabilities` to `room` places, `count` to a number, `error` is null or points
 to an error.
 */
enum cc_status cc_bgp_open_read(const uint8_t *message,
                                size_t len,
                                struct cc_bgp_open *to,
                                struct cc_bgp_capability *capabilities,
                                size_t room,
                                size_t *count,
                                struct cc_error *error);

/*
 Writes an OPEN with capabilities as they stand on the wire, each with code, length and value (RFC 5492 §4), to `to`; `written` gets how many
 bytes it has. `CC_STATUS_ROOM` if there are fewer than the error's limit. `CC_STATUS_UNBUILDABLE` for what a peer refuses: an AS of 0 or
 23456, one that is not the capability's or needs it, a hold time of 1 or 2, an identifier of 0; and for a message of over 4096 bytes.
 `CC_STATUS_TRUNCATED` for a capability that is cut. Any number of threads may call it. `error` may be null.

 # Safety
 `open` points to one, `capabilities` to `capabilities_len` bytes, `to` to `room` bytes, `written` to a number, `error` is null or points to
 an error.
 */
enum cc_status cc_bgp_open_build(const struct cc_bgp_open *open,
                                 const uint8_t *capabilities,
                                 size_t capabilities_len,
                                 uint8_t *to,
                                 size_t room,
                                 size_t *written,
                                 struct cc_error *error);

/*
 Reads a ROUTE-REFRESH, a whole message. `CC_STATUS_BGP` with 7/1 for a mark of a wrong length where that was agreed on (RFC 7313 §5), 1/2 for
 one that is too short. `CC_STATUS_PARTIAL` and `CC_STATUS_ARGUMENT` for what is no whole ROUTE-REFRESH, or a session that can be none. Any
 number of threads may call it. Nothing is allocated. `error` may be null.

 # Safety
 `session` points to one, `message` to `len` bytes, `refresh` to a place for one, `error` is null or points to an error.
 */
enum cc_status cc_bgp_refresh_read(const struct cc_bgp_session *session,
                                   const uint8_t *message,
                                   size_t len,
                                   struct cc_bgp_refresh *refresh,
                                   struct cc_error *error);

/*
 Writes a ROUTE-REFRESH, with filters as they stand on the wire, to `to`; `written` gets how many bytes it has. Of `refresh` the family and the
 subtype count. `CC_STATUS_ROOM` if there is less room than the error's limit; `CC_STATUS_UNBUILDABLE` if it would exceed what the session
 sends, or for a mark with filters. Any number of threads may call it. Nothing is allocated. `error` may be null.

 # Safety
 `session` and `refresh` point to one each, `filters` to `filters_len` bytes, `to` to `room` bytes, `written` to a number, `error` is null or
 points to an error.
 */
enum cc_status cc_bgp_refresh_build(const struct cc_bgp_session *session,
                                    const struct cc_bgp_refresh *refresh,
                                    const uint8_t *filters,
                                    size_t filters_len,
                                    uint8_t *to,
                                    size_t room,
                                    size_t *written,
                                    struct cc_error *error);

/*
 The bit of a family in a session's sets; 0 if the family is not known. Any number of threads may call it.
 */
uint32_t cc_bgp_family_bit(uint16_t afi, uint8_t safi);

/*
 A session that is taken for granted: 4-octet AS numbers, no path identifiers, messages of up to 65535 bytes, a peer of another AS, all
 families. `CC_STATUS_NULL` for null. Any number of threads may call it.

 # Safety
 `session` points to a place for one.
 */
enum cc_status cc_bgp_session_assumed(struct cc_bgp_session *session);

/*
 A session that nobody saw begin: as `cc_bgp_session_assumed` has it, but nothing of it is known, and nothing that depends on it is called
 wrong. `CC_STATUS_NULL` for null. Any number of threads may call it.

 # Safety
 `session` points to a place for one.
 */
enum cc_status cc_bgp_session_unknown(struct cc_bgp_session *session);

/*
 What two OPENs agree on, whole messages both: `ours` was sent, `theirs` received. `CC_STATUS_BGP` for what RFC 4271 §6.2 refuses, with the
 NOTIFICATION: what one of the two is, or 2/3 for two identifiers that are one (RFC 6286 §2.2), 2/11 for roles that do not fit (RFC 9234
 §4.2). `CC_STATUS_PARTIAL` and `CC_STATUS_ARGUMENT` for what is no whole OPEN. Any number of threads may call it. `error` may be null.

 # Safety
 `ours` and `theirs` point to as many bytes as are said, `session` to a place for one, `error` is null or points to an error.
 */
enum cc_status cc_bgp_negotiate(const uint8_t *ours,
                                size_t ours_len,
                                const uint8_t *theirs,
                                size_t theirs_len,
                                struct cc_bgp_session *session,
                                struct cc_error *error);

/*
 The same session for the other direction, which the peer's `cc_bgp_negotiate` gives: for a capture, which holds both. `CC_STATUS_NULL` for
 null, `CC_STATUS_ARGUMENT` for a session that can be none. `session` and `reversed` may be one. Any number of threads may call it.

 # Safety
 `session` points to one, `reversed` to a place for one.
 */
enum cc_status cc_bgp_session_reversed(const struct cc_bgp_session *session,
                                       struct cc_bgp_session *reversed);

/*
 Opens a file. Null, with the reason in `error`, if that cannot be. What it gives goes to `cc_capture_free`.
 Any number of threads may call it.

 # Safety
 `path` ends with a zero; `error` is null or points to an error.
 */
struct cc_capture *cc_capture_open(const char *path, struct cc_error *error);

/*
 Reads the next packet. It stays where it is until the next call with this capture. `CC_STATUS_END` behind the last one.

 # Safety
 `capture` is of `cc_capture_open` and not freed, and nobody else uses it; `packet` points to a packet, `error` is null or points to an error.
 */
enum cc_status cc_capture_next(struct cc_capture *capture,
                               struct cc_packet *packet,
                               struct cc_error *error);

/*
 Closes a capture; of null nothing. By one thread, once no other uses it.

 # Safety
 `capture` is null, or of `cc_capture_open` and not freed.
 */
void cc_capture_free(struct cc_capture *capture);

/*
 The checksum over bytes, as it stands in a header, in the machine's byte order (RFC 1071): 0 over what holds its own, and holds the
 right one. `CC_STATUS_NULL` of a null pointer, unless there are no bytes. Any number of threads may call it.

 # Safety
 `bytes` points to `length` bytes, `checksum` to a number.
 */
enum cc_status cc_checksum(const uint8_t *bytes,
                           size_t length,
                           uint16_t *checksum);

/*
 The same over bytes in several pieces, in their order: where one has an odd length, the next goes on at the odd byte. `CC_STATUS_NULL`
 and threads as with `cc_checksum`.

 # Safety
 `segments` points to `count` pieces, whose bytes are there; `checksum` points to a number.
 */
enum cc_status cc_checksum_segments(const struct cc_segment *segments,
                                    size_t count,
                                    uint16_t *checksum);

/*
 The checksum of UDP, TCP, ICMPv6 and their like over a pseudo-header and an upper-layer packet in pieces, its header first (RFC 768, RFC
 9293 §3.1, RFC 8200 §8.1): what its checksum field must hold if that is zero now, and 0 if it holds the right one. UDP sends a 0 as
 ffff. `CC_STATUS_ARGUMENT` if the addresses are none or of different families, `CC_STATUS_NULL` of a null pointer; only `error` may be
 null. Any number of threads may call it.

 # Safety
 `source` and `destination` point to addresses, `segments` to `count` pieces, whose bytes are there; `checksum` points to a number,
 `error` is null or points to an error.
 */
enum cc_status cc_checksum_upper_layer(const struct cc_address *source,
                                       const struct cc_address *destination,
                                       uint8_t protocol,
                                       const struct cc_segment *segments,
                                       size_t count,
                                       uint16_t *checksum,
                                       struct cc_error *error);

/*
 A checksum after a change of bytes that it covers (RFC 1624, equation 3), `offset` bytes behind the first that it covers. Where 0 stands
 for no checksum, as in UDP, it is the caller's to leave it, and to write a 0 that comes of this as ffff. `CC_STATUS_NULL` of a null
 pointer, unless there are no bytes; nothing is changed then. Any number of threads may call it.

 # Safety
 `before` and `after` point to `length` bytes, `checksum` to the one to be changed.
 */
enum cc_status cc_checksum_update(uint16_t *checksum,
                                  size_t offset,
                                  const uint8_t *before,
                                  const uint8_t *after,
                                  size_t length);

/*
 A checksum after one 16-bit word that it covers, at an even offset, became another (RFC 1624); all in the machine's byte order. Any
 number of threads may call it.
 */
uint16_t cc_checksum_update_word(uint16_t checksum,
                                 uint16_t before,
                                 uint16_t after);

/*
 Makes a decapsulator. Null, with the reason in `error`, if the configuration is none: `CC_STATUS_ARGUMENT` names the field. What it gives
 goes to `cc_decapsulator_free`. Any number of threads may call it.

 # Safety
 `config` points to a configuration, whose known options are there; `error` is null or points to an error.
 */
struct cc_decapsulator *cc_decapsulator_new(const struct cc_decapsulator_config *config,
                                            struct cc_error *error);

/*
 Frees a decapsulator; of null nothing. By one thread, once no other uses it.

 # Safety
 `decapsulator` is null, or of `cc_decapsulator_new` and not freed.
 */
void cc_decapsulator_free(struct cc_decapsulator *decapsulator);

/*
 Takes a packet apart, in place: `packet` is the inner one then, with the outer mark left in it (RFC 6040 §4.2), and `inner` says what
 was around it.

 `CC_STATUS_NOT_OURS`, `CC_STATUS_REFUSED`, `CC_STATUS_CHECKSUM` and `CC_STATUS_CONGESTED` say why it is none, or is to be dropped,
 `CC_STATUS_TRUNCATED` and `CC_STATUS_MALFORMED` what is wrong with its headers, `CC_STATUS_NULL` is of a null pointer; only `error` may
 be null. Nothing is changed then. Any number of threads may call it, each with a packet of its own. Nothing is allocated.

 # Safety
 `decapsulator` is of `cc_decapsulator_new` and not freed; `packet` points to a buffer that is there, and that nobody else uses; `inner`
 points to room for what is found, `error` is null or points to an error.
 */
enum cc_status cc_decapsulate(const struct cc_decapsulator *decapsulator,
                              struct cc_buffer *packet,
                              struct cc_inner *inner,
                              struct cc_error *error);

/*
 The same of a packet in several pieces, of which `packet` is the first and holds the outer headers, and of the inner ones as far as IP:
 no piece is moved, and none but the first is written. The others are read only where a checksum over what is carried is looked at.
 `packet` is what the first piece holds of the inner packet then; where the outer one ends in the others is `inner`'s to tell.

 IP in IP, and IP in GRE, must be all in the first piece, or it is `CC_STATUS_TRUNCATED`: its own length is looked at. A piece of null
 that is not empty is `CC_STATUS_NULL`, too. Any number of threads may call it.

 # Safety
 As `cc_decapsulate`'s; `others` points to `count` pieces, whose bytes are there.
 */
enum cc_status cc_decapsulate_segments(const struct cc_decapsulator *decapsulator,
                                       struct cc_buffer *packet,
                                       const struct cc_segment *others,
                                       size_t count,
                                       struct cc_inner *inner,
                                       struct cc_error *error);

/*
 Takes many packets apart, as `cc_decapsulate` does, and says of each how that ended; where that was not well, nothing else is written of
 it. `CC_STATUS_NULL` if a pointer is null, and nothing is written then. Any number of threads may call it, each with packets of its own.

 # Safety
 `decapsulator` is of `cc_decapsulator_new` and not freed; `packets` points to `count` buffers that are there, no two of them the same,
 and that nobody else uses; `inner` and `statuses` point to room for as many.
 */
enum cc_status cc_decapsulate_batch(const struct cc_decapsulator *decapsulator,
                                    struct cc_buffer *packets,
                                    size_t count,
                                    struct cc_inner *inner,
                                    enum cc_status *statuses);

/*
 A dissector that shows these fields, or all if `count` is 0; with `has_layers` not 0 a value tells where each layer begins. Null, with the
 reason in `error`, if there is no such field. What it gives goes to `cc_dissector_free`. Any number of threads may call it.

 # Safety
 `fields` points to `count` numbers; `error` is null or points to an error.
 */
struct cc_dissector *cc_dissector_new(const uint16_t *fields,
                                      size_t count,
                                      uint8_t has_layers,
                                      struct cc_error *error);

/*
 Takes packets in, in their order, and writes the values of as many as fit; `done` gets how many. `CC_STATUS_ROOM` if those of the next do not:
 it is the first of the next call, where it is not taken in again; if another is, the values are lost. Values that stand in a packet tell where in it.

 # Safety
 `dissector` is of `cc_dissector_new`, not freed, and nobody else uses it; `packets` points to `count` packets, whose bytes are there; `room`
 points to a room, whose pointers point to so much as it says; `done` points to a number.
 */
enum cc_status cc_dissect(struct cc_dissector *dissector,
                          const struct cc_packet *packets,
                          size_t count,
                          struct cc_room *room,
                          size_t *done);

/*
 Frees a dissector; of null nothing. By one thread, once no other uses it.

 # Safety
 `dissector` is null, or of `cc_dissector_new` and not freed.
 */
void cc_dissector_free(struct cc_dissector *dissector);

/*
 An empty table of routes. Null, with the reason in `error`, only if the library fails. What it gives goes to `cc_flannel_routes_free`.
 Any number of threads may call it.

 # Safety
 `error` is null or points to an error.
 */
struct cc_flannel_routes *cc_flannel_routes_new(struct cc_error *error);

/*
 Frees a table; of null nothing. By one thread, once no other uses it.

 # Safety
 `routes` is null, or of `cc_flannel_routes_new` and not freed.
 */
void cc_flannel_routes_free(struct cc_flannel_routes *routes);

/*
 How many routes there are; 0 of null. Any number of threads may call it while nobody changes the table.

 # Safety
 `routes` is null, or of `cc_flannel_routes_new`, not freed, and not changed meanwhile.
 */
size_t cc_flannel_routes_count(const struct cc_flannel_routes *routes);

/*
 Adds a route to a network, or gives it another next hop. Bits of the network behind its prefix are of no account. `CC_STATUS_ARGUMENT` of
 a prefix over 32, `CC_STATUS_NULL` of a null pointer; only `error` may be null.

 # Safety
 `routes` is of `cc_flannel_routes_new` and not freed, and nobody else uses it; `network` and `next_hop` point to 4 bytes, as they stand
 in a packet; `error` is null or points to an error.
 */
enum cc_status cc_flannel_routes_set(struct cc_flannel_routes *routes,
                                     const uint8_t *network,
                                     uint8_t prefix_length,
                                     const uint8_t *next_hop,
                                     uint16_t port,
                                     struct cc_error *error);

/*
 Takes the route to a network away. `CC_STATUS_END` if there is none, `CC_STATUS_ARGUMENT` of a prefix over 32, `CC_STATUS_NULL` of a null
 pointer; only `error` may be null. One thread at a time may change a table, and no other may use it meanwhile.

 # Safety
 As `cc_flannel_routes_set`'s.
 */
enum cc_status cc_flannel_routes_remove(struct cc_flannel_routes *routes,
                                        const uint8_t *network,
                                        uint8_t prefix_length,
                                        struct cc_error *error);

/*
 Takes the step with a packet that comes from the pods: finds its way, and takes a hop off it, in place. Whatever becomes of it, `step` says
 so and the call ends well.

 An answer is written to `room` bytes at `reply`, for which `CC_FLANNEL_MAX_ANSWER` are enough: `CC_STATUS_ROOM` if it does not fit, with
 how much it needs. `CC_STATUS_ARGUMENT` of a style that is none, `CC_STATUS_NULL` of a null pointer; only `error` may be null. Any number
 of threads may call it while nobody changes the routes, each with a packet of its own. Nothing is allocated.

 # Safety
 `node` points to a node; `routes` is of `cc_flannel_routes_new` and not freed; `packet` points to `length` bytes, `reply` to `room`, and
 nobody else uses either; `step` points to a step, `error` is null or points to an error.
 */
enum cc_status cc_flannel_forward(const struct cc_flannel_node *node,
                                  const struct cc_flannel_routes *routes,
                                  uint8_t *packet,
                                  size_t length,
                                  uint8_t *reply,
                                  size_t room,
                                  struct cc_flannel_step *step,
                                  struct cc_error *error);

/*
 The same with a packet that comes out of the tunnel, which is delivered to the pods. Any number of threads may call it.

 # Safety
 As `cc_flannel_forward`'s.
 */
enum cc_status cc_flannel_deliver(const struct cc_flannel_node *node,
                                  uint8_t *packet,
                                  size_t length,
                                  uint8_t *reply,
                                  size_t room,
                                  struct cc_flannel_step *step,
                                  struct cc_error *error);

/*
 The flow of a packet of a link type (1 is Ethernet, with VLAN tags or without, 101 raw IP). Of the innermost it is, where `cc_walk` says
 that this begins. Only the headers need be there.

 `CC_STATUS_TRUNCATED` and `CC_STATUS_MALFORMED` as the headers have it, `CC_STATUS_NOT_OURS` if the frame carries no IP,
 `CC_STATUS_ARGUMENT` of another link type, `CC_STATUS_NULL` of a null pointer; only `error` may be null. Any number of threads may call
 it. Nothing is allocated.

 # Safety
 `bytes` points to `length` bytes, `flow` to a flow, `error` is null or points to an error.
 */
enum cc_status cc_flow_of(uint32_t link_type,
                          const uint8_t *bytes,
                          size_t length,
                          struct cc_flow *flow,
                          struct cc_error *error);

/*
 The flows of many packets, as `cc_flow_of` has it, and for each how it ended; where that was not well, its flow is not written.
 `CC_STATUS_NULL` if a pointer is null, and nothing is written then. Any number of threads may call it.

 # Safety
 `packets` points to `count` packets, whose bytes are there; `flows` and `statuses` point to room for as many.
 */
enum cc_status cc_flow_of_batch(const struct cc_packet *packets,
                                size_t count,
                                struct cc_flow *flows,
                                enum cc_status *statuses);

/*
 The hash of a packet's flow, of which a tunnel makes its source port (RFC 7348 §5): over addresses, protocol and ports, without the
 ports of fragments, and over the MAC addresses and EtherType of what is no IP. Any bytes have one. It is the same on every machine, and
 no secret. With `is_symmetric` not 0 it is the same for both directions of a flow. `CC_STATUS_ARGUMENT` of another link type than 1,
 Ethernet, and 101, raw IP, `CC_STATUS_NULL` of a null pointer. Any number of threads may call it.

 # Safety
 `bytes` points to `length` bytes, `hash` to a number.
 */
enum cc_status cc_flow_hash(uint32_t link_type,
                            const uint8_t *bytes,
                            size_t length,
                            uint8_t is_symmetric,
                            uint32_t *hash);

/*
 The hashes of many packets' flows, and for each how it ended. `CC_STATUS_NULL` if a pointer is null, and nothing is written then. Any
 number of threads may call it.

 # Safety
 `packets` points to `count` packets, whose bytes are there; `hashes` and `statuses` point to room for as many.
 */
enum cc_status cc_flow_hash_batch(const struct cc_packet *packets,
                                  size_t count,
                                  uint8_t is_symmetric,
                                  uint32_t *hashes,
                                  enum cc_status *statuses);

/*
 Reads the JSON of `len` bytes that etcd or Kubernetes gives: an object of keys and leases, a range of etcd's, nodes. Null, with the reason in
 `error`, if it is none; a single lease that is wrong is among the refused. What it gives goes to `cc_flannel_leases_free`. Any number of threads
 may call it.

 # Safety
 `text` points to `len` bytes, `error` is null or points to an error.
 */
struct cc_flannel_leases *cc_flannel_leases_new(const uint8_t *text,
                                                size_t len,
                                                struct cc_error *error);

/*
 Frees leases; of null nothing. By one thread, once no other uses it.

 # Safety
 `leases` is null, or of `cc_flannel_leases_new` and not freed.
 */
void cc_flannel_leases_free(struct cc_flannel_leases *leases);

/*
 How many leases there are, and, in `refused`, which may be null, how many could not be read; 0 of null. Any number of threads may call it.

 # Safety
 `leases` is null, or of `cc_flannel_leases_new` and not freed; `refused` is null or points to a number.
 */
size_t cc_flannel_leases_count(const struct cc_flannel_leases *leases,
                               size_t *refused);

/*
 The lease of a number, from 0. `CC_STATUS_ARGUMENT` if there is none of it. Any number of threads may call it. Nothing is allocated.

 # Safety
 `leases` is of `cc_flannel_leases_new` and not freed, `lease` points to a place for one, `error` is null or points to an error.
 */
enum cc_status cc_flannel_leases_at(const struct cc_flannel_leases *leases,
                                    size_t number,
                                    struct cc_flannel_lease *lease,
                                    struct cc_error *error);

/*
 The lease behind which a pod's address is. `CC_STATUS_END` if there is none. Any number of threads may call it. Nothing is allocated.

 # Safety
 As `cc_flannel_leases_at`'s; `pod` points to an address.
 */
enum cc_status cc_flannel_leases_behind(const struct cc_flannel_leases *leases,
                                        const struct cc_address *pod,
                                        struct cc_flannel_lease *lease,
                                        struct cc_error *error);

/*
 The lease of the node that has an address. `CC_STATUS_END` if there is none. Any number of threads may call it. Nothing is allocated.

 # Safety
 As `cc_flannel_leases_at`'s; `node` points to an address.
 */
enum cc_status cc_flannel_leases_of_node(const struct cc_flannel_leases *leases,
                                         const struct cc_address *node,
                                         struct cc_flannel_lease *lease,
                                         struct cc_error *error);

/*
 Why the lease of a number among the refused could not be read: as the status, and in `error`. `CC_STATUS_ARGUMENT` if there is none of it. Any
 number of threads may call it.

 # Safety
 `leases` is of `cc_flannel_leases_new` and not freed, `error` is null or points to an error.
 */
enum cc_status cc_flannel_leases_refused(const struct cc_flannel_leases *leases,
                                         size_t number,
                                         struct cc_error *error);

/*
 Puts the routes of the UDP backend's leases into a table.

 # Safety
 `leases` is of `cc_flannel_leases_new` and not freed; `routes` is of `cc_flannel_routes_new`, not freed, and nobody else uses it.
 */
enum cc_status cc_flannel_leases_routes(const struct cc_flannel_leases *leases,
                                        struct cc_flannel_routes *routes);

/*
 Changes a packet of a link type (1 is Ethernet, with VLAN tags or without, 101 raw IP) in place: addresses, ports, hops, classes, a SYN's
 segment size, and a tag; every checksum that covers a change is patched with it (RFC 1624). `made` gets which changes were made: what
 the packet has not is not changed, such as the ports of a later fragment.

 `CC_STATUS_ARGUMENT` names what goes with no such packet, `CC_STATUS_ROOM` is of a tag that has no room, `CC_STATUS_TRUNCATED` and
 `CC_STATUS_MALFORMED` are of the headers, `CC_STATUS_NULL` of a null pointer; only `error` may be null. Nothing is changed then. Any
 number of threads may call it, each with a packet of its own. Nothing is allocated.

 # Safety
 `packet` points to a buffer that is there, and that nobody else uses; `changes` points to changes, `made` to a number, `error` is null
 or points to an error.
 */
enum cc_status cc_rewrite(uint32_t link_type,
                          struct cc_buffer *packet,
                          const struct cc_changes *changes,
                          uint32_t *made,
                          struct cc_error *error);

/*
 Changes many packets, as `cc_rewrite` does, each in its own way, and says of each which changes were made, and how that ended; where it
 was not well, none was made. `CC_STATUS_NULL` and `CC_STATUS_ARGUMENT`, of another link type, are of the call, and nothing is written
 then. Any number of threads may call it, each with packets of its own.

 # Safety
 `packets` points to `count` buffers that are there, no two of them the same, and that nobody else uses; `changes` points to as many
 changes, `made` and `statuses` to room for as many.
 */
enum cc_status cc_rewrite_batch(uint32_t link_type,
                                struct cc_buffer *packets,
                                const struct cc_changes *changes,
                                size_t count,
                                uint32_t *made,
                                enum cc_status *statuses);

/*
 How many fields there are: their numbers go from 0 up to this one. Any number of threads may call it.
 */
size_t cc_field_count(void);

/*
 A field's name, Wireshark's where it has one, for as long as the program runs. Null, if there is no such field.
 Any number of threads may call it.
 */
const char *cc_field_name(uint16_t field);

/*
 What a field is, for a person. Null, if there is no such field. Any number of threads may call it.
 */
const char *cc_field_label(uint16_t field);

/*
 How a field's values are written. Any number of threads may call it.
 */
enum cc_kind cc_field_kind(uint16_t field);

/*
 How many digits a hexadecimal field has at least; 0 of others. Any number of threads may call it.
 */
uint8_t cc_field_digits(uint16_t field);

/*
 The number of the field with a name; -1 if there is none, or the name is null. Any number of threads may call it.

 # Safety
 A name that is not null ends with a zero.
 */
int32_t cc_field_by_name(const char *name);

/*
 A layer's short name: `eth`, `ip`, `vxlan` … Null, if there is no such layer. Any number of threads may call it.
 */
const char *cc_layer_name(uint16_t layer);

/*
 The version of the library, as `1.2.3`. Any number of threads may call it.
 */
const char *cc_version(void);

/*
 Works out the outer headers of a tunnel. Null, with the reason in `error`, if there is no such tunnel: `CC_STATUS_ARGUMENT` names the field,
 `CC_STATUS_UNBUILDABLE`, `CC_STATUS_TRUNCATED` and `CC_STATUS_MALFORMED` say what is wrong with the options. What it gives goes to
 `cc_tunnel_free`. Any number of threads may call it.

 # Safety
 `config` points to a configuration, whose options are there; `error` is null or points to an error.
 */
struct cc_tunnel *cc_tunnel_new(const struct cc_tunnel_config *config,
                                struct cc_error *error);

/*
 Frees a tunnel; of null nothing. By one thread, once no other uses it.

 # Safety
 `tunnel` is null, or of `cc_tunnel_new` and not freed.
 */
void cc_tunnel_free(struct cc_tunnel *tunnel);

/*
 How many bytes encapsulation adds, and so how many must be free in front of a packet; 0 of null. It is 8 more where an IPv6 packet that
 has a tunnel encapsulation limit goes through IPv6 (RFC 2473 §4.1.1). Any number of threads may call it.

 # Safety
 `tunnel` is null, or of `cc_tunnel_new` and not freed.
 */
size_t cc_tunnel_overhead(const struct cc_tunnel *tunnel);

/*
 The MTU for what is inside, given the underlay's; both are the length of an IP packet. 0 if nothing is left, and of null.
 Any number of threads may call it.

 # Safety
 `tunnel` is null, or of `cc_tunnel_new` and not freed.
 */
uint32_t cc_tunnel_inner_mtu(const struct cc_tunnel *tunnel,
                             uint32_t underlay_mtu);

/*
 Pushes the outer headers in front of a packet, in place: `packet` begins with them then. Inside is what the tunnel carries, Ethernet or
 IP; the source port comes of its flow.

 `CC_STATUS_ROOM` if too few bytes are free in front of it, `CC_STATUS_UNBUILDABLE` if the outer packet would be too long or the inner
 one has no hop left, `CC_STATUS_TRUNCATED` and `CC_STATUS_MALFORMED` if what must be IP is none, `CC_STATUS_NULL` of a null pointer;
 only `error` may be null. The packet is as it was then; bytes in front of it may be others. Any number of threads may call it, each with
 a packet of its own. Nothing is allocated.

 # Safety
 `tunnel` is of `cc_tunnel_new` and not freed; `packet` points to a buffer that is there, and that nobody else uses; `error` is null or
 points to an error.
 */
enum cc_status cc_encapsulate(const struct cc_tunnel *tunnel,
                              struct cc_buffer *packet,
                              struct cc_error *error);

/*
 The same of a packet in several pieces, of which `packet` is the first and holds the inner headers: no piece is moved, and none but the
 first is written. The others are read only where a checksum is over what is carried. A piece of null that is not empty is
 `CC_STATUS_NULL`, too. Any number of threads may call it.

 # Safety
 As `cc_encapsulate`'s; `others` points to `count` pieces, whose bytes are there.
 */
enum cc_status cc_encapsulate_segments(const struct cc_tunnel *tunnel,
                                       struct cc_buffer *packet,
                                       const struct cc_segment *others,
                                       size_t count,
                                       struct cc_error *error);

/*
 Pushes the outer headers in front of many packets, as `cc_encapsulate` does, and says of each how that ended. `CC_STATUS_NULL` if a
 pointer is null, and nothing is written then. Any number of threads may call it, each with packets of its own.

 # Safety
 `tunnel` is of `cc_tunnel_new` and not freed; `packets` points to `count` buffers that are there, no two of them the same, and that
 nobody else uses; `statuses` points to room for as many.
 */
enum cc_status cc_encapsulate_batch(const struct cc_tunnel *tunnel,
                                    struct cc_buffer *packets,
                                    size_t count,
                                    enum cc_status *statuses);

/*
 Walks through a packet of a link type (1 is Ethernet, 101 raw IP), and writes where its layers are, as many as there is room for; `count`
 gets how many there are. What is wrong with the packet is told as the status and in `error`, which may be null; the layers in front of that
 are good. Any number of threads may call it. Nothing is allocated.

 # Safety
 `bytes` points to `len` bytes, `layers` to `room` places for a layer, `count` to a number, `error` is null or points to an error.
 */
enum cc_status cc_walk(uint32_t link_type,
                       const uint8_t *bytes,
                       size_t len,
                       struct cc_layer *layers,
                       size_t room,
                       size_t *count,
                       struct cc_error *error);

/*
 Walks through packets, and writes the layers of one behind those of the other. Of each packet, `ends` gets how many layers there are up to its
 last one, and `statuses` how its walk ended, as `cc_walk` would tell it. `done` gets how many packets that were: `CC_STATUS_ROOM` if the layers
 of the next do not fit, of which there are 256 at most. Any number of threads may call it. Nothing is allocated.

 # Safety
 `packets` points to `count` packets, whose bytes are there; `layers` to `room` places for a layer; `ends` and `statuses` to a place for each
 packet; `done` to a number.
 */
enum cc_status cc_walk_batch(const struct cc_packet *packets,
                             size_t count,
                             struct cc_layer *layers,
                             size_t room,
                             size_t *ends,
                             enum cc_status *statuses,
                             size_t *done);

/*
 Finds of each packet where what most ask for stands: faster than a walk, whose layers are looked through. Any number of threads may call it.
 Nothing is allocated.

 # Safety
 `packets` points to `count` packets, whose bytes are there; `outlines` to a place for each.
 */
enum cc_status cc_outline_batch(const struct cc_packet *packets,
                                size_t count,
                                struct cc_outline *outlines);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* CONTAINER_CODECS_H */


/* The fields, by what `packet-dissect -e` calls them. */
enum cc_field {
  /* frame.number: Number in the capture */
  CC_FIELD_FRAME_NUMBER = 0,
  /* frame.time: Captured at */
  CC_FIELD_FRAME_TIME = 1,
  /* frame.time_epoch: Captured at, seconds since 1970 */
  CC_FIELD_FRAME_TIME_EPOCH = 2,
  /* frame.time_relative: Seconds since the first packet */
  CC_FIELD_FRAME_TIME_RELATIVE = 3,
  /* frame.time_delta: Seconds since the packet before */
  CC_FIELD_FRAME_TIME_DELTA = 4,
  /* frame.time_delta_displayed: Seconds since the packet shown before */
  CC_FIELD_FRAME_TIME_DELTA_SHOWN = 5,
  /* frame.len: Length on the wire */
  CC_FIELD_FRAME_LEN = 6,
  /* frame.cap_len: Length captured */
  CC_FIELD_FRAME_CAP_LEN = 7,
  /* frame.protocols: Protocols */
  CC_FIELD_FRAME_PROTOCOLS = 8,
  /* frame.error: Error */
  CC_FIELD_FRAME_ERROR = 9,
  /* inner.eth.src: Innermost packet's source */
  CC_FIELD_INNER_ETH_SOURCE = 10,
  /* inner.eth.dst: Innermost packet's destination */
  CC_FIELD_INNER_ETH_DESTINATION = 11,
  /* inner.ip.src: Innermost packet's source address */
  CC_FIELD_INNER_IP_SOURCE = 12,
  /* inner.ip.dst: Innermost packet's destination address */
  CC_FIELD_INNER_IP_DESTINATION = 13,
  /* inner.ip.ttl: Innermost packet's time to live */
  CC_FIELD_INNER_IP_TTL = 14,
  /* inner.ip.proto: Innermost packet's protocol */
  CC_FIELD_INNER_IP_PROTO = 15,
  /* inner.ipv6.src: Innermost packet's source address */
  CC_FIELD_INNER_IPV6_SOURCE = 16,
  /* inner.ipv6.dst: Innermost packet's destination address */
  CC_FIELD_INNER_IPV6_DESTINATION = 17,
  /* inner.ipv6.hlim: Innermost packet's hop limit */
  CC_FIELD_INNER_IPV6_HOP_LIMIT = 18,
  /* inner.ipv6.nxt: Innermost packet's next header */
  CC_FIELD_INNER_IPV6_NEXT = 19,
  /* inner.tcp.srcport: Innermost packet's source port */
  CC_FIELD_INNER_TCP_SOURCE_PORT = 20,
  /* inner.tcp.dstport: Innermost packet's destination port */
  CC_FIELD_INNER_TCP_DESTINATION_PORT = 21,
  /* inner.udp.srcport: Innermost packet's source port */
  CC_FIELD_INNER_UDP_SOURCE_PORT = 22,
  /* inner.udp.dstport: Innermost packet's destination port */
  CC_FIELD_INNER_UDP_DESTINATION_PORT = 23,
  /* outer.eth.src: Outermost packet's source */
  CC_FIELD_OUTER_ETH_SOURCE = 24,
  /* outer.eth.dst: Outermost packet's destination */
  CC_FIELD_OUTER_ETH_DESTINATION = 25,
  /* outer.ip.src: Outermost packet's source address */
  CC_FIELD_OUTER_IP_SOURCE = 26,
  /* outer.ip.dst: Outermost packet's destination address */
  CC_FIELD_OUTER_IP_DESTINATION = 27,
  /* outer.ip.ttl: Outermost packet's time to live */
  CC_FIELD_OUTER_IP_TTL = 28,
  /* outer.ip.proto: Outermost packet's protocol */
  CC_FIELD_OUTER_IP_PROTO = 29,
  /* outer.ipv6.src: Outermost packet's source address */
  CC_FIELD_OUTER_IPV6_SOURCE = 30,
  /* outer.ipv6.dst: Outermost packet's destination address */
  CC_FIELD_OUTER_IPV6_DESTINATION = 31,
  /* outer.ipv6.hlim: Outermost packet's hop limit */
  CC_FIELD_OUTER_IPV6_HOP_LIMIT = 32,
  /* outer.ipv6.nxt: Outermost packet's next header */
  CC_FIELD_OUTER_IPV6_NEXT = 33,
  /* outer.tcp.srcport: Outermost packet's source port */
  CC_FIELD_OUTER_TCP_SOURCE_PORT = 34,
  /* outer.tcp.dstport: Outermost packet's destination port */
  CC_FIELD_OUTER_TCP_DESTINATION_PORT = 35,
  /* outer.udp.srcport: Outermost packet's source port */
  CC_FIELD_OUTER_UDP_SOURCE_PORT = 36,
  /* outer.udp.dstport: Outermost packet's destination port */
  CC_FIELD_OUTER_UDP_DESTINATION_PORT = 37,
  /* sll.pkttype: Packet type */
  CC_FIELD_SLL_PACKET_TYPE = 38,
  /* sll.hatype: ARPHRD type */
  CC_FIELD_SLL_HARDWARE_TYPE = 39,
  /* sll.ifindex: Interface index */
  CC_FIELD_SLL_INTERFACE = 40,
  /* sll.src.other: Source address */
  CC_FIELD_SLL_ADDRESS = 41,
  /* sll.etype: Protocol */
  CC_FIELD_SLL_PROTOCOL = 42,
  /* null.family: Address family */
  CC_FIELD_NULL_FAMILY = 43,
  /* eth.dst: Destination */
  CC_FIELD_ETH_DESTINATION = 44,
  /* eth.src: Source */
  CC_FIELD_ETH_SOURCE = 45,
  /* eth.addr: Address */
  CC_FIELD_ETH_ADDRESS = 46,
  /* eth.dst.lg: Destination is locally administered */
  CC_FIELD_ETH_DESTINATION_LOCAL = 47,
  /* eth.dst.ig: Destination is a group */
  CC_FIELD_ETH_DESTINATION_GROUP = 48,
  /* eth.src.lg: Source is locally administered */
  CC_FIELD_ETH_SOURCE_LOCAL = 49,
  /* eth.src.ig: Source is a group */
  CC_FIELD_ETH_SOURCE_GROUP = 50,
  /* eth.lg: Address is locally administered */
  CC_FIELD_ETH_LOCAL = 51,
  /* eth.ig: Address is a group's */
  CC_FIELD_ETH_GROUP = 52,
  /* eth.type: Type */
  CC_FIELD_ETH_TYPE = 53,
  /* eth.len: Length */
  CC_FIELD_ETH_LENGTH = 54,
  /* eth.invalid_lentype: Neither type nor length */
  CC_FIELD_ETH_INVALID = 55,
  /* eth.trailer: Trailer */
  CC_FIELD_ETH_TRAILER = 56,
  /* vlan.priority: Priority */
  CC_FIELD_VLAN_PRIORITY = 57,
  /* vlan.dei: Drop eligible */
  CC_FIELD_VLAN_DROP_ELIGIBLE = 58,
  /* vlan.id: VLAN identifier */
  CC_FIELD_VLAN_ID = 59,
  /* vlan.etype: Type */
  CC_FIELD_VLAN_TYPE = 60,
  /* vlan.len: Length */
  CC_FIELD_VLAN_LENGTH = 61,
  /* ieee8021ad.priority: Priority */
  CC_FIELD_SERVICE_PRIORITY = 62,
  /* ieee8021ad.dei: Drop eligible */
  CC_FIELD_SERVICE_DROP_ELIGIBLE = 63,
  /* ieee8021ad.id: Service VLAN identifier */
  CC_FIELD_SERVICE_ID = 64,
  /* vntag.dir: From the bridge */
  CC_FIELD_VN_TAG_DIRECTION = 65,
  /* vntag.ptr: Destination is a list */
  CC_FIELD_VN_TAG_POINTER = 66,
  /* vntag.dst: Destination interface */
  CC_FIELD_VN_TAG_DESTINATION = 67,
  /* vntag.looped: Looped */
  CC_FIELD_VN_TAG_LOOPED = 68,
  /* vntag.version: Version */
  CC_FIELD_VN_TAG_VERSION = 69,
  /* vntag.src: Source interface */
  CC_FIELD_VN_TAG_SOURCE = 70,
  /* vntag.etype: Type */
  CC_FIELD_VN_TAG_TYPE = 71,
  /* vntag.len: Length */
  CC_FIELD_VN_TAG_LENGTH = 72,
  /* ieee8021ah.priority: Priority */
  CC_FIELD_INSTANCE_PRIORITY = 73,
  /* ieee8021ah.drop: Drop eligible */
  CC_FIELD_INSTANCE_DROP_ELIGIBLE = 74,
  /* ieee8021ah.nca: Customer's addresses */
  CC_FIELD_INSTANCE_CUSTOMER = 75,
  /* ieee8021ah.isid: Service instance identifier */
  CC_FIELD_INSTANCE_ID = 76,
  /* ieee8021ah.cdst: Customer's destination */
  CC_FIELD_INSTANCE_DESTINATION = 77,
  /* ieee8021ah.csrc: Customer's source */
  CC_FIELD_INSTANCE_SOURCE = 78,
  /* ieee8021ah.etype: Type */
  CC_FIELD_INSTANCE_TYPE = 79,
  /* pppoe.version: Version */
  CC_FIELD_PPPOE_VERSION = 80,
  /* pppoe.type: Type */
  CC_FIELD_PPPOE_TYPE = 81,
  /* pppoe.code: Code */
  CC_FIELD_PPPOE_CODE = 82,
  /* pppoe.session_id: Session */
  CC_FIELD_PPPOE_SESSION = 83,
  /* pppoe.payload_length: Payload length */
  CC_FIELD_PPPOE_LENGTH = 84,
  /* ppp.protocol: Protocol */
  CC_FIELD_PPP_PROTOCOL = 85,
  /* chdlc.address: Address */
  CC_FIELD_CISCO_ADDRESS = 86,
  /* chdlc.control: Control */
  CC_FIELD_CISCO_CONTROL = 87,
  /* chdlc.protocol: Protocol */
  CC_FIELD_CISCO_PROTOCOL = 88,
  /* nflog.family: Address family */
  CC_FIELD_NFLOG_FAMILY = 89,
  /* nflog.version: Version */
  CC_FIELD_NFLOG_VERSION = 90,
  /* nflog.res_id: Group */
  CC_FIELD_NFLOG_GROUP = 91,
  /* nflog.prefix: Prefix */
  CC_FIELD_NFLOG_PREFIX = 92,
  /* avsp.type: Subtype */
  CC_FIELD_ARISTA_SUBTYPE = 93,
  /* avsp.version: Version */
  CC_FIELD_ARISTA_VERSION = 94,
  /* avsp.timestamp: Time stamp */
  CC_FIELD_ARISTA_TIME = 95,
  /* avsp.etype: Type */
  CC_FIELD_ARISTA_TYPE = 96,
  /* llc.dsap: Destination service access point */
  CC_FIELD_LLC_DESTINATION = 97,
  /* llc.ssap: Source service access point */
  CC_FIELD_LLC_SOURCE = 98,
  /* llc.control: Control */
  CC_FIELD_LLC_CONTROL = 99,
  /* llc.oui: Organisation */
  CC_FIELD_SNAP_OUI = 100,
  /* llc.type: Type */
  CC_FIELD_SNAP_TYPE = 101,
  /* llc.pid: Protocol identifier */
  CC_FIELD_SNAP_PROTOCOL = 102,
  /* arp.hw.type: Hardware type */
  CC_FIELD_ARP_HARDWARE_TYPE = 103,
  /* arp.proto.type: Protocol type */
  CC_FIELD_ARP_PROTOCOL_TYPE = 104,
  /* arp.hw.size: Hardware address size */
  CC_FIELD_ARP_HARDWARE_SIZE = 105,
  /* arp.proto.size: Protocol address size */
  CC_FIELD_ARP_PROTOCOL_SIZE = 106,
  /* arp.opcode: Operation */
  CC_FIELD_ARP_OPERATION = 107,
  /* arp.src.hw_mac: Sender MAC address */
  CC_FIELD_ARP_SENDER_HARDWARE = 108,
  /* arp.src.proto_ipv4: Sender IP address */
  CC_FIELD_ARP_SENDER_PROTOCOL = 109,
  /* arp.dst.hw_mac: Target MAC address */
  CC_FIELD_ARP_TARGET_HARDWARE = 110,
  /* arp.dst.proto_ipv4: Target IP address */
  CC_FIELD_ARP_TARGET_PROTOCOL = 111,
  /* mpls.label: Label */
  CC_FIELD_MPLS_LABEL = 112,
  /* mpls.exp: Traffic class */
  CC_FIELD_MPLS_CLASS = 113,
  /* mpls.bottom: Bottom of the stack */
  CC_FIELD_MPLS_BOTTOM = 114,
  /* mpls.ttl: Time to live */
  CC_FIELD_MPLS_TTL = 115,
  /* ip.version: Version */
  CC_FIELD_IP_VERSION = 116,
  /* ip.hdr_len: Header length */
  CC_FIELD_IP_HEADER_LENGTH = 117,
  /* ip.dsfield.dscp: Differentiated services code point */
  CC_FIELD_IP_DSCP = 118,
  /* ip.dsfield.ecn: Explicit congestion notification */
  CC_FIELD_IP_ECN = 119,
  /* ip.len: Total length */
  CC_FIELD_IP_LENGTH = 120,
  /* ip.id: Identification */
  CC_FIELD_IP_ID = 121,
  /* ip.flags.rb: Reserved flag */
  CC_FIELD_IP_RESERVED = 122,
  /* ip.flags.df: Don't fragment */
  CC_FIELD_IP_DONT_FRAGMENT = 123,
  /* ip.flags.mf: More fragments */
  CC_FIELD_IP_MORE_FRAGMENTS = 124,
  /* ip.frag_offset: Fragment offset, in units of 8 */
  CC_FIELD_IP_FRAGMENT_OFFSET = 125,
  /* ip.ttl: Time to live */
  CC_FIELD_IP_TTL = 126,
  /* ip.proto: Protocol */
  CC_FIELD_IP_PROTO = 127,
  /* ip.checksum: Header checksum */
  CC_FIELD_IP_CHECKSUM = 128,
  /* ip.checksum.status: Header checksum status */
  CC_FIELD_IP_CHECKSUM_STATUS = 129,
  /* ip.src: Source address */
  CC_FIELD_IP_SOURCE = 130,
  /* ip.dst: Destination address */
  CC_FIELD_IP_DESTINATION = 131,
  /* ip.addr: Address */
  CC_FIELD_IP_ADDRESS = 132,
  /* ip.fragment.error: What is wrong with the fragment */
  CC_FIELD_IP_FRAGMENT_ERROR = 133,
  /* ip.fragment.count: Fragments that make the packet whole */
  CC_FIELD_IP_FRAGMENT_COUNT = 134,
  /* ip.reassembled.length: Length of what they carry */
  CC_FIELD_IP_REASSEMBLED_LENGTH = 135,
  /* ip.opt.type: Option */
  CC_FIELD_IP_OPTION_TYPE = 136,
  /* ip.opt.data: Option data */
  CC_FIELD_IP_OPTION_DATA = 137,
  /* ip.opt.ra: Router alert */
  CC_FIELD_IP_OPTION_ALERT = 138,
  /* ipv6.version: Version */
  CC_FIELD_IPV6_VERSION = 139,
  /* ipv6.tclass: Traffic class */
  CC_FIELD_IPV6_TRAFFIC_CLASS = 140,
  /* ipv6.tclass.dscp: Differentiated services code point */
  CC_FIELD_IPV6_DSCP = 141,
  /* ipv6.tclass.ecn: Explicit congestion notification */
  CC_FIELD_IPV6_ECN = 142,
  /* ipv6.flow: Flow label */
  CC_FIELD_IPV6_FLOW_LABEL = 143,
  /* ipv6.plen: Payload length */
  CC_FIELD_IPV6_PAYLOAD_LENGTH = 144,
  /* ipv6.nxt: Next header */
  CC_FIELD_IPV6_NEXT = 145,
  /* ipv6.hlim: Hop limit */
  CC_FIELD_IPV6_HOP_LIMIT = 146,
  /* ipv6.src: Source address */
  CC_FIELD_IPV6_SOURCE = 147,
  /* ipv6.dst: Destination address */
  CC_FIELD_IPV6_DESTINATION = 148,
  /* ipv6.addr: Address */
  CC_FIELD_IPV6_ADDRESS = 149,
  /* ipv6.hopopts.nxt: Next header */
  CC_FIELD_HOP_BY_HOP_NEXT = 150,
  /* ipv6.hopopts.len: Length, in units of 8 without the first */
  CC_FIELD_HOP_BY_HOP_LENGTH = 151,
  /* ipv6.dstopts.nxt: Next header */
  CC_FIELD_DESTINATION_OPTIONS_NEXT = 152,
  /* ipv6.dstopts.len: Length, in units of 8 without the first */
  CC_FIELD_DESTINATION_OPTIONS_LENGTH = 153,
  /* ipv6.opt.type: Option */
  CC_FIELD_IPV6_OPTION_TYPE = 154,
  /* ipv6.opt.length: Option length */
  CC_FIELD_IPV6_OPTION_LENGTH = 155,
  /* ipv6.opt.jumbo: Jumbo payload length */
  CC_FIELD_IPV6_OPTION_JUMBO = 156,
  /* ipv6.opt.router_alert: Router alert */
  CC_FIELD_IPV6_OPTION_ALERT = 157,
  /* ipv6.opt.data: Option data */
  CC_FIELD_IPV6_OPTION_DATA = 158,
  /* ipv6.routing.nxt: Next header */
  CC_FIELD_ROUTING_NEXT = 159,
  /* ipv6.routing.len: Length, in units of 8 without the first */
  CC_FIELD_ROUTING_LENGTH = 160,
  /* ipv6.routing.type: Routing type */
  CC_FIELD_ROUTING_TYPE = 161,
  /* ipv6.routing.segleft: Segments left */
  CC_FIELD_ROUTING_SEGMENTS_LEFT = 162,
  /* ipv6.routing.src.addr: Address */
  CC_FIELD_ROUTING_ADDRESS = 163,
  /* ipv6.routing.srh.addr: Segment */
  CC_FIELD_ROUTING_SEGMENT = 164,
  /* ipv6.fraghdr.nxt: Next header */
  CC_FIELD_FRAGMENT_NEXT = 165,
  /* ipv6.fraghdr.offset: Offset, in units of 8 */
  CC_FIELD_FRAGMENT_OFFSET = 166,
  /* ipv6.fraghdr.more: More fragments */
  CC_FIELD_FRAGMENT_MORE = 167,
  /* ipv6.fraghdr.ident: Identification */
  CC_FIELD_FRAGMENT_ID = 168,
  /* ipv6.fragment.error: What is wrong with the fragment */
  CC_FIELD_IPV6_FRAGMENT_ERROR = 169,
  /* ipv6.fragment.count: Fragments that make the packet whole */
  CC_FIELD_IPV6_FRAGMENT_COUNT = 170,
  /* ipv6.reassembled.length: Length of what they carry */
  CC_FIELD_IPV6_REASSEMBLED_LENGTH = 171,
  /* ah.next_header: Next header */
  CC_FIELD_AH_NEXT = 172,
  /* ah.length: Length, in units of 4 without the first two */
  CC_FIELD_AH_LENGTH = 173,
  /* ah.spi: Security parameters index */
  CC_FIELD_AH_SPI = 174,
  /* ah.sequence: Sequence number */
  CC_FIELD_AH_SEQUENCE = 175,
  /* ah.icv: Integrity check value */
  CC_FIELD_AH_ICV = 176,
  /* icmp.type: Type */
  CC_FIELD_ICMP_TYPE = 177,
  /* icmp.code: Code */
  CC_FIELD_ICMP_CODE = 178,
  /* icmp.checksum: Checksum */
  CC_FIELD_ICMP_CHECKSUM = 179,
  /* icmp.checksum.status: Checksum status */
  CC_FIELD_ICMP_CHECKSUM_STATUS = 180,
  /* icmp.ident: Identifier */
  CC_FIELD_ICMP_IDENTIFIER = 181,
  /* icmp.seq: Sequence number */
  CC_FIELD_ICMP_SEQUENCE = 182,
  /* icmp.resp_to: Answers the request in packet */
  CC_FIELD_ICMP_RESPONSE_TO = 183,
  /* icmp.mtu: MTU of the next hop */
  CC_FIELD_ICMP_MTU = 184,
  /* icmp.redir_gw: Gateway */
  CC_FIELD_ICMP_GATEWAY = 185,
  /* icmp.pointer: Pointer */
  CC_FIELD_ICMP_POINTER = 186,
  /* icmpv6.type: Type */
  CC_FIELD_ICMPV6_TYPE = 187,
  /* icmpv6.code: Code */
  CC_FIELD_ICMPV6_CODE = 188,
  /* icmpv6.checksum: Checksum */
  CC_FIELD_ICMPV6_CHECKSUM = 189,
  /* icmpv6.checksum.status: Checksum status */
  CC_FIELD_ICMPV6_CHECKSUM_STATUS = 190,
  /* icmpv6.echo.identifier: Identifier */
  CC_FIELD_ICMPV6_IDENTIFIER = 191,
  /* icmpv6.echo.sequence_number: Sequence number */
  CC_FIELD_ICMPV6_SEQUENCE = 192,
  /* icmpv6.resp_to: Answers the request in packet */
  CC_FIELD_ICMPV6_RESPONSE_TO = 193,
  /* icmpv6.mtu: MTU of the next link */
  CC_FIELD_ICMPV6_MTU = 194,
  /* icmpv6.pointer: Pointer */
  CC_FIELD_ICMPV6_POINTER = 195,
  /* icmpv6.nd.ra.cur_hop_limit: Hop limit for hosts */
  CC_FIELD_ND_HOP_LIMIT = 196,
  /* icmpv6.nd.ra.flag: Flags */
  CC_FIELD_ND_ROUTER_FLAGS = 197,
  /* icmpv6.nd.ra.router_lifetime: Router lifetime, in seconds */
  CC_FIELD_ND_ROUTER_LIFETIME = 198,
  /* icmpv6.nd.ra.reachable_time: Reachable time, in milliseconds */
  CC_FIELD_ND_REACHABLE_TIME = 199,
  /* icmpv6.nd.ra.retrans_timer: Retransmission timer, in milliseconds */
  CC_FIELD_ND_RETRANSMISSION = 200,
  /* icmpv6.nd.ns.target_address: Target address */
  CC_FIELD_ND_SOLICITATION_TARGET = 201,
  /* icmpv6.nd.na.flag: Flags */
  CC_FIELD_ND_ADVERTISEMENT_FLAGS = 202,
  /* icmpv6.nd.na.target_address: Target address */
  CC_FIELD_ND_ADVERTISEMENT_TARGET = 203,
  /* icmpv6.nd.rd.target_address: Target address */
  CC_FIELD_ND_REDIRECT_TARGET = 204,
  /* icmpv6.rd.na.destination_address: Destination address */
  CC_FIELD_ND_REDIRECT_DESTINATION = 205,
  /* icmpv6.opt.type: Option */
  CC_FIELD_ND_OPTION_TYPE = 206,
  /* icmpv6.opt.linkaddr: Link-layer address */
  CC_FIELD_ND_OPTION_LINK_ADDRESS = 207,
  /* icmpv6.opt.prefix: Prefix */
  CC_FIELD_ND_OPTION_PREFIX = 208,
  /* icmpv6.opt.prefix.length: Prefix length */
  CC_FIELD_ND_OPTION_PREFIX_LENGTH = 209,
  /* icmpv6.opt.mtu: MTU */
  CC_FIELD_ND_OPTION_MTU = 210,
  /* icmpv6.mld.maximum_response_delay: Maximum response delay, in milliseconds */
  CC_FIELD_MLD_DELAY = 211,
  /* icmpv6.mld.maximum_response_code: Maximum response code */
  CC_FIELD_MLD_RESPONSE = 212,
  /* icmpv6.mld.multicast_address: Group */
  CC_FIELD_MLD_GROUP = 213,
  /* icmpv6.mld.flag: Flags */
  CC_FIELD_MLD_FLAGS = 214,
  /* icmpv6.mld.flag.s: Timers are left as they are */
  CC_FIELD_MLD_SUPPRESS = 215,
  /* icmpv6.mld.flag.qrv: Querier's robustness */
  CC_FIELD_MLD_ROBUSTNESS = 216,
  /* icmpv6.mld.qqi: Querier's interval code */
  CC_FIELD_MLD_INTERVAL = 217,
  /* icmpv6.mld.nb_sources: Sources */
  CC_FIELD_MLD_SOURCE_COUNT = 218,
  /* icmpv6.mld.source_address: Source */
  CC_FIELD_MLD_SOURCE = 219,
  /* icmpv6.mldr.nb_mcast_records: Group records */
  CC_FIELD_MLD_RECORD_COUNT = 220,
  /* icmpv6.mldr.mar.record_type: Record */
  CC_FIELD_MLD_RECORD_TYPE = 221,
  /* icmpv6.mldr.mar.aux_data_len: Auxiliary data's length, in units of 4 */
  CC_FIELD_MLD_RECORD_AUX_LENGTH = 222,
  /* icmpv6.mldr.mar.nb_sources: Sources */
  CC_FIELD_MLD_RECORD_SOURCE_COUNT = 223,
  /* icmpv6.mldr.mar.multicast_address: Group */
  CC_FIELD_MLD_RECORD_GROUP = 224,
  /* icmpv6.mldr.mar.source_address: Source */
  CC_FIELD_MLD_RECORD_SOURCE = 225,
  /* icmpv6.mldr.mar.auxiliary_data: Auxiliary data */
  CC_FIELD_MLD_RECORD_AUX = 226,
  /* igmp.version: Version */
  CC_FIELD_IGMP_VERSION = 227,
  /* igmp.type: Type */
  CC_FIELD_IGMP_TYPE = 228,
  /* igmp.max_resp: Maximum response code, in tenths of a second */
  CC_FIELD_IGMP_RESPONSE = 229,
  /* igmp.checksum: Checksum */
  CC_FIELD_IGMP_CHECKSUM = 230,
  /* igmp.checksum.status: Checksum status */
  CC_FIELD_IGMP_CHECKSUM_STATUS = 231,
  /* igmp.s: Timers are left as they are */
  CC_FIELD_IGMP_SUPPRESS = 232,
  /* igmp.qrv: Querier's robustness */
  CC_FIELD_IGMP_ROBUSTNESS = 233,
  /* igmp.qqic: Querier's interval code */
  CC_FIELD_IGMP_INTERVAL = 234,
  /* igmp.num_grp_recs: Group records */
  CC_FIELD_IGMP_RECORD_COUNT = 235,
  /* igmp.record_type: Record */
  CC_FIELD_IGMP_RECORD_TYPE = 236,
  /* igmp.aux_data_len: Auxiliary data's length, in units of 4 */
  CC_FIELD_IGMP_RECORD_AUX_LENGTH = 237,
  /* igmp.num_src: Sources */
  CC_FIELD_IGMP_SOURCE_COUNT = 238,
  /* igmp.maddr: Group */
  CC_FIELD_IGMP_GROUP = 239,
  /* igmp.saddr: Source */
  CC_FIELD_IGMP_SOURCE = 240,
  /* igmp.aux_data: Auxiliary data */
  CC_FIELD_IGMP_RECORD_AUX = 241,
  /* udp.srcport: Source port */
  CC_FIELD_UDP_SOURCE_PORT = 242,
  /* udp.dstport: Destination port */
  CC_FIELD_UDP_DESTINATION_PORT = 243,
  /* udp.port: Port */
  CC_FIELD_UDP_PORT = 244,
  /* udp.length: Length */
  CC_FIELD_UDP_LENGTH = 245,
  /* udp.checksum: Checksum */
  CC_FIELD_UDP_CHECKSUM = 246,
  /* udp.checksum.status: Checksum status */
  CC_FIELD_UDP_CHECKSUM_STATUS = 247,
  /* udp.stream: Conversation */
  CC_FIELD_UDP_STREAM = 248,
  /* udp.payload: Payload */
  CC_FIELD_UDP_PAYLOAD = 249,
  /* tcp.srcport: Source port */
  CC_FIELD_TCP_SOURCE_PORT = 250,
  /* tcp.dstport: Destination port */
  CC_FIELD_TCP_DESTINATION_PORT = 251,
  /* tcp.port: Port */
  CC_FIELD_TCP_PORT = 252,
  /* tcp.len: Length of the data */
  CC_FIELD_TCP_LEN = 253,
  /* tcp.seq_raw: Sequence number */
  CC_FIELD_TCP_SEQUENCE = 254,
  /* tcp.seq: Sequence number, from the beginning */
  CC_FIELD_TCP_RELATIVE_SEQUENCE = 255,
  /* tcp.ack_raw: Acknowledgment number */
  CC_FIELD_TCP_ACKNOWLEDGMENT = 256,
  /* tcp.hdr_len: Header length */
  CC_FIELD_TCP_HEADER_LENGTH = 257,
  /* tcp.flags: Flags */
  CC_FIELD_TCP_FLAGS = 258,
  /* tcp.flags.fin: FIN */
  CC_FIELD_TCP_FIN = 259,
  /* tcp.flags.syn: SYN */
  CC_FIELD_TCP_SYN = 260,
  /* tcp.flags.reset: RST */
  CC_FIELD_TCP_RESET = 261,
  /* tcp.flags.push: PSH */
  CC_FIELD_TCP_PUSH = 262,
  /* tcp.flags.ack: ACK */
  CC_FIELD_TCP_ACK = 263,
  /* tcp.flags.urg: URG */
  CC_FIELD_TCP_URGENT = 264,
  /* tcp.flags.ece: ECE */
  CC_FIELD_TCP_ECE = 265,
  /* tcp.flags.cwr: CWR */
  CC_FIELD_TCP_CWR = 266,
  /* tcp.flags.ae: AE */
  CC_FIELD_TCP_AE = 267,
  /* tcp.window_size_value: Window */
  CC_FIELD_TCP_WINDOW = 268,
  /* tcp.checksum: Checksum */
  CC_FIELD_TCP_CHECKSUM = 269,
  /* tcp.checksum.status: Checksum status */
  CC_FIELD_TCP_CHECKSUM_STATUS = 270,
  /* tcp.urgent_pointer: Urgent pointer */
  CC_FIELD_TCP_URGENT_POINTER = 271,
  /* tcp.payload: Payload */
  CC_FIELD_TCP_PAYLOAD = 272,
  /* tcp.stream: Conversation */
  CC_FIELD_TCP_STREAM = 273,
  /* tcp.nxtseq: Sequence number behind it, from the beginning */
  CC_FIELD_TCP_NEXT_SEQUENCE = 274,
  /* tcp.ack: Acknowledgment number, from the beginning */
  CC_FIELD_TCP_RELATIVE_ACK = 275,
  /* tcp.window_size: Window in bytes */
  CC_FIELD_TCP_SCALED_WINDOW = 276,
  /* tcp.analysis.flags: What it looks like */
  CC_FIELD_TCP_ANALYSIS = 277,
  /* tcp.analysis.retransmission: Retransmission */
  CC_FIELD_TCP_RETRANSMISSION = 278,
  /* tcp.analysis.fast_retransmission: Fast retransmission */
  CC_FIELD_TCP_FAST_RETRANSMISSION = 279,
  /* tcp.analysis.spurious_retransmission: Spurious retransmission */
  CC_FIELD_TCP_SPURIOUS_RETRANSMISSION = 280,
  /* tcp.analysis.out_of_order: Out of order */
  CC_FIELD_TCP_OUT_OF_ORDER = 281,
  /* tcp.analysis.lost_segment: Segment before it not seen */
  CC_FIELD_TCP_LOST_SEGMENT = 282,
  /* tcp.analysis.ack_lost_segment: Acknowledges what was not seen */
  CC_FIELD_TCP_ACK_LOST_SEGMENT = 283,
  /* tcp.analysis.duplicate_ack: Duplicate ACK */
  CC_FIELD_TCP_DUPLICATE_ACK = 284,
  /* tcp.analysis.duplicate_ack_num: Which duplicate */
  CC_FIELD_TCP_DUPLICATE_ACK_NUMBER = 285,
  /* tcp.analysis.zero_window: Zero window */
  CC_FIELD_TCP_ZERO_WINDOW = 286,
  /* tcp.analysis.zero_window_probe: Zero window probe */
  CC_FIELD_TCP_ZERO_WINDOW_PROBE = 287,
  /* tcp.analysis.zero_window_probe_ack: Zero window probe's ACK */
  CC_FIELD_TCP_ZERO_WINDOW_PROBE_ACK = 288,
  /* tcp.analysis.keep_alive: Keep-alive */
  CC_FIELD_TCP_KEEP_ALIVE = 289,
  /* tcp.analysis.keep_alive_ack: Keep-alive's ACK */
  CC_FIELD_TCP_KEEP_ALIVE_ACK = 290,
  /* tcp.analysis.window_update: Window update */
  CC_FIELD_TCP_WINDOW_UPDATE = 291,
  /* tcp.analysis.window_full: Window full */
  CC_FIELD_TCP_WINDOW_FULL = 292,
  /* tcp.analysis.reused_ports: Ports used again */
  CC_FIELD_TCP_REUSED_PORTS = 293,
  /* tcp.option_kind: Option */
  CC_FIELD_TCP_OPTION_KIND = 294,
  /* tcp.options.mss_val: Maximum segment size */
  CC_FIELD_TCP_OPTION_MSS = 295,
  /* tcp.options.wscale.shift: Window scale */
  CC_FIELD_TCP_OPTION_SCALE = 296,
  /* tcp.options.sack_le: SACK left edge */
  CC_FIELD_TCP_OPTION_SACK_LEFT = 297,
  /* tcp.options.sack_re: SACK right edge */
  CC_FIELD_TCP_OPTION_SACK_RIGHT = 298,
  /* tcp.options.timestamp.tsval: Timestamp */
  CC_FIELD_TCP_OPTION_TIMESTAMP = 299,
  /* tcp.options.timestamp.tsecr: Timestamp echo */
  CC_FIELD_TCP_OPTION_ECHO = 300,
  /* tcp.options.data: Option data */
  CC_FIELD_TCP_OPTION_DATA = 301,
  /* gre.flags_and_version: Flags and version */
  CC_FIELD_GRE_FLAGS = 302,
  /* gre.flags.checksum: Has a checksum */
  CC_FIELD_GRE_HAS_CHECKSUM = 303,
  /* gre.flags.key: Has a key */
  CC_FIELD_GRE_HAS_KEY = 304,
  /* gre.flags.sequence_number: Has a sequence number */
  CC_FIELD_GRE_HAS_SEQUENCE = 305,
  /* gre.flags.ack: Has an acknowledgment number */
  CC_FIELD_GRE_HAS_ACKNOWLEDGMENT = 306,
  /* gre.flags.version: Version */
  CC_FIELD_GRE_VERSION = 307,
  /* gre.proto: Protocol type */
  CC_FIELD_GRE_PROTO = 308,
  /* gre.checksum: Checksum */
  CC_FIELD_GRE_CHECKSUM = 309,
  /* gre.checksum.status: Checksum status */
  CC_FIELD_GRE_CHECKSUM_STATUS = 310,
  /* gre.key: Key */
  CC_FIELD_GRE_KEY = 311,
  /* gre.sequence_number: Sequence number */
  CC_FIELD_GRE_SEQUENCE = 312,
  /* gre.ack_number: Acknowledgment number */
  CC_FIELD_GRE_ACKNOWLEDGMENT = 313,
  /* esp.spi: Security parameters index */
  CC_FIELD_ESP_SPI = 314,
  /* esp.sequence: Sequence number */
  CC_FIELD_ESP_SEQUENCE = 315,
  /* esp.pad_len: Padding's length */
  CC_FIELD_ESP_PAD_LENGTH = 316,
  /* esp.protocol: Next header */
  CC_FIELD_ESP_PROTOCOL = 317,
  /* esp.icv_good: Check value is right */
  CC_FIELD_ESP_CODE_GOOD = 318,
  /* esp.refused: Stays closed */
  CC_FIELD_ESP_REFUSED = 319,
  /* sflow_245.version: Version */
  CC_FIELD_SFLOW_VERSION = 320,
  /* sflow_245.agent: Agent */
  CC_FIELD_SFLOW_AGENT = 321,
  /* sflow_245.agent.v6: Agent */
  CC_FIELD_SFLOW_AGENT6 = 322,
  /* sflow_245.sub_agent_id: Part of the agent */
  CC_FIELD_SFLOW_SUB_AGENT = 323,
  /* sflow_245.sequence_number: Sequence number */
  CC_FIELD_SFLOW_SEQUENCE = 324,
  /* sflow_245.sysuptime: Up for, in milliseconds */
  CC_FIELD_SFLOW_UPTIME = 325,
  /* sflow_245.numsamples: Samples */
  CC_FIELD_SFLOW_SAMPLES = 326,
  /* sflow_5.sampling_rate: Of so many packets one is sampled */
  CC_FIELD_SFLOW_RATE = 327,
  /* sflow_245.header_protocol: Sampled packet's protocol */
  CC_FIELD_SFLOW_PROTOCOL = 328,
  /* sflow_245.header.frame_length: Sampled packet's length */
  CC_FIELD_SFLOW_FRAME_LEN = 329,
  /* gtp.flags: Flags */
  CC_FIELD_GTP_FLAGS = 330,
  /* gtp.flags.version: Version */
  CC_FIELD_GTP_VERSION = 331,
  /* gtp.flags.payload: Protocol type */
  CC_FIELD_GTP_PROTOCOL = 332,
  /* gtp.flags.reserved: Reserved */
  CC_FIELD_GTP_RESERVED = 333,
  /* gtp.flags.e: An extension header follows */
  CC_FIELD_GTP_HAS_EXTENSION = 334,
  /* gtp.flags.s: The sequence number counts */
  CC_FIELD_GTP_HAS_SEQUENCE = 335,
  /* gtp.flags.pn: The N-PDU number counts */
  CC_FIELD_GTP_HAS_NPDU = 336,
  /* gtp.message: Message */
  CC_FIELD_GTP_MESSAGE = 337,
  /* gtp.length: Length */
  CC_FIELD_GTP_LENGTH = 338,
  /* gtp.teid: Tunnel endpoint identifier */
  CC_FIELD_GTP_TEID = 339,
  /* gtp.seq_number: Sequence number */
  CC_FIELD_GTP_SEQUENCE = 340,
  /* gtp.npdu_number: N-PDU number */
  CC_FIELD_GTP_NPDU = 341,
  /* gtp.ext_hdr.length: Extension header's length, in units of 4 */
  CC_FIELD_GTP_EXTENSION_LENGTH = 342,
  /* gtp.ext_hdr.udp_port: UDP port */
  CC_FIELD_GTP_EXTENSION_PORT = 343,
  /* gtp.ext_hdr.pdcp_sn: PDCP sequence number */
  CC_FIELD_GTP_EXTENSION_PDCP = 344,
  /* gtp.ext_hdr.pdu_ses_con.pdu_type: PDU session's direction */
  CC_FIELD_GTP_SESSION_TYPE = 345,
  /* gtp.ext_hdr.pdu_ses_cont.ppp: A paging policy is told */
  CC_FIELD_GTP_SESSION_POLICY = 346,
  /* gtp.ext_hdr.pdu_ses_cont.rqi: Answers have the same quality */
  CC_FIELD_GTP_SESSION_REFLECTIVE = 347,
  /* gtp.ext_hdr.pdu_ses_con.qos_flow_id: Quality of service flow */
  CC_FIELD_GTP_SESSION_FLOW = 348,
  /* gtp.ext_hdr.next: Next extension header */
  CC_FIELD_GTP_EXTENSION_NEXT = 349,
  /* gtp.recovery: Restarts */
  CC_FIELD_GTP_RECOVERY = 350,
  /* gtp.teid_data: Tunnel that there is not */
  CC_FIELD_GTP_TEID_DATA = 351,
  /* gtp.gsn_ipv4: Peer */
  CC_FIELD_GTP_PEER4 = 352,
  /* gtp.gsn_ipv6: Peer */
  CC_FIELD_GTP_PEER6 = 353,
  /* wg.type: Type */
  CC_FIELD_WG_TYPE = 354,
  /* wg.sender: Sender's index */
  CC_FIELD_WG_SENDER = 355,
  /* wg.receiver: Receiver's index */
  CC_FIELD_WG_RECEIVER = 356,
  /* wg.ephemeral: Ephemeral key */
  CC_FIELD_WG_EPHEMERAL = 357,
  /* wg.static: Initiator's static key, opened */
  CC_FIELD_WG_STATIC = 358,
  /* wg.handshake_ok: Handshake opened */
  CC_FIELD_WG_HANDSHAKE_GOOD = 359,
  /* wg.mac1: First code */
  CC_FIELD_WG_MAC1 = 360,
  /* wg.mac2: Second code */
  CC_FIELD_WG_MAC2 = 361,
  /* wg.nonce: Nonce */
  CC_FIELD_WG_NONCE = 362,
  /* wg.encrypted_cookie: Cookie, sealed */
  CC_FIELD_WG_COOKIE = 363,
  /* wg.counter: Counter */
  CC_FIELD_WG_COUNTER = 364,
  /* wg.refused: Stays closed */
  CC_FIELD_WG_REFUSED = 365,
  /* src.name: Source's name */
  CC_FIELD_SOURCE_NAME = 366,
  /* dst.name: Destination's name */
  CC_FIELD_DESTINATION_NAME = 367,
  /* flannel.src.node: Source's node, by its lease */
  CC_FIELD_FLANNEL_SOURCE_NODE = 368,
  /* flannel.src.backend: Source's backend */
  CC_FIELD_FLANNEL_SOURCE_BACKEND = 369,
  /* flannel.dst.node: Destination's node, by its lease */
  CC_FIELD_FLANNEL_DESTINATION_NODE = 370,
  /* flannel.dst.backend: Destination's backend */
  CC_FIELD_FLANNEL_DESTINATION_BACKEND = 371,
  /* weave.sender: Sender */
  CC_FIELD_WEAVE_SENDER = 372,
  /* weave.sequence: Sequence number */
  CC_FIELD_WEAVE_SEQUENCE = 373,
  /* weave.df: Sent not to be fragmented */
  CC_FIELD_WEAVE_DONT_FRAGMENT = 374,
  /* weave.frame.src: Frame from peer */
  CC_FIELD_WEAVE_SOURCE = 375,
  /* weave.frame.dst: Frame to peer */
  CC_FIELD_WEAVE_DESTINATION = 376,
  /* weave.frame.len: Frame's length */
  CC_FIELD_WEAVE_LENGTH = 377,
  /* weave.frame.kind: Frame's kind */
  CC_FIELD_WEAVE_KIND = 378,
  /* weave.frame.sealed: Frame came sealed */
  CC_FIELD_WEAVE_SEALED = 379,
  /* weave.fastdp.src: From short id */
  CC_FIELD_WEAVE_FAST_SOURCE = 380,
  /* weave.fastdp.dst: To short id */
  CC_FIELD_WEAVE_FAST_DESTINATION = 381,
  /* cilium.identity: Source's identity */
  CC_FIELD_CILIUM_IDENTITY = 382,
  /* cilium.cluster: Source's cluster */
  CC_FIELD_CILIUM_CLUSTER = 383,
  /* cilium.dsr: Service to answer from */
  CC_FIELD_CILIUM_SERVICE = 384,
  /* vxlan.flags: Flags */
  CC_FIELD_VXLAN_FLAGS = 385,
  /* vxlan.gbp: Group policy ID */
  CC_FIELD_VXLAN_GROUP = 386,
  /* vxlan.vni: Network identifier */
  CC_FIELD_VXLAN_VNI = 387,
  /* vxlan.reserved8: Reserved */
  CC_FIELD_VXLAN_RESERVED = 388,
  /* vxlan.next_proto: Next protocol */
  CC_FIELD_VXLAN_NEXT_PROTOCOL = 389,
  /* geneve.version: Version */
  CC_FIELD_GENEVE_VERSION = 390,
  /* geneve.option.length_total: Options length */
  CC_FIELD_GENEVE_OPTIONS_LENGTH = 391,
  /* geneve.flags.oam: Control packet */
  CC_FIELD_GENEVE_OAM = 392,
  /* geneve.flags.critical: Critical options */
  CC_FIELD_GENEVE_CRITICAL = 393,
  /* geneve.proto_type: Protocol type */
  CC_FIELD_GENEVE_PROTO = 394,
  /* geneve.vni: Network identifier */
  CC_FIELD_GENEVE_VNI = 395,
  /* geneve.option.class: Option class */
  CC_FIELD_GENEVE_OPTION_CLASS = 396,
  /* geneve.option.type: Option type */
  CC_FIELD_GENEVE_OPTION_TYPE = 397,
  /* geneve.option.type.critical: Option is critical */
  CC_FIELD_GENEVE_OPTION_CRITICAL = 398,
  /* geneve.option.unknown.data: Option data */
  CC_FIELD_GENEVE_OPTION_DATA = 399,
  /* geneve.option.gcp.vnid: Google's network */
  CC_FIELD_GENEVE_GOOGLE_NETWORK = 400,
  /* geneve.option.gcp.direction: Google's traffic direction */
  CC_FIELD_GENEVE_GOOGLE_DIRECTION = 401,
  /* geneve.option.gcp.profile: Google's profile */
  CC_FIELD_GENEVE_GOOGLE_PROFILE = 402,
  /* bmp.version: Version */
  CC_FIELD_BMP_VERSION = 403,
  /* bmp.length: Length */
  CC_FIELD_BMP_LENGTH = 404,
  /* bmp.type: Type */
  CC_FIELD_BMP_TYPE = 405,
  /* bmp.peer.type: Peer's kind */
  CC_FIELD_BMP_PEER_TYPE = 406,
  /* bmp.peer.flags: Peer's flags */
  CC_FIELD_BMP_PEER_FLAGS = 407,
  /* bmp.peer.distinguisher: Peer's distinguisher */
  CC_FIELD_BMP_PEER_DISTINGUISHER = 408,
  /* bmp.peer.ip.addr: Peer's address */
  CC_FIELD_BMP_PEER_ADDRESS = 409,
  /* bmp.peer.ipv6.addr: Peer's address */
  CC_FIELD_BMP_PEER_ADDRESS6 = 410,
  /* bmp.peer.asn: Peer's AS */
  CC_FIELD_BMP_PEER_AS = 411,
  /* bmp.peer.id: Peer's identifier */
  CC_FIELD_BMP_PEER_ID = 412,
  /* bmp.peer.timestamp.sec: Told at, seconds since 1970 */
  CC_FIELD_BMP_PEER_SECONDS = 413,
  /* bmp.peer.up.ip.addr: Local address */
  CC_FIELD_BMP_LOCAL_ADDRESS = 414,
  /* bmp.peer.up.ipv6.addr: Local address */
  CC_FIELD_BMP_LOCAL_ADDRESS6 = 415,
  /* bmp.peer.up.port.local: Local port */
  CC_FIELD_BMP_LOCAL_PORT = 416,
  /* bmp.peer.up.port.remote: Remote port */
  CC_FIELD_BMP_REMOTE_PORT = 417,
  /* bmp.peer.down.reason: Reason */
  CC_FIELD_BMP_DOWN_REASON = 418,
  /* bmp.stats.count: Counters */
  CC_FIELD_BMP_STATISTICS = 419,
  /* bmp.init.info: Information */
  CC_FIELD_BMP_INFORMATION = 420,
  /* bmp.error: Error */
  CC_FIELD_BMP_ERROR = 421,
  /* bgp.length: Length */
  CC_FIELD_BGP_LENGTH = 422,
  /* bgp.type: Type */
  CC_FIELD_BGP_TYPE = 423,
  /* bgp.stream.skipped: Not followed */
  CC_FIELD_BGP_SKIPPED = 424,
  /* bgp.open.version: Version */
  CC_FIELD_BGP_OPEN_VERSION = 425,
  /* bgp.open.myas: My AS */
  CC_FIELD_BGP_OPEN_MY_AS = 426,
  /* bgp.open.holdtime: Hold time */
  CC_FIELD_BGP_OPEN_HOLD_TIME = 427,
  /* bgp.open.identifier: BGP identifier */
  CC_FIELD_BGP_OPEN_IDENTIFIER = 428,
  /* bgp.open.opt.len: Optional parameters length */
  CC_FIELD_BGP_OPEN_OPT_LEN = 429,
  /* bgp.open.opt.param.type: Parameter type */
  CC_FIELD_BGP_OPEN_PARAM_TYPE = 430,
  /* bgp.open.opt.param.len: Parameter length */
  CC_FIELD_BGP_OPEN_PARAM_LEN = 431,
  /* bgp.cap.type: Capability */
  CC_FIELD_BGP_CAP_TYPE = 432,
  /* bgp.cap.length: Capability length */
  CC_FIELD_BGP_CAP_LENGTH = 433,
  /* bgp.cap.mp.afi: Multiprotocol AFI */
  CC_FIELD_BGP_CAP_MP_AFI = 434,
  /* bgp.cap.mp.safi: Multiprotocol SAFI */
  CC_FIELD_BGP_CAP_MP_SAFI = 435,
  /* bgp.cap.4as: 4-octet AS */
  CC_FIELD_BGP_CAP_AS = 436,
  /* bgp.cap.gr.timers.restart_time: Restart time */
  CC_FIELD_BGP_CAP_GR_TIME = 437,
  /* bgp.cap.gr.afi: Graceful restart AFI */
  CC_FIELD_BGP_CAP_GR_AFI = 438,
  /* bgp.cap.gr.safi: Graceful restart SAFI */
  CC_FIELD_BGP_CAP_GR_SAFI = 439,
  /* bgp.cap.ap.afi: ADD-PATH AFI */
  CC_FIELD_BGP_CAP_AP_AFI = 440,
  /* bgp.cap.ap.safi: ADD-PATH SAFI */
  CC_FIELD_BGP_CAP_AP_SAFI = 441,
  /* bgp.cap.ap.sendreceive: ADD-PATH send/receive */
  CC_FIELD_BGP_CAP_AP_MODE = 442,
  /* bgp.cap.enh.afi: Extended next hop AFI */
  CC_FIELD_BGP_CAP_ENH_AFI = 443,
  /* bgp.cap.enh.safi: Extended next hop SAFI */
  CC_FIELD_BGP_CAP_ENH_SAFI = 444,
  /* bgp.cap.enh.nhafi: Extended next hop's AFI */
  CC_FIELD_BGP_CAP_ENH_NEXT_HOP = 445,
  /* bgp.cap.role: Role */
  CC_FIELD_BGP_CAP_ROLE = 446,
  /* bgp.cap.fqdn.hostname: Host name */
  CC_FIELD_BGP_CAP_HOST = 447,
  /* bgp.cap.fqdn.domain_name: Domain name */
  CC_FIELD_BGP_CAP_DOMAIN = 448,
  /* bgp.cap.software_version: Software version */
  CC_FIELD_BGP_CAP_SOFTWARE = 449,
  /* bgp.cap.unknown: Capability value */
  CC_FIELD_BGP_CAP_UNKNOWN = 450,
  /* bgp.update.withdrawn_routes.length: Withdrawn routes length */
  CC_FIELD_BGP_WITHDRAWN_LENGTH = 451,
  /* bgp.withdrawn_prefix: Withdrawn prefix */
  CC_FIELD_BGP_WITHDRAWN_PREFIX = 452,
  /* bgp.update.path_attributes.length: Path attributes length */
  CC_FIELD_BGP_ATTRIBUTES_LENGTH = 453,
  /* bgp.update.path_attribute.flags: Attribute flags */
  CC_FIELD_BGP_ATTRIBUTE_FLAGS = 454,
  /* bgp.update.path_attribute.type_code: Attribute */
  CC_FIELD_BGP_ATTRIBUTE_TYPE = 455,
  /* bgp.update.path_attribute.length: Attribute length */
  CC_FIELD_BGP_ATTRIBUTE_LENGTH = 456,
  /* bgp.update.path_attribute.unknown: Attribute value, as it stands */
  CC_FIELD_BGP_ATTRIBUTE_BYTES = 457,
  /* bgp.update.path_attribute.origin: Origin */
  CC_FIELD_BGP_ORIGIN = 458,
  /* bgp.update.path_attribute.as_path_segment.type: AS path segment */
  CC_FIELD_BGP_SEGMENT_TYPE = 459,
  /* bgp.update.path_attribute.as_path_segment.length: Segment length */
  CC_FIELD_BGP_SEGMENT_LENGTH = 460,
  /* bgp.update.path_attribute.as_path_segment.as2: AS, 2 octets */
  CC_FIELD_BGP_SEGMENT_AS2 = 461,
  /* bgp.update.path_attribute.as_path_segment.as4: AS, 4 octets */
  CC_FIELD_BGP_SEGMENT_AS4 = 462,
  /* bgp.update.path_attribute.next_hop: Next hop */
  CC_FIELD_BGP_NEXT_HOP = 463,
  /* bgp.update.path_attribute.multi_exit_disc: Multi exit discriminator */
  CC_FIELD_BGP_MED = 464,
  /* bgp.update.path_attribute.local_pref: Local preference */
  CC_FIELD_BGP_LOCAL_PREF = 465,
  /* bgp.update.path_attribute.aggregator_as: Aggregator's AS */
  CC_FIELD_BGP_AGGREGATOR_AS = 466,
  /* bgp.update.path_attribute.aggregator_origin: Aggregator */
  CC_FIELD_BGP_AGGREGATOR = 467,
  /* bgp.update.path_attribute.community_as: Community's AS */
  CC_FIELD_BGP_COMMUNITY_AS = 468,
  /* bgp.update.path_attribute.community_value: Community's value */
  CC_FIELD_BGP_COMMUNITY_VALUE = 469,
  /* bgp.update.path_attribute.originator_id: Originator */
  CC_FIELD_BGP_ORIGINATOR_ID = 470,
  /* bgp.path_attribute.cluster_id: Cluster */
  CC_FIELD_BGP_CLUSTER_ID = 471,
  /* bgp.update.path_attribute.mp_reach_nlri.afi: Reachable AFI */
  CC_FIELD_BGP_REACH_AFI = 472,
  /* bgp.update.path_attribute.mp_reach_nlri.safi: Reachable SAFI */
  CC_FIELD_BGP_REACH_SAFI = 473,
  /* bgp.update.path_attribute.mp_reach_nlri.next_hop: Next hop */
  CC_FIELD_BGP_REACH_NEXT_HOP = 474,
  /* bgp.update.path_attribute.mp_reach_nlri.next_hop.ipv4: Next hop, IPv4 */
  CC_FIELD_BGP_REACH_NEXT_HOP4 = 475,
  /* bgp.update.path_attribute.mp_reach_nlri.next_hop.ipv6: Next hop, IPv6 */
  CC_FIELD_BGP_REACH_NEXT_HOP6 = 476,
  /* bgp.update.path_attribute.mp_unreach_nlri.afi: Unreachable AFI */
  CC_FIELD_BGP_UNREACH_AFI = 477,
  /* bgp.update.path_attribute.mp_unreach_nlri.safi: Unreachable SAFI */
  CC_FIELD_BGP_UNREACH_SAFI = 478,
  /* bgp.large_communities.ga: Large community, global */
  CC_FIELD_BGP_LARGE_GLOBAL = 479,
  /* bgp.large_communities.ldp1: Large community, local 1 */
  CC_FIELD_BGP_LARGE_LOCAL1 = 480,
  /* bgp.large_communities.ldp2: Large community, local 2 */
  CC_FIELD_BGP_LARGE_LOCAL2 = 481,
  /* bgp.attribute: Value */
  CC_FIELD_BGP_ATTRIBUTE = 482,
  /* bgp.prefix_length: Prefix length */
  CC_FIELD_BGP_PREFIX_LENGTH = 483,
  /* bgp.nlri_path_id: Path identifier */
  CC_FIELD_BGP_PATH_ID = 484,
  /* bgp.nlri_prefix: Prefix */
  CC_FIELD_BGP_PREFIX = 485,
  /* bgp.mp_reach_nlri_ipv4_prefix: Reachable prefix, IPv4 */
  CC_FIELD_BGP_REACH_PREFIX4 = 486,
  /* bgp.mp_reach_nlri_ipv6_prefix: Reachable prefix, IPv6 */
  CC_FIELD_BGP_REACH_PREFIX6 = 487,
  /* bgp.mp_unreach_nlri_ipv4_prefix: Unreachable prefix, IPv4 */
  CC_FIELD_BGP_UNREACH_PREFIX4 = 488,
  /* bgp.mp_unreach_nlri_ipv6_prefix: Unreachable prefix, IPv6 */
  CC_FIELD_BGP_UNREACH_PREFIX6 = 489,
  /* bgp.announced: Announced */
  CC_FIELD_BGP_ANNOUNCED = 490,
  /* bgp.withdrawn: Withdrawn */
  CC_FIELD_BGP_WITHDRAWN = 491,
  /* bgp.outcome: RFC 7606 */
  CC_FIELD_BGP_OUTCOME = 492,
  /* bgp.finding: Wrong */
  CC_FIELD_BGP_FINDING = 493,
  /* bgp.notify.major_error: Error */
  CC_FIELD_BGP_MAJOR_ERROR = 494,
  /* bgp.notify.minor_error: Header error */
  CC_FIELD_BGP_MINOR_HEADER = 495,
  /* bgp.notify.minor_error_open: OPEN error */
  CC_FIELD_BGP_MINOR_OPEN = 496,
  /* bgp.notify.minor_error_update: UPDATE error */
  CC_FIELD_BGP_MINOR_UPDATE = 497,
  /* bgp.notify.minor_error_expired: Hold timer error */
  CC_FIELD_BGP_MINOR_EXPIRED = 498,
  /* bgp.notify.minor_error_state: State error */
  CC_FIELD_BGP_MINOR_STATE = 499,
  /* bgp.notify.minor_error_cease: Cease */
  CC_FIELD_BGP_MINOR_CEASE = 500,
  /* bgp.notify.minor_error_unknown: Subcode */
  CC_FIELD_BGP_MINOR_UNKNOWN = 501,
  /* bgp.notify.communication: Shutdown communication */
  CC_FIELD_BGP_NOTIFY_TEXT = 502,
  /* bgp.notify.minor_data: Data */
  CC_FIELD_BGP_NOTIFY_DATA = 503,
  /* bgp.notify.hard_reset.major_error: Reset for error */
  CC_FIELD_BGP_RESET_MAJOR = 504,
  /* bgp.notify.hard_reset.minor_error: Reset for subcode */
  CC_FIELD_BGP_RESET_MINOR = 505,
  /* bgp.notify.hard_reset.communication: Reset's communication */
  CC_FIELD_BGP_RESET_TEXT = 506,
  /* bgp.route_refresh.afi: Refresh AFI */
  CC_FIELD_BGP_REFRESH_AFI = 507,
  /* bgp.route_refresh.subtype: Refresh subtype */
  CC_FIELD_BGP_REFRESH_SUBTYPE = 508,
  /* bgp.route_refresh.safi: Refresh SAFI */
  CC_FIELD_BGP_REFRESH_SAFI = 509,
  /* bgp.route_refresh.orf.flag: Outbound route filters */
  CC_FIELD_BGP_ORF_FLAG = 510,
  /* bgp.route_refresh.orf.type: Filters of type */
  CC_FIELD_BGP_ORF_TYPE = 511,
  /* bgp.route_refresh.orf.length: Filters' length */
  CC_FIELD_BGP_ORF_LENGTH = 512,
  /* bgp.route_refresh.orf.entry.action: Filter's action */
  CC_FIELD_BGP_ORF_ACTION = 513,
  /* bgp.route_refresh.orf.entry.match: Filter's match */
  CC_FIELD_BGP_ORF_MATCH = 514,
  /* bgp.route_refresh.orf.entry.sequence: Filter's sequence */
  CC_FIELD_BGP_ORF_SEQUENCE = 515,
  /* bgp.route_refresh.orf.entry.prefixmask_lower: Filter's least prefix length */
  CC_FIELD_BGP_ORF_LOWER = 516,
  /* bgp.route_refresh.orf.entry.prefixmask_upper: Filter's most prefix length */
  CC_FIELD_BGP_ORF_UPPER = 517,
  /* bgp.route_refresh.orf.entry.prefix: Filter's prefix */
  CC_FIELD_BGP_ORF_PREFIX = 518,
  /* bgp.error: Error */
  CC_FIELD_BGP_ERROR = 519,
  /* bgp.inferred: Read as if agreed, which nobody told */
  CC_FIELD_BGP_INFERRED = 520,
  /* data.data: Data */
  CC_FIELD_DATA = 521,
  /* data.len: Length */
  CC_FIELD_DATA_LENGTH = 522,
};

/* The layers, by what `cc_layer_name` calls them. */
enum cc_layer_kind {
  CC_LAYER_SLL = 0,
  CC_LAYER_SLL2 = 1,
  CC_LAYER_NULL = 2,
  CC_LAYER_NFLOG = 3,
  CC_LAYER_PPP = 4,
  CC_LAYER_PPPOE = 5,
  CC_LAYER_CHDLC = 6,
  CC_LAYER_ETH = 7,
  CC_LAYER_VLAN = 8,
  CC_LAYER_VNTAG = 9,
  CC_LAYER_IEEE8021AH = 10,
  CC_LAYER_AVSP = 11,
  CC_LAYER_LLC = 12,
  CC_LAYER_SNAP = 13,
  CC_LAYER_ARP = 14,
  CC_LAYER_MPLS = 15,
  CC_LAYER_IP = 16,
  CC_LAYER_IPV6 = 17,
  CC_LAYER_IPV6_HOPOPTS = 18,
  CC_LAYER_IPV6_DSTOPTS = 19,
  CC_LAYER_IPV6_ROUTING = 20,
  CC_LAYER_IPV6_FRAGHDR = 21,
  CC_LAYER_AH = 22,
  CC_LAYER_UDP = 23,
  CC_LAYER_TCP = 24,
  CC_LAYER_TCP_START = 25,
  CC_LAYER_ICMP = 26,
  CC_LAYER_ICMPV6 = 27,
  CC_LAYER_IGMP = 28,
  CC_LAYER_GRE = 29,
  CC_LAYER_ESP = 30,
  CC_LAYER_UDPENCAP = 31,
  CC_LAYER_WG = 32,
  CC_LAYER_GTP = 33,
  CC_LAYER_VXLAN = 34,
  CC_LAYER_VXLAN_GPE = 35,
  CC_LAYER_GENEVE = 36,
  CC_LAYER_FLANNEL_UDP = 37,
  CC_LAYER_WEAVE = 38,
  CC_LAYER_SFLOW = 39,
  CC_LAYER_BGP = 40,
  CC_LAYER_BMP = 41,
  CC_LAYER_DATA = 42,
};

/*
 What stands in a header, as it stands there: each takes where a layer of its kind begins, which a walk has told. Numbers and IPv4 addresses
 are in the host's order, MAC and IPv6 addresses stay where they are, 6 and 16 bytes.
 */

/* A layer eth. */
/* Destination. */
static inline const uint8_t *cc_ethernet_destination(const uint8_t *ethernet)
{
  return ethernet + 0;
}
/* Source. */
static inline const uint8_t *cc_ethernet_source(const uint8_t *ethernet)
{
  return ethernet + 6;
}
/* Type. */
static inline uint16_t cc_ethernet_type(const uint8_t *ethernet)
{
  return (uint16_t)((uint32_t)ethernet[12] << 8 | ethernet[13]);
}

/* A layer vlan. */
/* Priority. */
static inline uint8_t cc_vlan_priority(const uint8_t *vlan)
{
  return (uint8_t)((vlan[0] >> 5) & 0x7);
}
/* Drop eligible. */
static inline uint8_t cc_vlan_drop_eligible(const uint8_t *vlan)
{
  return (uint8_t)((vlan[0] >> 4) & 0x1);
}
/* VLAN identifier. */
static inline uint16_t cc_vlan_id(const uint8_t *vlan)
{
  return (uint16_t)(((uint32_t)vlan[0] << 8 | vlan[1]) & 0xfff);
}
/* Type. */
static inline uint16_t cc_vlan_type(const uint8_t *vlan)
{
  return (uint16_t)((uint32_t)vlan[2] << 8 | vlan[3]);
}

/* A layer arp. */
/* Hardware type. */
static inline uint16_t cc_arp_hardware_type(const uint8_t *arp)
{
  return (uint16_t)((uint32_t)arp[0] << 8 | arp[1]);
}
/* Protocol type. */
static inline uint16_t cc_arp_protocol_type(const uint8_t *arp)
{
  return (uint16_t)((uint32_t)arp[2] << 8 | arp[3]);
}
/* Hardware address size. */
static inline uint8_t cc_arp_hardware_size(const uint8_t *arp)
{
  return (uint8_t)arp[4];
}
/* Protocol address size. */
static inline uint8_t cc_arp_protocol_size(const uint8_t *arp)
{
  return (uint8_t)arp[5];
}
/* Operation. */
static inline uint16_t cc_arp_operation(const uint8_t *arp)
{
  return (uint16_t)((uint32_t)arp[6] << 8 | arp[7]);
}

/* A layer mpls. */
/* Label. */
static inline uint32_t cc_mpls_label(const uint8_t *mpls)
{
  return (uint32_t)((((uint32_t)mpls[0] << 16 | (uint32_t)mpls[1] << 8 | mpls[2]) >> 4) & 0xfffff);
}
/* Traffic class. */
static inline uint8_t cc_mpls_class(const uint8_t *mpls)
{
  return (uint8_t)((mpls[2] >> 1) & 0x7);
}
/* Bottom of the stack. */
static inline uint8_t cc_mpls_bottom(const uint8_t *mpls)
{
  return (uint8_t)(mpls[2] & 0x1);
}
/* Time to live. */
static inline uint8_t cc_mpls_ttl(const uint8_t *mpls)
{
  return (uint8_t)mpls[3];
}

/* A layer ip. */
/* Version. */
static inline uint8_t cc_ipv4_version(const uint8_t *ipv4)
{
  return (uint8_t)((ipv4[0] >> 4) & 0xf);
}
/* Header length. */
static inline uint8_t cc_ipv4_header_length(const uint8_t *ipv4)
{
  return (uint8_t)((ipv4[0] & 0xf) * 4);
}
/* Differentiated services code point. */
static inline uint8_t cc_ipv4_dscp(const uint8_t *ipv4)
{
  return (uint8_t)((ipv4[1] >> 2) & 0x3f);
}
/* Explicit congestion notification. */
static inline uint8_t cc_ipv4_ecn(const uint8_t *ipv4)
{
  return (uint8_t)(ipv4[1] & 0x3);
}
/* Total length. */
static inline uint16_t cc_ipv4_length(const uint8_t *ipv4)
{
  return (uint16_t)((uint32_t)ipv4[2] << 8 | ipv4[3]);
}
/* Identification. */
static inline uint16_t cc_ipv4_id(const uint8_t *ipv4)
{
  return (uint16_t)((uint32_t)ipv4[4] << 8 | ipv4[5]);
}
/* Reserved flag. */
static inline uint8_t cc_ipv4_reserved(const uint8_t *ipv4)
{
  return (uint8_t)((ipv4[6] >> 7) & 0x1);
}
/* Don't fragment. */
static inline uint8_t cc_ipv4_dont_fragment(const uint8_t *ipv4)
{
  return (uint8_t)((ipv4[6] >> 6) & 0x1);
}
/* More fragments. */
static inline uint8_t cc_ipv4_more_fragments(const uint8_t *ipv4)
{
  return (uint8_t)((ipv4[6] >> 5) & 0x1);
}
/* Fragment offset, in units of 8. */
static inline uint16_t cc_ipv4_fragment_offset(const uint8_t *ipv4)
{
  return (uint16_t)(((uint32_t)ipv4[6] << 8 | ipv4[7]) & 0x1fff);
}
/* Time to live. */
static inline uint8_t cc_ipv4_ttl(const uint8_t *ipv4)
{
  return (uint8_t)ipv4[8];
}
/* Protocol. */
static inline uint8_t cc_ipv4_proto(const uint8_t *ipv4)
{
  return (uint8_t)ipv4[9];
}
/* Header checksum. */
static inline uint16_t cc_ipv4_checksum(const uint8_t *ipv4)
{
  return (uint16_t)((uint32_t)ipv4[10] << 8 | ipv4[11]);
}
/* Source address. */
static inline uint32_t cc_ipv4_source(const uint8_t *ipv4)
{
  return (uint32_t)((uint32_t)ipv4[12] << 24 | (uint32_t)ipv4[13] << 16 | (uint32_t)ipv4[14] << 8 | ipv4[15]);
}
/* Destination address. */
static inline uint32_t cc_ipv4_destination(const uint8_t *ipv4)
{
  return (uint32_t)((uint32_t)ipv4[16] << 24 | (uint32_t)ipv4[17] << 16 | (uint32_t)ipv4[18] << 8 | ipv4[19]);
}

/* A layer ipv6. */
/* Version. */
static inline uint8_t cc_ipv6_version(const uint8_t *ipv6)
{
  return (uint8_t)((ipv6[0] >> 4) & 0xf);
}
/* Traffic class. */
static inline uint8_t cc_ipv6_traffic_class(const uint8_t *ipv6)
{
  return (uint8_t)((((uint32_t)ipv6[0] << 8 | ipv6[1]) >> 4) & 0xff);
}
/* Differentiated services code point. */
static inline uint8_t cc_ipv6_dscp(const uint8_t *ipv6)
{
  return (uint8_t)((((uint32_t)ipv6[0] << 8 | ipv6[1]) >> 6) & 0x3f);
}
/* Explicit congestion notification. */
static inline uint8_t cc_ipv6_ecn(const uint8_t *ipv6)
{
  return (uint8_t)((ipv6[1] >> 4) & 0x3);
}
/* Flow label. */
static inline uint32_t cc_ipv6_flow_label(const uint8_t *ipv6)
{
  return (uint32_t)(((uint32_t)ipv6[1] << 16 | (uint32_t)ipv6[2] << 8 | ipv6[3]) & 0xfffff);
}
/* Payload length. */
static inline uint16_t cc_ipv6_payload_length(const uint8_t *ipv6)
{
  return (uint16_t)((uint32_t)ipv6[4] << 8 | ipv6[5]);
}
/* Next header. */
static inline uint8_t cc_ipv6_next(const uint8_t *ipv6)
{
  return (uint8_t)ipv6[6];
}
/* Hop limit. */
static inline uint8_t cc_ipv6_hop_limit(const uint8_t *ipv6)
{
  return (uint8_t)ipv6[7];
}
/* Source address. */
static inline const uint8_t *cc_ipv6_source(const uint8_t *ipv6)
{
  return ipv6 + 8;
}
/* Destination address. */
static inline const uint8_t *cc_ipv6_destination(const uint8_t *ipv6)
{
  return ipv6 + 24;
}

/* A layer ipv6.fraghdr. */
/* Next header. */
static inline uint8_t cc_fragment_next(const uint8_t *fragment)
{
  return (uint8_t)fragment[0];
}
/* Offset, in units of 8. */
static inline uint16_t cc_fragment_offset(const uint8_t *fragment)
{
  return (uint16_t)((((uint32_t)fragment[2] << 8 | fragment[3]) >> 3) & 0x1fff);
}
/* More fragments. */
static inline uint8_t cc_fragment_more(const uint8_t *fragment)
{
  return (uint8_t)(fragment[3] & 0x1);
}
/* Identification. */
static inline uint32_t cc_fragment_id(const uint8_t *fragment)
{
  return (uint32_t)((uint32_t)fragment[4] << 24 | (uint32_t)fragment[5] << 16 | (uint32_t)fragment[6] << 8 | fragment[7]);
}

/* A layer ah. */
/* Next header. */
static inline uint8_t cc_authentication_next(const uint8_t *authentication)
{
  return (uint8_t)authentication[0];
}
/* Length, in units of 4 without the first two. */
static inline uint8_t cc_authentication_length(const uint8_t *authentication)
{
  return (uint8_t)authentication[1];
}
/* Security parameters index. */
static inline uint32_t cc_authentication_spi(const uint8_t *authentication)
{
  return (uint32_t)((uint32_t)authentication[4] << 24 | (uint32_t)authentication[5] << 16 | (uint32_t)authentication[6] << 8 | authentication[7]);
}
/* Sequence number. */
static inline uint32_t cc_authentication_sequence(const uint8_t *authentication)
{
  return (uint32_t)((uint32_t)authentication[8] << 24 | (uint32_t)authentication[9] << 16 | (uint32_t)authentication[10] << 8 | authentication[11]);
}

/* A layer udp. */
/* Source port. */
static inline uint16_t cc_udp_source_port(const uint8_t *udp)
{
  return (uint16_t)((uint32_t)udp[0] << 8 | udp[1]);
}
/* Destination port. */
static inline uint16_t cc_udp_destination_port(const uint8_t *udp)
{
  return (uint16_t)((uint32_t)udp[2] << 8 | udp[3]);
}
/* Length. */
static inline uint16_t cc_udp_length(const uint8_t *udp)
{
  return (uint16_t)((uint32_t)udp[4] << 8 | udp[5]);
}
/* Checksum. */
static inline uint16_t cc_udp_checksum(const uint8_t *udp)
{
  return (uint16_t)((uint32_t)udp[6] << 8 | udp[7]);
}

/* A layer tcp. */
/* Source port. */
static inline uint16_t cc_tcp_source_port(const uint8_t *tcp)
{
  return (uint16_t)((uint32_t)tcp[0] << 8 | tcp[1]);
}
/* Destination port. */
static inline uint16_t cc_tcp_destination_port(const uint8_t *tcp)
{
  return (uint16_t)((uint32_t)tcp[2] << 8 | tcp[3]);
}
/* Sequence number. */
static inline uint32_t cc_tcp_sequence(const uint8_t *tcp)
{
  return (uint32_t)((uint32_t)tcp[4] << 24 | (uint32_t)tcp[5] << 16 | (uint32_t)tcp[6] << 8 | tcp[7]);
}
/* Acknowledgment number. */
static inline uint32_t cc_tcp_acknowledgment(const uint8_t *tcp)
{
  return (uint32_t)((uint32_t)tcp[8] << 24 | (uint32_t)tcp[9] << 16 | (uint32_t)tcp[10] << 8 | tcp[11]);
}
/* Header length. */
static inline uint8_t cc_tcp_header_length(const uint8_t *tcp)
{
  return (uint8_t)(((tcp[12] >> 4) & 0xf) * 4);
}
/* Flags. */
static inline uint16_t cc_tcp_flags(const uint8_t *tcp)
{
  return (uint16_t)(((uint32_t)tcp[12] << 8 | tcp[13]) & 0xfff);
}
/* AE. */
static inline uint8_t cc_tcp_ae(const uint8_t *tcp)
{
  return (uint8_t)(tcp[12] & 0x1);
}
/* CWR. */
static inline uint8_t cc_tcp_cwr(const uint8_t *tcp)
{
  return (uint8_t)((tcp[13] >> 7) & 0x1);
}
/* ECE. */
static inline uint8_t cc_tcp_ece(const uint8_t *tcp)
{
  return (uint8_t)((tcp[13] >> 6) & 0x1);
}
/* URG. */
static inline uint8_t cc_tcp_urgent(const uint8_t *tcp)
{
  return (uint8_t)((tcp[13] >> 5) & 0x1);
}
/* ACK. */
static inline uint8_t cc_tcp_ack(const uint8_t *tcp)
{
  return (uint8_t)((tcp[13] >> 4) & 0x1);
}
/* PSH. */
static inline uint8_t cc_tcp_push(const uint8_t *tcp)
{
  return (uint8_t)((tcp[13] >> 3) & 0x1);
}
/* RST. */
static inline uint8_t cc_tcp_reset(const uint8_t *tcp)
{
  return (uint8_t)((tcp[13] >> 2) & 0x1);
}
/* SYN. */
static inline uint8_t cc_tcp_syn(const uint8_t *tcp)
{
  return (uint8_t)((tcp[13] >> 1) & 0x1);
}
/* FIN. */
static inline uint8_t cc_tcp_fin(const uint8_t *tcp)
{
  return (uint8_t)(tcp[13] & 0x1);
}
/* Window. */
static inline uint16_t cc_tcp_window(const uint8_t *tcp)
{
  return (uint16_t)((uint32_t)tcp[14] << 8 | tcp[15]);
}
/* Checksum. */
static inline uint16_t cc_tcp_checksum(const uint8_t *tcp)
{
  return (uint16_t)((uint32_t)tcp[16] << 8 | tcp[17]);
}
/* Urgent pointer. */
static inline uint16_t cc_tcp_urgent_pointer(const uint8_t *tcp)
{
  return (uint16_t)((uint32_t)tcp[18] << 8 | tcp[19]);
}

/* A layer icmp. */
/* Type. */
static inline uint8_t cc_icmpv4_type(const uint8_t *icmpv4)
{
  return (uint8_t)icmpv4[0];
}
/* Code. */
static inline uint8_t cc_icmpv4_code(const uint8_t *icmpv4)
{
  return (uint8_t)icmpv4[1];
}
/* Checksum. */
static inline uint16_t cc_icmpv4_checksum(const uint8_t *icmpv4)
{
  return (uint16_t)((uint32_t)icmpv4[2] << 8 | icmpv4[3]);
}

/* A layer icmpv6. */
/* Type. */
static inline uint8_t cc_icmpv6_type(const uint8_t *icmpv6)
{
  return (uint8_t)icmpv6[0];
}
/* Code. */
static inline uint8_t cc_icmpv6_code(const uint8_t *icmpv6)
{
  return (uint8_t)icmpv6[1];
}
/* Checksum. */
static inline uint16_t cc_icmpv6_checksum(const uint8_t *icmpv6)
{
  return (uint16_t)((uint32_t)icmpv6[2] << 8 | icmpv6[3]);
}

/* A layer gre. */
/* Flags and version. */
static inline uint16_t cc_gre_flags(const uint8_t *gre)
{
  return (uint16_t)((uint32_t)gre[0] << 8 | gre[1]);
}
/* Has a checksum. */
static inline uint8_t cc_gre_has_checksum(const uint8_t *gre)
{
  return (uint8_t)((gre[0] >> 7) & 0x1);
}
/* Has a key. */
static inline uint8_t cc_gre_has_key(const uint8_t *gre)
{
  return (uint8_t)((gre[0] >> 5) & 0x1);
}
/* Has a sequence number. */
static inline uint8_t cc_gre_has_sequence(const uint8_t *gre)
{
  return (uint8_t)((gre[0] >> 4) & 0x1);
}
/* Version. */
static inline uint8_t cc_gre_version(const uint8_t *gre)
{
  return (uint8_t)(gre[1] & 0x7);
}
/* Protocol type. */
static inline uint16_t cc_gre_proto(const uint8_t *gre)
{
  return (uint16_t)((uint32_t)gre[2] << 8 | gre[3]);
}

/* A layer esp. */
/* Security parameters index. */
static inline uint32_t cc_esp_spi(const uint8_t *esp)
{
  return (uint32_t)((uint32_t)esp[0] << 24 | (uint32_t)esp[1] << 16 | (uint32_t)esp[2] << 8 | esp[3]);
}
/* Sequence number. */
static inline uint32_t cc_esp_sequence(const uint8_t *esp)
{
  return (uint32_t)((uint32_t)esp[4] << 24 | (uint32_t)esp[5] << 16 | (uint32_t)esp[6] << 8 | esp[7]);
}

/* A layer gtp. */
/* Flags. */
static inline uint8_t cc_gtpu_flags(const uint8_t *gtpu)
{
  return (uint8_t)gtpu[0];
}
/* Version. */
static inline uint8_t cc_gtpu_version(const uint8_t *gtpu)
{
  return (uint8_t)((gtpu[0] >> 5) & 0x7);
}
/* Protocol type. */
static inline uint8_t cc_gtpu_protocol(const uint8_t *gtpu)
{
  return (uint8_t)((gtpu[0] >> 4) & 0x1);
}
/* Reserved. */
static inline uint8_t cc_gtpu_reserved(const uint8_t *gtpu)
{
  return (uint8_t)((gtpu[0] >> 3) & 0x1);
}
/* An extension header follows. */
static inline uint8_t cc_gtpu_has_extension(const uint8_t *gtpu)
{
  return (uint8_t)((gtpu[0] >> 2) & 0x1);
}
/* The sequence number counts. */
static inline uint8_t cc_gtpu_has_sequence(const uint8_t *gtpu)
{
  return (uint8_t)((gtpu[0] >> 1) & 0x1);
}
/* The N-PDU number counts. */
static inline uint8_t cc_gtpu_has_npdu(const uint8_t *gtpu)
{
  return (uint8_t)(gtpu[0] & 0x1);
}
/* Message. */
static inline uint8_t cc_gtpu_message(const uint8_t *gtpu)
{
  return (uint8_t)gtpu[1];
}
/* Length. */
static inline uint16_t cc_gtpu_length(const uint8_t *gtpu)
{
  return (uint16_t)((uint32_t)gtpu[2] << 8 | gtpu[3]);
}
/* Tunnel endpoint identifier. */
static inline uint32_t cc_gtpu_teid(const uint8_t *gtpu)
{
  return (uint32_t)((uint32_t)gtpu[4] << 24 | (uint32_t)gtpu[5] << 16 | (uint32_t)gtpu[6] << 8 | gtpu[7]);
}

/* A layer vxlan. */
/* Flags. */
static inline uint16_t cc_vxlan_flags(const uint8_t *vxlan)
{
  return (uint16_t)((uint32_t)vxlan[0] << 8 | vxlan[1]);
}
/* Group policy ID. */
static inline uint16_t cc_vxlan_group(const uint8_t *vxlan)
{
  return (uint16_t)((uint32_t)vxlan[2] << 8 | vxlan[3]);
}
/* Network identifier. */
static inline uint32_t cc_vxlan_vni(const uint8_t *vxlan)
{
  return (uint32_t)((uint32_t)vxlan[4] << 16 | (uint32_t)vxlan[5] << 8 | vxlan[6]);
}
/* Reserved. */
static inline uint8_t cc_vxlan_reserved(const uint8_t *vxlan)
{
  return (uint8_t)vxlan[7];
}

/* A layer vxlan_gpe. */
/* Next protocol. */
static inline uint8_t cc_gpe_next_protocol(const uint8_t *gpe)
{
  return (uint8_t)gpe[3];
}
/* Network identifier. */
static inline uint32_t cc_gpe_vni(const uint8_t *gpe)
{
  return (uint32_t)((uint32_t)gpe[4] << 16 | (uint32_t)gpe[5] << 8 | gpe[6]);
}

/* A layer geneve. */
/* Version. */
static inline uint8_t cc_geneve_version(const uint8_t *geneve)
{
  return (uint8_t)((geneve[0] >> 6) & 0x3);
}
/* Options length. */
static inline uint8_t cc_geneve_options_length(const uint8_t *geneve)
{
  return (uint8_t)((geneve[0] & 0x3f) * 4);
}
/* Control packet. */
static inline uint8_t cc_geneve_oam(const uint8_t *geneve)
{
  return (uint8_t)((geneve[1] >> 7) & 0x1);
}
/* Critical options. */
static inline uint8_t cc_geneve_critical(const uint8_t *geneve)
{
  return (uint8_t)((geneve[1] >> 6) & 0x1);
}
/* Protocol type. */
static inline uint16_t cc_geneve_proto(const uint8_t *geneve)
{
  return (uint16_t)((uint32_t)geneve[2] << 8 | geneve[3]);
}
/* Network identifier. */
static inline uint32_t cc_geneve_vni(const uint8_t *geneve)
{
  return (uint32_t)((uint32_t)geneve[4] << 16 | (uint32_t)geneve[5] << 8 | geneve[6]);
}
