/* Checksums, flows, and packets changed in place: good calls and bad ones. Last line: N passed, M failed */
#include "check.h"

static cc_address ipv4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
    return (cc_address){.octets = {a, b, c, d}, .family = 4};
}

static void checksums(void)
{
    /* RFC 1071 §3: the sum of these words is ddf2. */
    const uint8_t words[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
    uint16_t sum = 1;
    CHECK(cc_checksum(words, sizeof words, &sum) == CC_STATUS_OK && sum == 0x220d);
    CHECK(cc_checksum(packet_bytes + 14, 20, &sum) == CC_STATUS_OK && sum == 0);
    CHECK(cc_checksum(NULL, 0, &sum) == CC_STATUS_OK && sum == 0xffff);
    CHECK(cc_checksum(NULL, 1, &sum) == CC_STATUS_NULL);
    CHECK(cc_checksum(words, 8, NULL) == CC_STATUS_NULL);

    /* The same in pieces of odd length, and one of none. */
    const cc_segment pieces[] = {{words, 1}, {words + 1, 3}, {NULL, 0}, {words + 4, 4}};
    CHECK(cc_checksum_segments(pieces, 4, &sum) == CC_STATUS_OK && sum == 0x220d);
    CHECK(cc_checksum_segments(NULL, 4, &sum) == CC_STATUS_NULL);
    CHECK(cc_checksum_segments(pieces, 4, NULL) == CC_STATUS_NULL);
    const cc_segment none[] = {{NULL, 3}};
    CHECK(cc_checksum_segments(none, 1, &sum) == CC_STATUS_NULL);

    /* RFC 768: a datagram with its checksum in it gives 0; without it, the checksum. */
    const cc_address from = ipv4(192, 0, 2, 1), to = ipv4(192, 0, 2, 2);
    const cc_segment datagram[] = {{packet_bytes + 34, 7}, {packet_bytes + 41, 6}};
    cc_error error;
    CHECK(cc_checksum_upper_layer(&from, &to, 17, datagram, 2, &sum, &error) == CC_STATUS_OK && sum == 0);
    const uint8_t zero[] = {0, 0};
    const cc_segment unfilled[] = {{packet_bytes + 34, 6}, {zero, 2}, {packet_bytes + 42, 5}};
    CHECK(cc_checksum_upper_layer(&from, &to, 17, unfilled, 3, &sum, NULL) == CC_STATUS_OK && sum == 0x2829);
    cc_address other = {.octets = {0x20, 0x01}, .family = 6}, unset = {.family = 0};
    CHECK(cc_checksum_upper_layer(&from, &other, 17, datagram, 2, &sum, &error) == CC_STATUS_ARGUMENT);
    CHECK(strcmp(error.field, "destination") == 0 && error.value == 6 && error.limit == 4);
    CHECK(cc_checksum_upper_layer(&unset, &to, 17, datagram, 2, &sum, &error) == CC_STATUS_ARGUMENT);
    CHECK(strcmp(error.field, "source") == 0 && strcmp(error.text, "source cannot be 0") == 0);
    CHECK(cc_checksum_upper_layer(NULL, &to, 17, datagram, 2, &sum, NULL) == CC_STATUS_NULL);
    CHECK(cc_checksum_upper_layer(&from, NULL, 17, datagram, 2, &sum, NULL) == CC_STATUS_NULL);
    CHECK(cc_checksum_upper_layer(&from, &to, 17, NULL, 2, &sum, NULL) == CC_STATUS_NULL);
    CHECK(cc_checksum_upper_layer(&from, &to, 17, datagram, 2, NULL, NULL) == CC_STATUS_NULL);

    /* RFC 1624 §4: 5555 becomes 3285, dd2f becomes 0000. */
    CHECK(cc_checksum_update_word(0xdd2f, 0x5555, 0x3285) == 0);
    const uint8_t before[] = {0x55, 0x55}, after[] = {0x32, 0x85};
    sum = 0xdd2f;
    CHECK(cc_checksum_update(&sum, 8, before, after, 2) == CC_STATUS_OK && sum == 0);
    /* Three bytes at an odd offset: as over the whole. */
    uint8_t changed[sizeof words];
    uint16_t whole;
    memcpy(changed, words, sizeof changed);
    memcpy(changed + 3, "\x77\x00\x9a", 3);
    sum = 0x220d;
    CHECK(cc_checksum_update(&sum, 3, words + 3, changed + 3, 3) == CC_STATUS_OK);
    CHECK(cc_checksum(changed, sizeof changed, &whole) == CC_STATUS_OK && sum == whole && sum != 0x220d);
    CHECK(cc_checksum_update(&sum, 0, NULL, NULL, 0) == CC_STATUS_OK && sum == whole);
    CHECK(cc_checksum_update(NULL, 0, before, after, 2) == CC_STATUS_NULL);
    CHECK(cc_checksum_update(&sum, 0, NULL, after, 2) == CC_STATUS_NULL);
    CHECK(cc_checksum_update(&sum, 0, before, NULL, 2) == CC_STATUS_NULL);
}

static void flows(void)
{
    const cc_address from = ipv4(192, 0, 2, 1), to = ipv4(192, 0, 2, 2);
    cc_flow flow;
    cc_error error;
    CHECK(cc_flow_of(1, packet_bytes, sizeof packet_bytes, &flow, &error) == CC_STATUS_OK);
    CHECK(memcmp(&flow.source, &from, sizeof from) == 0 && memcmp(&flow.destination, &to, sizeof to) == 0);
    CHECK(flow.source_port == 4000 && flow.destination_port == 53 && flow.protocol == 17);
    CHECK(flow.flags == CC_FLOW_FLAG_PORTS && flow.identification == 0);
    CHECK(cc_flow_of(101, packet_bytes + 14, 33, &flow, NULL) == CC_STATUS_OK && flow.source_port == 4000);

    /* RFC 3022 §2.2: an echo's identifier, over IPv6 behind a tag. */
    uint8_t echo[18 + 40 + 8] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x81, 0, 0, 7, 0x86, 0xdd,
                                 0x60, 0, 0, 0, 0, 8, 58, 64, 0x20, 1, 0xd, 0xb8};
    echo[18 + 40] = 128;
    echo[18 + 44] = 0x12;
    echo[18 + 45] = 0x34;
    CHECK(cc_flow_of(1, echo, sizeof echo, &flow, NULL) == CC_STATUS_OK);
    CHECK(flow.flags == CC_FLOW_FLAG_IDENTIFIER && flow.source_port == 0x1234 && flow.protocol == 58);
    CHECK(flow.source.family == 6 && flow.source.octets[3] == 0xb8);

    /* RFC 791 §3.1: a fragment at offset 8 has no ports; the first one has. */
    uint8_t fragment[33];
    memcpy(fragment, packet_bytes + 14, sizeof fragment);
    fragment[4] = 0xab;
    fragment[6] = 0;
    fragment[7] = 1;
    CHECK(cc_flow_of(101, fragment, sizeof fragment, &flow, NULL) == CC_STATUS_OK);
    CHECK(flow.flags == (CC_FLOW_FLAG_FRAGMENT | CC_FLOW_FLAG_LATER_FRAGMENT) && flow.identification == 0xab00);
    CHECK(flow.source_port == 0);
    fragment[6] = 0x20;
    fragment[7] = 0;
    CHECK(cc_flow_of(101, fragment, sizeof fragment, &flow, NULL) == CC_STATUS_OK);
    CHECK(flow.flags == (CC_FLOW_FLAG_FRAGMENT | CC_FLOW_FLAG_PORTS) && flow.source_port == 4000);

    /* RFC 8200 §4.5: the same of IPv6, whose identification has 32 bits. */
    uint8_t later[40 + 8 + 8] = {0x60, 0, 0, 0, 0, 16, 44, 64};
    memcpy(later + 40, "\x11\0\0\x08\x01\x02\x03\x04", 8);
    CHECK(cc_flow_of(101, later, sizeof later, &flow, NULL) == CC_STATUS_OK);
    CHECK(flow.flags == (CC_FLOW_FLAG_FRAGMENT | CC_FLOW_FLAG_LATER_FRAGMENT) && flow.protocol == 17);
    CHECK(flow.identification == 0x01020304);

    /* What is wrong, and with which layer. */
    CHECK(cc_flow_of(1, packet_bytes, 36, &flow, &error) == CC_STATUS_TRUNCATED);
    CHECK(strcmp(error.layer, "UDP") == 0 && error.offset == 14 && error.limit == 8 && error.value == 2);
    uint8_t arp[14] = {[12] = 8, [13] = 6};
    CHECK(cc_flow_of(1, arp, sizeof arp, &flow, &error) == CC_STATUS_NOT_OURS && error.value == 0x0806);
    CHECK(strcmp(error.field, "EtherType") == 0);
    CHECK(cc_flow_of(7, packet_bytes, sizeof packet_bytes, &flow, &error) == CC_STATUS_ARGUMENT && error.value == 7);
    CHECK(cc_flow_of(1, NULL, 14, &flow, NULL) == CC_STATUS_NULL);
    CHECK(cc_flow_of(1, packet_bytes, sizeof packet_bytes, NULL, NULL) == CC_STATUS_NULL);
    CHECK(cc_flow_of(1, NULL, 0, &flow, NULL) == CC_STATUS_TRUNCATED);
}

