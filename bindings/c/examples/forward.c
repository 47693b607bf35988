/* VXLAN on DPDK: frames of port 0 go into the tunnel and out of port 1, packets of port 1 out of the tunnel and to port 0. The mbufs stay
 * where they are, in as many segments as they have.
 *
 * usage: forward EAL-ARGUMENT... -- VNI LOCAL REMOTE LOCAL-MAC REMOTE-MAC [ROOM]
 *
 * ROOM is how many bytes of a packet a segment holds, 2048 unless told otherwise. It ends on SIGINT, or when a port of a capture has been
 * empty for half a second, with a line of what was done. */
#include <arpa/inet.h>
#include <container_codecs.h>
#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BURST = 32, DESCRIPTORS = 512, MBUFS = 4095, PIECES = 64, INSIDE = 0, OUTSIDE = 1 };

struct counts {
    uint64_t packets, in_pieces, dropped;
};

static volatile sig_atomic_t is_over;

static void end(int signal)
{
    (void)signal;
    is_over = 1;
}

static void fail(const char *what)
{
    fprintf(stderr, "forward: %s\n", what);
    exit(1);
}

/* The first segment, with its room; whoever shares it with others may not write in front. */
static cc_buffer open_mbuf(const struct rte_mbuf *mbuf)
{
    return (cc_buffer){.bytes = mbuf->buf_addr, .room = mbuf->buf_len, .start = mbuf->data_off, .length = mbuf->data_len};
}

static int is_shared(const struct rte_mbuf *mbuf)
{
    return !RTE_MBUF_DIRECT(mbuf) || rte_mbuf_refcnt_read(mbuf) > 1;
}

/* What the first segment has become; how long the packet is follows. */
static void close_mbuf(struct rte_mbuf *mbuf, const cc_buffer *buffer)
{
    mbuf->pkt_len = mbuf->pkt_len - mbuf->data_len + (uint32_t)buffer->length;
    mbuf->data_off = (uint16_t)buffer->start;
    mbuf->data_len = (uint16_t)buffer->length;
}

/* The segments behind the first: how many; 0 if there are more than there is room for. */
static size_t pieces_of(const struct rte_mbuf *mbuf, cc_segment *pieces)
{
    size_t count = 0;
    if (mbuf->nb_segs - 1 > PIECES)
        return 0;
    for (const struct rte_mbuf *next = mbuf->next; next; next = next->next)
        pieces[count++] = (cc_segment){.bytes = rte_pktmbuf_mtod(next, const uint8_t *), .length = next->data_len};
    return count;
}

static cc_status encapsulate(const cc_tunnel *tunnel, struct rte_mbuf *mbuf, cc_buffer *buffer)
{
    cc_segment pieces[PIECES];
    size_t count = pieces_of(mbuf, pieces);
    return count ? cc_encapsulate_segments(tunnel, buffer, pieces, count, NULL) : CC_STATUS_ROOM;
}

static cc_status decapsulate(const cc_decapsulator *decapsulator, struct rte_mbuf *mbuf, cc_buffer *buffer, cc_inner *inner)
{
    cc_segment pieces[PIECES];
    size_t count = pieces_of(mbuf, pieces);
    return count ? cc_decapsulate_segments(decapsulator, buffer, pieces, count, inner, NULL) : CC_STATUS_ROOM;
}

/* What stands behind the inner packet is no part of it. */
static int trim(struct rte_mbuf *mbuf, uint32_t length)
{
    return mbuf->pkt_len < length || rte_pktmbuf_trim(mbuf, (uint16_t)(mbuf->pkt_len - length)) < 0;
}

/* Packets in one segment go through at once, the others one by one. The packets that may be sent come first then: how many. */
static uint16_t pass(struct rte_mbuf **mbufs, uint16_t count, const cc_tunnel *tunnel, const cc_decapsulator *decapsulator,
                     struct counts *counts)
{
    cc_buffer buffers[BURST];
    cc_inner inner[BURST];
    cc_status statuses[BURST];
    uint16_t kept = 0;

    for (uint16_t i = 0; i < count; i++)
        buffers[i] = open_mbuf(mbufs[i]);
    for (uint16_t i = 0; i < count;) {
        uint16_t first = i;
        while (i < count && mbufs[i]->nb_segs == 1 && !is_shared(mbufs[i]))
            i++;
        if (tunnel)
            cc_encapsulate_batch(tunnel, buffers + first, i - first, statuses + first);
        else
            cc_decapsulate_batch(decapsulator, buffers + first, i - first, inner + first, statuses + first);
        if (i == count)
            break;
        if (is_shared(mbufs[i]))
            statuses[i] = CC_STATUS_ROOM;
        else
            statuses[i] = tunnel ? encapsulate(tunnel, mbufs[i], &buffers[i]) : decapsulate(decapsulator, mbufs[i], &buffers[i], &inner[i]);
        counts->in_pieces += statuses[i] == CC_STATUS_OK;
        i++;
    }
    for (uint16_t i = 0; i < count; i++) {
        if (statuses[i] == CC_STATUS_OK)
            close_mbuf(mbufs[i], &buffers[i]);
        if (statuses[i] != CC_STATUS_OK || (!tunnel && trim(mbufs[i], inner[i].length))) {
            rte_pktmbuf_free(mbufs[i]);
            counts->dropped++;
        } else {
            mbufs[kept++] = mbufs[i];
        }
    }
    return kept;
}

