/* Tunnels, out and in: good calls and bad ones. What is expected was worked out of the RFCs' layouts. Last line: N passed, M failed */
#include "check.h"

enum { HEADROOM = 128, INNER = sizeof packet_bytes };

static const cc_address ours = {.octets = {198, 51, 100, 1}, .family = 4}, theirs = {.octets = {198, 51, 100, 2}, .family = 4};
static const cc_address ours6 = {.octets = {0x20, 1, 0xd, 0xb8, [15] = 1}, .family = 6},
                        theirs6 = {.octets = {0x20, 1, 0xd, 0xb8, [15] = 2}, .family = 6};

/* A packet with room in front, the inner frame in it. */
struct packet {
    uint8_t bytes[HEADROOM + INNER];
    cc_buffer buffer;
};

static void fill(struct packet *packet)
{
    memset(packet->bytes, 0xee, HEADROOM);
    memcpy(packet->bytes + HEADROOM, packet_bytes, INNER);
    packet->buffer = (cc_buffer){.bytes = packet->bytes, .room = sizeof packet->bytes, .start = HEADROOM, .length = INNER};
}

/* The same without Ethernet. */
static void fill_ip(struct packet *packet)
{
    fill(packet);
    packet->buffer.start += 14;
    packet->buffer.length -= 14;
}

static const uint8_t *first(const struct packet *packet)
{
    return packet->bytes + packet->buffer.start;
}

static cc_tunnel_config config_of(uint8_t kind)
{
    return (cc_tunnel_config){.kind = kind, .source = ours, .destination = theirs,
                              .first_source_port = 50000, .last_source_port = 50000};
}

static cc_tunnel *tunnel_of(const cc_tunnel_config *config)
{
    cc_error error = {.text = ""};
    cc_tunnel *tunnel = cc_tunnel_new(config, &error);
    if (!tunnel)
        printf("FAILED %s\n", error.text);
    return tunnel;
}

static cc_decapsulator *decapsulator_of(cc_decapsulator_config config)
{
    cc_error error = {.text = ""};
    cc_decapsulator *decapsulator = cc_decapsulator_new(&config, &error);
    if (!decapsulator)
        printf("FAILED %s\n", error.text);
    return decapsulator;
}

/* RFC 7348 §5: outer IPv4, UDP to 4789 with checksum 0, flags and VNI. */
static const uint8_t vxlan_headers[] = {
    0x45, 0, 0, 0x53, 0, 0, 0x40, 0, 0x40, 0x11, 0xe6, 0x2f, 198, 51, 100, 1, 198, 51, 100, 2,
    0xc3, 0x50, 0x12, 0xb5, 0, 0x3f, 0, 0, 0x08, 0, 0, 0, 0, 0, 7, 0,
};

