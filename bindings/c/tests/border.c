/* What the interface promises, of good calls and of bad ones. Last line: N passed, M failed */
#include "check.h"

static cc_packet packet_of(const uint8_t *bytes, uint32_t length, uint64_t number)
{
    return (cc_packet){.bytes = bytes, .captured = length, .original = length, .link_type = 1, .number = number};
}

static void tables(void)
{
    CHECK(strcmp(cc_field_name(CC_FIELD_IP_SOURCE), "ip.src") == 0);
    CHECK(cc_field_by_name("ip.src") == CC_FIELD_IP_SOURCE);
    CHECK(cc_field_by_name("ip.sroc") == -1);
    CHECK(cc_field_by_name(NULL) == -1);
    CHECK(cc_field_name((uint16_t)cc_field_count()) == NULL);
    CHECK(cc_field_label(65535) == NULL);
    CHECK(cc_field_kind(CC_FIELD_IP_SOURCE) == CC_KIND_IPV4_ADDRESS);
    CHECK(cc_field_kind(65535) == CC_KIND_NONE);
    CHECK(cc_field_digits(CC_FIELD_ETH_TYPE) == 4);
    CHECK(cc_layer_name(65535) == NULL);
    CHECK(strchr(cc_version(), '.') != NULL);
}

static void walks(void)
{
    cc_layer layers[8];
    cc_error error;
    size_t count = 99;

    CHECK(cc_walk(1, packet_bytes, sizeof packet_bytes, layers, 8, &count, &error) == CC_STATUS_OK);
    CHECK(count == 4);
    CHECK(strcmp(cc_layer_name(layers[1].kind), "ip") == 0);
    CHECK(layers[1].offset == 14 && layers[1].length == 20 && layers[1].parent == 0);
    CHECK(layers[0].parent == 65535 && layers[0].is_quoted == 0);
    CHECK(strcmp(cc_layer_name(layers[3].kind), "data") == 0);
    CHECK(layers[3].offset == 42 && layers[3].length == 5);

    /* Too little room says how much there would be. */
    CHECK(cc_walk(1, packet_bytes, sizeof packet_bytes, layers, 1, &count, NULL) == CC_STATUS_OK);
    CHECK(count == 4);
    CHECK(cc_walk(1, packet_bytes, sizeof packet_bytes, NULL, 0, &count, NULL) == CC_STATUS_OK);

    /* Cut within UDP's header: what is there of it is data, and it is said how much is missing. */
    CHECK(cc_walk(1, packet_bytes, 38, layers, 8, &count, &error) == CC_STATUS_TRUNCATED);
    CHECK(count == 3);
    CHECK(strcmp(error.layer, "IPv4") == 0 && error.offset == 14 && error.limit == 33 && error.value == 24);
    CHECK(strcmp(error.text, "at byte 14: IPv4 is truncated: 33 bytes are needed, 24 are there") == 0);

    /* A total length of 10: RFC 791 has it at least the header's. */
    uint8_t wrong[sizeof packet_bytes];
    memcpy(wrong, packet_bytes, sizeof wrong);
    wrong[17] = 10;
    CHECK(cc_walk(1, wrong, sizeof wrong, layers, 8, &count, &error) == CC_STATUS_MALFORMED);
    CHECK(error.offset == 14 && error.value == 10 && error.limit == 20);
    CHECK(strcmp(error.layer, "IPv4") == 0 && strcmp(error.field, "total length") == 0);

    CHECK(cc_walk(1, NULL, 10, layers, 8, &count, &error) == CC_STATUS_NULL);
    CHECK(cc_walk(1, packet_bytes, sizeof packet_bytes, NULL, 8, &count, NULL) == CC_STATUS_NULL);
    CHECK(cc_walk(1, packet_bytes, sizeof packet_bytes, layers, 8, NULL, NULL) == CC_STATUS_NULL);
    CHECK(cc_walk(1, NULL, 0, layers, 8, &count, &error) == CC_STATUS_TRUNCATED);
}

