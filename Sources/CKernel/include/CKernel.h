#ifndef CKERNEL_H
#define CKERNEL_H

// What Swift's Glibc module leaves out: it is built without _GNU_SOURCE, so it has neither the calls
// below nor their constants, and it has no headers of linux/.

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/inet_diag.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/wireguard.h>

// Moves the calling thread into a new network namespace (unshare(2), CLONE_NEWNET).
int kernel_unshare_network(void);

// Moves the calling thread into the network namespace of a descriptor (setns(2), CLONE_NEWNET).
int kernel_enter_network(int descriptor);

// A file in memory, closed on exec (memfd_create(2)).
int kernel_memory_file(const char *name);

// Sets the file system user of the calling thread, which new sockets carry as their owner (setfsuid(2)).
// Returns the one before, also on failure.
int kernel_set_thread_user(unsigned int user);

// Keeps the calling thread on the processor that it runs on now (sched_setaffinity(2)).
int kernel_stay_on_processor(void);

// A descriptor of a process (pidfd_open(2), Linux 5.3).
int kernel_open_process(int process);

// A copy of a descriptor that another process has open, closed on exec (pidfd_getfd(2), Linux 5.6).
int kernel_copy_descriptor(int process, int descriptor);

#endif
