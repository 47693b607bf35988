/* A VXLAN tunnel endpoint over plain sockets: frames of a TAP device go to the peers, and those of the peers to the device.
 *
 * usage: vtep TAP VNI LOCAL MAC=PEER...     such as: vtep tap0 7 192.0.2.1 02:00:00:00:00:0b=192.0.2.2
 *
 * Frames to a MAC address of the table go to its peer, all others to every peer (RFC 7348 §4.2, without multicast). Outer packets are sent
 * and received whole, through a raw socket; a UDP socket holds the port, so that nobody is answered that it cannot be reached. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <container_codecs.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BATCH = 32, HEADROOM = 64, SLOT = 2048, PORT = 4789 };

struct peer {
    uint8_t mac[6];
    struct sockaddr_in address;
    cc_tunnel *tunnel;
};

struct vtep {
    int tap, raw, port;
    struct peer *peers;
    size_t peer_count;
    cc_decapsulator *decapsulator;
    uint8_t memory[BATCH][SLOT];
};

static volatile sig_atomic_t is_over;

static void end(int signal)
{
    (void)signal;
    is_over = 1;
}

static void fail(const char *what)
{
    fprintf(stderr, "vtep: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int open_tap(const char *name)
{
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
    int tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    if (tap < 0 || ioctl(tap, TUNSETIFF, &request) < 0)
        fail(name);
    return tap;
}

/* Holds the port, and takes nothing in: what comes is the raw socket's. */
static int hold_port(struct in_addr local)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr = local};
    struct sock_filter nothing[] = {BPF_STMT(BPF_RET | BPF_K, 0)};
    struct sock_fprog filter = {.len = 1, .filter = nothing};
    int port = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (port < 0 || setsockopt(port, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) < 0
        || bind(port, (struct sockaddr *)&address, sizeof address) < 0)
        fail("the UDP port");
    return port;
}

/* Outer packets begin with IP, which the caller writes. */
static int open_raw(void)
{
    int on = 1, raw = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
    if (raw < 0 || setsockopt(raw, IPPROTO_IP, IP_HDRINCL, &on, sizeof on) < 0)
        fail("the raw socket");
    return raw;
}

static cc_address address_of(struct in_addr address)
{
    cc_address of = {.family = 4};
    memcpy(of.octets, &address, 4);
    return of;
}

/* MAC=PEER. Whether it is that. */
static int read_peer(struct peer *peer, const char *text)
{
    char address[INET_ADDRSTRLEN];
    uint8_t *mac = peer->mac;
    peer->address.sin_family = AF_INET;
    return sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx=%15s", mac, mac + 1, mac + 2, mac + 3, mac + 4, mac + 5, address) == 7
        && inet_pton(AF_INET, address, &peer->address.sin_addr) == 1;
}

static void set_up(struct vtep *vtep, int argc, char **argv)
{
    char *rest;
    struct in_addr local;
    cc_error error = {0};
    uint32_t vni = argc < 5 ? 0 : (uint32_t)strtoul(argv[2], &rest, 0);

    if (argc < 5 || *rest || inet_pton(AF_INET, argv[3], &local) != 1) {
        fputs("usage: vtep TAP VNI LOCAL MAC=PEER...\n", stderr);
        exit(2);
    }
    vtep->peer_count = (size_t)argc - 4;
    vtep->peers = calloc(vtep->peer_count, sizeof *vtep->peers);
    if (!vtep->peers)
        fail("memory");
    for (size_t i = 0; i < vtep->peer_count; i++) {
        struct peer *peer = &vtep->peers[i];
        if (!read_peer(peer, argv[4 + i])) {
            fprintf(stderr, "vtep: %s is not MAC=PEER\n", argv[4 + i]);
            exit(2);
        }
        const cc_tunnel_config config = {
            .kind = CC_TUNNEL_KIND_VXLAN, .source = address_of(local), .destination = address_of(peer->address.sin_addr),
            .key = vni, .class_policy = CC_CLASS_POLICY_COPY_ECN,
        };
        peer->tunnel = cc_tunnel_new(&config, &error);
        if (!peer->tunnel)
            break;
    }
    /* UDP's checksum is not looked at: what comes of a virtual device has it not filled yet, and a raw socket does not say so. */
    const cc_decapsulator_config config = {
        .kind = CC_TUNNEL_KIND_VXLAN, .link_type = 101, .flags = CC_DECAPSULATOR_FLAG_KEY, .key = vni,
        .checksum = CC_OUTER_SUMS_IGNORED,
    };
    vtep->decapsulator = error.status == CC_STATUS_OK ? cc_decapsulator_new(&config, &error) : NULL;
    if (!vtep->decapsulator) {
        fprintf(stderr, "vtep: %s\n", error.text);
        exit(1);
    }
    vtep->port = hold_port(local);
    vtep->raw = open_raw();
    vtep->tap = open_tap(argv[1]);
}

