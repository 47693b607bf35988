/* Each bad input of bad_inputs/cases.txt, which says what stands in its columns, gets what it says. The table is found where the tests are run,
 * or is the only argument and ends with cases.txt. Last line: N passed, M failed */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include <unistd.h>

enum { NAME, INTERFACE, BYTES, STATUS, LAYER, FIELD, VALUE, LIMIT, OFFSET, NOTIFICATION, TEXT, COLUMNS, MOST = 1 << 16 };

static char *columns[COLUMNS];
/* The words of the interface: its name, and up to two more. */
static char words[3][32];
static uint8_t bytes[MOST];
static size_t length;

static const char *const statuses[] = {
    [CC_STATUS_OK] = "ok", [CC_STATUS_CAPTURE] = "capture", [CC_STATUS_TRUNCATED] = "truncated", [CC_STATUS_MALFORMED] = "malformed",
    [CC_STATUS_TOO_DEEP] = "too-deep", [CC_STATUS_NOT_OURS] = "not-ours", [CC_STATUS_REFUSED] = "refused",
    [CC_STATUS_CHECKSUM] = "checksum", [CC_STATUS_PARTIAL] = "partial", [CC_STATUS_BGP] = "bgp",
};
static const char *const actions[] = {
    [CC_BGP_ACTION_ACCEPT] = "accept", [CC_BGP_ACTION_ATTRIBUTE_DISCARD] = "attribute-discard",
    [CC_BGP_ACTION_TREAT_AS_WITHDRAW] = "treat-as-withdraw", [CC_BGP_ACTION_SESSION_RESET] = "session-reset",
};

/* As CHECK, and says of which case. */
#define HOLDS(what) ((what) ? (void)passed++ : (void)(failed++, printf("FAILED %s: %s\n", columns[NAME], #what)))

static int is(int column, const char *text)
{
    return strcmp(columns[column], text) == 0;
}

/* A number; of an empty column 0, as the library has what there is none of. */
static uint64_t number(int column)
{
    return strtoull(columns[column], NULL, 10);
}

/* Whether a column that may be left out says so. */
static int says(int column, uint64_t value)
{
    return is(column, "") || number(column) == value;
}

static void text_holds(const char *text)
{
    HOLDS(is(TEXT, "") || is(TEXT, text));
}

/* What is between bars, without the spaces around. */
static int split(char *line)
{
    int count = 0;
    for (char *rest = line; rest && count < COLUMNS; count++) {
        char *end = strpbrk(rest, "|\n"), *next = end && *end == '|' ? end + 1 : NULL;
        if (!end)
            end = rest + strlen(rest);
        while (*rest == ' ')
            rest++;
        while (end > rest && end[-1] == ' ')
            end--;
        *end = 0;
        columns[count] = rest;
        rest = next;
    }
    return count;
}

static void read_bytes(char *hex)
{
    length = 0;
    for (char *word = strtok(hex, " "); word; word = strtok(NULL, " ")) {
        char *star = strchr(word, '*');
        size_t digits = star ? (size_t)(star - word) : strlen(word);
        for (long times = star ? strtol(star + 1, NULL, 10) : 1; times > 0; times--)
            for (size_t at = 0; at < digits; at += 2) {
                char byte[3] = {word[at], word[at + 1], 0};
                if (length < MOST)
                    bytes[length++] = (uint8_t)strtoul(byte, NULL, 16);
            }
    }
}

static void notification_holds(const cc_bgp_notification *of, const uint8_t *message)
{
    char told[256] = "";
    const uint8_t *data = of->is_own ? of->own : message + of->data_offset;
    if (of->code) {
        int at = sprintf(told, "%d/%d%s", of->code, of->subcode, of->data_length ? " " : "");
        for (uint32_t i = 0; i < of->data_length && i < 100; i++)
            at += sprintf(told + at, "%02x", data[i]);
    }
    HOLDS(is(NOTIFICATION, told));
}

/* All of an error but where it is, and its numbers. */
static void names_hold(const cc_error *error)
{
    HOLDS(is(LAYER, error->layer));
    HOLDS(is(FIELD, error->field));
    text_holds(error->text);
}

static void error_holds(cc_status status, const cc_error *error)
{
    HOLDS(is(STATUS, statuses[status]) && error->status == status);
    names_hold(error);
    HOLDS(number(VALUE) == error->value && number(LIMIT) == error->limit && number(OFFSET) == error->offset);
    if (status == CC_STATUS_BGP)
        notification_holds(&error->notification, bytes);
}

static void walk(void)
{
    static cc_layer layers[256];
    size_t count = 0;
    cc_error error;
    cc_status status = cc_walk((uint32_t)strtoul(words[1], NULL, 10), bytes, length, layers, 256, &count, &error);
    if (status != CC_STATUS_OK) {
        error_holds(status, &error);
        return;
    }
    char names[2048] = "";
    for (size_t i = 0; i < count; i++)
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", i ? ":" : "", cc_layer_name(layers[i].kind));
    HOLDS(is(STATUS, "ok") && number(VALUE) == count);
    text_holds(names);
}

