#define _GNU_SOURCE
#include "CKernel.h"

#include <sched.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int kernel_unshare_network(void) { return unshare(CLONE_NEWNET); }

int kernel_enter_network(int descriptor) { return setns(descriptor, CLONE_NEWNET); }

int kernel_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

int kernel_set_thread_user(unsigned int user) { return setfsuid(user); }

int kernel_open_process(int process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int kernel_stay_on_processor(void) {
    int here = sched_getcpu();
    if (here < 0) return -1;
    cpu_set_t *set = CPU_ALLOC(here + 1);
    if (set == NULL) return -1;
    size_t size = CPU_ALLOC_SIZE(here + 1);
    CPU_ZERO_S(size, set);
    CPU_SET_S(here, size, set);
    int result = sched_setaffinity(0, size, set);
    CPU_FREE(set);
    return result;
}

int kernel_copy_descriptor(int process, int descriptor) {
    return (int)syscall(SYS_pidfd_getfd, process, descriptor, 0);
}