static void hashes(void)
{
    /* The answer to the packet. */
    uint8_t back[sizeof packet_bytes], other[sizeof packet_bytes];
    memcpy(back, packet_bytes, sizeof back);
    memcpy(back + 26, "\xc0\0\x02\x02\xc0\0\x02\x01\0\x35\x0f\xa0", 12);
    memcpy(other, packet_bytes, sizeof other);
    other[35]++;

    uint32_t hash, raw, symmetric, symmetric_back, of_other;
    CHECK(cc_flow_hash(1, packet_bytes, sizeof packet_bytes, 0, &hash) == CC_STATUS_OK);
    CHECK(cc_flow_hash(101, packet_bytes + 14, 33, 0, &raw) == CC_STATUS_OK && raw == hash);
    CHECK(cc_flow_hash(1, other, sizeof other, 0, &of_other) == CC_STATUS_OK && of_other != hash);
    CHECK(cc_flow_hash(1, packet_bytes, sizeof packet_bytes, 1, &symmetric) == CC_STATUS_OK);
    CHECK(cc_flow_hash(1, back, sizeof back, 1, &symmetric_back) == CC_STATUS_OK && symmetric == symmetric_back);
    CHECK(cc_flow_hash(1, back, sizeof back, 0, &raw) == CC_STATUS_OK && raw != hash);
    CHECK(cc_flow_hash(7, packet_bytes, sizeof packet_bytes, 0, &raw) == CC_STATUS_ARGUMENT);
    CHECK(cc_flow_hash(1, NULL, 3, 0, &raw) == CC_STATUS_NULL);
    CHECK(cc_flow_hash(1, packet_bytes, sizeof packet_bytes, 0, NULL) == CC_STATUS_NULL);

    /* Many at once, a bad one in the middle. */
    cc_packet packets[4] = {
        {.bytes = packet_bytes, .captured = sizeof packet_bytes, .link_type = 1},
        {.bytes = NULL, .captured = 3, .link_type = 1},
        {.bytes = packet_bytes, .captured = sizeof packet_bytes, .link_type = 7},
        {.bytes = packet_bytes + 14, .captured = 33, .link_type = 101},
    };
    uint32_t many[4] = {0};
    cc_flow flows[4];
    cc_status statuses[4];
    CHECK(cc_flow_hash_batch(packets, 4, 0, many, statuses) == CC_STATUS_OK);
    CHECK(statuses[0] == CC_STATUS_OK && statuses[1] == CC_STATUS_NULL && statuses[2] == CC_STATUS_ARGUMENT);
    CHECK(statuses[3] == CC_STATUS_OK && many[0] == hash && many[1] == 0 && many[3] == hash);
    CHECK(cc_flow_of_batch(packets, 4, flows, statuses) == CC_STATUS_OK);
    CHECK(statuses[0] == CC_STATUS_OK && statuses[1] == CC_STATUS_NULL && statuses[2] == CC_STATUS_ARGUMENT);
    CHECK(flows[0].source_port == 4000 && statuses[3] == CC_STATUS_OK && flows[3].destination_port == 53);
    packets[0].captured = 20;
    CHECK(cc_flow_of_batch(packets, 1, flows, statuses) == CC_STATUS_OK && statuses[0] == CC_STATUS_TRUNCATED);
    CHECK(cc_flow_hash_batch(NULL, 4, 0, many, statuses) == CC_STATUS_NULL);
    CHECK(cc_flow_hash_batch(packets, 4, 0, NULL, statuses) == CC_STATUS_NULL);
    CHECK(cc_flow_hash_batch(packets, 4, 0, many, NULL) == CC_STATUS_NULL);
    CHECK(cc_flow_hash_batch(NULL, 0, 0, NULL, NULL) == CC_STATUS_OK);
    CHECK(cc_flow_of_batch(NULL, 4, flows, statuses) == CC_STATUS_NULL);
    CHECK(cc_flow_of_batch(packets, 4, NULL, statuses) == CC_STATUS_NULL);
    CHECK(cc_flow_of_batch(packets, 4, flows, NULL) == CC_STATUS_NULL);
}