static void walks_of_many(void)
{
    cc_packet packets[3];
    cc_layer layers[12];
    size_t ends[3], done = 99;
    cc_status statuses[3];

    for (int i = 0; i < 3; i++)
        packets[i] = packet_of(packet_bytes, sizeof packet_bytes, (uint64_t)i + 1);
    packets[1].captured = 38;
    CHECK(cc_walk_batch(packets, 3, layers, 12, ends, statuses, &done) == CC_STATUS_OK);
    CHECK(done == 3 && ends[0] == 4 && ends[1] == 7 && ends[2] == 11);
    CHECK(statuses[0] == CC_STATUS_OK && statuses[1] == CC_STATUS_TRUNCATED && statuses[2] == CC_STATUS_OK);
    CHECK(layers[9].kind == CC_LAYER_UDP && layers[9].offset == 34);

    /* Room for two and a part of the third. */
    CHECK(cc_walk_batch(packets, 3, layers, 10, ends, statuses, &done) == CC_STATUS_ROOM && done == 2 && ends[1] == 7);
    CHECK(cc_walk_batch(packets, 3, layers, 0, ends, statuses, &done) == CC_STATUS_ROOM && done == 0);
    CHECK(cc_walk_batch(NULL, 0, NULL, 0, NULL, NULL, &done) == CC_STATUS_OK && done == 0);
    CHECK(cc_walk_batch(NULL, 3, layers, 12, ends, statuses, &done) == CC_STATUS_NULL);
    CHECK(cc_walk_batch(packets, 3, NULL, 12, ends, statuses, &done) == CC_STATUS_NULL);
    CHECK(cc_walk_batch(packets, 3, layers, 12, NULL, statuses, &done) == CC_STATUS_NULL);
    CHECK(cc_walk_batch(packets, 3, layers, 12, ends, NULL, &done) == CC_STATUS_NULL);
    CHECK(cc_walk_batch(packets, 3, layers, 12, ends, statuses, NULL) == CC_STATUS_NULL);
    packets[2].bytes = NULL;
    CHECK(cc_walk_batch(packets, 3, layers, 12, ends, statuses, &done) == CC_STATUS_NULL && done == 2);
}

static void outlines(void)
{
    cc_packet packets[2] = {packet_of(packet_bytes, sizeof packet_bytes, 1), packet_of(packet_bytes, 12, 2)};
    cc_outline of[2];

    CHECK(cc_outline_batch(packets, 2, of) == CC_STATUS_OK);
    CHECK(of[0].outer == 14 && of[0].network == 14 && of[0].outer_kind == CC_LAYER_IP && of[0].layers == 4);
    CHECK(of[0].transport == 34 && of[0].transport_kind == CC_LAYER_UDP && of[0].status == CC_STATUS_OK);
    CHECK(of[0].tunnel == UINT32_MAX && of[0].tunnel_kind == 65535);
    CHECK(of[1].status == CC_STATUS_TRUNCATED && of[1].outer == UINT32_MAX && of[1].layers == 0);
    CHECK(cc_outline_batch(NULL, 0, NULL) == CC_STATUS_OK);
    CHECK(cc_outline_batch(NULL, 1, of) == CC_STATUS_NULL);
    CHECK(cc_outline_batch(packets, 2, NULL) == CC_STATUS_NULL);
    packets[1].bytes = NULL;
    CHECK(cc_outline_batch(packets, 2, of) == CC_STATUS_NULL);
}

static void headers(void)
{
    CHECK(cc_ethernet_destination(packet_bytes) == packet_bytes && cc_ethernet_source(packet_bytes) == packet_bytes + 6);
    CHECK(cc_ethernet_type(packet_bytes) == 0x800);
    CHECK(cc_ipv4_source(packet_bytes + 14) == 0xc0000201 && cc_ipv4_header_length(packet_bytes + 14) == 20);
    CHECK(cc_ipv4_dont_fragment(packet_bytes + 14) == 1 && cc_ipv4_fragment_offset(packet_bytes + 14) == 0);
    CHECK(cc_udp_source_port(packet_bytes + 34) == 4000 && cc_udp_checksum(packet_bytes + 34) == 0x2829);
}

