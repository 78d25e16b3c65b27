import Netlink

extension SSHDaemon {
    /// The ports in the file of sshd_config(5), and in those that Debian and Fedora include there.
    static func portsOfConfigurationFiles(_ files: HostFiles) throws(SystemError) -> [UInt16] {
        let folder = "/etc/ssh/sshd_config.d"
        let included = try files.names(in: folder).filter { $0.hasSuffix(".conf") }.sorted()
        var ports: [UInt16] = []
        for path in ["/etc/ssh/sshd_config"] + included.map({ "\(folder)/\($0)" }) {
            if let text = try files.text(of: path) { ports += portsOfConfiguration(text) }
        }
        return ports
    }

    /// The ports that sshd_config(5) gives by `Port`, or as part of `ListenAddress`.
    static func portsOfConfiguration(_ text: String) -> [UInt16] {
        settings(text).compactMap { setting in
            switch setting {
            case .port(let port): port
            case .address(let port): port
            }
        }
    }

    /// The ports of what `sshd -T` prints: every address that it listens on has its port there, and `port` is then only
    /// what would stand in for a missing one.
    static func portsOfEffectiveConfiguration(_ text: String) -> [UInt16] {
        let settings = settings(text)
        let addresses = settings.compactMap { if case .address(let port) = $0 { port } else { nil } }
        return addresses.isEmpty ? portsOfConfiguration(text) : addresses
    }

    private enum Setting {
        case port(UInt16)
        case address(port: UInt16)
    }

    private static func settings(_ text: String) -> [Setting] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split { $0 == " " || $0 == "\t" || $0 == "=" }
            guard words.count >= 2 else { return nil }
            switch words[0].lowercased() {
            case "port": return UInt16(words[1]).map(Setting.port)
            case "listenaddress": return SocketUnit.port(ofAddress: words[1]).map(Setting.address)
            default: return nil
            }
        }
    }
}