static void tunnel(uint8_t kind, uint8_t reading)
{
    const cc_decapsulator_config config = {.kind = kind, .link_type = 101, .reading = reading};
    cc_error error;
    cc_inner inner;
    cc_buffer packet = {.bytes = bytes, .room = MOST, .start = 0, .length = length};
    cc_decapsulator *decapsulator = cc_decapsulator_new(&config, &error);
    cc_status status = cc_decapsulate(decapsulator, &packet, &inner, &error);
    cc_decapsulator_free(decapsulator);
    if (status == CC_STATUS_OK)
        HOLDS(is(STATUS, "ok") && says(VALUE, inner.length) && says(LIMIT, inner.key) && says(OFFSET, inner.offset));
    else
        error_holds(status, &error);
}

static void flannel(void)
{
    static const char *const reasons[] = {
        [CC_FLANNEL_REASON_NONE] = "", [CC_FLANNEL_REASON_MALFORMED] = "malformed", [CC_FLANNEL_REASON_TTL_EXPIRED] = "ttl-expired",
    };
    const cc_flannel_node node = {.address = {10, 244, 1, 0}};
    cc_flannel_step step;
    cc_error error;
    HOLDS(cc_flannel_deliver(&node, bytes, length, NULL, 0, &step, &error) == CC_STATUS_OK);
    HOLDS(is(STATUS, step.outcome == CC_FLANNEL_OUTCOME_DELIVER ? "delivered" : "dropped"));
    HOLDS(step.reason <= CC_FLANNEL_REASON_TTL_EXPIRED && reasons[step.reason] && is(FIELD, reasons[step.reason]));
}

/* Where a message stands that is wrong, its notification and what may be thrown away: these cc_bgp_frames tells. The field's value and limit
 * come with what reads a message whole. */
static void frame(void)
{
    cc_bgp_frame frames[8];
    cc_bgp_session session;
    cc_error error;
    size_t count = 0, taken = 0;
    uint16_t most = (uint16_t)strtoul(words[1], NULL, 10);
    cc_status status = cc_bgp_frames(bytes, length, most, frames, 8, &count, &error);

    char types[32] = "-";
    for (size_t i = 0; i < count; taken += frames[i++].length)
        snprintf(types + (i ? strlen(types) : 0), 8, "%s%d", i ? "," : "", frames[i].kind);
    HOLDS(strcmp(words[2], types) == 0);
    HOLDS(is(STATUS, statuses[status]));
    if (status == CC_STATUS_OK)
        HOLDS(taken == length);
    if (status == CC_STATUS_PARTIAL)
        HOLDS(number(VALUE) == error.value && number(LIMIT) == error.limit && error.value == length - taken);
    if (status != CC_STATUS_BGP)
        return;
    names_hold(&error);
    HOLDS(number(OFFSET) == error.limit);
    notification_holds(&error.notification, bytes + taken);
    cc_bgp_session_assumed(&session);
    session.max_len_receive = most;
    HOLDS(cc_bgp_findings(&session, bytes + taken, length - taken, NULL, 0, &count, &error) == CC_STATUS_BGP);
    names_hold(&error);
    HOLDS(number(VALUE) == error.value && number(LIMIT) == error.limit);
}

static void open_message(void)
{
    cc_bgp_open open;
    cc_error error;
    size_t count;
    cc_status status = cc_bgp_open_read(bytes, length, &open, NULL, 0, &count, &error);
    if (status == CC_STATUS_OK)
        HOLDS(is(STATUS, "ok") && number(VALUE) == open.as_number && number(LIMIT) == open.hold_time);
    else
        error_holds(status, &error);
}

static void negotiate(void)
{
    cc_bgp_session session;
    cc_bgp_frame frames[2] = {{.offset = 0}};
    cc_error error;
    size_t count;
    HOLDS(cc_bgp_frames(bytes, length, 4096, frames, 2, &count, &error) == CC_STATUS_OK && count == 2);
    cc_status status = cc_bgp_negotiate(bytes, frames[0].length, bytes + frames[1].offset, frames[1].length, &session, &error);
    if (status == CC_STATUS_OK)
        HOLDS(is(STATUS, "ok") && number(VALUE) == session.peer_as && number(LIMIT) == session.hold_time);
    else
        error_holds(status, &error);
}

