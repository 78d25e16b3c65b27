package import PacketModel

/// A machine under test and the world around it: two namespaces, joined by pairs of virtual interfaces.
///
/// The inside end of a link has the name that the policy speaks of; the outside end has the same.
/// Nothing of this is seen outside the two namespaces.
package struct TestNetwork: Sendable {
    /// An address of an interface, with the length of its network's prefix.
    package struct InterfaceAddress: Hashable, Sendable {
        package var address: IPAddress
        package var length: Int

        package init(_ address: IPAddress, length: Int) {
            self.address = address
            self.length = length
        }
    }

    /// A pair of interfaces. At most 200 are possible.
    package struct Link: Hashable, Sendable {
        package var name: String
        package var inside: [InterfaceAddress]
        package var outside: [InterfaceAddress]

        package init(name: String, inside: [InterfaceAddress], outside: [InterfaceAddress]) {
            self.name = name
            self.inside = inside
            self.outside = outside
        }

        /// A link with addresses of both families, out of those for benchmarks (RFC 2544) and private use
        /// (RFC 4193): the inside is 198.18.N.1/24 and fd57:N::1/64, the outside ends in 2.
        package init(name: String, number: UInt8) {
            func addresses(_ host: UInt128) -> [InterfaceAddress] {
                let ipv4 = IPAddress(family: .ipv4, value: 198 << 24 | 18 << 16 | UInt128(number) << 8 | host)
                let ipv6 = IPAddress(family: .ipv6, value: 0xFD57 << 112 | UInt128(number) << 96 | host)
                return [InterfaceAddress(ipv4, length: 24), InterfaceAddress(ipv6, length: 64)]
            }
            self.init(name: name, inside: addresses(1), outside: addresses(2))
        }

        package func insideAddress(_ family: IPFamily) -> IPAddress? {
            inside.first { $0.address.family == family }?.address
        }

        package func outsideAddress(_ family: IPFamily) -> IPAddress? {
            outside.first { $0.address.family == family }?.address
        }
    }

    package let inside: NetworkNamespace
    package let outside: NetworkNamespace
    /// The first link leads to everywhere.
    package let links: [Link]

    /// Makes the namespaces and the links. Needs root.
    package static func make(links: [Link]) async throws -> TestNetwork {
        let network = TestNetwork(inside: try await .make(), outside: try await .make(), links: links)
        try await network.inside.run { try prepare(forwarding: true) }
        // The outside keeps what it gets: what it sent back would count again for a limit.
        try await network.outside.run { try prepare(forwarding: false) }
        try await network.ip(network.creation, in: network.inside)
        for link in links {
            try await network.outside.run { try prepare(interface: link.name) }
            try await network.inside.run { try prepare(interface: link.name) }
        }
        try await network.ip(network.configuration(of: .inside), in: network.inside)
        try await network.ip(network.configuration(of: .outside), in: network.outside)
        try await network.awaitLocalRoutes(links.flatMap(\.inside).map(\.address), in: network.inside)
        try await network.awaitLocalRoutes(links.flatMap(\.outside).map(\.address), in: network.outside)
        return network
    }

    package func link(_ name: String) -> Link? {
        links.first { $0.name == name }
    }

    func ip(_ commands: [String], in namespace: NetworkNamespace) async throws(ToolError) {
        guard !commands.isEmpty else { return }
        let text = commands.joined(separator: "\n") + "\n"
        try await Tool(named: "ip").run(["-batch", "-"], text: text, in: namespace)
    }

    /// Settings that let every packet reach the rules, and answers come at once.
    private static func prepare(forwarding: Bool) throws {
        let isForwarding = forwarding ? "1" : "0"
        try NetworkNamespace.set("net/ipv4/ip_forward", to: isForwarding)
        // Errors are not held back when many probes are refused at once.
        try NetworkNamespace.set("net/ipv4/icmp_ratelimit", to: "0")
        try NetworkNamespace.set("net/ipv6/icmp/ratelimit", to: "0")
        // Nor by the limit of the host as a whole, fifty at once, which is for the types of these masks (net/ipv4/icmp.c,
        // icmp_global_allow). That of IPv6 came with Linux 5.0.
        try NetworkNamespace.set("net/ipv4/icmp_ratemask", to: "0")
        try NetworkNamespace.setIfThere("net/ipv6/icmp/ratemask", to: "\n")
        for scope in ["all", "default"] {
            try prepare(interface: scope)
            try NetworkNamespace.set("net/ipv6/conf/\(scope)/forwarding", to: isForwarding)
            try NetworkNamespace.set("net/ipv6/conf/\(scope)/accept_dad", to: "0")
            try NetworkNamespace.set("net/ipv6/conf/\(scope)/accept_ra", to: "0")
        }
    }

    private static func prepare(interface: String) throws {
        try NetworkNamespace.set("net/ipv4/conf/\(interface)/rp_filter", to: "0")
        // Else the kernel drops what claims to come from 127.0.0.0/8 before any rule sees it.
        try NetworkNamespace.set("net/ipv4/conf/\(interface)/accept_local", to: "1")
        try NetworkNamespace.set("net/ipv4/conf/\(interface)/route_localnet", to: "1")
    }
}
