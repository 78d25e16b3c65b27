import Foundation
import Kernel
import Testing

/// A clock on the wall that a test sets, for the commands of one test alone; the machine's own stays as it is.
///
/// A library that every program loads (ld.so(8), "/etc/ld.so.preload") adds a number of seconds from a file to the time
/// of day. It is there only in mounts that these commands see.
final class WrongClock: Sendable {
    private let holder: CommandProcess
    private let offset: String

    var entrance: [String] { ["/usr/bin/nsenter", "--mount=/proc/\(holder.identifier)/ns/mnt", "--"] }

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

    /// Nil where the compiler, or a file system that lies over another, is missing.
    static func make(in folder: String) async throws -> WrongClock? {
        let (source, offset) = ("\(folder)/clock.c", "\(folder)/offset")
        try library.write(toFile: source, atomically: true, encoding: .utf8)
        try "0".write(toFile: offset, atomically: true, encoding: .utf8)
        let script = """
            set -e; cd '\(folder)'
            clang -shared -fPIC '-DOFFSET="\(offset)"' -o clock.so clock.c
            mkdir over work
            mount -t overlay -o lowerdir=/etc,upperdir=over,workdir=work overlay /etc
            echo '\(folder)/clock.so' >/etc/ld.so.preload
            touch ready
            exec sleep 600
            """
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let holder = try CommandProcess(
            ["/usr/bin/env", "PATH=\(path)", "/usr/bin/unshare", "--mount", "/bin/sh", "-c", script],
            error: "\(folder)/clock.err"
        )
        for _ in 0..<1_000 {
            if FileManager.default.fileExists(atPath: "\(folder)/ready") {
                return WrongClock(holder: holder, offset: offset)
            }
            if holder.ended() != nil { return nil }
            try await Task.sleep(for: .milliseconds(10))
        }
        return nil
    }

    private init(holder: CommandProcess, offset: String) {
        self.holder = holder
        self.offset = offset
    }

    /// Sets it so many seconds beside the machine's own.
    func set(_ seconds: Int) throws {
        try "\(seconds)".write(toFile: offset, atomically: true, encoding: .utf8)
    }
}
