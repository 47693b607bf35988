/* The fields of a capture's packets: a line a packet, `NAME=VALUE` behind tabs, text and bytes in hexadecimal.
 *
 * usage: fields CAPTURE [FIELD...]     all fields, or those */
#include <arpa/inet.h>
#include <container_codecs.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void *checked(void *memory)
{
    if (!memory) {
        fputs("no memory\n", stderr);
        exit(1);
    }
    return memory;
}

static void print_bytes(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        printf("%02x", bytes[i]);
}

static void print_seconds(int64_t nanoseconds)
{
    uint64_t whole = nanoseconds < 0 ? -(uint64_t)nanoseconds : (uint64_t)nanoseconds;
    printf("%s%" PRIu64 ".%09" PRIu64, nanoseconds < 0 ? "-" : "", whole / 1000000000, whole % 1000000000);
}

static void print_value(const cc_packet *packet, const cc_room *room, const cc_value *value)
{
    const uint8_t *bytes = value->place == CC_PLACE_TEXT ? room->text : packet->bytes;
    char address[INET6_ADDRSTRLEN];
    uint32_t ipv4 = htonl((uint32_t)value->number);

    if (value->form == CC_FORM_LAYER) {
        printf("\t[%s]", cc_layer_name((uint16_t)value->number));
        return;
    }
    printf("\t%s=", cc_field_name(value->field));
    switch (value->form) {
    case CC_FORM_NUMBER:
        if (cc_field_kind(value->field) == CC_KIND_HEXADECIMAL)
            printf("0x%0*" PRIx64, cc_field_digits(value->field), value->number);
        else
            printf("%" PRIu64, value->number);
        break;
    case CC_FORM_BYTE:
        printf("0x%02" PRIx64, value->number);
        break;
    case CC_FORM_MAC:
        for (int shift = 40; shift >= 0; shift -= 8)
            printf("%02x%s", (unsigned)(value->number >> shift) & 255, shift ? ":" : "");
        break;
    case CC_FORM_IPV4:
        fputs(inet_ntop(AF_INET, &ipv4, address, sizeof address), stdout);
        break;
    case CC_FORM_IPV6:
        fputs(inet_ntop(AF_INET6, bytes + value->number, address, sizeof address), stdout);
        break;
    case CC_FORM_TIME:
        print_seconds((int64_t)value->number);
        break;
    default:
        print_bytes(bytes + value->number, value->length);
    }
}

int main(int argc, char **argv)
{
    size_t wanted = 0;
    cc_error error = {0};

    if (argc < 2) {
        fputs("usage: fields CAPTURE [FIELD...]\n", stderr);
        return 2;
    }
    uint16_t *fields = checked(calloc((size_t)argc, sizeof *fields));
    for (int i = 2; i < argc; i++) {
        int32_t field = cc_field_by_name(argv[i]);
        if (field < 0) {
            fprintf(stderr, "there is no field %s\n", argv[i]);
            free(fields);
            return 2;
        }
        fields[wanted++] = (uint16_t)field;
    }
    cc_capture *capture = cc_capture_open(argv[1], &error);
    cc_dissector *dissector = capture ? cc_dissector_new(fields, wanted, 0, &error) : NULL;
    free(fields);
    if (!dissector) {
        fprintf(stderr, "%s\n", error.text);
        cc_capture_free(capture);
        return 1;
    }

    size_t end, done;
    cc_room room = {.values_room = 1024, .text_room = 65536, .ends = &end};
    room.values = checked(malloc(room.values_room * sizeof *room.values));
    room.text = checked(malloc(room.text_room));

    cc_packet packet;
    cc_status status;
    while ((status = cc_capture_next(capture, &packet, &error)) == CC_STATUS_OK) {
        /* What does not fit says how much it needs, and is the same packet then. */
        while ((status = cc_dissect(dissector, &packet, 1, &room, &done)) == CC_STATUS_ROOM) {
            room.values_room = room.values_count;
            room.text_room = room.text_length;
            room.values = checked(realloc(room.values, room.values_room * sizeof *room.values + 1));
            room.text = checked(realloc(room.text, room.text_room + 1));
        }
        if (status != CC_STATUS_OK)
            break;
        printf("%" PRIu64, packet.number);
        for (size_t i = 0; i < room.values_count; i++)
            print_value(&packet, &room, &room.values[i]);
        putchar('\n');
    }
    if (status != CC_STATUS_END)
        fprintf(stderr, "%s\n", error.text);

    cc_dissector_free(dissector);
    cc_capture_free(capture);
    free(room.values);
    free(room.text);
    return status == CC_STATUS_END ? 0 : 1;
}