static void start_port(uint16_t port, struct rte_mempool *pool)
{
    const struct rte_eth_conf config = {0};
    if (rte_eth_dev_configure(port, 1, 1, &config) != 0 || rte_eth_rx_queue_setup(port, 0, DESCRIPTORS, SOCKET_ID_ANY, NULL, pool) != 0
        || rte_eth_tx_queue_setup(port, 0, DESCRIPTORS, SOCKET_ID_ANY, NULL) != 0 || rte_eth_dev_start(port) != 0)
        fail("a port cannot be started");
}

/* Whether anything came in. */
static int forward(uint16_t from, const cc_tunnel *tunnel, const cc_decapsulator *decapsulator, struct counts *counts)
{
    struct rte_mbuf *mbufs[BURST];
    uint16_t received = rte_eth_rx_burst(from, 0, mbufs, BURST);
    uint16_t kept = pass(mbufs, received, tunnel, decapsulator, counts);
    uint16_t sent = kept ? rte_eth_tx_burst(from == INSIDE ? OUTSIDE : INSIDE, 0, mbufs, kept) : 0;
    counts->packets += sent;
    counts->dropped += kept - sent;
    for (uint16_t i = sent; i < kept; i++)
        rte_pktmbuf_free(mbufs[i]);
    return received > 0;
}

static int read_address(cc_address *address, const char *text)
{
    address->family = strchr(text, ':') ? 6 : 4;
    return inet_pton(address->family == 6 ? AF_INET6 : AF_INET, text, address->octets) == 1;
}

static int read_mac(uint8_t *mac, const char *text)
{
    return sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", mac, mac + 1, mac + 2, mac + 3, mac + 4, mac + 5) == 6;
}

int main(int argc, char **argv)
{
    int taken = rte_eal_init(argc, argv);
    if (taken < 0)
        fail("the EAL cannot be started");
    argc -= taken;
    argv += taken;
    cc_error error = {0};
    cc_tunnel_config out = {.kind = CC_TUNNEL_KIND_VXLAN, .flags = CC_TUNNEL_FLAG_ETHERNET, .class_policy = CC_CLASS_POLICY_COPY_ECN};
    if (argc < 6 || argc > 7 || !read_address(&out.source, argv[2]) || !read_address(&out.destination, argv[3])
        || !read_mac(out.source_mac, argv[4]) || !read_mac(out.destination_mac, argv[5]))
        fail("usage: forward EAL-ARGUMENT... -- VNI LOCAL REMOTE LOCAL-MAC REMOTE-MAC [ROOM]");
    out.key = (uint32_t)strtoul(argv[1], NULL, 0);
    const cc_decapsulator_config in = {.kind = CC_TUNNEL_KIND_VXLAN, .link_type = 1, .flags = CC_DECAPSULATOR_FLAG_KEY, .key = out.key};
    cc_tunnel *tunnel = cc_tunnel_new(&out, &error);
    cc_decapsulator *decapsulator = tunnel ? cc_decapsulator_new(&in, &error) : NULL;
    if (!decapsulator)
        fail(error.text);

    /* In front of a packet there are RTE_PKTMBUF_HEADROOM bytes, 128: the overhead of VXLAN is 70 at most. */
    unsigned long room = argc > 6 ? strtoul(argv[6], NULL, 0) : 2048;
    struct rte_mempool *pool = room + RTE_PKTMBUF_HEADROOM <= UINT16_MAX
        ? rte_pktmbuf_pool_create("mbufs", MBUFS, 0, 0, (uint16_t)(room + RTE_PKTMBUF_HEADROOM), SOCKET_ID_ANY) : NULL;
    if (!pool || rte_eth_dev_count_avail() != 2)
        fail("there are not two ports, or there is no memory");
    start_port(INSIDE, pool);
    start_port(OUTSIDE, pool);
    signal(SIGINT, end);
    signal(SIGTERM, end);

    struct rte_eth_dev_info info = {0};
    rte_eth_dev_info_get(INSIDE, &info);
    int is_capture = info.driver_name && strcmp(info.driver_name, "net_pcap") == 0;
    struct counts into = {0}, out_of = {0};
    uint64_t last = rte_get_timer_cycles(), patience = rte_get_timer_hz() / 2;
    while (!is_over && !(is_capture && rte_get_timer_cycles() - last > patience))
        if (forward(INSIDE, tunnel, NULL, &into) | forward(OUTSIDE, NULL, decapsulator, &out_of))
            last = rte_get_timer_cycles();
    printf("in: %lu, %lu of several pieces, %lu dropped; out: %lu, %lu of several pieces, %lu dropped\n", into.packets, into.in_pieces,
           into.dropped, out_of.packets, out_of.in_pieces, out_of.dropped);

    for (uint16_t port = INSIDE; port <= OUTSIDE; port++) {
        rte_eth_dev_stop(port);
        rte_eth_dev_close(port);
    }
    rte_mempool_free(pool);
    cc_decapsulator_free(decapsulator);
    cc_tunnel_free(tunnel);
    rte_eal_cleanup();
    return 0;
}