static void batches(void)
{
    const uint16_t fields[] = {CC_FIELD_IP_SOURCE, CC_FIELD_UDP_DESTINATION_PORT, CC_FIELD_FRAME_PROTOCOLS};
    cc_error error;
    cc_dissector *dissector = cc_dissector_new(fields, 3, 0, &error);
    cc_packet packets[3];
    cc_value values[16];
    uint8_t text[64];
    size_t ends[3], done = 99;
    cc_room room = {.values = values, .values_room = 16, .text = text, .text_room = 64, .ends = ends};

    CHECK(dissector != NULL);
    for (int i = 0; i < 3; i++)
        packets[i] = packet_of(packet_bytes, sizeof packet_bytes, (uint64_t)i + 1);

    CHECK(cc_dissect(dissector, packets, 3, &room, &done) == CC_STATUS_OK);
    CHECK(done == 3 && room.values_count == 9 && ends[0] == 3 && ends[2] == 9);
    CHECK(values[0].field == CC_FIELD_FRAME_PROTOCOLS && values[0].form == CC_FORM_TEXT);
    CHECK(values[0].place == CC_PLACE_TEXT && values[0].length == 15);
    CHECK(memcmp(text + values[3].number, "eth:ip:udp:data", 15) == 0);
    CHECK(values[4].form == CC_FORM_IPV4 && values[4].number == 0xc0000201);
    CHECK(values[5].form == CC_FORM_NUMBER && values[5].number == 53);

    /* Room for the values of two: the third is the first of the next call. */
    room.values_room = 8;
    CHECK(cc_dissect(dissector, packets, 3, &room, &done) == CC_STATUS_ROOM);
    CHECK(done == 2 && room.values_count == 6);
    CHECK(cc_dissect(dissector, packets + 2, 1, &room, &done) == CC_STATUS_OK);
    CHECK(done == 1 && room.values_count == 3 && ends[0] == 3);

    /* Too little for one says how much one needs. */
    room.values_room = 2;
    room.text_room = 4;
    CHECK(cc_dissect(dissector, packets, 1, &room, &done) == CC_STATUS_ROOM);
    CHECK(done == 0 && room.values_count == 3 && room.text_length == 15);
    room.values_room = 3;
    room.text_room = 15;
    CHECK(cc_dissect(dissector, packets, 1, &room, &done) == CC_STATUS_OK && done == 1);

    CHECK(cc_dissect(dissector, packets, 0, &room, &done) == CC_STATUS_OK && done == 0);
    CHECK(cc_dissect(NULL, packets, 1, &room, &done) == CC_STATUS_NULL);
    CHECK(cc_dissect(dissector, NULL, 1, &room, &done) == CC_STATUS_NULL);
    CHECK(cc_dissect(dissector, packets, 1, NULL, &done) == CC_STATUS_NULL);
    CHECK(cc_dissect(dissector, packets, 1, &room, NULL) == CC_STATUS_NULL);
    room.values = NULL;
    CHECK(cc_dissect(dissector, packets, 1, &room, &done) == CC_STATUS_NULL);
    room.values = values;
    packets[0].bytes = NULL;
    CHECK(cc_dissect(dissector, packets, 1, &room, &done) == CC_STATUS_NULL);
    cc_dissector_free(dissector);
    cc_dissector_free(NULL);

    const uint16_t none[] = {65535};
    CHECK(cc_dissector_new(none, 1, 0, &error) == NULL && error.status == CC_STATUS_NO_FIELD);
    CHECK(cc_dissector_new(NULL, 1, 0, &error) == NULL && error.status == CC_STATUS_NULL);
    CHECK(cc_dissector_new(none, 1, 0, NULL) == NULL);
}

static void captures(void)
{
    cc_error error;
    cc_packet packet;

    CHECK(cc_capture_open("/no/such/file", &error) == NULL && error.status == CC_STATUS_CAPTURE);
    CHECK(strncmp(error.text, "/no/such/file: ", 15) == 0);
    CHECK(cc_capture_open(NULL, &error) == NULL && error.status == CC_STATUS_NULL);
    CHECK(cc_capture_open("\xff", &error) == NULL && error.status == CC_STATUS_TEXT);
    CHECK(cc_capture_next(NULL, &packet, &error) == CC_STATUS_NULL);
    cc_capture_free(NULL);
}

int main(void)
{
    tables();
    walks();
    walks_of_many();
    outlines();
    headers();
    batches();
    captures();
    return told();
}
