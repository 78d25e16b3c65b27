// What the benchmarks need of Linux and Swift's Glibc module does not show: namespaces, pinning, bursts.
// Every function returns a negative errno on failure.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// A descriptor of the network namespace that the calling thread is in.
int traffic_current_namespace(void);
/// Makes a network namespace, leaves the calling thread in it, and returns its descriptor.
int traffic_new_namespace(void);
int traffic_enter_namespace(int descriptor);

/// Keeps the calling thread, and what it spawns, on one CPU.
int traffic_pin(int cpu);
/// Lets the calling thread go before all ordinary ones (1), or puts it back among them (0).
int traffic_realtime(int on);

/// A packet socket that sends whole frames out of `interface`, past the queueing discipline.
int traffic_frame_socket(const char *interface);
/// A UDP socket bound to `local` and connected to `remote` (IPv4 or IPv6 text); its queue holds one packet.
int traffic_udp_socket(const char *local, uint16_t local_port, const char *remote, uint16_t remote_port);
/// 1 if a datagram waits on the socket (it is taken), 0 if none.
int traffic_receive(int socket);
/// Sends `count` copies of `bytes`, 64 for each sendmmsg; the nanoseconds taken.
int64_t traffic_burst(int socket, const void *bytes, size_t length, int count);

/// A TCP socket that listens on `local` (IPv4 text).
int traffic_listener(const char *local, uint16_t port);
/// Connects to the listener and closes, `count` times, from the current namespace; the nanoseconds taken.
int64_t traffic_connections(int listener, const char *remote, uint16_t port, int count);

struct traffic_usage {
    int32_t status;
    int64_t wall_nanoseconds;
    int64_t peak_kilobytes;
};
/// Runs a tool to its end, or kills it after `timeout_ms`; its output goes to `output` (a path, or null).
int traffic_run(char *const arguments[], const char *output, int timeout_ms, struct traffic_usage *usage);
