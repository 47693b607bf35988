/* Sends UDP datagrams to port 9999 that are 128 bytes long on the wire, at a steady rate, each with its number: what interop/run live
 * counts. usage: sender ADDRESS RATE COUNT; prints how many a second they were. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <endian.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 32, PAYLOAD = 128 - 14 - 20 - 8 };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    static unsigned char payloads[BATCH][PAYLOAD];
    struct iovec vectors[BATCH];
    struct mmsghdr messages[BATCH];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9999)};
    if (argc != 4 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) return 2;
    double rate = atof(argv[2]);
    long count = atol(argv[3]), sent = 0;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) < 0) return perror("sender"), 1;
    memset(messages, 0, sizeof messages);
    for (int at = 0; at < BATCH; at++) {
        vectors[at] = (struct iovec){payloads[at], PAYLOAD};
        messages[at].msg_hdr.msg_iov = &vectors[at];
        messages[at].msg_hdr.msg_iovlen = 1;
    }
    double start = now();
    while (sent < count) {
        long due = (long)((now() - start) * rate) + 1 - sent;
        if (due > count - sent) due = count - sent;
        if (due <= 0) continue;
        int size = due < BATCH ? (int)due : BATCH;
        for (int at = 0; at < size; at++) {
            uint64_t number = htobe64((uint64_t)(sent + at));
            memcpy(payloads[at], &number, sizeof number);
        }
        int done = sendmmsg(fd, messages, size, 0);
        /* A closed port is told by ICMP: the datagrams crossed the wire all the same. */
        if (done > 0) sent += done;
    }
    printf("%.0f\n", count / (now() - start));
    return 0;
}
