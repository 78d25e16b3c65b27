// What a C++ library built for a newer C library asks of it, for programs that are linked with an older one.
#include <stdlib.h>
#include <sys/random.h>

// That there may be threads (glibc 2.32): counts of references are then atomic.
__attribute__((visibility("hidden"))) char __libc_single_threaded = 0;

// A random number (glibc 2.36), from getrandom(2).
__attribute__((visibility("hidden"))) unsigned arc4random(void) {
    unsigned value;
    if (getrandom(&value, sizeof value, 0) != sizeof value) abort();
    return value;
}