static void vxlan(void)
{
    struct packet packet;
    cc_error error;
    cc_tunnel_config config = config_of(CC_TUNNEL_KIND_VXLAN);
    config.key = 7;
    cc_tunnel *tunnel = tunnel_of(&config);
    CHECK(cc_tunnel_overhead(tunnel) == 36 && cc_tunnel_inner_mtu(tunnel, 1500) == 1450);
    CHECK(cc_tunnel_inner_mtu(tunnel, 50) == 0 && cc_tunnel_inner_mtu(tunnel, 51) == 1);
    fill(&packet);
    CHECK(cc_encapsulate(tunnel, &packet.buffer, &error) == CC_STATUS_OK);
    CHECK(packet.buffer.start == HEADROOM - 36 && packet.buffer.length == INNER + 36);
    CHECK(memcmp(first(&packet), vxlan_headers, sizeof vxlan_headers) == 0);
    CHECK(memcmp(packet.bytes + HEADROOM, packet_bytes, INNER) == 0 && packet.bytes[HEADROOM - 37] == 0xee);

    /* And in again. */
    cc_decapsulator *decapsulator =
        decapsulator_of((cc_decapsulator_config){.kind = CC_TUNNEL_KIND_VXLAN, .link_type = 101});
    cc_inner inner;
    CHECK(cc_decapsulate(decapsulator, &packet.buffer, &inner, &error) == CC_STATUS_OK);
    CHECK(packet.buffer.start == HEADROOM && packet.buffer.length == INNER);
    CHECK(inner.offset == 36 && inner.length == INNER && inner.outer_offset == 0 && inner.outer_length == 36 + INNER);
    CHECK(inner.key == 7 && inner.flags == CC_INNER_FLAG_KEY && inner.inner_type == 0x6558 && inner.source_port == 50000);
    CHECK(memcmp(&inner.source, &ours, sizeof ours) == 0 && memcmp(&inner.destination, &theirs, sizeof ours) == 0);
    CHECK(inner.traffic_class == 0 && inner.ecn == 0);

    /* The inner packet is none of the tunnel's. */
    CHECK(cc_decapsulate(decapsulator, &packet.buffer, &inner, &error) == CC_STATUS_MALFORMED);
    CHECK(packet.buffer.start == HEADROOM);
    fill_ip(&packet);
    CHECK(cc_decapsulate(decapsulator, &packet.buffer, &inner, &error) == CC_STATUS_NOT_OURS);
    CHECK(strcmp(error.field, "destination port") == 0 && error.value == 53 && error.limit == 4789);

    /* One byte too little room: nothing is written. */
    fill(&packet);
    packet.buffer.bytes += HEADROOM - 35;
    packet.buffer.room -= HEADROOM - 35;
    packet.buffer.start = 35;
    CHECK(cc_encapsulate(tunnel, &packet.buffer, &error) == CC_STATUS_ROOM && error.limit == 36 && error.value == 35);
    CHECK(packet.buffer.start == 35 && packet.buffer.length == INNER && packet.bytes[HEADROOM - 1] == 0xee);

    cc_decapsulator_free(decapsulator);
    cc_tunnel_free(tunnel);

    /* Ethernet in front, Group Policy, a checksum, another port. */
    config.flags = CC_TUNNEL_FLAG_ETHERNET | CC_TUNNEL_FLAG_GROUP | CC_TUNNEL_FLAG_GROUP_DONT_LEARN | CC_TUNNEL_FLAG_GROUP_APPLIED;
    config.group = 0x0102;
    config.port = 8472;
    config.checksum = CC_CHECKSUM_POLICY_COMPUTED;
    memcpy(config.source_mac, "\2\0\0\0\0\x11", 6);
    memcpy(config.destination_mac, "\2\0\0\0\0\x22", 6);
    tunnel = tunnel_of(&config);
    CHECK(cc_tunnel_overhead(tunnel) == 50 && cc_tunnel_inner_mtu(tunnel, 1500) == 1450);
    fill(&packet);
    CHECK(cc_encapsulate(tunnel, &packet.buffer, NULL) == CC_STATUS_OK);
    CHECK(memcmp(first(&packet), "\2\0\0\0\0\x22\2\0\0\0\0\x11\x08\0\x45", 15) == 0);
    CHECK(memcmp(first(&packet) + 42, "\x88\x48\x01\x02\0\0\x07\0", 8) == 0);
    decapsulator = decapsulator_of((cc_decapsulator_config){
        .kind = CC_TUNNEL_KIND_VXLAN, .link_type = 1, .port = 8472, .reading = CC_VXLAN_READING_LINUX_GROUP,
        .checksum = CC_OUTER_SUMS_VERIFIED, .flags = CC_DECAPSULATOR_FLAG_KEY | CC_DECAPSULATOR_FLAG_ENDS, .key = 7,
        .remote = ours, .local = theirs});
    struct packet broken = packet;
    broken.buffer.bytes = broken.bytes;
    broken.bytes[sizeof broken.bytes - 1] ^= 1;
    CHECK(cc_decapsulate(decapsulator, &broken.buffer, &inner, &error) == CC_STATUS_CHECKSUM);
    CHECK(strcmp(error.layer, "UDP") == 0);
    CHECK(cc_decapsulate(decapsulator, &packet.buffer, &inner, NULL) == CC_STATUS_OK);
    CHECK(inner.offset == 50 && inner.outer_offset == 14 && inner.group == 0x0102);
    CHECK(inner.flags == (CC_INNER_FLAG_KEY | CC_INNER_FLAG_GROUP | CC_INNER_FLAG_GROUP_DONT_LEARN | CC_INNER_FLAG_GROUP_APPLIED));
    cc_decapsulator_free(decapsulator);

    /* Of another network, from another end. */
    fill(&packet);
    cc_encapsulate(tunnel, &packet.buffer, NULL);
    cc_decapsulator_config other = {.kind = CC_TUNNEL_KIND_VXLAN, .link_type = 1, .port = 8472,
                                    .flags = CC_DECAPSULATOR_FLAG_KEY, .key = 8};
    decapsulator = decapsulator_of(other);
    CHECK(cc_decapsulate(decapsulator, &packet.buffer, &inner, &error) == CC_STATUS_NOT_OURS);
    CHECK(strcmp(error.field, "VNI") == 0 && error.value == 7 && error.limit == 8);
    CHECK(strcmp(error.text, "not this network's: the VNI is 7, it must be 8") == 0);
    cc_decapsulator_free(decapsulator);
    other.flags = CC_DECAPSULATOR_FLAG_ENDS;
    other.remote = theirs;
    other.local = ours;
    decapsulator = decapsulator_of(other);
    CHECK(cc_decapsulate(decapsulator, &packet.buffer, &inner, &error) == CC_STATUS_NOT_OURS);
    CHECK(strcmp(error.field, "addresses") == 0);
    CHECK(strcmp(error.text, "not the tunnel's: it goes from 198.51.100.1 to 198.51.100.2") == 0);
    cc_decapsulator_free(decapsulator);
    cc_tunnel_free(tunnel);
}

