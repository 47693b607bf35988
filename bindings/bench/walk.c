/* Nanoseconds a packet that cc_walk_batch takes, of the first frame of a capture with so many layers.
   usage: walk CAPTURE LAYERS */
#include <container_codecs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BATCH 64

static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

int main(int count, char **words)
{
    static uint8_t bytes[65536];
    static cc_packet packets[BATCH];
    static cc_layer layers[BATCH * 32];
    static size_t ends[BATCH];
    static cc_status statuses[BATCH];
    size_t wanted = count > 2 ? (size_t)atoi(words[2]) : 0, found = 0, done = 0;
    cc_capture *capture = count > 1 ? cc_capture_open(words[1], NULL) : NULL;
    cc_packet packet = {0};
    double least = 1e18;

    while (capture != NULL && found != wanted && cc_capture_next(capture, &packet, NULL) == CC_STATUS_OK)
        cc_walk(packet.link_type, packet.bytes, packet.captured, NULL, 0, &found, NULL);
    if (found != wanted || packet.captured > sizeof bytes)
        return 1;
    memcpy(bytes, packet.bytes, packet.captured);
    packet.bytes = bytes;
    for (int i = 0; i < BATCH; i++)
        packets[i] = packet;
    for (int round = 0; round < 300; round++) {
        double start = now();
        for (int i = 0; i < 50; i++)
            cc_walk_batch(packets, BATCH, layers, BATCH * 32, ends, statuses, &done);
        double took = (now() - start) / (50 * BATCH);
        least = took < least ? took : least;
    }
    printf("%.2f\n", least);
    cc_capture_free(capture);
    return done != BATCH || ends[BATCH - 1] != BATCH * wanted;
}