static void rewriting(void)
{
    uint8_t bytes[64] = {0};
    cc_buffer buffer = {.bytes = bytes, .room = sizeof bytes, .start = 8, .length = sizeof packet_bytes};
    cc_error error;
    uint32_t made = 99;
    memcpy(bytes + 8, packet_bytes, sizeof packet_bytes);

    /* What a NAT does, and marks: the checksums are RFC 1071's over the new packet. */
    cc_changes changes = {
        .what = CC_CHANGE_SOURCE | CC_CHANGE_SOURCE_PORT | CC_CHANGE_HOP | CC_CHANGE_DSCP | CC_CHANGE_ECN | CC_CHANGE_MSS,
        .source = ipv4(203, 0, 113, 7), .source_port = 61000, .dscp = 46, .ecn = 3, .mss = 1400,
    };
    CHECK(cc_rewrite(1, &buffer, &changes, &made, &error) == CC_STATUS_OK);
    /* It is no SYN. */
    CHECK(made == (changes.what & ~(uint32_t)CC_CHANGE_MSS));
    CHECK(memcmp(bytes + 22, "\x45\xbb\0\x21\0\0\x40\0\x3f\x11\x3d\x07\xcb\0\x71\x07\xc0\0\x02\x02", 20) == 0);
    CHECK(memcmp(bytes + 42, "\xee\x48\0\x35\0\x0d\xcf\x79hello", 13) == 0);

    /* A tag with priority 5 and identifier 7 in front, then another identifier, then off again. */
    cc_changes push = {.what = CC_CHANGE_PUSH_TAG, .tpid = 0x8100, .tag = 0xa007};
    cc_changes swap = {.what = CC_CHANGE_SWAP_TAG, .tag = 0x123};
    cc_changes pop = {.what = CC_CHANGE_POP_TAG};
    CHECK(cc_rewrite(1, &buffer, &push, &made, NULL) == CC_STATUS_OK && made == CC_CHANGE_PUSH_TAG);
    CHECK(buffer.start == 4 && buffer.length == sizeof packet_bytes + 4);
    CHECK(memcmp(bytes + 4, "\2\0\0\0\0\2\2\0\0\0\0\1\x81\0\xa0\x07\x08\0\x45", 19) == 0);
    CHECK(cc_rewrite(1, &buffer, &swap, &made, NULL) == CC_STATUS_OK && made == CC_CHANGE_SWAP_TAG);
    CHECK(memcmp(bytes + 16, "\x81\0\xa1\x23\x08\0", 6) == 0);
    CHECK(cc_rewrite(1, &buffer, &pop, &made, NULL) == CC_STATUS_OK && made == CC_CHANGE_POP_TAG);
    CHECK(buffer.start == 8 && memcmp(bytes + 8, packet_bytes, 14) == 0);
    CHECK(cc_rewrite(1, &buffer, &pop, &made, NULL) == CC_STATUS_OK && made == 0);
    CHECK(cc_rewrite(1, &buffer, &swap, &made, NULL) == CC_STATUS_OK && made == 0);
    buffer.start = 3;
    CHECK(cc_rewrite(1, &buffer, &push, &made, &error) == CC_STATUS_ROOM && error.limit == 4 && error.value == 3);
    buffer.start = 8;

    /* RFC 9293 §3.7.1: a SYN offers 1460, of which 1400 are left. */
    uint8_t syn[] = {0x45, 0, 0, 44, 0, 0, 0x40, 0, 64, 6, 0xb6, 0xc8, 192, 0, 2, 1, 192, 0, 2, 2,
                     0x0f, 0xa0, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x60, 2, 0xff, 0xff, 0x04, 0x32, 0, 0,
                     2, 4, 0x05, 0xb4};
    cc_buffer segment = {.bytes = syn, .room = sizeof syn, .length = sizeof syn};
    cc_changes clamp = {.what = CC_CHANGE_MSS, .mss = 1400};
    CHECK(cc_rewrite(101, &segment, &clamp, &made, NULL) == CC_STATUS_OK && made == CC_CHANGE_MSS);
    CHECK(memcmp(syn + 36, "\x04\x6e\0\0\2\4\x05\x78", 8) == 0);
    CHECK(cc_rewrite(101, &segment, &clamp, &made, NULL) == CC_STATUS_OK && made == 0);

    /* The last hop stays: the packet is to be dropped. */
    cc_changes last = {.what = CC_CHANGE_TTL | CC_CHANGE_HOP, .ttl = 1};
    CHECK(cc_rewrite(101, &segment, &last, &made, NULL) == CC_STATUS_OK && made == CC_CHANGE_TTL && syn[8] == 1);

    /* What goes with no such packet changes nothing. */
    uint8_t before[sizeof bytes];
    memcpy(before, bytes, sizeof before);
    cc_changes bad = {.what = CC_CHANGE_DESTINATION | CC_CHANGE_SOURCE_PORT, .destination = {.family = 6}};
    CHECK(cc_rewrite(1, &buffer, &bad, &made, &error) == CC_STATUS_ARGUMENT);
    CHECK(strcmp(error.field, "family of destination") == 0 && error.value == 6 && error.limit == 4);
    bad = (cc_changes){.what = 4096};
    CHECK(cc_rewrite(1, &buffer, &bad, &made, &error) == CC_STATUS_ARGUMENT && error.limit == 4095);
    bad = (cc_changes){.what = CC_CHANGE_POP_TAG | CC_CHANGE_SWAP_TAG};
    CHECK(cc_rewrite(1, &buffer, &bad, &made, NULL) == CC_STATUS_ARGUMENT);
    CHECK(cc_rewrite(101, &segment, &pop, &made, NULL) == CC_STATUS_ARGUMENT);
    bad = (cc_changes){.what = CC_CHANGE_PUSH_TAG, .tpid = 0x0800};
    CHECK(cc_rewrite(1, &buffer, &bad, &made, &error) == CC_STATUS_ARGUMENT && strcmp(error.field, "tpid") == 0);
    bad = (cc_changes){.what = CC_CHANGE_DSCP, .dscp = 64};
    CHECK(cc_rewrite(1, &buffer, &bad, &made, &error) == CC_STATUS_ARGUMENT && error.limit == 63);
    bad = (cc_changes){.what = CC_CHANGE_ECN, .ecn = 4};
    CHECK(cc_rewrite(1, &buffer, &bad, &made, &error) == CC_STATUS_ARGUMENT && error.limit == 3);
    CHECK(cc_rewrite(7, &buffer, &last, &made, NULL) == CC_STATUS_ARGUMENT);
    CHECK(cc_rewrite(101, &buffer, &last, &made, NULL) == CC_STATUS_MALFORMED);
    buffer.length = 20;
    CHECK(cc_rewrite(1, &buffer, &last, &made, NULL) == CC_STATUS_TRUNCATED);
    buffer.length = 57;
    CHECK(cc_rewrite(1, &buffer, &last, &made, &error) == CC_STATUS_ROOM && error.limit == 65 && error.value == 64);
    buffer.start = SIZE_MAX;
    CHECK(cc_rewrite(1, &buffer, &last, &made, NULL) == CC_STATUS_ROOM);
    buffer = (cc_buffer){.bytes = bytes, .room = sizeof bytes, .start = 8, .length = sizeof packet_bytes};
    CHECK(memcmp(before, bytes, sizeof before) == 0);
    CHECK(cc_rewrite(1, NULL, &last, &made, NULL) == CC_STATUS_NULL);
    CHECK(cc_rewrite(1, &buffer, NULL, &made, NULL) == CC_STATUS_NULL);
    CHECK(cc_rewrite(1, &buffer, &last, NULL, NULL) == CC_STATUS_NULL);
    cc_buffer null = {.bytes = NULL, .room = 8, .length = 8};
    CHECK(cc_rewrite(1, &null, &last, &made, NULL) == CC_STATUS_NULL);

    /* Many at once, each in its own way. */
    cc_buffer both[3] = {buffer, null, segment};
    cc_changes each[3] = {last, last, {.what = CC_CHANGE_TTL, .ttl = 9}};
    uint32_t all[3];
    cc_status statuses[3];
    segment.start = 0;
    CHECK(cc_rewrite_batch(1, both, each, 2, all, statuses) == CC_STATUS_OK);
    CHECK(statuses[0] == CC_STATUS_OK && all[0] == CC_CHANGE_TTL && bytes[30] == 1);
    CHECK(statuses[1] == CC_STATUS_NULL && all[1] == 0);
    CHECK(cc_rewrite_batch(101, both + 2, each + 2, 1, all, statuses) == CC_STATUS_OK && syn[8] == 9);
    CHECK(cc_rewrite_batch(7, both, each, 2, all, statuses) == CC_STATUS_ARGUMENT);
    CHECK(cc_rewrite_batch(1, NULL, each, 2, all, statuses) == CC_STATUS_NULL);
    CHECK(cc_rewrite_batch(1, both, NULL, 2, all, statuses) == CC_STATUS_NULL);
    CHECK(cc_rewrite_batch(1, both, each, 2, NULL, statuses) == CC_STATUS_NULL);
    CHECK(cc_rewrite_batch(1, both, each, 2, all, NULL) == CC_STATUS_NULL);
}

int main(void)
{
    checksums();
    flows();
    hashes();
    rewriting();
    return told();
}