/* The peer a frame is for; none, if that is every one. */
static const struct peer *peer_for(const struct vtep *vtep, const uint8_t *frame)
{
    for (size_t i = 0; i < vtep->peer_count; i++)
        if (memcmp(vtep->peers[i].mac, frame, 6) == 0)
            return &vtep->peers[i];
    return NULL;
}

/* Those of the frames that are for a peer. The headers go where those to the last peer stood. */
static void send_to(struct vtep *vtep, const struct peer *peer, const cc_buffer *frames, size_t count)
{
    cc_buffer packets[BATCH];
    cc_status statuses[BATCH];
    struct iovec parts[BATCH];
    struct mmsghdr messages[BATCH];
    size_t taken = 0;
    unsigned ready = 0;

    for (size_t i = 0; i < count; i++) {
        const struct peer *only = peer_for(vtep, frames[i].bytes + frames[i].start);
        if (!only || only == peer)
            packets[taken++] = frames[i];
    }
    cc_encapsulate_batch(peer->tunnel, packets, taken, statuses);
    for (size_t i = 0; i < taken; i++) {
        if (statuses[i] != CC_STATUS_OK)
            continue;
        parts[ready] = (struct iovec){packets[i].bytes + packets[i].start, packets[i].length};
        messages[ready] = (struct mmsghdr){.msg_hdr = {
            .msg_name = (void *)&peer->address, .msg_namelen = sizeof peer->address, .msg_iov = &parts[ready], .msg_iovlen = 1}};
        ready++;
    }
    /* What does not go out is lost, as on a wire. */
    if (ready > 0)
        sendmmsg(vtep->raw, messages, ready, 0);
}

static void from_device(struct vtep *vtep)
{
    cc_buffer frames[BATCH];
    size_t count = 0;

    while (count < BATCH) {
        ssize_t length = read(vtep->tap, vtep->memory[count] + HEADROOM, SLOT - HEADROOM);
        if (length < 14)
            break;
        frames[count] = (cc_buffer){.bytes = vtep->memory[count], .room = SLOT, .start = HEADROOM, .length = (size_t)length};
        count++;
    }
    for (size_t i = 0; i < vtep->peer_count; i++)
        send_to(vtep, &vtep->peers[i], frames, count);
}

static int is_peer(const struct vtep *vtep, const cc_address *source)
{
    for (size_t i = 0; i < vtep->peer_count; i++)
        if (memcmp(&vtep->peers[i].address.sin_addr, source->octets, 4) == 0)
            return 1;
    return 0;
}

static void from_peers(struct vtep *vtep)
{
    struct iovec parts[BATCH];
    struct mmsghdr messages[BATCH] = {0};
    cc_buffer packets[BATCH];
    cc_inner inner[BATCH];
    cc_status statuses[BATCH];

    for (size_t i = 0; i < BATCH; i++) {
        parts[i] = (struct iovec){vtep->memory[i], SLOT};
        messages[i].msg_hdr.msg_iov = &parts[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    int count = recvmmsg(vtep->raw, messages, BATCH, 0, NULL);
    for (int i = 0; i < count; i++)
        packets[i] = (cc_buffer){.bytes = vtep->memory[i], .room = SLOT, .length = messages[i].msg_len};
    if (count <= 0 || cc_decapsulate_batch(vtep->decapsulator, packets, (size_t)count, inner, statuses) != CC_STATUS_OK)
        return;
    for (int i = 0; i < count; i++)
        if (statuses[i] == CC_STATUS_OK && is_peer(vtep, &inner[i].source)
            && write(vtep->tap, packets[i].bytes + packets[i].start, packets[i].length) < 0 && errno != EAGAIN && errno != EIO)
            fail("the device");
}

int main(int argc, char **argv)
{
    static struct vtep vtep;
    set_up(&vtep, argc, argv);
    signal(SIGTERM, end);
    signal(SIGINT, end);
    puts("ready");
    fflush(stdout);

    struct pollfd ready[] = {{.fd = vtep.tap, .events = POLLIN}, {.fd = vtep.raw, .events = POLLIN}};
    while (!is_over) {
        if (poll(ready, 2, 100) < 0 && errno != EINTR)
            fail("poll");
        if (ready[0].revents & POLLIN)
            from_device(&vtep);
        if (ready[1].revents & POLLIN)
            from_peers(&vtep);
    }
    for (size_t i = 0; i < vtep.peer_count; i++)
        cc_tunnel_free(vtep.peers[i].tunnel);
    free(vtep.peers);
    cc_decapsulator_free(vtep.decapsulator);
    close(vtep.tap);
    close(vtep.raw);
    close(vtep.port);
    return 0;
}
