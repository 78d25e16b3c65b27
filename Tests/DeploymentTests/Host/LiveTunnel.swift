import Kernel
import PacketModel
import Testing

@testable import Deployment

/// A tunnel between the two sides of a host, whose addresses are 10.99.0.1 inside and 10.99.0.2 outside.
struct LiveTunnel: Sendable, CustomTestStringConvertible {
    /// As ip-link(8) calls its kind.
    var kind: String
    var family = IPFamily.ipv4
    /// What follows the kind, with both ends filled in.
    var settings: @Sendable (_ local: IPAddress, _ remote: IPAddress) -> String
    /// The port of a bridge inside.
    var isBridged = false
    /// What a policy must let in.
    var service: String

    var testDescription: String { "\(kind) over \(family.rawValue)\(isBridged ? ", bridged" : "")" }

    static let all = [
        LiveTunnel(
            kind: "vxlan",
            settings: { "id 5 local \($0) remote \($1) dstport 4789 srcport 4789 4790" },
            service: "udp/4789"
        ),
        LiveTunnel(
            kind: "vxlan",
            family: .ipv6,
            settings: { "id 5 local \($0) remote \($1) dstport 4789 srcport 4789 4790" },
            service: "udp/4789"
        ),
        LiveTunnel(
            kind: "vxlan",
            settings: { "id 5 local \($0) remote \($1) dstport 8472 srcport 8472 8473" },
            isBridged: true,
            service: "udp/8472"
        ),
        LiveTunnel(kind: "geneve", settings: { "id 5 remote \($1)" }, service: "udp/6081"),
        LiveTunnel(kind: "gre", settings: { "local \($0) remote \($1)" }, service: "gre"),
        LiveTunnel(kind: "gretap", settings: { "local \($0) remote \($1)" }, service: "gre"),
        LiveTunnel(kind: "ip6gre", family: .ipv6, settings: { "local \($0) remote \($1)" }, service: "gre"),
        LiveTunnel(kind: "ipip", settings: { "local \($0) remote \($1)" }, service: "protocol/4"),
        LiveTunnel(
            kind: "ip6tnl",
            family: .ipv6,
            settings: { "mode any local \($0) remote \($1)" },
            service: "protocol/41"
        ),
    ]

    /// False where this kernel has no such devices.
    func make(in host: TestHost) async throws -> Bool {
        let (inside, outside) = (try host.inside(family), try host.outside(family))
        for (namespace, local, remote, own) in [
            (host.network.inside, inside, outside, "10.99.0.1/24"),
            (host.network.outside, outside, inside, "10.99.0.2/24"),
        ] {
            let isPort = isBridged && namespace === host.network.inside
            let bridge = isPort ? "link add br7 type bridge\nlink set tun7 master br7\nlink set br7 up\n" : ""
            let lines = """
                link add tun7 type \(kind) \(settings(local, remote))
                \(bridge)link set tun7 up
                address add \(own) dev \(isPort ? "br7" : "tun7")

                """
            let said = await Self.problem(of: lines, in: namespace)
            if said?.contains("Unknown device type") == true { return false }
            try #require(said == nil)
        }
        return true
    }

    private static func problem(of lines: String, in namespace: NetworkNamespace) async -> String? {
        do {
            try await Tool(named: "ip").run(["-batch", "-"], text: lines, in: namespace)
            return nil
        } catch {
            return "\(error)"
        }
    }
}
