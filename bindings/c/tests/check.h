/* What the tests share. Each ends with `return told();`, whose last line is: N passed, M failed */
#include <container_codecs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int passed, failed;
#define CHECK(what) \
    ((what) ? (void)passed++ : (void)(failed++, printf("FAILED %s:%d: %s\n", __FILE__, __LINE__, #what)))

static inline int told(void)
{
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0;
}

/* Ethernet, IPv4 and UDP with "hello": 192.0.2.1:4000 to 192.0.2.2:53. */
static const uint8_t packet_bytes[] = {
    2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0,                                                  /* Ethernet */
    0x45, 0, 0, 33, 0, 0, 0x40, 0, 64, 17, 0xb6, 0xc8, 192, 0, 2, 1, 192, 0, 2, 2,             /* IPv4 */
    0x0f, 0xa0, 0, 53, 0, 13, 0x28, 0x29, 'h', 'e', 'l', 'l', 'o',                             /* UDP */
};
