import Glibc

/// The SSH daemon of this host.
package enum SSHDaemon {
    /// The port of RFC 4253 section 4.1.
    package static let standardPort: UInt16 = 22

    /// The TCP ports that sshd listens on, and those that its configuration names; nil where there is neither.
    package static func listeningPorts() -> [UInt16]? {
        let configured = configurations.compactMap(HostFiles.text).flatMap(portsOfConfiguration)
        let ports = Set(portsOfProcesses() + configured)
        return ports.isEmpty ? nil : ports.sorted()
    }

    /// The file of sshd_config(5), and those that Debian and Fedora include there.
    private static var configurations: [String] {
        let folder = "/etc/ssh/sshd_config.d"
        let included = HostFiles.names(in: folder).filter { $0.hasSuffix(".conf") }.sorted()
        return ["/etc/ssh/sshd_config"] + included.map { "\(folder)/\($0)" }
    }

    private static func portsOfProcesses() -> [UInt16] {
        let tables = ["/proc/net/tcp", "/proc/net/tcp6"].compactMap(HostFiles.text)
        let listeners = tables.flatMap(listeningSockets)
        guard !listeners.isEmpty else { return [] }
        let sockets = HostFiles.names(in: "/proc").filter { $0.allSatisfy(\.isNumber) }
            .filter { HostFiles.text(of: "/proc/\($0)/comm") == "sshd\n" }
            .flatMap { process in
                HostFiles.names(in: "/proc/\(process)/fd").compactMap {
                    HostFiles.link(at: "/proc/\(process)/fd/\($0)")
                }
            }
        let owned = Set(sockets)
        return listeners.filter { owned.contains("socket:[\($0.inode)]") }.map(\.port)
    }

    /// The listening sockets of a table (proc(5), "/proc/net/tcp": local address, state 0A, inode).
    static func listeningSockets(_ table: String) -> [(port: UInt16, inode: String)] {
        table.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 9, fields[3] == "0A",
                let port = fields[1].split(separator: ":").last.flatMap({ UInt16($0, radix: 16) })
            else { return nil }
            return (port, String(fields[9]))
        }
    }

    /// The ports that sshd_config(5) gives by `Port`, or as part of `ListenAddress`.
    static func portsOfConfiguration(_ text: String) -> [UInt16] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split { $0 == " " || $0 == "\t" || $0 == "=" }
            guard words.count >= 2 else { return nil }
            switch words[0].lowercased() {
            case "port": return UInt16(words[1])
            case "listenaddress":
                // `host`, `host:port`, `[v6]:port`; a bare IPv6 address has no port.
                guard let colon = words[1].lastIndex(of: ":") else { return nil }
                let host = words[1][..<colon]
                return host.contains(":") && !host.hasSuffix("]")
                    ? nil : UInt16(words[1][words[1].index(after: colon)...])
            default: return nil
            }
        }
    }
}
