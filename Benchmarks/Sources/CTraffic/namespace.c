#define _GNU_SOURCE
#include "CTraffic.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>

int traffic_current_namespace(void)
{
    int descriptor = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

int traffic_new_namespace(void)
{
    if (unshare(CLONE_NEWNET) != 0)
        return -errno;
    return traffic_current_namespace();
}

int traffic_enter_namespace(int descriptor)
{
    return setns(descriptor, CLONE_NEWNET) != 0 ? -errno : 0;
}

int traffic_pin(int cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    return sched_setaffinity(0, sizeof set, &set) != 0 ? -errno : 0;
}

int traffic_realtime(int on)
{
    struct sched_param parameters = {.sched_priority = on ? 1 : 0};
    return sched_setscheduler(0, on ? SCHED_FIFO : SCHED_OTHER, &parameters) != 0 ? -errno : 0;
}
