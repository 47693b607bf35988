/* Each getter gives of each frame of the captures what a dissector says. usage: getters CAPTURE… Last line: N passed, M failed */
#include <container_codecs.h>
#include <stdio.h>
#include <string.h>

static int passed, failed;

/* What each getter gives, as a number, or where its address stands. */
typedef struct {
    uint16_t layer, field;
    uint64_t (*number)(const uint8_t *);
    const uint8_t *(*address)(const uint8_t *);
} getter;

#define NUMBER(layer, field, name) \
    static uint64_t number_of_##name##_##layer(const uint8_t *header) { return name(header); }
#define ADDRESS(layer, field, name)
#include "getters.inc"
#undef NUMBER
#undef ADDRESS

#define NUMBER(layer, field, name) {layer, field, number_of_##name##_##layer, NULL},
#define ADDRESS(layer, field, name) {layer, field, NULL, name},
static const getter getters[] = {
#include "getters.inc"
};

static int is_same(const getter *of, const uint8_t *header, const cc_value *value, const uint8_t *packet, const uint8_t *text)
{
    if (of->number != NULL) {
        uint64_t number = of->number(header);
        /* Too long for its header, which the dissector tells the length of in its place. */
        return number == value->number || (number == 0 && of->field == CC_FIELD_IP_LENGTH);
    }
    const uint8_t *address = of->address(header);
    if (value->form == CC_FORM_MAC) {
        uint64_t number = 0;
        for (int i = 0; i < 6; i++)
            number = number << 8 | address[i];
        return number == value->number;
    }
    return memcmp(address, (value->place == CC_PLACE_PACKET ? packet : text) + value->number, 16) == 0;
}

/* What the outline should be, as the layers tell it. */
static cc_outline outline_of(const cc_layer *layers, size_t count, cc_status status)
{
    cc_outline of = {
        .outer = UINT32_MAX, .tunnel = UINT32_MAX, .network = UINT32_MAX, .transport = UINT32_MAX, .outer_kind = 65535,
        .tunnel_kind = 65535, .network_kind = 65535, .transport_kind = 65535, .status = status, .layers = (uint32_t)count,
    };
    for (const cc_layer *layer = layers; layer < layers + count; layer++) {
        if (layer->is_quoted)
            continue;
        switch (layer->kind) {
        case CC_LAYER_IP: case CC_LAYER_IPV6:
            of.network = layer->offset, of.network_kind = layer->kind;
            if (of.outer == UINT32_MAX)
                of.outer = layer->offset, of.outer_kind = layer->kind;
            break;
        case CC_LAYER_UDP: case CC_LAYER_TCP: case CC_LAYER_TCP_START: case CC_LAYER_ICMP: case CC_LAYER_ICMPV6: case CC_LAYER_IGMP:
        case CC_LAYER_ESP:
            of.transport = layer->offset, of.transport_kind = layer->kind;
            break;
        case CC_LAYER_VXLAN: case CC_LAYER_VXLAN_GPE: case CC_LAYER_GENEVE: case CC_LAYER_GRE: case CC_LAYER_GTP:
        case CC_LAYER_FLANNEL_UDP:
            of.tunnel = layer->offset, of.tunnel_kind = layer->kind;
            break;
        }
    }
    return of;
}

static void compare_outline(const cc_packet *packet)
{
    cc_layer layers[256];
    cc_outline outline;
    size_t found;
    cc_status status = cc_walk(packet->link_type, packet->bytes, packet->captured, layers, 256, &found, NULL);
    cc_outline want = outline_of(layers, found, status);

    if (cc_outline_batch(packet, 1, &outline) == CC_STATUS_OK && memcmp(&outline, &want, sizeof want) == 0) {
        passed++;
    } else {
        failed++;
        printf("FAILED packet %llu: outline\n", (unsigned long long)packet->number);
    }
}

static void compare(const cc_packet *packet, const cc_value *values, size_t count, const uint8_t *text)
{
    cc_layer layers[256];
    size_t found, at = 0;
    const cc_value *begin = NULL;

    cc_walk(packet->link_type, packet->bytes, packet->captured, layers, 256, &found, NULL);
    for (const cc_value *value = values; value < values + count; value++) {
        if (value->form == CC_FORM_LAYER) {
            at = begin == NULL ? 0 : at + 1;
            begin = value;
            /* What was put together or opened stands elsewhere. */
            if (at >= found || strcmp(cc_layer_name((uint16_t)value->number), cc_layer_name(layers[at].kind)) != 0)
                return;
            continue;
        }
        int is_first = begin != NULL;
        for (const cc_value *before = begin; is_first && before < value; before++)
            is_first = before->form == CC_FORM_LAYER || before->field != value->field;
        for (size_t i = 0; is_first && i < sizeof getters / sizeof *getters; i++) {
            if (getters[i].layer != layers[at].kind || getters[i].field != value->field)
                continue;
            if (is_same(&getters[i], packet->bytes + layers[at].offset, value, packet->bytes, text)) {
                passed++;
            } else {
                failed++;
                printf("FAILED packet %llu: %s\n", (unsigned long long)packet->number, cc_field_name(value->field));
            }
        }
    }
}

int main(int count, char **paths)
{
    static cc_value values[65536];
    static uint8_t text[1 << 22];

    for (int i = 1; i < count; i++) {
        cc_error error;
        cc_capture *capture = cc_capture_open(paths[i], &error);
        cc_dissector *dissector = cc_dissector_new(NULL, 0, 1, &error);
        cc_packet packet;
        if (capture == NULL) {
            printf("FAILED %s\n", error.text);
            failed++;
        }
        while (capture != NULL && cc_capture_next(capture, &packet, &error) == CC_STATUS_OK) {
            size_t end, done;
            compare_outline(&packet);
            cc_room room = {.values = values, .values_room = 65536, .text = text, .text_room = sizeof text, .ends = &end};
            if (cc_dissect(dissector, &packet, 1, &room, &done) == CC_STATUS_OK)
                compare(&packet, values, room.values_count, text);
        }
        cc_dissector_free(dissector);
        cc_capture_free(capture);
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0 || passed == 0;
}
