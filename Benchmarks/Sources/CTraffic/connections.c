#define _GNU_SOURCE
#include "CTraffic.h"
#include "clock.h"
#include "endpoint.h"
#include <errno.h>
#include <unistd.h>

int traffic_listener(const char *local, uint16_t port)
{
    struct endpoint here;
    if (endpoint_parse(local, port, &here) != 0)
        return -EINVAL;
    int fd = socket(here.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    int on = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0
        || bind(fd, (struct sockaddr *)&here.address, here.length) != 0 || listen(fd, 16) != 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

int64_t traffic_connections(int listener, const char *remote, uint16_t port, int count)
{
    struct endpoint there;
    if (endpoint_parse(remote, port, &there) != 0)
        return -EINVAL;
    int64_t start = nanoseconds();
    for (int i = 0; i < count; i++) {
        int client = socket(there.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (client < 0)
            return -errno;
        // A firewall that drops the SYN must end the run, not hang it.
        struct timeval limit = {.tv_sec = 2};
        if (setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) != 0
            || connect(client, (struct sockaddr *)&there.address, there.length) != 0) {
            int error = errno;
            close(client);
            return -error;
        }
        int server = accept(listener, NULL, NULL);
        close(client);
        if (server < 0)
            return -errno;
        close(server);
    }
    return nanoseconds() - start;
}
