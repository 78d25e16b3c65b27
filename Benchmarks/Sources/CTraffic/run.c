#define _GNU_SOURCE
#include "CTraffic.h"
#include "clock.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int traffic_run(char *const arguments[], const char *output, int timeout_ms, struct traffic_usage *usage)
{
    // A clean environment: results do not hang on the caller's locale or PATH.
    char *const environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(
        &actions, 1, output ? output : "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t child;
    int64_t start = nanoseconds();
    int error = posix_spawn(&child, arguments[0], &actions, NULL, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        return -error;
    int descriptor = (int)syscall(SYS_pidfd_open, child, 0);
    struct pollfd ready = {.fd = descriptor, .events = POLLIN};
    if (descriptor < 0 || poll(&ready, 1, timeout_ms) != 1)
        kill(child, SIGKILL);
    int status;
    struct rusage resources;
    pid_t ended = wait4(child, &status, 0, &resources);
    usage->wall_nanoseconds = nanoseconds() - start;
    if (descriptor >= 0)
        close(descriptor);
    if (ended != child)
        return -errno;
    usage->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    usage->peak_kilobytes = resources.ru_maxrss;
    return 0;
}