/* RFC 6040: §4.1 on the way in, §4.2's table on the way out. */
static void marks(void)
{
    struct packet packet;
    cc_error error;
    cc_inner inner;
    cc_tunnel_config config = config_of(CC_TUNNEL_KIND_VXLAN);
    config.class_policy = CC_CLASS_POLICY_COPY_ECN;
    config.dscp = 46;
    cc_tunnel *tunnel = tunnel_of(&config);
    cc_decapsulator *decapsulator =
        decapsulator_of((cc_decapsulator_config){.kind = CC_TUNNEL_KIND_VXLAN, .link_type = 101});
    cc_decapsulator *leaving = decapsulator_of((cc_decapsulator_config){
        .kind = CC_TUNNEL_KIND_VXLAN, .link_type = 101, .flags = CC_DECAPSULATOR_FLAG_LEAVES_ECN});
    cc_changes mark = {.what = CC_CHANGE_ECN, .ecn = 2};
    uint32_t made;

    /* ECT(0) inside is ECT(0) outside; congestion on the way is congestion inside. */
    fill(&packet);
    CHECK(cc_rewrite(1, &packet.buffer, &mark, &made, NULL) == CC_STATUS_OK);
    CHECK(cc_encapsulate(tunnel, &packet.buffer, NULL) == CC_STATUS_OK && first(&packet)[1] == (46 << 2 | 2));
    mark.ecn = 3;
    CHECK(cc_rewrite(101, &packet.buffer, &mark, &made, NULL) == CC_STATUS_OK);
    struct packet again = packet;
    again.buffer.bytes = again.bytes;
    CHECK(cc_decapsulate(decapsulator, &packet.buffer, &inner, NULL) == CC_STATUS_OK);
    CHECK(inner.ecn == 3 && inner.traffic_class == (46 << 2 | 3) && first(&packet)[15] == 3);
    uint16_t sum;
    CHECK(cc_checksum(first(&packet) + 14, 20, &sum) == CC_STATUS_OK && sum == 0);
    CHECK(cc_decapsulate(leaving, &again.buffer, &inner, NULL) == CC_STATUS_OK && first(&again)[15] == 2);

    /* Not capable inside, congestion outside: dropped, and unchanged. ECT(1) outside: odd. */
    fill(&packet);
    CHECK(cc_encapsulate(tunnel, &packet.buffer, NULL) == CC_STATUS_OK);
    CHECK(cc_rewrite(101, &packet.buffer, &mark, &made, NULL) == CC_STATUS_OK);
    CHECK(cc_decapsulate(decapsulator, &packet.buffer, &inner, &error) == CC_STATUS_CONGESTED);
    CHECK(packet.buffer.start == HEADROOM - 36 && packet.bytes[HEADROOM + 15] == 0 && strcmp(error.field, "ECN") == 0);
    mark.ecn = 1;
    CHECK(cc_rewrite(101, &packet.buffer, &mark, &made, NULL) == CC_STATUS_OK);
    CHECK(cc_decapsulate(decapsulator, &packet.buffer, &inner, NULL) == CC_STATUS_OK);
    CHECK(inner.ecn == 0 && inner.flags == (CC_INNER_FLAG_KEY | CC_INNER_FLAG_ODD_ECN));
    cc_decapsulator_free(leaving);
    cc_decapsulator_free(decapsulator);
    cc_tunnel_free(tunnel);
}

static void geneve(void)
{
    /* RFC 8926 §3.4 and §3.5: one critical option of class 0102, type 80, of four bytes. */
    static const uint8_t option[] = {1, 2, 0x80, 1, 0, 1, 0, 2};
    static const uint8_t headers[] = {
        0x45, 0, 0, 0x5b, 0, 0, 0x40, 0, 0x40, 0x11, 0xe6, 0x27, 198, 51, 100, 1, 198, 51, 100, 2,
        0xc3, 0x50, 0x17, 0xc1, 0, 0x47, 0, 0, 2, 0x40, 0x65, 0x58, 0, 0, 7, 0, 1, 2, 0x80, 1, 0, 1, 0, 2,
    };
    struct packet packet;
    cc_error error;
    cc_inner inner;
    cc_tunnel_config config = config_of(CC_TUNNEL_KIND_GENEVE);
    config.key = 7;
    config.options = option;
    config.options_length = sizeof option;
    cc_tunnel *tunnel = tunnel_of(&config);
    CHECK(cc_tunnel_overhead(tunnel) == 44 && cc_tunnel_inner_mtu(tunnel, 1500) == 1442);
    fill(&packet);
    CHECK(cc_encapsulate(tunnel, &packet.buffer, NULL) == CC_STATUS_OK);
    CHECK(memcmp(first(&packet), headers, sizeof headers) == 0);
    CHECK(memcmp(packet.bytes + HEADROOM, packet_bytes, INNER) == 0);

    /* §3.5: refused by who does not know it; not by who does, and not by who looks at options himself. */
    cc_decapsulator_config in = {.kind = CC_TUNNEL_KIND_GENEVE, .link_type = 101};
    cc_decapsulator *decapsulator = decapsulator_of(in);
    CHECK(cc_decapsulate(decapsulator, &packet.buffer, &inner, &error) == CC_STATUS_REFUSED && error.value == 0x010280);
    cc_decapsulator_free(decapsulator);
    const uint32_t known[] = {0x010280};
    in.known_options = known;
    in.known_count = 1;
    decapsulator = decapsulator_of(in);
    struct packet again = packet;
    again.buffer.bytes = again.bytes;
    CHECK(cc_decapsulate(decapsulator, &packet.buffer, &inner, NULL) == CC_STATUS_OK);
    CHECK(inner.options_offset == 36 && inner.options_length == 8 && inner.offset == 44 && inner.key == 7);
    CHECK(inner.flags == (CC_INNER_FLAG_KEY | CC_INNER_FLAG_CRITICAL) && inner.inner_type == 0x6558);
    cc_decapsulator_free(decapsulator);
    in = (cc_decapsulator_config){.kind = CC_TUNNEL_KIND_GENEVE, .link_type = 101, .flags = CC_DECAPSULATOR_FLAG_ANY_OPTION};
    decapsulator = decapsulator_of(in);
    CHECK(cc_decapsulate(decapsulator, &again.buffer, &inner, NULL) == CC_STATUS_OK);
    cc_decapsulator_free(decapsulator);
    cc_tunnel_free(tunnel);

    /* IP inside. */
    config.inner_type = 0x0800;
    config.options_length = 0;
    tunnel = tunnel_of(&config);
    CHECK(cc_tunnel_inner_mtu(tunnel, 1500) == 1464);
    fill_ip(&packet);
    CHECK(cc_encapsulate(tunnel, &packet.buffer, NULL) == CC_STATUS_OK);
    CHECK(memcmp(first(&packet) + 28, "\0\0\x08\0\0\0\x07\0\x45", 9) == 0);
    cc_tunnel_free(tunnel);

    /* §3.5: options are a multiple of 4, and none reaches past their end. */
    config.options_length = 6;
    CHECK(cc_tunnel_new(&config, &error) == NULL && error.status == CC_STATUS_UNBUILDABLE && error.value == 6);
    config.options_length = 4;
    CHECK(cc_tunnel_new(&config, &error) == NULL && error.status == CC_STATUS_TRUNCATED && error.limit == 8);
}

