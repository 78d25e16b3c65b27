import Netfilter

/// `LOG`, to the kernel's log, and `NFLOG`, to a listener (iptables-extensions(8)).
enum LogTarget {
    static func words(_ log: Log) throws(Inexpressible) -> [String] {
        guard log.prefix.utf8.count <= Log.longestPrefix else {
            throw Inexpressible("the prefix '\(log.prefix)' is longer than \(Log.longestPrefix) bytes")
        }
        let prefix = QuotedText.restore(log.prefix)
        return switch log.destination {
        case .kernelLog(let level): ["-j", "LOG", "--log-prefix", prefix, "--log-level", number(level)]
        case .group(let group): ["-j", "NFLOG", "--nflog-group", "\(group)", "--nflog-prefix", prefix]
        }
    }

    /// The numbers of syslog(3); old tools do not know every name.
    private static func number(_ level: Log.Level) -> String {
        switch level {
        case .emerg: "0"
        case .alert: "1"
        case .crit: "2"
        case .err: "3"
        case .warn: "4"
        case .notice: "5"
        case .info: "6"
        case .debug: "7"
        }
    }
}
