import PacketModel

/// The names that the tools look up in files of the host: services, protocols, hosts, networks, users, groups, realms
/// and groups of devices; and which release of the tools looks.
package struct NameDatabase: Sendable {
    private var ports: [Service: UInt16] = [:]
    private var protocols: [String: UInt8] = [:]
    private var protocolNames: [UInt8: String] = [:]
    private var hosts: [String: [IPAddress]] = [:]
    private var networks: [String: IPAddress] = [:]
    private let users: [String: UInt32]
    private let groups: [String: UInt32]

    /// The release that rules are read and printed as.
    package var release: IptablesRelease

    let realms: NumberNames
    let deviceGroups: NumberNames

    /// Reads the texts of services(5), protocols(5), hosts(5), networks(5), passwd(5), group(5), and of
    /// `/etc/iproute2/rt_realms` and `/etc/iproute2/group`; a line that makes no sense names nothing.
    package init(
        services: String = "",
        protocols: String = "",
        hosts: String = "",
        networks: String = "",
        users: String = "",
        groups: String = "",
        realms: String = "",
        deviceGroups: String = "",
        release: IptablesRelease = .v1_8_9
    ) {
        self.release = release
        self.users = Self.identifiers(users)
        self.groups = Self.identifiers(groups)
        self.realms = NumberNames(realms)
        self.deviceGroups = NumberNames(deviceGroups)
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
        for words in Self.lines(hosts) where words.count >= 2 {
            guard let address = IPAddress(words[0]) else { continue }
            for name in words.dropFirst() where self.hosts[name.lowercased()]?.contains(address) != true {
                self.hosts[name.lowercased(), default: []].append(address)
            }
        }
        for words in Self.lines(networks) where words.count >= 2 {
            guard let address = AddressText.address(Array(words[1].utf8)[...], .ipv4) else { continue }
            for (place, name) in words.enumerated()
            where place != 1 && self.networks[name.lowercased()] == nil {
                self.networks[name.lowercased()] = address
            }
        }
    }

    /// The names and numbers of lines like `root:x:0:...`.
    private static func identifiers(_ text: String) -> [String: UInt32] {
        var found: [String: UInt32] = [:]
        for line in text.utf8.split(separator: Ascii.newline) {
            let parts = line.split(separator: Ascii.colon, maxSplits: 3, omittingEmptySubsequences: false)
            guard parts.count >= 3, let number = UInt32(Substring(parts[2])) else { continue }
            let name = String(Substring(parts[0]))
            if found[name] == nil { found[name] = number }
        }
        return found
    }

    func user(_ name: String) -> UInt32? { users[name] }

    func group(_ name: String) -> UInt32? { groups[name] }

    /// The addresses of a host, in the order of the file; capitals do not count.
    func addresses(ofHost name: String, _ family: IPFamily) -> [IPAddress] {
        hosts[name.lowercased()]?.filter { $0.family == family } ?? []
    }

    /// The address of a network, capitals or not; IPv6 has none with names.
    func network(_ name: String, _ family: IPFamily) -> IPAddress? {
        family == .ipv4 ? networks[name.lowercased()] : nil
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
        ownProtocols.first { $0.name == name }?.number ?? protocols[name]
    }

    /// As getprotobyname(3) finds it: in the file alone.
    func listedProtocol(_ name: String) -> UInt8? { protocols[name] }

    /// As getprotobynumber(3) finds it: in the file alone.
    func listedProtocolName(_ number: UInt8) -> String? { protocolNames[number] }

    /// Printing asked the file first; since 1.8.11 it asks no file, so that a listing is the same on every host.
    func protocolName(_ number: UInt8) -> String? {
        if release >= .v1_8_11 { return Self.printedProtocols[number] }
        return protocolNames[number] ?? Self.ownProtocols.first { $0.number == number }?.name
    }

    private var ownProtocols: [(name: String, number: UInt8)] {
        Self.ownProtocols + (release >= .v1_8_11 ? Self.newerProtocols : [])
    }

    var serviceNames: [String] { ports.keys.map(\.name) }
    var knownProtocols: [String] { ownProtocols.map(\.name) + protocols.keys }

    private static let ownProtocols: [(name: String, number: UInt8)] = [
        ("tcp", 6), ("sctp", 132), ("udp", 17), ("udplite", 136), ("icmp", 1), ("icmpv6", 58),
        ("ipv6-icmp", 58),
        ("esp", 50), ("ah", 51), ("ipv6-mh", 135), ("mh", 135), ("all", 0),
    ]

    private static let newerProtocols: [(name: String, number: UInt8)] = [
        ("dccp", 33), ("ipcomp", 108), ("mobility-header", 135),
    ]

    private static let printedProtocols: [UInt8: String] = [
        1: "icmp", 6: "tcp", 17: "udp", 33: "dccp", 50: "esp", 51: "ah", 58: "ipv6-icmp", 108: "ipcomp",
        132: "sctp", 135: "mobility-header", 136: "udplite",
    ]

    /// The words of each line, found by bytes: to find characters takes long.
    private static func lines(_ text: String) -> some Sequence<[Substring]> {
        text.utf8.split(separator: Ascii.newline).lazy.map { line in
            line.prefix { $0 != Ascii.hash }.split(whereSeparator: Ascii.isSpace).map(Substring.init)
        }
    }
}