static void ip_and_gre(void)
{
    struct packet packet;
    cc_error error;
    cc_inner inner;
    /* RFC 2003 §3.1: protocol 4. */
    cc_tunnel_config config = config_of(CC_TUNNEL_KIND_IP);
    cc_tunnel *tunnel = tunnel_of(&config);
    CHECK(cc_tunnel_overhead(tunnel) == 20 && cc_tunnel_inner_mtu(tunnel, 1500) == 1480);
    fill_ip(&packet);
    CHECK(cc_encapsulate(tunnel, &packet.buffer, NULL) == CC_STATUS_OK);
    CHECK(memcmp(first(&packet), "\x45\0\0\x35\0\0\x40\0\x40\x04\xe6\x5a\xc6\x33\x64\x01\xc6\x33\x64\x02\x45", 21) == 0);
    cc_decapsulator *ip = decapsulator_of((cc_decapsulator_config){.kind = CC_TUNNEL_KIND_IP, .link_type = 101});
    cc_decapsulator *gre = decapsulator_of((cc_decapsulator_config){.kind = CC_TUNNEL_KIND_GRE, .link_type = 101});
    CHECK(cc_decapsulate(gre, &packet.buffer, &inner, &error) == CC_STATUS_NOT_OURS && error.value == 4);
    CHECK(cc_decapsulate(ip, &packet.buffer, &inner, NULL) == CC_STATUS_OK);
    CHECK(inner.inner_type == 0x0800 && inner.offset == 20 && inner.flags == 0 && packet.buffer.length == INNER - 14);

    /* RFC 2003 §3.1: what has no hop left does not enter; what is no IP neither. */
    fill_ip(&packet);
    packet.bytes[HEADROOM + 14 + 8] = 0;
    CHECK(cc_encapsulate(tunnel, &packet.buffer, &error) == CC_STATUS_UNBUILDABLE);
    CHECK(strcmp(error.field, "time to live") == 0 && error.limit == 1 && packet.buffer.start == HEADROOM + 14);
    fill(&packet);
    CHECK(cc_encapsulate(tunnel, &packet.buffer, NULL) == CC_STATUS_MALFORMED);
    packet.buffer.length = 0;
    CHECK(cc_encapsulate(tunnel, &packet.buffer, NULL) == CC_STATUS_TRUNCATED);
    cc_tunnel_free(tunnel);

    /* RFC 2473: in IPv6, with a hop limit of 9. */
    config.source = ours6;
    config.destination = theirs6;
    config.ttl = 9;
    tunnel = tunnel_of(&config);
    fill_ip(&packet);
    CHECK(cc_encapsulate(tunnel, &packet.buffer, NULL) == CC_STATUS_OK);
    CHECK(memcmp(first(&packet), "\x60\0\0\0\0\x21\x04\x09\x20\x01\x0d\xb8", 12) == 0);
    CHECK(cc_decapsulate(ip, &packet.buffer, &inner, NULL) == CC_STATUS_OK && inner.offset == 40);
    CHECK(memcmp(&inner.source, &ours6, sizeof ours6) == 0);
    cc_tunnel_free(tunnel);

    /* RFC 2784 §2.5, RFC 2890: checksum, key, sequence numbers from 0 on; Ethernet inside. */
    config = config_of(CC_TUNNEL_KIND_GRE);
    config.flags = CC_TUNNEL_FLAG_KEY | CC_TUNNEL_FLAG_SEQUENCE | CC_TUNNEL_FLAG_GRE_CHECKSUM;
    config.key = 0x01020304;
    tunnel = tunnel_of(&config);
    CHECK(cc_tunnel_overhead(tunnel) == 36 && cc_tunnel_inner_mtu(tunnel, 1500) == 1450);
    fill(&packet);
    CHECK(cc_encapsulate(tunnel, &packet.buffer, NULL) == CC_STATUS_OK);
    CHECK(memcmp(first(&packet), "\x45\0\0\x53\0\0\x40\0\x40\x2f\xe6\x11\xc6\x33\x64\x01\xc6\x33\x64\x02", 20) == 0);
    CHECK(memcmp(first(&packet) + 20, "\xb0\0\x65\x58\x5e\xc0\0\0\1\2\3\4\0\0\0\0", 16) == 0);
    CHECK(cc_decapsulate(ip, &packet.buffer, &inner, &error) == CC_STATUS_NOT_OURS && error.value == 47);
    CHECK(cc_decapsulate(gre, &packet.buffer, &inner, NULL) == CC_STATUS_OK);
    CHECK(inner.key == 0x01020304 && inner.sequence == 0 && inner.inner_type == 0x6558);
    CHECK(inner.flags == (CC_INNER_FLAG_KEY | CC_INNER_FLAG_SEQUENCE));
    fill(&packet);
    CHECK(cc_encapsulate(tunnel, &packet.buffer, NULL) == CC_STATUS_OK);
    CHECK(memcmp(first(&packet) + 24, "\x5e\xbf\0\0\1\2\3\4\0\0\0\1", 12) == 0);
    cc_decapsulator *other = decapsulator_of((cc_decapsulator_config){
        .kind = CC_TUNNEL_KIND_GRE, .link_type = 101, .flags = CC_DECAPSULATOR_FLAG_KEY, .key = 5});
    CHECK(cc_decapsulate(other, &packet.buffer, &inner, &error) == CC_STATUS_NOT_OURS && error.value == 0x01020304);
    packet.bytes[HEADROOM + 20] ^= 1;
    CHECK(cc_decapsulate(gre, &packet.buffer, &inner, &error) == CC_STATUS_CHECKSUM && strcmp(error.layer, "GRE") == 0);
    cc_decapsulator_free(other);
    cc_decapsulator_free(gre);
    cc_decapsulator_free(ip);
    cc_tunnel_free(tunnel);
}

