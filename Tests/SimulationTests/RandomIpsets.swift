import PacketModel
import TestSupport

/// Sets of every type that the model knows, and rules that ask them, from a seed.
struct RandomIpsets {
    private let family: IPFamily
    /// The kernel lets go of sets some time after the rules are gone.
    private let suffix: String
    private var generator: SplitMix64
    private(set) var sets = ""
    private var known: [(name: String, sides: Int)] = []

    init(seed: UInt64, _ family: IPFamily) {
        self.family = family
        suffix = "-\(seed)"
        generator = SplitMix64(state: seed)
        for type in Self.types where family == .ipv4 || !type.hasPrefix("bitmap:ip") { create(type) }
        let lists = (0..<2).map { "list\($0)\(suffix)" }
        for list in lists {
            sets += "create \(list) list:set\n"
            var free = known
            for _ in 0..<(1 + number(3)) {
                sets += "add \(list) \(free.remove(at: number(free.count)).name)\n"
            }
        }
        known += lists.map { ($0, 3) }
    }

    private static let types = [
        "bitmap:ip", "bitmap:port", "hash:ip", "hash:ip,port", "hash:ip,port,ip",
        "hash:ip,port,net", "hash:net", "hash:net,iface", "hash:net,port",
    ]

    private mutating func create(_ type: String) {
        let name = type.replacing(":", with: "-").replacing(",", with: "-") + suffix
        let dimensions = type.drop { $0 != ":" }.dropFirst().split(separator: ",").map(String.init)
        let range =
            type == "bitmap:port" ? " range 0-65535" : type.hasPrefix("bitmap") ? " range 203.0.113.0/24" : ""
        let mask = type == "hash:ip" && chance(2) ? " netmask \(length - 1)" : ""
        sets +=
            "create \(name) \(type)\(range)\(type.hasPrefix("hash") ? " family \(family == .ipv4 ? "inet" : "inet6")" : "")\(mask)"
        sets += pick(["", " counters", " timeout 0"]) + "\n"
        for _ in 0..<number(6) {
            let words = dimensions.enumerated().map { entry($0.element, $0.offset, of: type) }.joined(
                separator: ","
            )
            // Of sets of single addresses ranges are laid out, so that one entry may be in another.
            sets += "add \(name) \(words) -exist\n"
        }
        known.append((name, dimensions.count))
    }

    private mutating func entry(_ dimension: String, _ place: Int, of type: String) -> String {
        let isBitmap = type.hasPrefix("bitmap")
        let addresses =
            TestAddresses.foreign(family)
            + (isBitmap ? [] : TestAddresses.own(family) + TestAddresses.behind(family))
        switch dimension {
        case "ip":
            guard family == .ipv4, place == 0, type == "hash:ip" || type == "bitmap:ip" else {
                return "\(pick(addresses))"
            }
            return pick([
                "\(pick(addresses))", "\(pick(addresses))/\(length - 1 - number(2))",
                "203.0.113.2-203.0.113.4",
            ])
        case "net":
            return pick([
                "\(pick(addresses))", "\(pick(addresses))/\(length - 1 - number(3))",
                "\(addresses[0])/\(length - 16)",
            ])
        case "port" where isBitmap: return pick(["53", "80", "400-500", "20000-40000"])
        case "port":
            let icmp = family == .ipv4 ? "icmp:8/0" : "icmpv6:128/0"
            return pick(["80", "tcp:443", "udp:53", "tcp:20-30", "udp:20000-27000", icmp, "gre:0"])
        default: return pick(["eth0", "lan0", "wlan0"])
        }
    }

    mutating func rules() -> String {
        var text = ""
        for (table, chains) in RandomRules.tables where table != "nat" {
            text += "*\(table)\n" + chains.map { ":\($0) ACCEPT [0:0]\n" }.joined()
            for chain in chains {
                for _ in 0..<number(5) {
                    let matches = match(chain) + (chance(3) ? match(chain) : "")
                    text += "-A \(chain)\(matches)\(pick(["", "", "", " -j ACCEPT", " -j DROP"]))\n"
                }
            }
            text += "COMMIT\n"
        }
        return text
    }

    private mutating func match(_ chain: String) -> String {
        let (name, sides) = pick(known)
        let count = chance(8) ? 1 + number(3) : sides
        let directions = (0..<count).map { _ in pick(["src", "dst"]) }
        return " -m set\(chance(3) ? " !" : "") --match-set \(name) \(directions.joined(separator: ","))"
    }

    private var length: Int { family == .ipv4 ? 32 : 128 }

    private mutating func number(_ below: Int) -> Int { Int.random(in: 0..<below, using: &generator) }

    private mutating func chance(_ of: Int) -> Bool { number(of) == 0 }

    private mutating func pick<Value>(_ values: [Value]) -> Value { values[number(values.count)] }
}
