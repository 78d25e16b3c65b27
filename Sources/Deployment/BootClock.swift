import Glibc

/// The time since this machine booted, sleep included (`CLOCK_BOOTTIME`, clock_gettime(2)): no one can set it.
package enum BootClock {
    package static var now: Duration {
        var time = timespec()
        // Linux knows the clock since 2.6.39, and has no other reason to refuse.
        _ = unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
