#ifndef CONTAINER_CODECS_H
#define CONTAINER_CODECS_H

/* Made by `cargo run -p generate`: do not change it. */

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

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
} cc_status;

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
 What was seen so far: of each packet come the fields that `packet-dissect -T fields` writes.
 */
typedef struct cc_dissector cc_dissector;

/*
 A capture that is being read.
 */
typedef struct cc_capture cc_capture;

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
 Opens a file. Null, with the reason in `error`, if that cannot be. What it gives goes to `cc_capture_free`.

 # Safety
 `path` ends with a zero; `error` is null or points to an error.
 */
struct cc_capture *cc_capture_open(const char *path, struct cc_error *error);

/*
 Reads the next packet. It stays where it is until the next call with this capture. `Status::End` behind the last one.

 # Safety
 `capture` is of `cc_capture_open` and not freed, and nobody else uses it; `packet` points to a packet, `error` is null or points to an error.
 */
enum cc_status cc_capture_next(struct cc_capture *capture,
                               struct cc_packet *packet,
                               struct cc_error *error);

/*
 Closes a capture; of null nothing.

 # Safety
 `capture` is null, or of `cc_capture_open` and not freed.
 */
void cc_capture_free(struct cc_capture *capture);

/*
 A dissector that shows these fields, or all if `count` is 0; with `has_layers` not 0 a value tells where each layer begins. Null, with the
 reason in `error`, if there is no such field. What it gives goes to `cc_dissector_free`.

 # Safety
 `fields` points to `count` numbers; `error` is null or points to an error.
 */
struct cc_dissector *cc_dissector_new(const uint16_t *fields,
                                      size_t count,
                                      uint8_t has_layers,
                                      struct cc_error *error);

/*
 Takes packets in, in their order, and writes the values of as many as fit; `done` gets how many. `Status::Room` if those of the next do not:
 it is the first of the next call, where it is not taken in again. Values that stand in a packet tell where in it.

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
 Frees a dissector; of null nothing.

 # Safety
 `dissector` is null, or of `cc_dissector_new` and not freed.
 */
void cc_dissector_free(struct cc_dissector *dissector);

/*
 How many fields there are: their numbers go from 0 up to this one.
 */
size_t cc_field_count(void);

/*
 A field's name, Wireshark's where it has one, for as long as the program runs. Null, if there is no such field.
 */
const char *cc_field_name(uint16_t field);

/*
 What a field is, for a person. Null, if there is no such field.
 */
const char *cc_field_label(uint16_t field);

/*
 How a field's values are written.
 */
enum cc_kind cc_field_kind(uint16_t field);

/*
 How many digits a hexadecimal field has at least; 0 of others.
 */
uint8_t cc_field_digits(uint16_t field);

/*
 The number of the field with a name; -1 if there is none, or the name is null.

 # Safety
 A name that is not null ends with a zero.
 */
int32_t cc_field_by_name(const char *name);

/*
 A layer's short name: `eth`, `ip`, `vxlan` … Null, if there is no such layer.
 */
const char *cc_layer_name(uint16_t layer);

/*
 The version of the library, as `1.2.3`.
 */
const char *cc_version(void);

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
                       struct cc_layer *places,
                       size_t room,
                       size_t *count,
                       struct cc_error *error);

/*
 Walks through packets, and writes the layers of one behind those of the other. Of each packet, `ends` gets how many layers there are up to its
 last one, and `statuses` how its walk ended, as `cc_walk` would tell it. `done` gets how many packets that were: `Status::Room` if the layers
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
