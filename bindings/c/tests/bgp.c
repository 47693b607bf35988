/* BGP through the C interface, of good messages and of bad ones. Last line: N passed, M failed */
#define _POSIX_C_SOURCE 200809L
#include <container_codecs.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int passed, failed;
#define CHECK(what) \
    ((what) ? (void)passed++ : (void)(failed++, printf("FAILED %s:%d: %s\n", __FILE__, __LINE__, #what)))

#define MARKER 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255

/* Puts header and body together (RFC 4271 §4.1); how many bytes. */
static size_t message_of(uint8_t *to, uint8_t kind, const uint8_t *body, size_t length)
{
    memset(to, 255, 16);
    to[16] = (uint8_t)((length + 19) >> 8);
    to[17] = (uint8_t)(length + 19);
    to[18] = kind;
    if (length > 0)
        memcpy(to + 19, body, length);
    return length + 19;
}

static const uint8_t keepalive[] = {MARKER, 0, 19, 4};

static int is_notification(const cc_bgp_notification *of, uint8_t code, uint8_t subcode, uint32_t offset, uint32_t length)
{
    return of->code == code && of->subcode == subcode && of->is_own == 0 && of->data_offset == offset && of->data_length == length;
}

/* RFC 4271 §6.1, RFC 8654 §4. */
static void framing(void)
{
    uint8_t stream[19 * 2 + 9];
    cc_bgp_frame frames[4];
    cc_error error;
    size_t count = 99;

    for (size_t i = 0; i < sizeof stream; i++)
        stream[i] = keepalive[i % 19];

    /* Two messages and a half in one read. */
    CHECK(cc_bgp_frames(stream, sizeof stream, 4096, frames, 4, &count, &error) == CC_STATUS_PARTIAL);
    CHECK(count == 2 && error.value == 9 && error.limit == 19);
    CHECK(frames[0].offset == 0 && frames[0].length == 19 && frames[0].kind == 4);
    CHECK(frames[1].offset == 19 && frames[1].length == 19 && frames[1].kind == 4);
    CHECK(cc_bgp_frames(stream, 38, 4096, frames, 4, &count, &error) == CC_STATUS_OK && count == 2);
    CHECK(cc_bgp_frames(stream, sizeof stream, 4096, frames, 1, &count, &error) == CC_STATUS_OK && count == 1);
    CHECK(cc_bgp_frames(NULL, 0, 4096, NULL, 0, &count, NULL) == CC_STATUS_OK && count == 0);

    /* A byte at a time: as soon as the length is there it is said how much is missing. */
    for (size_t length = 1; length < 19; length++) {
        CHECK(cc_bgp_frames(stream, length, 4096, frames, 1, &count, &error) == CC_STATUS_PARTIAL);
        CHECK(count == 0 && error.value == length && error.limit == 19);
    }
    uint8_t update[23];
    message_of(update, 2, (const uint8_t[]){0, 0, 0, 0}, 4);
    CHECK(cc_bgp_frames(update, 18, 4096, frames, 1, &count, &error) == CC_STATUS_PARTIAL && error.limit == 23);

    /* The marker, at its first wrong byte: all that came may be thrown away. */
    uint8_t wrong[64];
    memcpy(wrong, keepalive, 19);
    wrong[3] = 0;
    CHECK(cc_bgp_frames(wrong, 4, 4096, frames, 1, &count, &error) == CC_STATUS_BGP);
    CHECK(is_notification(&error.notification, 1, 1, 0, 0) && error.limit == 4);

    /* Lengths, with the length as data: by type, 18 of any, above the limit, and a KEEPALIVE above 19 in any session. */
    static const struct {
        uint8_t kind;
        uint16_t length, max_len;
        int is_good;
    } lengths[] = {
        {1, 28, 4096, 0}, {1, 29, 4096, 1}, {2, 22, 4096, 0}, {2, 23, 4096, 1}, {3, 20, 4096, 0}, {3, 21, 4096, 1},
        {4, 20, 65535, 0}, {4, 18, 4096, 0}, {2, 4097, 4096, 0}, {2, 4097, 65535, 1}, {1, 4097, 65535, 0}, {5, 22, 4096, 0},
    };
    uint8_t *big = calloc(1, 5000);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        memset(big, 255, 16);
        big[16] = (uint8_t)(lengths[i].length >> 8);
        big[17] = (uint8_t)lengths[i].length;
        big[18] = lengths[i].kind;
        cc_status status = cc_bgp_frames(big, lengths[i].length > 19 ? lengths[i].length : 19, lengths[i].max_len, frames, 1, &count, &error);
        CHECK(status == (lengths[i].is_good ? CC_STATUS_OK : CC_STATUS_BGP));
        CHECK(lengths[i].is_good || is_notification(&error.notification, 1, 2, 16, 2));
    }
    free(big);

    /* A type that is not known, with the type as data; never a message in front of it. */
    memcpy(wrong, keepalive, 19);
    memcpy(wrong + 19, keepalive, 19);
    wrong[19 + 18] = 9;
    CHECK(cc_bgp_frames(wrong, 38, 4096, frames, 4, &count, &error) == CC_STATUS_BGP);
    CHECK(count == 1 && is_notification(&error.notification, 1, 3, 18, 1) && error.limit == 19);
    CHECK(strstr(error.text, "NOTIFICATION 1/3") != NULL);

    CHECK(cc_bgp_frames(NULL, 19, 4096, frames, 1, &count, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_frames(stream, 19, 4096, NULL, 1, &count, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_frames(stream, 19, 4096, frames, 1, NULL, &error) == CC_STATUS_NULL);
}

/* One UPDATE, read. */
struct read {
    cc_bgp_session session;
    cc_bgp_update update;
    cc_bgp_route routes[16];
    cc_bgp_attribute attributes[16];
    uint32_t words[64];
    cc_bgp_room room;
    cc_error error;
    uint8_t message[512];
    size_t length;
};

static struct read *reader(void)
{
    struct read *of = calloc(1, sizeof *of);
    cc_bgp_session_assumed(&of->session);
    return of;
}

static cc_status decode(struct read *of, const uint8_t *body, size_t length)
{
    size_t done = 99;
    of->length = message_of(of->message, 2, body, length);
    cc_bgp_frame frame = {.offset = 0, .length = (uint32_t)of->length, .kind = 2};
    of->room = (cc_bgp_room){
        .routes = of->routes, .routes_room = 16, .attributes = of->attributes, .attributes_room = 16, .words = of->words, .words_room = 64,
    };
    cc_status status = cc_bgp_decode(&of->session, of->message, of->length, &frame, &of->update, 1, &of->room, &done, &of->error);
    CHECK(done == (status == CC_STATUS_OK));
    return status;
}
#define DECODE(of, ...) decode(of, (const uint8_t[]){__VA_ARGS__}, sizeof(const uint8_t[]){__VA_ARGS__})

/* An attribute's numbers, if there are so many; else numbers that nothing expects. */
static const uint32_t *words_of(const struct read *of, uint8_t kind, size_t count)
{
    static const uint32_t none[5] = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX};
    for (size_t i = 0; i < of->room.attributes_count; i++)
        if (of->attributes[i].kind == kind && of->attributes[i].words_count == count)
            return of->words + of->attributes[i].words_start;
    return none;
}

#define ORIGIN_IGP 0x40, 1, 1, 0
#define PATH_65000 0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xe8
#define NEXT_HOP_1 0x40, 3, 4, 192, 0, 2, 1
#define MANDATORY ORIGIN_IGP, PATH_65000, NEXT_HOP_1 /* 20 bytes */

/* RFC 4271 §4.3: 10.0.0.0/8 is withdrawn, 192.0.2.0/24 and 198.51.100.128/25 are announced. */
static void plain_routes(void)
{
    struct read *of = reader();
    CHECK(DECODE(of, 0, 2, 8, 10, 0, 20, MANDATORY, 24, 192, 0, 2, 25, 198, 51, 100, 255) == CC_STATUS_OK);
    CHECK(of->update.action == CC_BGP_ACTION_ACCEPT && of->update.kind == 2);
    CHECK(of->room.routes_count == 3 && of->update.routes_end == 3);
    CHECK(of->routes[0].place == CC_BGP_PLACE_WITHDRAWN && of->routes[0].prefix_length == 8 && of->routes[0].address[0] == 10);
    CHECK(of->routes[0].offset == 21 && of->routes[0].length == 2 && of->routes[0].afi == 1 && of->routes[0].safi == 1);
    CHECK(of->routes[1].place == CC_BGP_PLACE_NLRI && of->routes[1].prefix_length == 24 && of->routes[1].offset == 45);
    CHECK(memcmp(of->routes[1].address, (const uint8_t[16]){192, 0, 2}, 16) == 0);
    /* Bits behind the length are of no account (RFC 4271 §4.3). */
    CHECK(memcmp(of->routes[2].address, (const uint8_t[16]){198, 51, 100, 128}, 16) == 0);
    CHECK(of->routes[2].offset == 49 && of->routes[2].length == 5 && of->routes[2].has_path_id == 0 && of->routes[2].is_prefix == 1);
    CHECK(memcmp(of->update.plain_next_hop, (const uint8_t[]){192, 0, 2, 1}, 4) == 0);
    CHECK(of->room.attributes_count == 3 && of->update.attributes_end == 3 && of->room.words_count == 4);
    CHECK(of->attributes[1].kind == 2 && of->attributes[1].flags == 0x40 && of->attributes[1].offset == 32 && of->attributes[1].length == 6);
    CHECK(words_of(of, 1, 1)[0] == 0 && words_of(of, 3, 1)[0] == 0xc0000201);
    CHECK(words_of(of, 2, 2)[0] == (2 << 8 | 1) && words_of(of, 2, 2)[1] == 65000);

    /* With path identifiers (RFC 7911 §3). */
    of->session.add_path_receive = cc_bgp_family_bit(1, 1);
    CHECK(DECODE(of, 0, 6, 0, 0, 0, 9, 8, 10, 0, 20, MANDATORY, 0, 0, 0, 7, 24, 192, 0, 2) == CC_STATUS_OK);
    CHECK(of->room.routes_count == 2 && of->routes[0].path_id == 9 && of->routes[1].path_id == 7 && of->routes[1].has_path_id == 1);
    CHECK(of->routes[0].offset == 25 && of->routes[1].offset == 19 + 2 + 6 + 2 + 20 + 4 && of->routes[1].length == 4);
    free(of);
}

/* Each attribute's numbers. */
static void values(void)
{
    struct read *of = reader();
    of->session.peer = 0;
    of->session.may_have_as_sets = 1;
    CHECK(DECODE(of, 0, 0, 0, 125, ORIGIN_IGP,
              0x40, 2, 16, 2, 2, 0, 1, 0, 0, 0, 0, 0, 7, 1, 1, 0, 0, 0, 9,    /* AS_PATH: 65536 7 {9} */
              NEXT_HOP_1,
              0x80, 4, 4, 0, 0, 0, 50,                                        /* MULTI_EXIT_DISC */
              0x40, 5, 4, 0, 0, 0, 200,                                       /* LOCAL_PREF */
              0x40, 6, 0,                                                     /* ATOMIC_AGGREGATE */
              0xc0, 7, 8, 0, 1, 0, 0, 192, 0, 2, 9,                           /* AGGREGATOR */
              0xc0, 8, 8, 0xfd, 0xe8, 0, 1, 0xff, 0xff, 0xff, 1,              /* COMMUNITIES */
              0x80, 9, 4, 192, 0, 2, 3,                                       /* ORIGINATOR_ID */
              0x80, 10, 8, 0, 0, 0, 1, 0, 0, 0, 2,                            /* CLUSTER_LIST */
              0xc0, 16, 8, 0, 2, 0xfd, 0xe8, 0, 0, 0, 7,                      /* EXTENDED COMMUNITIES */
              0xc0, 32, 12, 0, 0, 0xfd, 0xe8, 0, 0, 0, 1, 0, 0, 0, 2,         /* LARGE_COMMUNITY */
              0xc0, 35, 4, 0, 0, 0xfd, 0xe8,                                  /* Only to Customer */
              0xd0, 99, 0, 1, 5,                                              /* one that nobody knows, its length in two bytes */
              24, 192, 0, 2) == CC_STATUS_OK);
    CHECK(of->update.action == CC_BGP_ACTION_ACCEPT && of->room.attributes_count == 14);
    const uint32_t *path = words_of(of, 2, 5);
    CHECK(path[0] == (2 << 8 | 2) && path[1] == 65536 && path[2] == 7 && path[3] == (1 << 8 | 1) && path[4] == 9);
    CHECK(words_of(of, 4, 1)[0] == 50 && words_of(of, 5, 1)[0] == 200 && of->attributes[5].kind == 6 && of->attributes[5].words_count == 0);
    CHECK(words_of(of, 7, 2)[0] == 65536 && words_of(of, 7, 2)[1] == 0xc0000209);
    CHECK(words_of(of, 8, 2)[0] == 0xfde80001 && words_of(of, 8, 2)[1] == 0xffffff01);
    CHECK(words_of(of, 9, 1)[0] == 0xc0000203 && words_of(of, 10, 2)[0] == 1 && words_of(of, 10, 2)[1] == 2);
    CHECK(words_of(of, 16, 2)[0] == 0x0002fde8 && words_of(of, 16, 2)[1] == 7);
    CHECK(words_of(of, 32, 3)[0] == 65000 && words_of(of, 32, 3)[1] == 1 && words_of(of, 32, 3)[2] == 2);
    CHECK(words_of(of, 35, 1)[0] == 65000);
    const cc_bgp_attribute *last = &of->attributes[13];
    CHECK(last->kind == 99 && last->flags == 0xd0 && last->words_count == 0 && last->length == 1 && of->message[last->offset] == 5);

    /* RFC 6793 §4.2.3: AS_TRANS in AS_PATH and AGGREGATOR, what it stands for in AS4_PATH and AS4_AGGREGATOR. */
    cc_bgp_session_assumed(&of->session);
    of->session.four_octet_as = 0;
    CHECK(DECODE(of, 0, 0, 0, 49, ORIGIN_IGP, 0x40, 2, 6, 2, 2, 0, 7, 0x5b, 0xa0, NEXT_HOP_1, 0xc0, 7, 6, 0x5b, 0xa0, 192, 0, 2, 9,
              0xc0, 17, 6, 2, 1, 0, 1, 0, 0, 0xc0, 18, 8, 0, 1, 0, 0, 192, 0, 2, 9, 24, 192, 0, 2) == CC_STATUS_OK);
    CHECK(of->update.action == CC_BGP_ACTION_ACCEPT);
    path = words_of(of, 2, 4);
    CHECK(path[0] == (2 << 8 | 1) && path[1] == 7 && path[2] == (2 << 8 | 1) && path[3] == 65536);
    CHECK(words_of(of, 7, 2)[0] == 65536 && words_of(of, 17, 2)[1] == 65536);
    free(of);
}

/* RFC 4760: MP_REACH_NLRI and MP_UNREACH_NLRI. */
static void families(void)
{
    struct read *of = reader();
    CHECK(DECODE(of, 0, 0, 0, 66, 0x90, 14, 0, 42, 0, 2, 1, 32, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
              0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 32, 0x20, 1, 0x0d, 0xb8,
              0x80, 15, 4, 0, 2, 1, 0, ORIGIN_IGP, 0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xe8) == CC_STATUS_OK);
    CHECK(of->update.action == CC_BGP_ACTION_ACCEPT && of->room.routes_count == 2);
    CHECK(of->update.next_hop_length == 32 && of->update.next_hop[15] == 1 && of->update.link_local[0] == 0xfe);
    CHECK(of->routes[0].place == CC_BGP_PLACE_REACH && of->routes[0].afi == 2 && of->routes[0].prefix_length == 32);
    CHECK(of->routes[0].offset == 23 + 4 + 37 && of->routes[0].length == 5 && of->routes[0].address[3] == 0xb8);
    CHECK(of->routes[1].place == CC_BGP_PLACE_UNREACH && of->routes[1].prefix_length == 0 && of->routes[1].length == 1);

    /* A VPN's prefix (RFC 4364 §4.3): label 16, 65000:7, 10.1.0.0/16; and EVPN's, of which there are the bytes. */
    CHECK(DECODE(of, 0, 0, 0, 48, ORIGIN_IGP, 0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xe8, 0x80, 14, 32, 0, 1, 128, 12, 0, 0, 0, 0, 0, 0, 0, 0,
              192, 0, 2, 1, 0, 104, 0, 1, 1, 0, 0, 0xfd, 0xe8, 0, 0, 0, 7, 10, 1, 0) == CC_STATUS_OK);
    CHECK(of->update.action == CC_BGP_ACTION_SESSION_RESET); /* three bytes of prefix where two are meant: the third is a route cut */
    CHECK(DECODE(of, 0, 0, 0, 47, ORIGIN_IGP, 0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xe8, 0x80, 14, 31, 0, 1, 128, 12, 0, 0, 0, 0, 0, 0, 0, 0,
              192, 0, 2, 1, 0, 104, 0, 1, 1, 0, 0, 0xfd, 0xe8, 0, 0, 0, 7, 10, 1) == CC_STATUS_OK);
    CHECK(of->update.action == CC_BGP_ACTION_ACCEPT && of->update.next_hop_length == 4 && of->update.next_hop[0] == 192);
    CHECK(of->routes[0].label == 16 && of->routes[0].labels == 1 && of->routes[0].prefix_length == 16 && of->routes[0].length == 14);
    CHECK(memcmp(of->routes[0].distinguisher, (const uint8_t[]){0, 0, 0xfd, 0xe8, 0, 0, 0, 7}, 8) == 0);
    CHECK(DECODE(of, 0, 0, 0, 10, 0x80, 15, 7, 0, 25, 70, 99, 2, 1, 2) == CC_STATUS_OK);
    CHECK(of->update.action == CC_BGP_ACTION_ACCEPT && of->room.routes_count == 1 && of->routes[0].is_prefix == 0);
    CHECK(of->routes[0].afi == 25 && of->routes[0].safi == 70 && of->routes[0].length == 4 && of->message[of->routes[0].offset] == 99);

    /* End-of-RIB (RFC 4724 §2). */
    CHECK(DECODE(of, 0, 0, 0, 0) == CC_STATUS_OK && of->update.end_of_rib.afi == 1 && of->update.end_of_rib.safi == 1);
    CHECK(DECODE(of, 0, 0, 0, 6, 0x80, 15, 3, 0, 2, 1) == CC_STATUS_OK && of->update.end_of_rib.afi == 2);
    CHECK(of->room.routes_count == 0);
    free(of);
}

/* RFC 7606: what is wrong, and what is done about it. */
static void wrong_updates(void)
{
    struct read *of = reader();
    cc_bgp_finding findings[4];
    size_t count = 0;

    /* §7.1: an ORIGIN of 7, and §3 d: no AS_PATH and no NEXT_HOP. The route is withdrawn. */
    CHECK(DECODE(of, 0, 0, 0, 4, 0x40, 1, 1, 7, 24, 192, 0, 2) == CC_STATUS_OK);
    CHECK(of->update.action == CC_BGP_ACTION_TREAT_AS_WITHDRAW && of->room.routes_count == 1 && of->room.attributes_count == 0);
    CHECK(cc_bgp_findings(&of->session, of->message, of->length, findings, 1, &count, &of->error) == CC_STATUS_OK && count == 3);
    CHECK(findings[0].attribute == 1 && findings[0].offset == 23 && findings[0].code == 3 && findings[0].subcode == 6);
    CHECK(findings[0].action == CC_BGP_ACTION_TREAT_AS_WITHDRAW && strcmp(findings[0].clause, "RFC 7606 §7.1") == 0);
    CHECK(strncmp(findings[0].text, "ORIGIN is malformed: ", 21) == 0);

    /* §7.5: LOCAL_PREF of an external peer is discarded unread; §3 g: a second attribute of a type. */
    CHECK(DECODE(of, 0, 0, 0, 27, MANDATORY, 0x40, 5, 4, 0, 0, 0, 1, 24, 192, 0, 2) == CC_STATUS_OK);
    CHECK(of->update.action == CC_BGP_ACTION_ATTRIBUTE_DISCARD && of->room.attributes_count == 3 && of->room.routes_count == 1);
    CHECK(DECODE(of, 0, 0, 0, 24, MANDATORY, 0x40, 1, 1, 2, 24, 192, 0, 2) == CC_STATUS_OK);
    CHECK(of->update.action == CC_BGP_ACTION_ATTRIBUTE_DISCARD && words_of(of, 1, 1)[0] == 0);

    /* RFC 4271 §6.3: the lengths exceed the message. */
    CHECK(DECODE(of, 0, 9, 0, 0) == CC_STATUS_OK && of->update.action == CC_BGP_ACTION_SESSION_RESET);
    CHECK(is_notification(&of->update.notification, 3, 1, 0, 0));
    CHECK(cc_bgp_findings(&of->session, of->message, of->length, findings, 4, &count, &of->error) == CC_STATUS_BGP);
    CHECK(is_notification(&of->error.notification, 3, 1, 0, 0));

    /* §5.3: a prefix of 33 bits: 3/10. Nothing is told of a message that ends the session. */
    CHECK(DECODE(of, 0, 0, 0, 20, MANDATORY, 33, 192, 0, 2, 0, 0) == CC_STATUS_OK);
    CHECK(of->update.action == CC_BGP_ACTION_SESSION_RESET && of->room.routes_count == 0 && of->room.attributes_count == 0);
    CHECK(of->update.notification.code == 3 && of->update.notification.subcode == 10);

    /* §7.11: MP_REACH_NLRI under 5 bytes, quoted whole; or its family alone, where the session allows that. */
    CHECK(DECODE(of, 0, 0, 0, 7, 0x80, 14, 4, 0, 2, 1, 0) == CC_STATUS_OK);
    CHECK(of->update.action == CC_BGP_ACTION_SESSION_RESET && is_notification(&of->update.notification, 3, 9, 23, 7));
    of->session.may_disable_family = 1;
    CHECK(DECODE(of, 0, 2, 8, 10, 0, 7, 0x80, 14, 4, 0, 2, 1, 0) == CC_STATUS_OK);
    CHECK(of->update.action == CC_BGP_ACTION_DISABLE_FAMILY && of->update.families[0].afi == 2 && of->update.families[0].safi == 1);
    CHECK(of->update.families[1].afi == 0 && of->room.routes_count == 1 && of->routes[0].prefix_length == 8);

    /* RFC 4271 §6.3: a well-known attribute that nobody knows, 3/2. */
    CHECK(DECODE(of, 0, 0, 0, 4, 0x40, 99, 1, 0) == CC_STATUS_OK);
    CHECK(of->update.action == CC_BGP_ACTION_SESSION_RESET && is_notification(&of->update.notification, 3, 2, 23, 4));

    /* RFC 7606 §5.2: no routes that an error could be about, and the missing attribute's type is no part of the message. */
    CHECK(DECODE(of, 0, 0, 0, 4, 0x40, 1, 1, 7) == CC_STATUS_OK && of->update.action == CC_BGP_ACTION_SESSION_RESET);
    free(of);
}

/* Several messages in one call. */
static void batches(void)
{
    static const uint8_t body[] = {0, 0, 0, 20, MANDATORY, 24, 192, 0, 2, 24, 192, 0, 3};
    uint8_t stream[3 * 64];
    size_t length = 0, count = 0, done = 99;
    cc_bgp_frame frames[4];
    cc_bgp_update updates[4];
    cc_bgp_route routes[8];
    cc_bgp_attribute attributes[8];
    uint32_t words[16];
    cc_bgp_session session;
    cc_error error;
    cc_bgp_room room = {.routes = routes, .routes_room = 8, .attributes = attributes, .attributes_room = 8, .words = words, .words_room = 16};

    length += message_of(stream, 2, body, sizeof body);
    length += message_of(stream + length, 4, NULL, 0);
    length += message_of(stream + length, 2, body, sizeof body);
    CHECK(cc_bgp_session_assumed(&session) == CC_STATUS_OK);
    CHECK(cc_bgp_frames(stream, length, 4096, frames, 4, &count, &error) == CC_STATUS_OK && count == 3);
    CHECK(cc_bgp_decode(&session, stream, length, frames, updates, 3, &room, &done, &error) == CC_STATUS_OK && done == 3);
    CHECK(updates[0].routes_end == 2 && updates[1].routes_end == 2 && updates[1].kind == 4 && updates[2].routes_end == 4);
    CHECK(updates[2].attributes_end == 6 && attributes[3].words_start == 4 && room.words_count == 8);
    CHECK(routes[3].address[2] == 3 && routes[3].offset == 19 + 24 + 4);

    /* Room for one, and then too little for one: it is said how much one needs. */
    room.routes_room = 3;
    CHECK(cc_bgp_decode(&session, stream, length, frames, updates, 3, &room, &done, &error) == CC_STATUS_ROOM);
    CHECK(done == 2 && room.routes_count == 2 && room.attributes_count == 3 && room.words_count == 4);
    room.routes_room = 1;
    room.words_room = 0;
    room.words = NULL;
    CHECK(cc_bgp_decode(&session, stream, length, frames, updates, 3, &room, &done, &error) == CC_STATUS_ROOM);
    CHECK(done == 0 && room.routes_count == 2 && room.attributes_count == 3 && room.words_count == 4);

    /* What is handed in wrongly. */
    room.words = words;
    room.words_room = 16;
    frames[0].length = 1000;
    CHECK(cc_bgp_decode(&session, stream, length, frames, updates, 1, &room, &done, &error) == CC_STATUS_ARGUMENT && done == 0);
    CHECK(strcmp(error.field, "frame") == 0);
    frames[0].length = 20;
    CHECK(cc_bgp_decode(&session, stream, length, frames, updates, 1, &room, &done, &error) == CC_STATUS_ARGUMENT);
    frames[0].offset = SIZE_MAX;
    CHECK(cc_bgp_decode(&session, stream, length, frames, updates, 1, &room, &done, &error) == CC_STATUS_ARGUMENT);
    session.peer = 4;
    CHECK(cc_bgp_decode(&session, stream, length, frames, updates, 0, &room, &done, &error) == CC_STATUS_ARGUMENT);
    CHECK(strcmp(error.field, "peer") == 0 && error.value == 4);
    session.peer = 1;
    session.families = 0x80000000;
    CHECK(cc_bgp_decode(&session, stream, length, frames, updates, 0, &room, &done, &error) == CC_STATUS_ARGUMENT);
    CHECK(strcmp(error.field, "families") == 0);
    CHECK(cc_bgp_decode(NULL, stream, length, frames, updates, 1, &room, &done, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_session_assumed(&session) == CC_STATUS_OK);
    CHECK(cc_bgp_decode(&session, NULL, length, frames, updates, 1, &room, &done, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_decode(&session, stream, length, NULL, updates, 1, &room, &done, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_decode(&session, stream, length, frames, NULL, 1, &room, &done, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_decode(&session, stream, length, frames, updates, 1, NULL, &done, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_decode(&session, stream, length, frames, updates, 1, &room, NULL, NULL) == CC_STATUS_NULL);
    room.routes = NULL;
    CHECK(cc_bgp_decode(&session, stream, length, frames, updates, 1, &room, &done, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_session_assumed(NULL) == CC_STATUS_NULL && cc_bgp_session_unknown(NULL) == CC_STATUS_NULL);
    CHECK(cc_bgp_findings(NULL, stream, length, NULL, 0, &count, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_findings(&session, stream, length, NULL, 0, &count, &error) == CC_STATUS_ARGUMENT);
    CHECK(cc_bgp_findings(&session, stream, 20, NULL, 0, &count, &error) == CC_STATUS_PARTIAL);
    CHECK(cc_bgp_findings(&session, keepalive, 19, NULL, 0, &count, &error) == CC_STATUS_ARGUMENT && error.value == 4);
}

/* AS 65001 and AS 4200000000, as RFC 4271 §4.2 and RFC 5492 §4 have OPENs. */
static const uint8_t ours[] = {MARKER, 0, 29 + 28, 1, 4, 0xfd, 0xe9, 0, 90, 192, 0, 2, 1, 28, 2, 26, 1, 4, 0, 1, 0, 1, 1, 4, 0, 2, 0, 1,
    65, 4, 0, 0, 0xfd, 0xe9, 69, 4, 0, 1, 1, 3, 6, 0};
static const uint8_t theirs[] = {MARKER, 0, 29 + 26, 1, 4, 0x5b, 0xa0, 0, 30, 192, 0, 2, 2, 26, 2, 24, 1, 4, 0, 1, 0, 1, 1, 4, 0, 25, 0, 70,
    65, 4, 0xfa, 0x56, 0xea, 0x00, 69, 4, 0, 1, 1, 1};

static void sessions(void)
{
    cc_bgp_session session, reversed;
    cc_error error;

    CHECK(cc_bgp_negotiate(ours, sizeof ours, theirs, sizeof theirs, &session, &error) == CC_STATUS_OK);
    CHECK(session.local_as == 65001 && session.peer_as == 4200000000 && session.peer == 1 && session.four_octet_as == 1);
    CHECK(session.families == cc_bgp_family_bit(1, 1) && session.hold_time == 30 && session.is_known == 1);
    CHECK(session.add_path_send == cc_bgp_family_bit(1, 1) && session.add_path_receive == 0);
    CHECK(session.max_len_receive == 65535 && session.max_len_send == 4096 && session.local_role == 255);
    CHECK(cc_bgp_session_reversed(&session, &reversed) == CC_STATUS_OK);
    CHECK(reversed.local_as == 4200000000 && reversed.add_path_receive == cc_bgp_family_bit(1, 1) && reversed.max_len_send == 65535);
    CHECK(cc_bgp_session_reversed(&reversed, &reversed) == CC_STATUS_OK);
    CHECK(memcmp(&reversed, &session, sizeof session) == 0);

    CHECK(cc_bgp_family_bit(1, 1) != 0 && cc_bgp_family_bit(1, 1) != cc_bgp_family_bit(2, 1) && cc_bgp_family_bit(77, 1) == 0);
    CHECK(cc_bgp_session_unknown(&session) == CC_STATUS_OK && session.peer == 3 && session.is_known == 0);
    session.peer = 9;
    CHECK(cc_bgp_session_reversed(&session, &reversed) == CC_STATUS_ARGUMENT);
    session.peer = 3;
    CHECK(cc_bgp_session_reversed(NULL, &reversed) == CC_STATUS_NULL && cc_bgp_session_reversed(&session, NULL) == CC_STATUS_NULL);

    /* RFC 6286 §2.2: a peer of the same AS with the speaker's own identifier. */
    CHECK(cc_bgp_negotiate(ours, sizeof ours, ours, sizeof ours, &session, &error) == CC_STATUS_BGP);
    CHECK(is_notification(&error.notification, 2, 3, 0, 0));
    CHECK(cc_bgp_negotiate(ours, sizeof ours, theirs, sizeof theirs - 1, &session, &error) == CC_STATUS_PARTIAL);
    CHECK(cc_bgp_negotiate(keepalive, sizeof keepalive, theirs, sizeof theirs, &session, &error) == CC_STATUS_ARGUMENT);
    CHECK(cc_bgp_negotiate(NULL, 9, theirs, sizeof theirs, &session, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_negotiate(ours, sizeof ours, theirs, sizeof theirs, NULL, NULL) == CC_STATUS_NULL);

    /* RFC 4271 §6.2, RFC 7607 §2: version, AS, identifier, hold time, optional parameter, what goes past the end. */
    static const struct {
        size_t at;
        uint8_t value, code, subcode;
    } refused[] = {{19, 3, 2, 1}, {21, 1, 2, 2}, {23, 2, 2, 6}, {29, 7, 2, 4}, {30, 27, 2, 0}, {28, 25, 2, 0}, {32, 200, 2, 0}};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        uint8_t wrong[sizeof ours];
        memcpy(wrong, ours, sizeof wrong);
        wrong[refused[i].at] = refused[i].value;
        CHECK(cc_bgp_negotiate(wrong, sizeof wrong, theirs, sizeof theirs, &session, &error) == CC_STATUS_BGP);
        CHECK(error.notification.code == refused[i].code && error.notification.subcode == refused[i].subcode);
        /* The version that is supported is the data of 2/1, and stands nowhere in the message. */
        CHECK(i > 0 || (error.notification.is_own == 1 && error.notification.data_length == 2 && error.notification.own[1] == 4));
    }
}

/* A session of an internal peer with IPv4, IPv6 and VPNv4 unicast. */
static cc_bgp_session internal(void)
{
    cc_bgp_session session;
    cc_bgp_session_assumed(&session);
    session.peer = 0;
    session.max_len_receive = session.max_len_send = 4096;
    return session;
}

static void opens(void)
{
    cc_bgp_open open;
    cc_bgp_capability all[8];
    cc_error error;
    size_t count = 0, written = 99;
    uint8_t to[4096];

    CHECK(cc_bgp_open_read(theirs, sizeof theirs, &open, all, 8, &count, &error) == CC_STATUS_OK);
    CHECK(open.as_number == 4200000000 && open.my_as == 23456 && open.hold_time == 30 && open.version == 4 && open.is_extended == 0);
    CHECK(memcmp(open.identifier, (const uint8_t[]){192, 0, 2, 2}, 4) == 0);
    CHECK(count == 4 && all[0].code == 1 && all[0].length == 4 && all[0].offset == 33 && all[0].is_known == 1);
    CHECK(all[2].code == 65 && theirs[all[2].offset] == 0xfa && all[3].code == 69);
    CHECK(cc_bgp_open_read(theirs, sizeof theirs, &open, all, 1, &count, &error) == CC_STATUS_OK && count == 4);
    CHECK(cc_bgp_open_read(theirs, sizeof theirs, &open, NULL, 0, &count, NULL) == CC_STATUS_OK && count == 4);

    /* A capability of an odd length has no effect (RFC 5492 §3). */
    uint8_t odd[] = {MARKER, 0, 29 + 5, 1, 4, 0xfd, 0xe9, 0, 90, 192, 0, 2, 1, 5, 2, 3, 65, 1, 0};
    CHECK(cc_bgp_open_read(odd, sizeof odd, &open, all, 8, &count, &error) == CC_STATUS_OK && count == 1 && all[0].is_known == 0);
    CHECK(open.as_number == 65001);
    /* Lengths of two bytes (RFC 9072 §2). */
    uint8_t extended[] = {MARKER, 0, 29 + 8, 1, 4, 0xfd, 0xe9, 0, 90, 192, 0, 2, 1, 255, 255, 0, 5, 2, 0, 2, 2, 0};
    CHECK(cc_bgp_open_read(extended, sizeof extended, &open, all, 8, &count, &error) == CC_STATUS_OK && open.is_extended == 1);
    CHECK(count == 1 && all[0].code == 2 && all[0].length == 0 && all[0].is_known == 1);

    /* Built from what was read it is what was read. */
    CHECK(cc_bgp_open_read(ours, sizeof ours, &open, all, 8, &count, &error) == CC_STATUS_OK);
    CHECK(cc_bgp_open_build(&open, ours + 31, 26, to, sizeof to, &written, &error) == CC_STATUS_OK);
    CHECK(written == sizeof ours && memcmp(to, ours, sizeof ours) == 0);
    CHECK(cc_bgp_open_build(&open, ours + 31, 26, to, 56, &written, &error) == CC_STATUS_ROOM && error.limit == 57);
    CHECK(cc_bgp_open_build(&open, ours + 31, 25, to, sizeof to, &written, &error) == CC_STATUS_TRUNCATED);
    open.hold_time = 2;
    CHECK(cc_bgp_open_build(&open, NULL, 0, to, sizeof to, &written, &error) == CC_STATUS_UNBUILDABLE);
    CHECK(strcmp(error.field, "hold time") == 0 && error.value == 2 && error.limit == 3);
    CHECK(cc_bgp_open_build(NULL, NULL, 0, to, sizeof to, &written, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_open_build(&open, NULL, 1, to, sizeof to, &written, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_open_build(&open, NULL, 0, NULL, 1, &written, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_open_build(&open, NULL, 0, to, 1, NULL, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_open_read(NULL, 1, &open, all, 8, &count, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_open_read(ours, sizeof ours, NULL, all, 8, &count, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_open_read(ours, sizeof ours, &open, NULL, 8, &count, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_open_read(ours, sizeof ours, &open, all, 8, NULL, &error) == CC_STATUS_NULL);
}

static void notifications(void)
{
    uint8_t message[64], to[64];
    size_t length, written = 0;
    cc_bgp_reason reason;
    cc_error error;

    /* RFC 9003 §2: a text; past the end there is none, and what is no UTF-8 says so. */
    length = message_of(message, 3, (const uint8_t[]){6, 2, 3, 'b', 'y', 'e'}, 6);
    CHECK(cc_bgp_notification_read(message, length, &reason, &error) == CC_STATUS_OK);
    CHECK(is_notification(&reason.notification, 6, 2, 21, 4) && reason.inner.code == 0);
    CHECK(reason.text_length == 3 && reason.text_offset == 22 && reason.is_utf8 == 1);
    message[21] = 4;
    CHECK(cc_bgp_notification_read(message, length, &reason, &error) == CC_STATUS_OK && reason.text_length == 0 && reason.is_utf8 == 0);
    message[21] = 3;
    message[22] = 0xff;
    CHECK(cc_bgp_notification_read(message, length, &reason, &error) == CC_STATUS_OK && reason.text_length == 3 && reason.is_utf8 == 0);

    /* RFC 8538 §3: a hard reset around another, and around one that is cut. */
    length = message_of(message, 3, (const uint8_t[]){6, 9, 6, 4, 2, 'o', 'k'}, 7);
    CHECK(cc_bgp_notification_read(message, length, &reason, &error) == CC_STATUS_OK);
    CHECK(is_notification(&reason.inner, 6, 4, 23, 3) && reason.text_length == 2 && reason.text_offset == 24);
    length = message_of(message, 3, (const uint8_t[]){6, 9, 6}, 3);
    CHECK(cc_bgp_notification_read(message, length, &reason, &error) == CC_STATUS_OK && reason.inner.code == 0);
    length = message_of(message, 3, (const uint8_t[]){99, 7}, 2);
    CHECK(cc_bgp_notification_read(message, length, &reason, &error) == CC_STATUS_OK && reason.notification.code == 99);
    CHECK(cc_bgp_notification_read(keepalive, 19, &reason, &error) == CC_STATUS_ARGUMENT);
    CHECK(cc_bgp_notification_read(NULL, 19, &reason, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_notification_read(message, length, NULL, &error) == CC_STATUS_NULL);

    /* Of an error: a length of 18, quoted (RFC 4271 §6.1). */
    cc_bgp_frame frame;
    size_t count;
    memcpy(message, keepalive, 19);
    message[17] = 18;
    CHECK(cc_bgp_frames(message, 19, 4096, &frame, 1, &count, &error) == CC_STATUS_BGP);
    CHECK(cc_bgp_notification_build(&error.notification, message, 19, 4096, to, sizeof to, &written, NULL) == CC_STATUS_OK);
    CHECK(written == 23 && memcmp(to + 16, (const uint8_t[]){0, 23, 3, 1, 2, 0, 18}, 7) == 0);
    CHECK(cc_bgp_notification_build(&error.notification, message, 17, 4096, to, sizeof to, &written, &error) == CC_STATUS_ARGUMENT);
    CHECK(cc_bgp_notification_build(&reason.notification, NULL, 0, 4096, to, sizeof to, &written, &error) == CC_STATUS_ARGUMENT);
    const cc_bgp_notification version = {.code = 2, .subcode = 1, .is_own = 1, .own = {0, 4}, .data_length = 2};
    CHECK(cc_bgp_notification_build(&version, NULL, 0, 4096, to, sizeof to, &written, &error) == CC_STATUS_OK);
    CHECK(written == 23 && memcmp(to + 16, (const uint8_t[]){0, 23, 3, 2, 1, 0, 4}, 7) == 0);
    CHECK(cc_bgp_notification_build(&version, NULL, 0, 4096, to, 22, &written, &error) == CC_STATUS_ROOM && error.limit == 23);
    CHECK(cc_bgp_notification_build(NULL, NULL, 0, 4096, to, 22, &written, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_keepalive_build(to) == CC_STATUS_OK && memcmp(to, keepalive, 19) == 0 && cc_bgp_keepalive_build(NULL) == CC_STATUS_NULL);
}

/* RFC 2918 §3, RFC 7313 §5, RFC 5291 §4. */
static void refreshes(void)
{
    cc_bgp_session session = internal();
    cc_bgp_refresh refresh;
    cc_error error;
    uint8_t message[64], to[64];
    size_t written, length = message_of(message, 5, (const uint8_t[]){0, 2, 0, 1, 1, 64, 0, 0}, 8);

    CHECK(cc_bgp_refresh_read(&session, message, length, &refresh, &error) == CC_STATUS_OK);
    CHECK(refresh.family.afi == 2 && refresh.family.safi == 1 && refresh.subtype == 0);
    CHECK(refresh.filters_offset == 23 && refresh.filters_length == 4 && refresh.is_cut == 0);
    message[26] = 1;
    CHECK(cc_bgp_refresh_read(&session, message, length, &refresh, &error) == CC_STATUS_OK && refresh.is_cut == 1);
    message[26] = 0;
    CHECK(cc_bgp_refresh_read(&session, message, length, &refresh, &error) == CC_STATUS_OK);
    CHECK(cc_bgp_refresh_build(&session, &refresh, message + 23, 4, to, sizeof to, &written, &error) == CC_STATUS_OK);
    CHECK(written == length && memcmp(to, message, length) == 0);
    message[21] = 1;
    CHECK(cc_bgp_refresh_read(&session, message, length, &refresh, &error) == CC_STATUS_BGP);
    CHECK(is_notification(&error.notification, 7, 1, 0, (uint32_t)length));
    session.enhanced_route_refresh = 0;
    CHECK(cc_bgp_refresh_read(&session, message, length, &refresh, &error) == CC_STATUS_OK && refresh.subtype == 1);
    CHECK(cc_bgp_refresh_build(&session, &refresh, message + 23, 4, to, sizeof to, &written, &error) == CC_STATUS_UNBUILDABLE);
    CHECK(cc_bgp_refresh_build(&session, &refresh, NULL, 0, to, 22, &written, &error) == CC_STATUS_ROOM && error.limit == 23);
    CHECK(cc_bgp_refresh_read(NULL, message, length, &refresh, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_refresh_read(&session, message, length, NULL, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_refresh_build(&session, NULL, NULL, 0, to, 22, &written, &error) == CC_STATUS_NULL);
}

/* What is read can be built again, and what is built can be read. */
static void building(void)
{
    struct read *of = reader();
    of->session = internal();
    uint8_t area[256], to[3 * 4096];
    size_t length = 0, taken = 0, written = 0;
    cc_error error;
    const cc_bgp_family ipv4 = {.afi = 1, .safi = 1}, vpn = {.afi = 1, .safi = 128}, ipv6 = {.afi = 2, .safi = 1};

    CHECK(DECODE(of, 0, 0, 0, 25, MANDATORY, 0xe0, 99, 2, 7, 8, 24, 192, 0, 2, 25, 198, 51, 100, 128) == CC_STATUS_OK);
    CHECK(cc_bgp_attributes_build(&of->session, of->attributes, 4, of->words, 64, of->message, of->length, area, sizeof area, &length, &error) == CC_STATUS_OK);
    CHECK(length == 25 && memcmp(area, of->message + 23, 25) == 0);
    CHECK(cc_bgp_announce(&of->session, ipv4, area, length, NULL, 0, of->routes, 2, NULL, 0, to, sizeof to, &taken, &written, &error) == CC_STATUS_OK);
    CHECK(taken == 2 && written == of->length && memcmp(to, of->message, written) == 0);

    /* To a peer of 2-octet AS numbers (RFC 6793 §4.2.2), what has no room in two octets goes to AS4_PATH. */
    cc_bgp_session two = of->session;
    two.four_octet_as = 0;
    const uint32_t words[] = {0, 2 << 8 | 1, 65536, 0xc0000201};
    const cc_bgp_attribute three[] = {
        {.kind = 3, .words_start = 3, .words_count = 1}, {.kind = 1, .words_count = 1}, {.kind = 2, .words_start = 1, .words_count = 2}};
    CHECK(cc_bgp_attributes_build(&two, three, 3, words, 4, NULL, 0, area, sizeof area, &length, &error) == CC_STATUS_OK);
    static const uint8_t as4[] = {ORIGIN_IGP, 0x40, 2, 4, 2, 1, 0x5b, 0xa0, NEXT_HOP_1, 0xc0, 17, 6, 2, 1, 0, 1, 0, 0};
    CHECK(length == sizeof as4 && memcmp(area, as4, length) == 0);
    /* Attributes for one kind of session are none for the other: two bytes an AS are not read as four. */
    CHECK(cc_bgp_announce(&of->session, ipv4, area, length, NULL, 0, of->routes, 2, NULL, 0, to, sizeof to, &taken, &written, &error) != CC_STATUS_OK);
    CHECK(taken == 0 && written == 0);

    /* 3000 routes of 4 bytes: 4096 - 19 - 4 - 20 bytes of a message have room for 1013. */
    static cc_bgp_route many[3000];
    for (size_t i = 0; i < 3000; i++)
        many[i] = (cc_bgp_route){.address = {10, (uint8_t)(i >> 8), (uint8_t)i}, .afi = 1, .safi = 1, .prefix_length = 24, .is_prefix = 1};
    CHECK(cc_bgp_attributes_build(&of->session, three, 3, words, 4, NULL, 0, area, sizeof area, &length, &error) == CC_STATUS_OK && length == 20);
    CHECK(cc_bgp_announce(&of->session, ipv4, area, length, NULL, 0, many, 3000, NULL, 0, to, 2 * 4096, &taken, &written, &error) == CC_STATUS_OK);
    CHECK(taken == 2026 && written == 2 * (43 + 1013 * 4) && to[43 + 1013 * 4] == 255 && to[43 + 1013 * 4 + 43] == 24);
    CHECK(to[43 + 1013 * 4 + 45] == 1013 >> 8 && to[43 + 1013 * 4 + 46] == (1013 & 255));
    CHECK(cc_bgp_announce(&of->session, ipv4, area, length, NULL, 0, many + 2026, 3000 - 2026, NULL, 0, to, sizeof to, &taken, &written, &error) == CC_STATUS_OK);
    CHECK(taken == 974 && written == 43 + 974 * 4);
    CHECK(cc_bgp_announce(&of->session, ipv4, area, length, NULL, 0, many, 3000, NULL, 0, to, sizeof to, &taken, &written, &error) == CC_STATUS_OK && taken == 3000);
    CHECK(cc_bgp_announce(&of->session, ipv4, area, length, NULL, 0, many, 0, NULL, 0, to, sizeof to, &taken, &written, &error) == CC_STATUS_OK && written == 0);
    CHECK(cc_bgp_announce(&of->session, ipv4, area, length, NULL, 0, many, 1, NULL, 0, to, 46, &taken, &written, &error) == CC_STATUS_ROOM && error.limit == 47);
    CHECK(cc_bgp_withdraw(&of->session, ipv4, many, 3000, NULL, 0, to, 4096, &taken, &written, &error) == CC_STATUS_OK);
    CHECK(taken == (4096 - 23) / 4 && written == 23 + taken * 4);

    /* One that can be none behind good ones: those in front are written, and then it is told. */
    many[2].prefix_length = 33;
    CHECK(cc_bgp_announce(&of->session, ipv4, area, length, NULL, 0, many, 3, NULL, 0, to, sizeof to, &taken, &written, &error) == CC_STATUS_OK);
    CHECK(taken == 2 && written == 43 + 8);
    CHECK(cc_bgp_announce(&of->session, ipv4, area, length, NULL, 0, many + 2, 1, NULL, 0, to, sizeof to, &taken, &written, &error) == CC_STATUS_UNBUILDABLE);
    CHECK(error.value == 33 && error.limit == 32 && taken == 0 && written == 0);
    CHECK(cc_bgp_announce(&of->session, ipv6, area, length, (const uint8_t[16]){0x20}, 16, many, 1, NULL, 0, to, sizeof to, &taken, &written, &error) == CC_STATUS_UNBUILDABLE);

    /* A VPN's prefix with its label, by MP_REACH_NLRI: read again it is the same; withdrawn, without its label. */
    const cc_bgp_route route = {.address = {10, 1}, .distinguisher = {0, 0, 0xfd, 0xe8, 0, 0, 0, 7}, .label = 16, .labels = 1, .afi = 1,
        .safi = 128, .prefix_length = 16, .is_prefix = 1};
    CHECK(cc_bgp_announce(&of->session, vpn, area, length, (const uint8_t[12]){0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 9}, 12, &route, 1, NULL, 0, to,
              sizeof to, &taken, &written, &error) == CC_STATUS_OK && taken == 1);
    CHECK(decode(of, to + 19, written - 19) == CC_STATUS_OK && of->update.action == CC_BGP_ACTION_ACCEPT && of->room.routes_count == 1);
    CHECK(of->update.next_hop[3] == 9 && of->routes[0].label == 16 && of->routes[0].labels == 1 && of->routes[0].prefix_length == 16);
    CHECK(memcmp(of->routes[0].distinguisher, route.distinguisher, 8) == 0 && memcmp(of->routes[0].address, route.address, 16) == 0);
    CHECK(cc_bgp_withdraw(&of->session, vpn, &route, 1, NULL, 0, to, sizeof to, &taken, &written, &error) == CC_STATUS_OK);
    static const uint8_t unreach[] = {0, 0, 0, 20, 0x80, 15, 17, 0, 1, 128, 104, 0x80, 0, 0, 0, 0, 0xfd, 0xe8, 0, 0, 0, 7, 10, 1};
    CHECK(written == 19 + sizeof unreach && memcmp(to + 19, unreach, sizeof unreach) == 0);

    /* As bytes: EVPN's route of a type that nobody knows. */
    static const uint8_t inclusive[] = {3, 17, 0, 0, 0xfd, 0xe8, 0, 0, 0, 7, 0, 0, 0, 0, 32, 192, 0, 2, 9};
    const cc_bgp_route evpn = {.afi = 25, .safi = 70, .length = sizeof inclusive};
    CHECK(cc_bgp_announce(&of->session, (cc_bgp_family){.afi = 25, .safi = 70}, area, length, (const uint8_t[]){192, 0, 2, 9}, 4, &evpn, 1, inclusive,
              sizeof inclusive, to, sizeof to, &taken, &written, &error) == CC_STATUS_OK);
    CHECK(decode(of, to + 19, written - 19) == CC_STATUS_OK && of->update.action == CC_BGP_ACTION_ACCEPT && of->room.routes_count == 1);
    CHECK(of->routes[0].length == sizeof inclusive && memcmp(of->message + of->routes[0].offset, inclusive, sizeof inclusive) == 0);
    CHECK(cc_bgp_announce(&of->session, (cc_bgp_family){.afi = 25, .safi = 70}, area, length, (const uint8_t[]){192, 0, 2, 9}, 4, &evpn, 1, inclusive,
              sizeof inclusive - 1, to, sizeof to, &taken, &written, &error) == CC_STATUS_UNBUILDABLE && strcmp(error.field, "offset") == 0);

    /* What a peer would find fault with (RFC 7606), and what is not there. */
    CHECK(cc_bgp_attributes_build(&of->session, three, 2, words, 4, NULL, 0, area, sizeof area, &length, &error) == CC_STATUS_OK);
    CHECK(cc_bgp_announce(&of->session, ipv4, area, length, NULL, 0, many, 1, NULL, 0, to, sizeof to, &taken, &written, &error) == CC_STATUS_ARGUMENT);
    CHECK(strcmp(error.text, "AS_PATH is missing") == 0);
    CHECK(cc_bgp_attributes_build(&of->session, three, 3, words, 3, NULL, 0, area, sizeof area, &length, &error) == CC_STATUS_ARGUMENT);
    CHECK(strcmp(error.field, "words_start") == 0 && error.value == 3);
    CHECK(cc_bgp_attributes_build(&of->session, three, 3, (const uint32_t[]){7, 2 << 8 | 1, 1, 2}, 4, NULL, 0, area, sizeof area, &length, &error) == CC_STATUS_MALFORMED);
    CHECK(strcmp(error.layer, "ORIGIN") == 0 && error.value == 7);
    CHECK(cc_bgp_attributes_build(&of->session, three, 3, words, 4, NULL, 0, area, 10, &length, &error) == CC_STATUS_ROOM);
    CHECK(cc_bgp_attributes_build(NULL, three, 3, words, 4, NULL, 0, area, 10, &length, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_attributes_build(&of->session, NULL, 3, words, 4, NULL, 0, area, 10, &length, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_announce(&of->session, ipv4, NULL, 1, NULL, 0, many, 1, NULL, 0, to, sizeof to, &taken, &written, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_announce(&of->session, ipv4, area, 0, NULL, 0, NULL, 1, NULL, 0, to, sizeof to, &taken, &written, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_withdraw(&of->session, ipv4, many, 1, NULL, 0, to, sizeof to, NULL, &written, &error) == CC_STATUS_NULL);
    CHECK(cc_bgp_withdraw(&of->session, ipv4, many, 1, NULL, 0, to, sizeof to, &taken, NULL, &error) == CC_STATUS_NULL);

    /* RFC 4724 §2. */
    CHECK(cc_bgp_end_of_rib_build(ipv6, to, sizeof to, &written, &error) == CC_STATUS_OK && written == 29);
    CHECK(memcmp(to + 19, (const uint8_t[]){0, 0, 0, 6, 0x80, 15, 3, 0, 2, 1}, 10) == 0);
    CHECK(cc_bgp_end_of_rib_build(ipv4, to, 22, &written, &error) == CC_STATUS_ROOM && error.limit == 23);
    CHECK(cc_bgp_end_of_rib_build(ipv4, to, 23, NULL, &error) == CC_STATUS_NULL);
    free(of);
}

/* RFC 6396 §4.3.1, §4.3.2, §4.4.3. */
static void dumps(void)
{
    static const uint8_t peers_record[] = {0, 0, 0, 9, 0, 13, 0, 1, 0, 0, 0, 22, 192, 0, 2, 9, 0, 1, 'v', 0, 1, /* the table */
        2, 1, 1, 1, 1, 192, 0, 2, 1, 0, 1, 0, 0};
    static const uint8_t rib[] = {0, 0, 0, 9, 0, 13, 0, 2, 0, 0, 0, 38, 0, 0, 0, 5, 24, 192, 0, 2, 0, 1, /* one route to 192.0.2.0/24 */
        0, 1, 0, 0, 0, 7, 0, 20, MANDATORY};
    static const uint8_t session_record[] = {0, 0, 0, 9, 0, 17, 0, 4, 0, 0, 0, 43, 0, 0, 0, 5, /* with microseconds */
        0, 0, 0xfd, 0xe8, 0, 0, 0xfd, 0xe9, 0, 3, 0, 1, 192, 0, 2, 1, 192, 0, 2, 2, MARKER, 0, 19, 4};
    cc_mrt_head head;
    cc_mrt_peer peers[2];
    cc_mrt_entry entries[2];
    cc_bgp_session session;
    cc_error error;
    size_t count = 0;

    CHECK(cc_mrt_next(peers_record, sizeof peers_record, &head, &error) == CC_STATUS_OK);
    CHECK(head.form == CC_MRT_FORM_PEERS && head.length == sizeof peers_record && head.seconds == 9 && head.count == 1);
    CHECK(head.content_length == 1 && peers_record[head.content_offset] == 'v' && head.peer[0] == 192 && head.address_length == 4);
    CHECK(cc_mrt_peers(peers_record, sizeof peers_record, peers, 2, &count, &error) == CC_STATUS_OK && count == 1);
    CHECK(peers[0].as_number == 65536 && peers[0].address_length == 4 && peers[0].address[3] == 1 && peers[0].identifier[0] == 1);
    CHECK(cc_mrt_entries(peers_record, sizeof peers_record, entries, 2, &count, &error) == CC_STATUS_ARGUMENT);

    CHECK(cc_mrt_next(rib, sizeof rib, &head, &error) == CC_STATUS_OK && head.form == CC_MRT_FORM_ROUTES);
    CHECK(head.sequence == 5 && head.count == 1 && head.route.prefix_length == 24 && head.route.address[2] == 2 && head.route.afi == 1);
    CHECK(head.route.offset == 16 && head.route.length == 4);
    CHECK(cc_mrt_entries(rib, sizeof rib, entries, 2, &count, &error) == CC_STATUS_OK && count == 1);
    CHECK(entries[0].peer == 1 && entries[0].originated == 7 && entries[0].has_path_id == 0 && entries[0].next_hop_length == 4);
    CHECK(entries[0].next_hop[3] == 1 && entries[0].attributes_offset == 30 && entries[0].attributes_length == 20);
    CHECK(cc_mrt_session(&head, &session) == CC_STATUS_OK && session.four_octet_as == 1 && session.is_known == 0);
    cc_bgp_attribute attributes[4];
    uint32_t words[4];
    cc_bgp_room room = {.attributes = attributes, .attributes_room = 4, .words = words, .words_room = 4};
    CHECK(cc_bgp_attributes_read(&session, rib + 30, 20, &room, &error) == CC_STATUS_OK);
    CHECK(room.attributes_count == 3 && room.words_count == 4 && words[2] == 65000 && attributes[2].kind == 3 && attributes[2].offset == 16);
    room.words_room = 3;
    CHECK(cc_bgp_attributes_read(&session, rib + 30, 20, &room, &error) == CC_STATUS_ROOM && room.attributes_count == 3 && room.words_count == 4);
    CHECK(cc_bgp_attributes_read(&session, rib + 30, 19, &room, &error) == CC_STATUS_TRUNCATED && room.attributes_count == 2 && error.offset == 13);
    CHECK(cc_bgp_attributes_read(&session, (const uint8_t[]){0x40, 1, 1, 7}, 4, &room, &error) == CC_STATUS_MALFORMED && strcmp(error.layer, "ORIGIN") == 0);
    CHECK(cc_bgp_attributes_read(NULL, rib, 1, &room, &error) == CC_STATUS_NULL && cc_bgp_attributes_read(&session, rib, 1, NULL, &error) == CC_STATUS_NULL);
    CHECK(cc_mrt_peers(rib, sizeof rib, peers, 2, &count, &error) == CC_STATUS_ARGUMENT);

    CHECK(cc_mrt_next(session_record, sizeof session_record, &head, &error) == CC_STATUS_OK && head.form == CC_MRT_FORM_MESSAGE);
    CHECK(head.has_microseconds == 1 && head.microseconds == 5 && head.peer_as == 65000 && head.local_as == 65001 && head.interface == 3);
    CHECK(head.content_length == 19 && head.content_offset == 36 && head.peer[3] == 1 && head.local[3] == 2);
    CHECK(cc_mrt_session(&head, &session) == CC_STATUS_OK && session.peer_as == 65000 && session.four_octet_as == 1 && session.add_path_receive == 0);
    cc_bgp_frame frame;
    CHECK(cc_bgp_frames(session_record + 36, 19, session.max_len_receive, &frame, 1, &count, &error) == CC_STATUS_OK && count == 1);

    /* Cut anywhere it is not there yet; a prefix of 33 bits is one record that cannot be read, behind which others can. */
    for (size_t length = 1; length < sizeof rib; length++)
        CHECK(cc_mrt_next(rib, length, &head, &error) == CC_STATUS_PARTIAL && error.limit == (length < 12 ? 12 : sizeof rib));
    CHECK(cc_mrt_next(NULL, 0, &head, &error) == CC_STATUS_END);
    uint8_t wrong[sizeof rib];
    memcpy(wrong, rib, sizeof rib);
    wrong[16] = 33;
    CHECK(cc_mrt_next(wrong, sizeof wrong, &head, &error) == CC_STATUS_MALFORMED && head.length == sizeof wrong && error.limit == 32);
    memcpy(wrong, rib, sizeof rib);
    wrong[29] = 21;
    CHECK(cc_mrt_entries(wrong, sizeof wrong, entries, 2, &count, &error) == CC_STATUS_TRUNCATED && count == 0);
    CHECK(cc_mrt_next(NULL, 1, &head, &error) == CC_STATUS_NULL && cc_mrt_next(rib, 1, NULL, &error) == CC_STATUS_NULL);
    CHECK(cc_mrt_session(NULL, &session) == CC_STATUS_NULL && cc_mrt_session(&head, NULL) == CC_STATUS_NULL);
    CHECK(cc_mrt_peers(NULL, 1, peers, 2, &count, &error) == CC_STATUS_NULL && cc_mrt_peers(rib, 1, NULL, 2, &count, &error) == CC_STATUS_NULL);
    CHECK(cc_mrt_entries(rib, sizeof rib, entries, 2, NULL, &error) == CC_STATUS_NULL);
}

/* RFC 7854 §4. */
static void monitoring(void)
{
#define PEER(flags) 0, flags, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1, 0, 0, 0xfd, 0xe8, 192, 0, 2, 9, 0, 0, 0, 7, 0, 0, 0, 8
    static const uint8_t routes[] = {3, 0, 0, 0, 6 + 42 + 19, 0, PEER(0x20), MARKER, 0, 19, 4};
    static const uint8_t up[] = {3, 0, 0, 0, 6 + 42 + 20 + 19, 3, PEER(0), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2, 0, 179, 0xc0, 0,
        MARKER, 0, 19, 4};
    static const uint8_t begin[] = {3, 0, 0, 0, 13, 4, 0, 2, 0, 3, 'r', 't', 'r'};
    cc_bmp_head head;
    cc_bmp_tlv tlvs[2];
    cc_bgp_session session;
    cc_error error;
    size_t count = 0;

    CHECK(cc_bmp_next(routes, sizeof routes, &head, &error) == CC_STATUS_OK && head.kind == 0 && head.length == sizeof routes);
    CHECK(head.has_peer == 1 && head.peer_as == 65000 && head.address[3] == 1 && head.address_length == 4 && head.identifier[3] == 9);
    CHECK(head.distinguisher == 5 && head.seconds == 7 && head.microseconds == 8 && head.content_offset == 48 && head.content_length == 19);
    CHECK(cc_bmp_session(&head, &session) == CC_STATUS_OK && session.four_octet_as == 0 && session.peer_as == 65000 && session.peer == 3);
    CHECK(cc_bmp_next(up, sizeof up, &head, &error) == CC_STATUS_OK && head.kind == 3 && head.local_port == 179 && head.peer_port == 49152);
    CHECK(head.local[3] == 2 && head.content_offset == 68 && head.content_length == 19);
    CHECK(cc_bmp_session(&head, &session) == CC_STATUS_OK && session.four_octet_as == 1);
    CHECK(cc_bmp_next(begin, sizeof begin, &head, &error) == CC_STATUS_OK && head.kind == 4 && head.has_peer == 0);
    CHECK(cc_bmp_tlvs(begin + head.content_offset, head.content_length, tlvs, 2, &count, &error) == CC_STATUS_OK && count == 1);
    CHECK(tlvs[0].kind == 2 && tlvs[0].length == 3 && begin[head.content_offset + tlvs[0].offset] == 'r');
    CHECK(cc_bmp_tlvs(begin + 6, 6, tlvs, 2, &count, &error) == CC_STATUS_TRUNCATED && count == 0);

    for (size_t length = 0; length < sizeof begin; length++)
        CHECK(cc_bmp_next(begin, length, &head, &error) == CC_STATUS_PARTIAL && error.limit == (length < 5 ? 6 : sizeof begin));
    uint8_t wrong[sizeof begin];
    memcpy(wrong, begin, sizeof begin);
    wrong[0] = 5;
    CHECK(cc_bmp_next(wrong, sizeof wrong, &head, &error) == CC_STATUS_MALFORMED && strcmp(error.field, "version") == 0 && error.value == 5);
    wrong[0] = 3;
    wrong[5] = 1;
    CHECK(cc_bmp_next(wrong, sizeof wrong, &head, &error) == CC_STATUS_TRUNCATED && head.length == sizeof wrong);
    CHECK(cc_bmp_next(NULL, 1, &head, &error) == CC_STATUS_NULL && cc_bmp_next(begin, 1, NULL, &error) == CC_STATUS_NULL);
    CHECK(cc_bmp_session(NULL, &session) == CC_STATUS_NULL && cc_bmp_session(&head, NULL) == CC_STATUS_NULL);
    CHECK(cc_bmp_tlvs(NULL, 1, tlvs, 2, &count, &error) == CC_STATUS_NULL && cc_bmp_tlvs(begin, 1, NULL, 2, &count, &error) == CC_STATUS_NULL);
}

/* ExaBGP's vectors, from where the project is beside them: `N:cmd:` the route in words, `N:raw:` the message. */
static size_t unhex(uint8_t *to, size_t room, const char *from)
{
    size_t digits = 0;
    for (; *from != 0 && digits / 2 < room; from++) {
        const char *digit = strchr("0123456789abcdef0123456789ABCDEF", *from);
        if (digit == NULL)
            continue;
        uint8_t value = (uint8_t)((digit - "0123456789abcdef0123456789ABCDEF") % 16);
        to[digits / 2] = (uint8_t)(digits % 2 == 0 ? value << 4 : to[digits / 2] | value);
        digits++;
    }
    return digits / 2;
}

/* Whether an UPDATE announces the route that the words tell of. */
static int announces(const struct read *of, const unsigned at[4], unsigned length, const unsigned hop[4])
{
    for (size_t i = 0; i < of->room.routes_count; i++) {
        const cc_bgp_route *route = &of->routes[i];
        const uint8_t *next = route->place == CC_BGP_PLACE_NLRI ? of->update.plain_next_hop : of->update.next_hop;
        int is_same = route->prefix_length == length;
        for (int j = 0; j < 4; j++)
            is_same = is_same && route->address[j] == at[j] && next[j] == hop[j];
        if (is_same)
            return 1;
    }
    return 0;
}

static void vectors(void)
{
    const char *folder = "../../shared/vectors/exabgp-encoding";
    DIR *all = opendir(folder);
    size_t messages = 0, routes = 0, actions[6] = {0};
    static char line[1 << 16], path[512];
    struct read *of = reader();

    if (all == NULL) {
        printf("skipped: %s is not here\n", folder);
        free(of);
        return;
    }
    for (struct dirent *entry; (entry = readdir(all)) != NULL;) {
        if (strstr(entry->d_name, ".ci") == NULL)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        FILE *file = fopen(path, "r");
        unsigned at[4], hop[4], length, count;
        int is_told = 0;
        while (file != NULL && fgets(line, sizeof line, file) != NULL) {
            if (strstr(line, ":cmd:") != NULL) {
                is_told = sscanf(line, "%u:cmd:announce route %u.%u.%u.%u/%u next-hop %u.%u.%u.%u", &count, at, at + 1, at + 2, at + 3, &length,
                              hop, hop + 1, hop + 2, hop + 3) == 10;
                continue;
            }
            const char *raw = strstr(line, ":raw:");
            if (raw == NULL)
                continue;
            uint8_t bytes[4096];
            size_t size = unhex(bytes, sizeof bytes, raw + 5), framed = 0;
            cc_bgp_frame frame;
            CHECK(cc_bgp_frames(bytes, size, 4096, &frame, 1, &framed, &of->error) == CC_STATUS_OK && framed == 1 && frame.length == size);
            cc_bgp_session_assumed(&of->session);
            of->session.peer = 0;
            of->session.four_octet_as = strstr(entry->d_name, "no-asn4") == NULL;
            if (strstr(entry->d_name, "addpath") != NULL || strstr(entry->d_name, "path-information") != NULL)
                of->session.add_path_receive = cc_bgp_family_bit(1, 1) | cc_bgp_family_bit(1, 128);
            messages++;
            if (frame.kind != 2 || size > sizeof of->message)
                continue;
            CHECK(decode(of, bytes + 19, size - 19) == CC_STATUS_OK);
            actions[of->update.action]++;
            if (is_told && of->update.action == CC_BGP_ACTION_ACCEPT) {
                routes++;
                CHECK(announces(of, at, length, hop));
            }
            is_told = 0;
        }
        if (file != NULL)
            fclose(file);
    }
    closedir(all);
    free(of);
    printf("%zu vectors, %zu routes told in words\n", messages, routes);
    CHECK(messages > 100 && routes > 20);
    /* What ExaBGP takes and an RFC does not: RFC 8956 §3.1 and RFC 4271 §6.3 (a next hop that is no host's) withdraw, RFC 4271 §6.3 (an attribute
       that is well-known by its flags, twice) ends the session. */
    CHECK(actions[CC_BGP_ACTION_TREAT_AS_WITHDRAW] == 2 && actions[CC_BGP_ACTION_SESSION_RESET] == 2);
    CHECK(actions[CC_BGP_ACTION_ROUTE_DISCARD] + actions[CC_BGP_ACTION_ATTRIBUTE_DISCARD] + actions[CC_BGP_ACTION_DISABLE_FAMILY] == 0);
}

int main(void)
{
    framing();
    plain_routes();
    values();
    families();
    wrong_updates();
    batches();
    sessions();
    opens();
    notifications();
    refreshes();
    building();
    dumps();
    monitoring();
    vectors();
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0;
}
