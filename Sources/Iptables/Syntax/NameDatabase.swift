/// The names of services and protocols that the tools look up in `/etc/services` and `/etc/protocols`.
package struct NameDatabase: Sendable {
    private var ports: [Service: UInt16] = [:]
    private var protocols: [String: UInt8] = [:]
    private var protocolNames: [UInt8: String] = [:]

    /// Reads the texts of services(5) and protocols(5); a line that makes no sense names nothing.
    package init(services: String, protocols: String) {
        for words in Self.lines(services) where words.count >= 2 {
            let parts = words[1].split(separator: "/", maxSplits: 1)
            guard parts.count == 2, let port = UInt16(parts[0]) else { continue }
            let transport = String(parts[1])
            for (place, name) in words.enumerated() where place != 1 {
                let service = Service(name: String(name), transport: transport)
                if ports[service] == nil { ports[service] = port }
            }
        }
        for words in Self.lines(protocols) where words.count >= 2 {
            guard let number = UInt8(words[1]) else { continue }
            for (place, name) in words.enumerated() where place != 1 && self.protocols[String(name)] == nil {
                self.protocols[String(name)] = number
            }
            if protocolNames[number] == nil { protocolNames[number] = String(words[0]) }
        }
    }

    private struct Service: Hashable {
        let name: String
        let transport: String
    }

    /// The port of a service; the first protocol that has it when none is asked for.
    func port(_ name: String, of transport: String?) -> UInt16? {
        let transports = transport.map { [$0] } ?? ["tcp", "udp", "dccp", "udplite", "sctp"]
        return transports.lazy.compactMap { ports[Service(name: name, transport: $0)] }.first
    }

    /// The names that iptables itself knows come first (xtables_chain_protos).
    func protocolNumber(_ name: String) -> UInt8? {
        Self.ownProtocols.first { $0.name == name }?.number ?? protocols[name]
    }

    /// As getprotobyname(3) finds it: in the file alone.
    func listedProtocol(_ name: String) -> UInt8? { protocols[name] }

    /// Printing asks the file first.
    func protocolName(_ number: UInt8) -> String? {
        protocolNames[number] ?? Self.ownProtocols.first { $0.number == number }?.name
    }

    var serviceNames: [String] { ports.keys.map(\.name) }
    var knownProtocols: [String] { Self.ownProtocols.map(\.name) + protocols.keys }

    private static let ownProtocols: [(name: String, number: UInt8)] = [
        ("tcp", 6), ("sctp", 132), ("udp", 17), ("udplite", 136), ("icmp", 1), ("icmpv6", 58),
        ("ipv6-icmp", 58),
        ("esp", 50), ("ah", 51), ("ipv6-mh", 135), ("mh", 135), ("all", 0),
    ]

    /// The words of each line, found by bytes: to find characters takes long.
    private static func lines(_ text: String) -> some Sequence<[Substring]> {
        text.utf8.split(separator: Ascii.newline).lazy.map { line in
            line.prefix { $0 != Ascii.hash }.split(whereSeparator: Ascii.isSpace).map(Substring.init)
        }
    }
}
