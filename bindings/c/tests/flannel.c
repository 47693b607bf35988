/* The step of flannel's UDP backend. Last line: N passed, M failed */
#include "check.h"

/* 10.244.1.2:4000 to 10.244.2.3:53. */
static const uint8_t pod_packet[] = {
    0x45, 0, 0, 28, 0, 0, 0x40, 0, 64, 17, 0x21, 0xe5, 10, 244, 1, 2, 10, 244, 2, 3, 0x0f, 0xa0, 0, 53, 0, 8, 0, 0,
};

int main(void)
{
    const uint8_t near[] = {10, 244, 2, 0}, wide[] = {10, 244, 0, 0}, one[] = {192, 0, 2, 1}, two[] = {192, 0, 2, 2};
    cc_flannel_node node = {.address = {10, 244, 1, 1}};
    cc_flannel_step step;
    cc_error error;
    uint8_t packet[sizeof pod_packet], reply[CC_FLANNEL_MAX_ANSWER];
    cc_flannel_routes *routes = cc_flannel_routes_new(&error);
    CHECK(routes != NULL && cc_flannel_routes_count(routes) == 0);

    /* No route: flannel's proxy answers with a network that cannot be reached (RFC 792), from the node, with 8 hops to live. */
    memcpy(packet, pod_packet, sizeof packet);
    CHECK(cc_flannel_forward(&node, routes, packet, sizeof packet, reply, sizeof reply, &step, &error) == CC_STATUS_OK);
    CHECK(step.outcome == CC_FLANNEL_OUTCOME_ANSWER && step.reason == CC_FLANNEL_REASON_NO_ROUTE && step.answer_length == 56);
    CHECK(memcmp(reply, "\x45\0\0\x38\0\0\0\0\x08\x01\x9a\xdb\x0a\xf4\1\1\x0a\xf4\1\2\3\0\xed\x22\0\0\0\0", 28) == 0);
    CHECK(memcmp(reply + 28, pod_packet, sizeof pod_packet) == 0 && memcmp(packet, pod_packet, sizeof packet) == 0);
    CHECK(cc_flannel_forward(&node, routes, packet, sizeof packet, reply, 55, &step, &error) == CC_STATUS_ROOM);
    CHECK(error.limit == 56 && error.value == 55);

    /* The narrower network wins; a second next hop takes the first one's place. */
    CHECK(cc_flannel_routes_set(routes, wide, 16, one, 8285, &error) == CC_STATUS_OK);
    CHECK(cc_flannel_routes_set(routes, near, 24, one, 8285, NULL) == CC_STATUS_OK);
    CHECK(cc_flannel_routes_set(routes, near, 24, two, 8286, NULL) == CC_STATUS_OK);
    CHECK(cc_flannel_routes_count(routes) == 2);
    CHECK(cc_flannel_forward(&node, routes, packet, sizeof packet, reply, sizeof reply, &step, NULL) == CC_STATUS_OK);
    CHECK(step.outcome == CC_FLANNEL_OUTCOME_SEND && step.reason == CC_FLANNEL_REASON_NONE && step.answer_length == 0);
    CHECK(memcmp(step.next_hop, two, 4) == 0 && step.port == 8286);
    CHECK(packet[8] == 63 && packet[10] == 0x22 && packet[11] == 0xe5);
    CHECK(cc_flannel_routes_remove(routes, near, 24, NULL) == CC_STATUS_OK);
    CHECK(cc_flannel_routes_remove(routes, near, 24, &error) == CC_STATUS_END);
    CHECK(cc_flannel_forward(&node, routes, packet, sizeof packet, NULL, 0, &step, NULL) == CC_STATUS_OK);
    CHECK(memcmp(step.next_hop, one, 4) == 0 && step.port == 8285 && packet[8] == 62);

    /* Out of the tunnel: it is delivered. */
    CHECK(cc_flannel_deliver(&node, packet, sizeof packet, NULL, 0, &step, NULL) == CC_STATUS_OK);
    CHECK(step.outcome == CC_FLANNEL_OUTCOME_DELIVER && packet[8] == 61);

    /* One hop left: dropped, or answered where that is asked for. */
    memcpy(packet, pod_packet, sizeof packet);
    packet[8] = 1;
    packet[10] = 0x60;
    CHECK(cc_flannel_forward(&node, routes, packet, sizeof packet, NULL, 0, &step, NULL) == CC_STATUS_OK);
    CHECK(step.outcome == CC_FLANNEL_OUTCOME_DROP && step.reason == CC_FLANNEL_REASON_TTL_EXPIRED && packet[8] == 1);
    node.time_exceeded = 1;
    CHECK(cc_flannel_forward(&node, routes, packet, sizeof packet, reply, sizeof reply, &step, NULL) == CC_STATUS_OK);
    CHECK(step.outcome == CC_FLANNEL_OUTCOME_ANSWER && reply[20] == 11 && reply[21] == 0);

    /* RFC 1191 §4: longer than the tunnel takes. RFC 1812's answer has 64 hops, and precedence 6. */
    memcpy(packet, pod_packet, sizeof packet);
    node.mtu = 27;
    node.style = CC_FLANNEL_STYLE_RFC1812;
    CHECK(cc_flannel_forward(&node, routes, packet, sizeof packet, reply, sizeof reply, &step, NULL) == CC_STATUS_OK);
    CHECK(step.reason == CC_FLANNEL_REASON_TOO_LONG && memcmp(reply + 20, "\3\4", 2) == 0 && reply[27] == 27);
    CHECK(reply[1] == 0xc0 && reply[8] == 64);
    node.mtu = 0;

    /* A wrong checksum, where it is looked at; and what is no packet. */
    node.checksum = 1;
    packet[10] ^= 1;
    CHECK(cc_flannel_forward(&node, routes, packet, sizeof packet, NULL, 0, &step, NULL) == CC_STATUS_OK);
    CHECK(step.outcome == CC_FLANNEL_OUTCOME_DROP && step.reason == CC_FLANNEL_REASON_CHECKSUM);
    CHECK(cc_flannel_forward(&node, routes, packet, 19, NULL, 0, &step, NULL) == CC_STATUS_OK);
    CHECK(step.outcome == CC_FLANNEL_OUTCOME_DROP && step.reason == CC_FLANNEL_REASON_MALFORMED);
    CHECK(cc_flannel_forward(&node, routes, NULL, 0, NULL, 0, &step, NULL) == CC_STATUS_OK);
    CHECK(step.reason == CC_FLANNEL_REASON_MALFORMED);

    node.style = 2;
    CHECK(cc_flannel_forward(&node, routes, packet, sizeof packet, NULL, 0, &step, &error) == CC_STATUS_ARGUMENT);
    CHECK(strcmp(error.field, "style") == 0 && error.value == 2 && error.limit == 1);
    node.style = 0;
    CHECK(cc_flannel_forward(NULL, routes, packet, sizeof packet, NULL, 0, &step, NULL) == CC_STATUS_NULL);
    CHECK(cc_flannel_forward(&node, routes, NULL, 1, NULL, 0, &step, NULL) == CC_STATUS_NULL);
    CHECK(cc_flannel_forward(&node, routes, packet, sizeof packet, NULL, 1, &step, NULL) == CC_STATUS_NULL);
    CHECK(cc_flannel_forward(&node, routes, packet, sizeof packet, NULL, 0, NULL, NULL) == CC_STATUS_NULL);
    CHECK(cc_flannel_forward(&node, NULL, packet, sizeof packet, NULL, 0, &step, NULL) == CC_STATUS_NULL);
    CHECK(cc_flannel_deliver(NULL, packet, sizeof packet, NULL, 0, &step, NULL) == CC_STATUS_NULL);
    CHECK(cc_flannel_deliver(&node, NULL, 1, NULL, 0, &step, NULL) == CC_STATUS_NULL);
    CHECK(cc_flannel_deliver(&node, packet, sizeof packet, NULL, 1, &step, NULL) == CC_STATUS_NULL);
    CHECK(cc_flannel_deliver(&node, packet, sizeof packet, NULL, 0, NULL, NULL) == CC_STATUS_NULL);
    CHECK(cc_flannel_routes_set(routes, near, 33, one, 1, &error) == CC_STATUS_ARGUMENT && error.limit == 32);
    CHECK(cc_flannel_routes_set(NULL, near, 24, one, 1, NULL) == CC_STATUS_NULL);
    CHECK(cc_flannel_routes_set(routes, NULL, 24, one, 1, NULL) == CC_STATUS_NULL);
    CHECK(cc_flannel_routes_set(routes, near, 24, NULL, 1, NULL) == CC_STATUS_NULL);
    CHECK(cc_flannel_routes_remove(routes, near, 33, NULL) == CC_STATUS_ARGUMENT);
    CHECK(cc_flannel_routes_remove(NULL, near, 24, NULL) == CC_STATUS_NULL);
    CHECK(cc_flannel_routes_remove(routes, NULL, 24, NULL) == CC_STATUS_NULL);
    CHECK(cc_flannel_routes_count(NULL) == 0);
    cc_flannel_routes_free(routes);
    cc_flannel_routes_free(NULL);
    return told();
}
