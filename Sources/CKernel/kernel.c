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

int kernel_copy_descriptor(int process, int descriptor) {
    return (int)syscall(SYS_pidfd_getfd, process, descriptor, 0);
}