/* Split after `at` bytes and again after two more: the headers are those of the packet in one piece. */
static int is_same_in_pieces(const cc_tunnel_config *config, size_t at)
{
    struct packet whole, split;
    cc_error error = {.text = ""};
    cc_tunnel *one = tunnel_of(config), *other = tunnel_of(config);
    size_t overhead = cc_tunnel_overhead(one);
    config->kind == CC_TUNNEL_KIND_IP ? fill_ip(&whole) : fill(&whole);
    split = whole;
    split.buffer.bytes = split.bytes;
    split.buffer.length = at;
    uint8_t rest[INNER];
    size_t length = whole.buffer.length - at, second = length < 2 ? length : 2;
    memcpy(rest, split.bytes + split.buffer.start + at, length);
    memset(split.bytes + split.buffer.start + at, 0xdd, length);
    const cc_segment behind[] = {{rest, second}, {NULL, 0}, {rest + second, length - second}};
    int is_same = cc_encapsulate(one, &whole.buffer, NULL) == CC_STATUS_OK
        && cc_encapsulate_segments(other, &split.buffer, behind, 3, &error) == CC_STATUS_OK
        && split.buffer.length == at + overhead && split.buffer.start == whole.buffer.start
        && memcmp(first(&whole), first(&split), at + overhead) == 0;
    if (!is_same)
        printf("split after %zu: %s\n", at, error.text);
    cc_tunnel_free(other);
    cc_tunnel_free(one);
    return is_same;
}

/* And in again: the same is found as in one piece, the outer headers are as they were, and a wrong bit in the last piece is found. */
static int is_found_in_pieces(const cc_tunnel_config *config, size_t at, int is_summed)
{
    struct packet packet, whole;
    uint8_t rest[INNER], headers[HEADROOM];
    cc_inner of_whole, of_pieces;
    cc_tunnel *tunnel = tunnel_of(config);
    cc_decapsulator *decapsulator = decapsulator_of((cc_decapsulator_config){
        .kind = config->kind, .link_type = config->flags & CC_TUNNEL_FLAG_ETHERNET ? 1 : 101, .checksum = CC_OUTER_SUMS_VERIFIED});
    fill(&packet);
    cc_encapsulate(tunnel, &packet.buffer, NULL);
    whole = packet;
    whole.buffer.bytes = whole.bytes;
    size_t length = INNER - at, second = length < 3 ? length : 3, overhead = cc_tunnel_overhead(tunnel);
    memcpy(rest, packet.bytes + HEADROOM + at, length);
    memcpy(headers, first(&packet), overhead);
    memset(packet.bytes + HEADROOM + at, 0xdd, length);
    packet.buffer.length -= length;
    const cc_segment behind[] = {{rest, second}, {rest + second, length - second}};
    cc_buffer before = packet.buffer;

    rest[length - 1] ^= 1;
    cc_status of_wrong = cc_decapsulate_segments(decapsulator, &packet.buffer, behind, 2, &of_pieces, NULL);
    int is_right = of_wrong == (is_summed ? CC_STATUS_CHECKSUM : CC_STATUS_OK)
        && memcmp(headers, packet.bytes + before.start, overhead) == 0;
    rest[length - 1] ^= 1;
    packet.buffer = before;
    is_right = is_right && cc_decapsulate(decapsulator, &packet.buffer, &of_pieces, NULL) == CC_STATUS_TRUNCATED
        && cc_decapsulate_segments(decapsulator, &packet.buffer, behind, 1, &of_pieces, NULL) == (second < length ? CC_STATUS_TRUNCATED : CC_STATUS_OK);
    packet.buffer = before;
    is_right = is_right && cc_decapsulate(decapsulator, &whole.buffer, &of_whole, NULL) == CC_STATUS_OK
        && cc_decapsulate_segments(decapsulator, &packet.buffer, behind, 2, &of_pieces, NULL) == CC_STATUS_OK
        && memcmp(&of_whole, &of_pieces, sizeof of_whole) == 0 && of_pieces.length == INNER
        && packet.buffer.start == HEADROOM && packet.buffer.length == at
        && memcmp(headers, packet.bytes + before.start, overhead) == 0;
    cc_decapsulator_free(decapsulator);
    cc_tunnel_free(tunnel);
    return is_right;
}

