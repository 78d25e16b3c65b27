import Foundation
import Kernel
import Testing

/// A clock on the wall that a test sets, for the commands of one test alone; the machine's own stays as it is.
///
/// A library that every program loads (ld.so(8), "/etc/ld.so.preload") adds a number of seconds from a file to the time
/// of day. It is there only in mounts that these commands see.
final class WrongClock: Sendable {
    let mounts: PrivateMounts
    private let offset: String

    private static let library = """
        #include <fcntl.h>
        #include <stdlib.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>

        static long offset(void) {
            char text[32] = {0};
            int file = open(OFFSET, O_RDONLY | O_CLOEXEC);
            if (file < 0) return 0;
            long count = read(file, text, sizeof text - 1);
            close(file);
            return count > 0 ? atol(text) : 0;
        }
        int clock_gettime(clockid_t clock, struct timespec *time) {
            int result = syscall(SYS_clock_gettime, clock, time);
            if (result == 0 && clock == CLOCK_REALTIME) time->tv_sec += offset();
            return result;
        }
        int gettimeofday(struct timeval *restrict time, void *restrict zone) {
            (void)zone;
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            time->tv_sec = now.tv_sec;
            time->tv_usec = now.tv_nsec / 1000;
            return 0;
        }
        time_t time(time_t *result) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            if (result) *result = now.tv_sec;
            return now.tv_sec;
        }

        """

    /// Nil where the compiler, or a file system that lies over another, is missing. `more` makes further mounts.
    static func make(in folder: String, and more: String = "") async throws -> WrongClock? {
        let offset = Self.offset(in: folder)
        try library.write(toFile: "\(folder)/clock.c", atomically: true, encoding: .utf8)
        try "0".write(toFile: offset, atomically: true, encoding: .utf8)
        let script = """
            cd '\(folder)'
            clang -shared -fPIC '-DOFFSET="\(offset)"' -o clock.so clock.c
            mkdir over work
            mount -t overlay -o lowerdir=/etc,upperdir=over,workdir=work overlay /etc
            echo '\(folder)/clock.so' >/etc/ld.so.preload
            \(more)
            """
        let mounts = try await PrivateMounts.make(by: script, in: folder)
        return mounts.map { WrongClock(mounts: $0, offset: offset) }
    }

    /// The file that holds the seconds.
    static func offset(in folder: String) -> String { "\(folder)/offset" }

    private init(mounts: PrivateMounts, offset: String) {
        self.mounts = mounts
        self.offset = offset
    }

    /// Sets it so many seconds beside the machine's own.
    func set(_ seconds: Int) throws {
        try "\(seconds)".write(toFile: offset, atomically: true, encoding: .utf8)
    }
}
