/* The step of flannel's UDP backend. Last line: N passed, M failed */
#include "check.h"

/* 10.244.1.2:4000 to 10.244.2.3:53. */
static const uint8_t pod_packet[] = {
    0x45, 0, 0, 28, 0, 0, 0x40, 0, 64, 17, 0x21, 0xe5, 10, 244, 1, 2, 10, 244, 2, 3, 0x0f, 0xa0, 0, 53, 0, 8, 0, 0,
};

/* As etcd has them: flannel pkg/subnet/etcd; one key with a prefix that cannot be. */
static const char leases_text[] =
    "{\"/coreos.com/network/config\": {\"Network\": \"10.244.0.0/16\", \"Backend\": {\"Type\": \"vxlan\", \"VNI\": 5}},"
    " \"/coreos.com/network/subnets/10.244.2.0-24\": {\"PublicIP\": \"192.0.2.2\", \"BackendType\": \"vxlan\","
    "   \"BackendData\": {\"VNI\": 5, \"VtepMAC\": \"0a:1b:2c:3d:4e:5f\"}},"
    " \"/coreos.com/network/subnets/10.244.4.0-24\": {\"PublicIP\": \"192.0.2.4\", \"BackendType\": \"udp\"},"
    " \"/coreos.com/network/subnets/10.244.3.0-33\": {\"PublicIP\": \"192.0.2.3\", \"BackendType\": \"vxlan\"}}";

static void leases(void)
{
    cc_error error;
    cc_flannel_lease lease;
    size_t refused = 0;
    const cc_address pod = {.octets = {10, 244, 2, 9}, .family = 4}, stranger = {.octets = {10, 244, 9, 1}, .family = 4};
    const cc_address node = {.octets = {192, 0, 2, 4}, .family = 4}, none = {.family = 0};
    cc_flannel_leases *of = cc_flannel_leases_new((const uint8_t *)leases_text, sizeof leases_text - 1, &error);

    CHECK(of != NULL && cc_flannel_leases_count(of, &refused) == 2 && refused == 1 && cc_flannel_leases_count(of, NULL) == 2);
    CHECK(cc_flannel_leases_behind(of, &pod, &lease, &error) == CC_STATUS_OK);
    CHECK(lease.subnet.family == 4 && memcmp(lease.subnet.octets, "\x0a\xf4\x02", 4) == 0 && lease.prefix_length == 24);
    CHECK(lease.node.family == 4 && memcmp(lease.node.octets, "\xc0\x00\x02\x02", 4) == 0);
    CHECK(lease.backend == CC_FLANNEL_BACKEND_VXLAN && lease.vni == 5 && memcmp(lease.vtep_mac, "\x0a\x1b\x2c\x3d\x4e\x5f", 6) == 0);
    CHECK(lease.subnet_v6.family == 0 && lease.node_v6.family == 0 && lease.prefix_length_v6 == 0);
    CHECK(cc_flannel_leases_behind(of, &stranger, &lease, &error) == CC_STATUS_END && strcmp(error.text, "no lease has 10.244.9.1") == 0);
    CHECK(cc_flannel_leases_behind(of, &none, &lease, &error) == CC_STATUS_ARGUMENT && strcmp(error.field, "pod") == 0);
    CHECK(cc_flannel_leases_of_node(of, &node, &lease, NULL) == CC_STATUS_OK);
    CHECK(lease.backend == CC_FLANNEL_BACKEND_UDP && lease.vni == 0 && lease.subnet.octets[2] == 4);
    CHECK(cc_flannel_leases_of_node(of, &stranger, &lease, NULL) == CC_STATUS_END);
    CHECK(cc_flannel_leases_at(of, 1, &lease, NULL) == CC_STATUS_OK && lease.subnet.octets[2] == 4);
    CHECK(cc_flannel_leases_at(of, 2, &lease, &error) == CC_STATUS_ARGUMENT && error.value == 2 && error.limit == 2);
    CHECK(cc_flannel_leases_refused(of, 0, &error) == CC_STATUS_MALFORMED && strncmp(error.text, "/coreos.com/network/subnets/10.244.3.0-33: ", 43) == 0);
    CHECK(cc_flannel_leases_refused(of, 1, &error) == CC_STATUS_ARGUMENT && error.limit == 1);

    /* Of the UDP backend's lease alone there is a route, to flannel's port (pkg/backend/udp: 8285). */
    cc_flannel_routes *routes = cc_flannel_routes_new(NULL);
    CHECK(cc_flannel_leases_routes(of, routes) == CC_STATUS_OK && cc_flannel_routes_count(routes) == 1);
    CHECK(cc_flannel_leases_routes(NULL, routes) == CC_STATUS_NULL && cc_flannel_leases_routes(of, NULL) == CC_STATUS_NULL);
    cc_flannel_routes_free(routes);

    CHECK(cc_flannel_leases_new((const uint8_t *)"[", 1, &error) == NULL && error.status == CC_STATUS_MALFORMED);
    CHECK(cc_flannel_leases_new((const uint8_t *)"\xff", 1, &error) == NULL && error.status == CC_STATUS_TEXT);
    CHECK(cc_flannel_leases_new(NULL, 1, &error) == NULL && error.status == CC_STATUS_NULL);
    CHECK(cc_flannel_leases_behind(NULL, &pod, &lease, NULL) == CC_STATUS_NULL);
    CHECK(cc_flannel_leases_behind(of, NULL, &lease, NULL) == CC_STATUS_NULL);
    CHECK(cc_flannel_leases_behind(of, &pod, NULL, NULL) == CC_STATUS_NULL);
    CHECK(cc_flannel_leases_of_node(NULL, &pod, &lease, NULL) == CC_STATUS_NULL);
    CHECK(cc_flannel_leases_at(NULL, 0, &lease, NULL) == CC_STATUS_NULL);
    CHECK(cc_flannel_leases_refused(NULL, 0, NULL) == CC_STATUS_NULL);
    CHECK(cc_flannel_leases_count(NULL, &refused) == 0 && refused == 0);
    cc_flannel_leases_free(of);
    cc_flannel_leases_free(NULL);
}

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
    leases();
    return told();
}