static void segments_in(void)
{
    cc_tunnel_config config = config_of(CC_TUNNEL_KIND_VXLAN);
    CHECK(is_found_in_pieces(&config, 42, 0) && is_found_in_pieces(&config, 14, 0));
    config.checksum = CC_CHECKSUM_POLICY_COMPUTED;
    CHECK(is_found_in_pieces(&config, 42, 1) && is_found_in_pieces(&config, 43, 1));
    config.flags = CC_TUNNEL_FLAG_ETHERNET;
    config.source = ours6;
    config.destination = theirs6;
    CHECK(is_found_in_pieces(&config, 42, 1) && is_found_in_pieces(&config, 45, 1));
    config.kind = CC_TUNNEL_KIND_GENEVE;
    CHECK(is_found_in_pieces(&config, 44, 1));
    config = config_of(CC_TUNNEL_KIND_GRE);
    config.flags = CC_TUNNEL_FLAG_GRE_CHECKSUM;
    CHECK(is_found_in_pieces(&config, 42, 1) && is_found_in_pieces(&config, 43, 1));

    struct packet packet;
    cc_inner inner;
    cc_tunnel *tunnel = tunnel_of(&config);
    cc_decapsulator *decapsulator = decapsulator_of((cc_decapsulator_config){.kind = CC_TUNNEL_KIND_GRE, .link_type = 101});
    const cc_segment null[] = {{NULL, 1}}, none[] = {{NULL, 0}};
    fill(&packet);
    CHECK(cc_encapsulate(tunnel, &packet.buffer, NULL) == CC_STATUS_OK);
    CHECK(cc_decapsulate_segments(decapsulator, &packet.buffer, null, 1, &inner, NULL) == CC_STATUS_NULL);
    CHECK(cc_decapsulate_segments(decapsulator, &packet.buffer, NULL, 1, &inner, NULL) == CC_STATUS_NULL);
    CHECK(cc_decapsulate_segments(decapsulator, &packet.buffer, none, 1, &inner, NULL) == CC_STATUS_OK);
    CHECK(packet.buffer.start == HEADROOM && packet.buffer.length == INNER);
    packet.buffer.length = 3;
    CHECK(cc_decapsulate_segments(decapsulator, &packet.buffer, none, 1, &inner, NULL) != CC_STATUS_OK);
    cc_decapsulator_free(decapsulator);
    cc_tunnel_free(tunnel);

    /* IP in IP is looked at itself, and must be all there. */
    config = config_of(CC_TUNNEL_KIND_IP);
    tunnel = tunnel_of(&config);
    decapsulator = decapsulator_of((cc_decapsulator_config){.kind = CC_TUNNEL_KIND_IP, .link_type = 101});
    fill_ip(&packet);
    CHECK(cc_encapsulate(tunnel, &packet.buffer, NULL) == CC_STATUS_OK);
    const cc_segment last[] = {{packet_bytes + INNER - 1, 1}};
    packet.buffer.length--;
    CHECK(cc_decapsulate_segments(decapsulator, &packet.buffer, last, 1, &inner, NULL) == CC_STATUS_TRUNCATED);
    packet.buffer.length++;
    CHECK(cc_decapsulate_segments(decapsulator, &packet.buffer, last, 1, &inner, NULL) == CC_STATUS_OK);
    cc_decapsulator_free(decapsulator);
    cc_tunnel_free(tunnel);

    /* A datagram that ends before its packet does (RFC 768's length): so in the first piece, with what stands behind it in the second. */
    config = config_of(CC_TUNNEL_KIND_VXLAN);
    tunnel = tunnel_of(&config);
    decapsulator = decapsulator_of((cc_decapsulator_config){.kind = CC_TUNNEL_KIND_VXLAN, .link_type = 101});
    fill(&packet);
    CHECK(cc_encapsulate(tunnel, &packet.buffer, NULL) == CC_STATUS_OK);
    packet.bytes[packet.buffer.start + 25] = 0x3f - 7;
    packet.buffer.length -= 5;
    const cc_segment five[] = {{packet_bytes + INNER - 5, 5}};
    CHECK(cc_decapsulate_segments(decapsulator, &packet.buffer, five, 1, &inner, NULL) == CC_STATUS_OK);
    CHECK(inner.length == INNER - 7 && packet.buffer.length == INNER - 7 && inner.outer_length == INNER + 36);
    cc_decapsulator_free(decapsulator);
    cc_tunnel_free(tunnel);
}