static void update(void)
{
    static cc_bgp_route routes[16];
    static cc_bgp_attribute attributes[16];
    static uint32_t numbers[64];
    const cc_bgp_frame frame = {.length = (uint32_t)length, .kind = 2};
    cc_bgp_room room = {.routes = routes, .routes_room = 16, .attributes = attributes, .attributes_room = 16, .words = numbers, .words_room = 64};
    cc_bgp_finding findings[8];
    cc_bgp_session session;
    cc_bgp_update told;
    cc_error error;
    size_t count = 0, done = 0;

    cc_bgp_session_assumed(&session);
    if (strcmp(words[1], "internal") == 0)
        session.peer = 0;
    if (strcmp(words[1], "add-path") == 0)
        session.add_path_receive = cc_bgp_family_bit(1, 1);
    HOLDS(cc_bgp_decode(&session, bytes, length, &frame, &told, 1, &room, &done, &error) == CC_STATUS_OK && done == 1);
    cc_status status = cc_bgp_findings(&session, bytes, length, findings, 8, &count, &error);
    if (status != CC_STATUS_OK) {
        HOLDS(told.action == CC_BGP_ACTION_SESSION_RESET && told.routes_end == 0);
        error_holds(status, &error);
        return;
    }
    HOLDS(is(STATUS, actions[told.action]) && number(LIMIT) == told.routes_end && told.routes_end == room.routes_count);
    notification_holds(&told.notification, bytes);
    HOLDS((count == 0) == is(STATUS, "accept"));
    if (count == 0)
        return;
    HOLDS(is(FIELD, findings[0].clause) && number(VALUE) == findings[0].attribute && number(OFFSET) == findings[0].offset);
    text_holds(findings[0].text);
}

static void notification(void)
{
    cc_bgp_reason reason;
    cc_error error;
    HOLDS(cc_bgp_notification_read(bytes, length, &reason, &error) == CC_STATUS_OK && is(STATUS, "ok"));
    HOLDS(number(VALUE) == reason.notification.code && number(LIMIT) == reason.notification.subcode);
}

static void capture(void)
{
    char path[] = "/tmp/bad-input-XXXXXX";
    int file = mkstemp(path);
    cc_error error = {.status = CC_STATUS_OK};
    cc_packet packet;
    uint64_t count = 0;

    HOLDS(file >= 0 && write(file, bytes, length) == (ssize_t)length);
    close(file);
    cc_capture *of = cc_capture_open(path, &error);
    if (of)
        while (cc_capture_next(of, &packet, &error) == CC_STATUS_OK)
            count++;
    cc_capture_free(of);
    remove(path);
    HOLDS(number(VALUE) == count);
    HOLDS(is(STATUS, error.status == CC_STATUS_END ? "ok" : statuses[error.status]));
    /* What cannot be opened is told with its path. */
    const char *text = strncmp(error.text, path, strlen(path)) == 0 ? error.text + strlen(path) + 2 : error.text;
    if (is(STATUS, "capture"))
        text_holds(text);
}

static const struct {
    const char *name;
    void (*try)(void);
} interfaces[] = {
    {"walk", walk}, {"flannel", flannel}, {"frame", frame}, {"open", open_message}, {"negotiate", negotiate}, {"update", update},
    {"notification", notification}, {"capture", capture},
};

static void try(void)
{
    for (size_t i = 0; i < sizeof interfaces / sizeof *interfaces; i++)
        if (strcmp(words[0], interfaces[i].name) == 0) {
            interfaces[i].try();
            return;
        }
    if (is(INTERFACE, "vxlan"))
        tunnel(CC_TUNNEL_KIND_VXLAN, CC_VXLAN_READING_RFC7348);
    else if (is(INTERFACE, "vxlan-linux"))
        tunnel(CC_TUNNEL_KIND_VXLAN, CC_VXLAN_READING_LINUX);
    else if (is(INTERFACE, "geneve"))
        tunnel(CC_TUNNEL_KIND_GENEVE, 0);
    else if (is(INTERFACE, "ip"))
        tunnel(CC_TUNNEL_KIND_IP, 0);
    else if (is(INTERFACE, "gre"))
        tunnel(CC_TUNNEL_KIND_GRE, 0);
    else
        HOLDS(!"there is such an interface in C");
}

int main(int count, char **arguments)
{
    const char *path = "bad_inputs/cases.txt";
    size_t end = strlen("cases.txt"), cases = 0;
    if (count == 2 && strlen(arguments[1]) >= end && strcmp(arguments[1] + strlen(arguments[1]) - end, "cases.txt") == 0)
        path = arguments[1];
    FILE *table = fopen(path, "r");
    static char line[1 << 16];

    while (table && fgets(line, sizeof line, table)) {
        if (*line == '#' || !strchr(line, '|'))
            continue;
        cases++;
        CHECK(split(line) == COLUMNS);
        memset(words, 0, sizeof words);
        sscanf(columns[INTERFACE], "%31s %31s %31s", words[0], words[1], words[2]);
        read_bytes(columns[BYTES]);
        try();
    }
    if (table)
        fclose(table);
    /* A table that is not found is no table that holds. */
    CHECK(cases >= 150);
    printf("%zu cases\n", cases);
    return told();
}
