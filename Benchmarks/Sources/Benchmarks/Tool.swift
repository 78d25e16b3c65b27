import CTraffic
import Glibc

/// What one run of a tool took.
struct Usage {
    /// Seconds from spawn to end.
    var wall: Double
    /// The largest resident set, in megabytes (10^6 bytes).
    var peakMegabytes: Double
}

enum Tool {
    static let nft = "/usr/sbin/nft"
    static let ip = "/usr/sbin/ip"

    /// Runs a tool to its end; a non-zero exit status is an error.
    ///
    /// - Parameters:
    ///   - output: the file that takes its standard output.
    ///   - timeout: seconds after which it is killed.
    @discardableResult
    static func run(_ arguments: [String], output: String? = nil, timeout: Int32 = 120) throws -> Usage {
        var usage = traffic_usage()
        var pointers: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe pointers.forEach { unsafe free($0) } }
        let result = unsafe traffic_run(&pointers, output, timeout * 1000, &usage)
        _ = try SystemFailure.check(arguments[0], result)
        guard usage.status == 0 else { throw SystemFailure.tool(arguments, status: usage.status) }
        return Usage(
            wall: Double(usage.wall_nanoseconds) / 1e9,
            peakMegabytes: Double(usage.peak_kilobytes) * 1024 / 1e6
        )
    }
}