static void segments(void)
{
    cc_tunnel_config config = config_of(CC_TUNNEL_KIND_VXLAN);
    config.key = 7;
    CHECK(is_same_in_pieces(&config, 42) && is_same_in_pieces(&config, 43) && is_same_in_pieces(&config, INNER));
    config.checksum = CC_CHECKSUM_POLICY_COMPUTED;
    CHECK(is_same_in_pieces(&config, 42) && is_same_in_pieces(&config, 43));
    config.source = ours6;
    config.destination = theirs6;
    config.checksum = 0;
    config.flags = CC_TUNNEL_FLAG_ETHERNET;
    CHECK(is_same_in_pieces(&config, 42) && is_same_in_pieces(&config, 45));
    config = config_of(CC_TUNNEL_KIND_IP);
    CHECK(is_same_in_pieces(&config, 28) && is_same_in_pieces(&config, 31));
    config = config_of(CC_TUNNEL_KIND_GRE);
    config.flags = CC_TUNNEL_FLAG_GRE_CHECKSUM | CC_TUNNEL_FLAG_KEY;
    CHECK(is_same_in_pieces(&config, 42) && is_same_in_pieces(&config, 43));
    config.source = ours6;
    config.destination = theirs6;
    CHECK(is_same_in_pieces(&config, 43));

    /* RFC 768 over IPv6, exactly: the last three bytes are in pieces of their own. */
    struct packet packet;
    cc_error error;
    config = config_of(CC_TUNNEL_KIND_VXLAN);
    config.key = 7;
    config.source = ours6;
    config.destination = theirs6;
    cc_tunnel *tunnel = tunnel_of(&config);
    fill(&packet);
    packet.buffer.length = INNER - 3;
    const cc_segment behind[] = {{packet_bytes + INNER - 3, 1}, {packet_bytes + INNER - 2, 2}};
    CHECK(cc_encapsulate_segments(tunnel, &packet.buffer, behind, 2, NULL) == CC_STATUS_OK);
    CHECK(memcmp(first(&packet) + 40, "\xc3\x50\x12\xb5\0\x3f\x37\x15", 8) == 0);

    /* Longer than a length field says: the packet is as it was. Bytes that no checksum is over are not read. */
    fill(&packet);
    const cc_segment huge[] = {{packet_bytes, 65535 - 16 - INNER + 1}}, null[] = {{NULL, 1}};
    CHECK(cc_encapsulate_segments(tunnel, &packet.buffer, huge, 1, &error) == CC_STATUS_UNBUILDABLE);
    CHECK(error.value == 65536 && error.limit == 65535 && packet.buffer.start == HEADROOM && packet.buffer.length == INNER);
    CHECK(cc_encapsulate_segments(tunnel, &packet.buffer, null, 1, NULL) == CC_STATUS_NULL);
    CHECK(cc_encapsulate_segments(tunnel, &packet.buffer, NULL, 1, NULL) == CC_STATUS_NULL);
    CHECK(packet.buffer.start == HEADROOM);
    cc_tunnel_free(tunnel);
}

static void batches(void)
{
    struct packet packets[3];
    cc_buffer buffers[3];
    cc_status statuses[3];
    cc_inner inner[3];
    cc_tunnel_config config = config_of(CC_TUNNEL_KIND_VXLAN);
    config.key = 7;
    cc_tunnel *tunnel = tunnel_of(&config);
    cc_decapsulator *decapsulator =
        decapsulator_of((cc_decapsulator_config){.kind = CC_TUNNEL_KIND_VXLAN, .link_type = 101});
    for (int i = 0; i < 3; i++) {
        fill(&packets[i]);
        buffers[i] = packets[i].buffer;
    }
    buffers[1].bytes = NULL;
    CHECK(cc_encapsulate_batch(tunnel, buffers, 3, statuses) == CC_STATUS_OK);
    CHECK(statuses[0] == CC_STATUS_OK && statuses[1] == CC_STATUS_NULL && statuses[2] == CC_STATUS_OK);
    CHECK(memcmp(packets[2].bytes + HEADROOM - 36, vxlan_headers, 36) == 0 && buffers[1].start == HEADROOM);
    buffers[1] = packets[1].buffer;
    CHECK(cc_decapsulate_batch(decapsulator, buffers, 3, inner, statuses) == CC_STATUS_OK);
    CHECK(statuses[0] == CC_STATUS_OK && statuses[1] == CC_STATUS_MALFORMED && statuses[2] == CC_STATUS_OK);
    CHECK(buffers[0].start == HEADROOM && buffers[2].length == INNER && inner[2].offset == 36 && inner[0].key == 7);

    CHECK(cc_encapsulate_batch(NULL, buffers, 3, statuses) == CC_STATUS_NULL);
    CHECK(cc_encapsulate_batch(tunnel, NULL, 3, statuses) == CC_STATUS_NULL);
    CHECK(cc_encapsulate_batch(tunnel, buffers, 3, NULL) == CC_STATUS_NULL);
    CHECK(cc_encapsulate_batch(tunnel, NULL, 0, NULL) == CC_STATUS_OK);
    CHECK(cc_decapsulate_batch(NULL, buffers, 3, inner, statuses) == CC_STATUS_NULL);
    CHECK(cc_decapsulate_batch(decapsulator, NULL, 3, inner, statuses) == CC_STATUS_NULL);
    CHECK(cc_decapsulate_batch(decapsulator, buffers, 3, NULL, statuses) == CC_STATUS_NULL);
    CHECK(cc_decapsulate_batch(decapsulator, buffers, 3, inner, NULL) == CC_STATUS_NULL);
    CHECK(cc_encapsulate(NULL, buffers, NULL) == CC_STATUS_NULL);
    CHECK(cc_encapsulate(tunnel, NULL, NULL) == CC_STATUS_NULL);
    CHECK(cc_decapsulate(NULL, buffers, inner, NULL) == CC_STATUS_NULL);
    CHECK(cc_decapsulate(decapsulator, NULL, inner, NULL) == CC_STATUS_NULL);
    CHECK(cc_decapsulate(decapsulator, buffers, NULL, NULL) == CC_STATUS_NULL);
    buffers[0].start = sizeof packets[0].bytes;
    CHECK(cc_encapsulate(tunnel, buffers, NULL) == CC_STATUS_ROOM);
    CHECK(cc_decapsulate(decapsulator, buffers, inner, NULL) == CC_STATUS_ROOM);
    CHECK(cc_tunnel_overhead(NULL) == 0 && cc_tunnel_inner_mtu(NULL, 1500) == 0);
    cc_tunnel_free(NULL);
    cc_decapsulator_free(NULL);
    cc_decapsulator_free(decapsulator);
    cc_tunnel_free(tunnel);
}

