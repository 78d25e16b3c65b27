import Glibc
package import Netlink
import SystemPackage

/// What /proc/PID/stat says of a process (proc_pid_stat(5)).
package struct ProcessStatus: Hashable, Sendable {
    package var identifier: Int32
    /// What the kernel calls the program: at most 15 bytes of its file's name, or what it calls itself.
    package var name: String
    /// The process that started it, or took it over from one that ended; 0 for none that is seen here.
    package var parent: Int32
    /// The leader of its session (getsid(2)), which may have ended; 0 for one that is not seen here.
    package var sessionLeader: Int32
    /// When it started, in time since boot (`CLOCK_BOOTTIME`), to a clock tick of 10 ms.
    package var start: Duration

    init(identifier: Int32, name: String, parent: Int32, sessionLeader: Int32, start: Duration) {
        self.identifier = identifier
        self.name = name
        self.parent = parent
        self.sessionLeader = sessionLeader
        self.start = start
    }

    /// Reads `PID (NAME) STATE PPID PGRP SESSION …`. The name may hold blanks and parentheses, so it ends at the last
    /// parenthesis; the start is field 22.
    init?(stat text: [UInt8], ticksPerSecond: Int64 = Self.ticksPerSecond) {
        guard let open = text.firstIndex(of: UInt8(ascii: "(")),
            let close = text.lastIndex(of: UInt8(ascii: ")")), open < close
        else { return nil }
        let fields = text[(close + 1)...].split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
            .map { String(decoding: $0, as: UTF8.self) }
        // The first of these is field 3.
        guard fields.count > 19, ticksPerSecond > 0,
            let identifier = Int32(String(decoding: text[..<open].filter { $0 != 0x20 }, as: UTF8.self)),
            let parent = Int32(fields[1]), let session = Int32(fields[3]), let ticks = Int64(fields[19])
        else { return nil }
        let (seconds, rest) = ticks.quotientAndRemainder(dividingBy: ticksPerSecond)
        self.init(
            identifier: identifier,
            name: String(decoding: text[(open + 1)..<close], as: UTF8.self),
            parent: parent,
            sessionLeader: session,
            start: .seconds(seconds) + .seconds(rest) / ticksPerSecond
        )
    }

    /// 100 on every machine that Linux shows to programs (time(7), "The software clock, HZ, and jiffies").
    private static let ticksPerSecond = Int64(sysconf(Int32(_SC_CLK_TCK)))

    /// The process of this number; nil when it is gone or hidden.
    package static func read(_ identifier: Int32) throws(SystemError) -> ProcessStatus? {
        let path = "/proc/\(identifier)/stat"
        guard let text = try HostFiles().bytes(of: path) else { return nil }
        guard let status = ProcessStatus(stat: text) else {
            throw SystemError("understand \(path)", Errno(rawValue: EPROTO))
        }
        return status
    }

    /// When this process started, in time since boot; nil where /proc does not say.
    package static var ownStart: Duration? {
        do { return try read(getpid())?.start } catch { return nil }
    }

    /// The process and those that it comes from, the nearest first.
    package static func ancestry(of identifier: Int32) throws(SystemError) -> [ProcessStatus] {
        var result: [ProcessStatus] = []
        var next = identifier
        // A number may be given to a new process while this reads: never go round.
        while next > 0, !result.contains(where: { $0.identifier == next }), let status = try read(next) {
            result.append(status)
            next = status.parent
        }
        return result
    }
}
