import CTraffic
import Glibc

/// The addresses of the two ends.
enum Addresses {
    static let inside = "198.18.0.1"
    static let outside = "198.18.0.2"
    static let inside6 = "2001:db8::1"
    static let outside6 = "2001:db8::2"
    static let insideMAC: [UInt8] = [2, 0, 0, 0, 0, 1]
    static let outsideMAC: [UInt8] = [2, 0, 0, 0, 0, 2]
    static let port: UInt16 = 5000
    static let outsidePort: UInt16 = 40000
}

/// A firewall to load: the commands that load it, run inside.
struct Firewall {
    var name: String
    var commands: [[String]]

    static let none = Firewall(name: "no firewall", commands: [])

    static func nftables(_ name: String, file: String) -> Firewall {
        Firewall(name: name, commands: [[Tool.nft, "-f", file]])
    }
}

/// Two namespaces joined by a veth pair, with a firewall on the inner one.
///
/// Neighbours are entered by hand, so that no address resolution mixes with what is measured.
final class Testbed {
    let inside: NetworkNamespace
    let outside: NetworkNamespace

    init(_ firewall: Firewall) throws {
        inside = try NetworkNamespace()
        outside = try NetworkNamespace()
        let far = inside.path
        try outside.run {
            let peer = "peer name in address 02:00:00:00:00:01 netns \(far)"
            try Self.ip("link add out address 02:00:00:00:00:02 type veth \(peer)")
            try Self.bringUp("out", Addresses.outside, Addresses.outside6)
            try Self.ip("neigh add \(Addresses.inside) lladdr 02:00:00:00:00:01 dev out nud permanent")
            try Self.ip("neigh add \(Addresses.inside6) lladdr 02:00:00:00:00:01 dev out nud permanent")
        }
        try inside.run {
            try Self.bringUp("in", Addresses.inside, Addresses.inside6)
            try Self.ip("neigh add \(Addresses.outside) lladdr 02:00:00:00:00:02 dev in nud permanent")
            try Self.ip("neigh add \(Addresses.outside6) lladdr 02:00:00:00:00:02 dev in nud permanent")
            for command in firewall.commands { try Tool.run(command) }
        }
    }

    private static func bringUp(_ interface: String, _ address: String, _ address6: String) throws {
        try ip("link set lo up")
        try ip("addr add \(address)/16 dev \(interface)")
        try ip("addr add \(address6)/64 dev \(interface) nodad")
        try ip("link set \(interface) up")
    }

    private static func ip(_ words: String) throws {
        try Tool.run([Tool.ip] + words.split(separator: " ").map(String.init))
    }
}