/* The field that is told where a configuration is none. */
static const char *refused(const cc_tunnel_config *config)
{
    static cc_error error;
    return cc_tunnel_new(config, &error) ? "" : error.status == CC_STATUS_ARGUMENT ? error.field : error.text;
}

static const char *refused_in(const cc_decapsulator_config *config)
{
    static cc_error error;
    return cc_decapsulator_new(config, &error) ? "" : error.status == CC_STATUS_ARGUMENT ? error.field : error.text;
}

static void configurations(void)
{
#define REFUSES(name, kind, ...) \
    do { \
        cc_tunnel_config config = config_of(kind); \
        __VA_ARGS__; \
        CHECK(strcmp(refused(&config), name) == 0); \
    } while (0)
    REFUSES("kind", 0, (void)0);
    REFUSES("kind", 5, (void)0);
    REFUSES("flags", 1, config.flags = 1024);
    REFUSES("flags", 1, config.flags = CC_TUNNEL_FLAG_SEQUENCE);
    REFUSES("flags", 4, config.flags = CC_TUNNEL_FLAG_GROUP);
    REFUSES("source", 1, config.source.family = 0);
    REFUSES("destination", 1, config.destination.family = 5);
    REFUSES("family of destination", 1, config.destination = theirs6);
    REFUSES("key", 1, config.key = 1 << 24);
    REFUSES("key", 2, config.key = 1 << 24);
    REFUSES("dscp", 1, config.dscp = 64);
    REFUSES("flow_label", 1, config.flow_label = 1 << 20);
    REFUSES("checksum", 1, config.checksum = 3);
    REFUSES("class_policy", 1, config.class_policy = 3);
    REFUSES("options_length", 1, config.options = packet_bytes; config.options_length = 4);
    REFUSES("a pointer is null", 2, config.options_length = 4);
    CHECK(cc_tunnel_new(NULL, NULL) == NULL);
#undef REFUSES
#define REFUSES(name, ...) \
    do { \
        const cc_decapsulator_config config = {__VA_ARGS__}; \
        CHECK(strcmp(refused_in(&config), name) == 0); \
    } while (0)
    const uint32_t option[] = {1 << 24};
    REFUSES("kind", .link_type = 1);
    REFUSES("kind", .kind = 5, .link_type = 1);
    REFUSES("link type", .kind = 1);
    REFUSES("flags", .kind = 1, .link_type = 1, .flags = 32);
    REFUSES("flags", .kind = 3, .link_type = 1, .flags = CC_DECAPSULATOR_FLAG_KEY);
    REFUSES("key", .kind = 1, .link_type = 1, .flags = CC_DECAPSULATOR_FLAG_KEY, .key = 1 << 24);
    REFUSES("reading", .kind = 1, .link_type = 1, .reading = 3);
    REFUSES("checksum", .kind = 1, .link_type = 1, .checksum = 4);
    REFUSES("remote", .kind = 1, .link_type = 1, .flags = CC_DECAPSULATOR_FLAG_ENDS);
    REFUSES("local", .kind = 1, .link_type = 1, .flags = CC_DECAPSULATOR_FLAG_ENDS, .remote = theirs);
    REFUSES("known_options", .kind = 2, .link_type = 1, .known_options = option, .known_count = 1);
    REFUSES("a pointer is null", .kind = 2, .link_type = 1, .known_count = 1);
    CHECK(cc_decapsulator_new(NULL, NULL) == NULL);
#undef REFUSES
}

int main(void)
{
    vxlan();
    marks();
    geneve();
    ip_and_gre();
    segments();
    segments_in();
    batches();
    configurations();
    return told();
}
