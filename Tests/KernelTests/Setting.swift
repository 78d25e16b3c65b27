import Compiler
import PacketModel
import Testing

@testable import Kernel

/// A network of two links, `eth0` and `lan0`, that a test fills with rules.
struct Setting {
    let network: TestNetwork
    let laboratory: Laboratory

    init(window: Duration = .milliseconds(250)) async throws {
        network = try await .make(links: [.init(name: "eth0", number: 1), .init(name: "lan0", number: 2)])
        laboratory = Laboratory(network, window: window)
    }

    /// Loads the chains of a table of both families.
    func load(_ chains: String) async throws {
        let text = "table inet test {\n\(chains)\n}\n"
        try await NftablesBackend().commit(NftablesProgram(text: text), in: network.inside)
    }

    func inside(_ family: IPFamily, _ link: String = "eth0") throws -> IPAddress {
        try #require(network.link(link)?.insideAddress(family))
    }

    func outside(_ family: IPFamily, _ link: String = "eth0") throws -> IPAddress {
        try #require(network.link(link)?.outsideAddress(family))
    }
}

extension IPFamily {
    /// An address of a host far away (RFC 5737, RFC 3849).
    func foreign(_ host: UInt128 = 5) -> IPAddress {
        switch self {
        case .ipv4: IPAddress(family: .ipv4, value: 0xC000_0200 | host)
        case .ipv6: IPAddress(family: .ipv6, value: 0x2001_0DB8 << 96 | host)
        }
    }
}
