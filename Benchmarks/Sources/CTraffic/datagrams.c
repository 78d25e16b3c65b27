#define _GNU_SOURCE
#include "CTraffic.h"
#include "clock.h"
#include "endpoint.h"
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

enum { batch = 64 };

static int failed(int socket)
{
    int error = errno;
    close(socket);
    return -error;
}

int traffic_frame_socket(const char *interface)
{
    // Protocol 0: the socket only sends; it is not handed a copy of every packet.
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    int on = 1;
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(interface)};
    if (setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on) != 0
        || bind(fd, (struct sockaddr *)&address, sizeof address) != 0)
        return failed(fd);
    return fd;
}

int traffic_udp_socket(const char *local, uint16_t local_port, const char *remote, uint16_t remote_port)
{
    struct endpoint here, there;
    if (endpoint_parse(local, local_port, &here) != 0 || endpoint_parse(remote, remote_port, &there) != 0)
        return -EINVAL;
    int fd = socket(here.address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    int smallest = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &smallest, sizeof smallest) != 0
        || bind(fd, (struct sockaddr *)&here.address, here.length) != 0
        || connect(fd, (struct sockaddr *)&there.address, there.length) != 0)
        return failed(fd);
    return fd;
}

int traffic_receive(int socket)
{
    char byte;
    if (recv(socket, &byte, sizeof byte, MSG_DONTWAIT) >= 0)
        return 1;
    return errno == EAGAIN ? 0 : -errno;
}

int64_t traffic_burst(int socket, const void *bytes, size_t length, int count)
{
    struct iovec vector = {.iov_base = (void *)bytes, .iov_len = length};
    struct mmsghdr messages[batch];
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < batch; i++) {
        messages[i].msg_hdr.msg_iov = &vector;
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    int64_t start = nanoseconds();
    for (int sent = 0; sent < count;) {
        int result = sendmmsg(socket, messages, (unsigned)(count - sent < batch ? count - sent : batch), 0);
        if (result < 0)
            return -errno;
        sent += result;
    }
    return nanoseconds() - start;
}
