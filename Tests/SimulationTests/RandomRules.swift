import Kernel
import PacketModel
import TestSupport

/// Save files and packets from a seed, over few values, so that they meet often.
struct RandomRules {
    let family: IPFamily
    private var generator: SplitMix64

    init(seed: UInt64, _ family: IPFamily) {
        self.family = family
        generator = SplitMix64(state: seed)
    }

    // MARK: Rules

    static let tables: [(name: String, chains: [String])] = [
        ("raw", ["PREROUTING", "OUTPUT"]),
        ("mangle", ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]),
        ("nat", ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"]),
        ("filter", ["INPUT", "FORWARD", "OUTPUT"]),
        ("security", ["INPUT", "FORWARD", "OUTPUT"]),
    ]

    mutating func file() -> String {
        var text = ""
        for (table, chains) in Self.tables where table == "filter" || chance(2) {
            text += "*\(table)\n"
            for chain in chains {
                text += ":\(chain) \(table != "nat" && chance(6) ? "DROP" : "ACCEPT") [0:0]\n"
            }
            let own = (0..<number(4)).map { "C\($0)" }
            for chain in own { text += ":\(chain) - [0:0]\n" }
            for chain in chains {
                for _ in 0..<number(6) { text += rule(table, chain, own) }
            }
            for (place, chain) in own.enumerated() {
                // Chains lead on to later ones only, so there is no loop.
                for _ in 0..<(1 + number(4)) { text += rule(table, chain, Array(own[(place + 1)...])) }
            }
            text += "COMMIT\n"
        }
        return text
    }

    private mutating func rule(_ table: String, _ chain: String, _ own: [String]) -> String {
        let transport = pick(["", "tcp", "udp", "icmp", "tcp", "udp", "47", "!tcp"])
        let target = target(table, chain, own, transport)
        var words = "-A \(chain)"
        if chance(3) { words += not() + "-s \(source())" }
        if chance(3), !target.hasPrefix(" -d ") { words += not() + "-d \(destination())" }
        if ["PREROUTING", "INPUT", "FORWARD"].contains(chain), chance(4) {
            words += not() + "-i \(pick(["eth0", "lan0", "eth+", "lan+", "wlan0"]))"
        }
        if ["FORWARD", "OUTPUT", "POSTROUTING"].contains(chain), chance(4) {
            words += not() + "-o \(pick(["eth0", "lan0", "lan+"]))"
        }
        switch transport {
        case "": break
        case "!tcp": words += " ! -p tcp"
        case "icmp": words += " -p \(family == .ipv4 ? "icmp" : "ipv6-icmp")"
        default: words += " -p \(transport)"
        }
        if chance(2) { words += transportMatch(transport) }
        for _ in 0..<number(3) { words += match(chain) }
        return words + target + "\n"
    }

    private mutating func transportMatch(_ transport: String) -> String {
        switch transport {
        case "tcp":
            pick([
                " -m tcp\(not())--dport \(port())", " -m tcp\(not())--sport 1024:\(30_000 + number(10_000))",
                " -m tcp\(not())--tcp-flags \(flags()) \(flags())", "\(not())--syn",
                " -m multiport\(not())--dports \(port()),\(port())",
                " -m multiport\(not())--ports \(port()),53",
                " -m tcp --dport \(port())\(not())--syn",
            ])
        case "udp":
            pick([
                " -m udp\(not())--dport \(port())",
                " -m multiport\(not())--sports 1000:\(30_000 + number(10_000))",
                " -m udp --dport 50:\(60 + number(40))", " -m multiport\(not())--dports \(port()),\(port())",
            ])
        case "icmp":
            family == .ipv4
                ? pick([" -m icmp\(not())--icmp-type \(pick(["8", "0", "3", "3/1", "any", "13"]))"])
                : pick([" -m icmp6\(not())--icmpv6-type \(pick(["128", "129", "1", "1/4", "3"]))"])
        default: ""
        }
    }

    private mutating func match(_ chain: String) -> String {
        let isArriving = ["PREROUTING", "INPUT", "FORWARD"].contains(chain)
        let hop = family == .ipv4 ? "ttl" : "hl"
        var choices = [
            " -m conntrack\(not())--ctstate \(pick(["NEW", "INVALID", "ESTABLISHED,RELATED", "NEW,UNTRACKED", "DNAT"]))",
            " -m state\(not())--state \(pick(["NEW", "INVALID", "NEW,ESTABLISHED"]))",
            " -m conntrack\(not())--ctorigdst \(destination())", " -m conntrack --ctdir ORIGINAL",
            " -m conntrack\(not())--ctproto 17", " -m conntrack\(not())--ctorigdstport \(port())",
            " -m conntrack --ctstate INVALID\(not())--ctproto 6",
            " -m conntrack\(not())--ctreplsrc \(destination())", " -m conntrack --ctstate DNAT",
            // Of an echo this is its number, which nobody says: above those that the packets have.
            " -m conntrack\(not())--ctreplsrcport \(pick(["443", "8080"]))",
            " -m mark\(not())--mark \(mark())", " -m connmark\(not())--mark \(mark())",
            " -m length\(not())--length \(pick(["40:70", "0:60", "61:1000", "48"]))",
            " -m \(hop) --\(hop)-\(pick(["lt", "gt"])) \(pick(["2", "5", "64"]))",
            " -m \(hop)\(not())--\(hop)-eq \(pick(["1", "64", "63"]))",
            " -m dscp\(not())--dscp \(number(4) * 8)",
            " -m tos\(not())--tos 0x\(number(2))0/0x\(pick(["3f", "10", "ff", "01"]))",
            " -m iprange\(not())--src-range \(range(TestAddresses.foreign(family)))",
            " -m iprange\(not())--dst-range \(range(TestAddresses.behind(family)))",
            " -m pkttype\(not())--pkt-type \(pick(["unicast", "broadcast", "multicast"]))",
            " -m addrtype\(not())--dst-type \(pick(["LOCAL", "UNICAST", "LOCAL,UNICAST"]))",
            " -m addrtype\(not())--src-type \(pick(["LOCAL", "UNICAST"]))",
            " -m comment --comment x", " -m time\(span())\(days())",
        ]
        if isArriving { choices.append(" -m mac\(not())--mac-source 02:aa:00:00:00:0\(1 + number(3))") }
        if chain == "OUTPUT" || chain == "POSTROUTING" {
            choices += [" -m owner\(not())--uid-owner \(number(2))", " -m owner\(not())--gid-owner 0-5"]
        }
        return pick(choices)
    }

    private mutating func target(_ table: String, _ chain: String, _ own: [String], _ transport: String)
        -> String
    {
        var choices = [" -j ACCEPT", " -j RETURN", "", " -j LOG", " -j NFLOG"]
        if table != "nat" { choices.append(" -j DROP") }
        if let next = own.first { choices += [" -j \(next)", " -g \(own[own.count - 1])", " -j \(next)"] }
        choices += [
            " -j MARK --set-xmark \(mark())", " -j MARK --or-mark 0x\(1 + number(4))",
            " -j CONNMARK --save-mark", " -j CONNMARK --restore-mark --mask 0x3",
            " -j CONNMARK --set-mark \(number(3))",
        ]
        let isFilterHook = ["INPUT", "FORWARD", "OUTPUT"].contains(chain)
        switch table {
        case "raw": choices += [" -j NOTRACK", " -j CT --notrack"]
        case "mangle":
            let hop = family == .ipv4 ? "TTL --ttl" : "HL --hl"
            choices += [
                " -j DSCP --set-dscp \(number(4) * 8)", " -j TOS --or-tos 0x1\(number(3))",
                " -j \(hop)-set \(2 + number(4))", " -j \(hop)-inc 1",
            ]
        case "filter" where isFilterHook: choices.append(" -j REJECT")
        case "nat" where transport == "tcp" || transport == "udp": choices += translations(chain)
        default: break
        }
        return pick(choices)
    }

    private func translations(_ chain: String) -> [String] {
        let (own, behind) = (TestAddresses.own(family), TestAddresses.behind(family))
        switch chain {
        case "PREROUTING":
            return [
                " -d \(own[0]) -j DNAT --to-destination \(own[1])",
                " -d \(behind[0]) -j DNAT --to-destination \(behind[3])",
                " -d \(own[0]) -j REDIRECT --to-ports 8080",
                // On to another host, and from another host to this one: the routes are asked behind it.
                " -d \(own[1]) -j DNAT --to-destination \(behind[0])",
                " -d \(own[0]) -j DNAT --to-destination \(NATText.end(behind[2], 8080))",
                " -d \(behind[1]) -j DNAT --to-destination \(own[0])",
                " -d \(behind[2]) -j REDIRECT --to-ports 53",
            ]
        case "OUTPUT": return [" -d \(behind[1]) -j DNAT --to-destination \(behind[2])"]
        case "POSTROUTING": return [" -j MASQUERADE", " -j SNAT --to-source \(own[1])"]
        case "INPUT": return [" -j SNAT --to-source \(TestAddresses.foreign(family)[5])"]
        default: return []
        }
    }

    // MARK: Packets

    mutating func packets(_ count: Int) -> [TestPacket] {
        (1...count).map { packet($0) }
    }

    /// Each is a connection of its own.
    private mutating func packet(_ number: Int) -> TestPacket {
        let way = self.number(3)
        let isSent = way == 2
        let own = TestAddresses.own(family)
        // Connections without ports are told apart by their source, of which the host has but one here.
        let transport = self.transport(number, isSent ? 6 : 7)
        let hasPorts = if case .other = transport { false } else { true }
        let foreign = TestAddresses.foreign(family)
        return TestPacket(
            family: family,
            input: isSent ? nil : self.number(2),
            isForwarded: way == 1,
            source: isSent ? own[1] : hasPorts ? pick(foreign) : foreign[0].next(UInt128(100 + number)),
            destination: way == 0 ? pick(own) : pick(TestAddresses.behind(family)),
            transport: transport,
            payload: pick([0, 1, 8, 20, 33]),
            hopLimit: pick([64, 64, 2, 1, 3, 255]),
            trafficClass: UInt8(self.number(8) * 8 * 4 % 256 | self.number(2)),
            neighbour: pick(SimulatedHost.neighbours),
            isBroadcast: way == 0 && family == .ipv4 && chance(8)
        )
    }

    private mutating func transport(_ number: Int, _ kinds: Int) -> WirePacket.Transport {
        let source = UInt16(20_000 + number * 97 % 40_000)
        switch self.number(kinds) {
        case 0, 1, 2:
            let flags: [TCPFlags] = [
                .syn, .syn, .ack, [.fin, .ack], .rst, [], [.syn, .fin], .all, [.ack, .psh], [.syn, .urg],
            ]
            return .tcp(.init(source: source, destination: UInt16(port()) ?? 80, flags: pick(flags)))
        case 3, 4: return .udp(source: source, destination: UInt16(port()) ?? 80)
        case 5:
            return .icmp(
                type: family == .ipv4 ? pick([8, 8, 0, 13, 3]) : pick([128, 128, 129, 1, 3]),
                code: UInt8(self.number(2)),
                rest: UInt32(number) << 16
            )
        default: return .other(IPProtocol(number: 47))
        }
    }

    // MARK: Values

    private mutating func number(_ below: Int) -> Int { Int.random(in: 0..<below, using: &generator) }

    private mutating func chance(_ of: Int) -> Bool { number(of) == 0 }

    private mutating func pick<Value>(_ values: [Value]) -> Value { values[number(values.count)] }

    private mutating func not() -> String { chance(3) ? " ! " : " " }

    private mutating func port() -> String { pick(["22", "53", "80", "443", "8080"]) }

    private mutating func mark() -> String { pick(["0x0", "0x1", "0x2/0x2", "0x3", "0x1/0x3"]) }

    /// From a whole minute to another, some of them over midnight.
    private mutating func span() -> String {
        let (start, stop) = (
            pick(["00:00", "03:17", "09:41", "14:23", "20:09"]), pick(["02:58", "09:12", "17:36", "23:00"])
        )
        let end = pick([
            "", " --datestop 2026-01-01", " --datestart 2026-01-01", " --datestart 2037-12-31",
            " ! --monthdays 1,7,26,27,28",
        ])
        return " --timestart \(start) --timestop \(stop)"
            + (start > stop && chance(2) ? " --contiguous" : end)
    }

    private mutating func days() -> String {
        let all = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let first = number(7)
        // Not all of them: the tool prints no day for none, which it does not read again.
        let some = all[first...min(first + number(7 - first), first + 5)].joined(separator: ",")
        return pick(["", " ! --weekdays \(some)", " --weekdays \(some)", " --weekdays \(some)"])
    }

    private mutating func flags() -> String {
        pick(["SYN", "SYN,ACK", "FIN,SYN,RST,ACK", "ALL", "NONE", "RST"])
    }

    private mutating func source() -> String {
        let foreign = TestAddresses.foreign(family)
        let length = family == .ipv4 ? 32 : 128
        return pick([
            "\(pick(foreign))", "\(foreign[0])/\(length - number(4))",
            family == .ipv4 ? "203.0.113.1/255.255.255.5" : "2001:db8::/ffff:ffff::1",
        ])
    }

    private mutating func destination() -> String {
        let all = TestAddresses.own(family) + TestAddresses.behind(family)
        let length = family == .ipv4 ? 32 : 128
        return pick(["\(pick(all))", "\(pick(all))/\(length - number(3))", "\(all[3])/\(length - 16)"])
    }

    private mutating func range(_ addresses: [IPAddress]) -> String {
        let first = number(addresses.count)
        return "\(addresses[first])-\(addresses[first + number(addresses.count - first)])"
    }
}

private enum NATText {
    static func end(_ address: IPAddress, _ port: Int) -> String {
        address.family == .ipv6 ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}

extension IPAddress {
    fileprivate func next(_ count: UInt128) -> IPAddress { IPAddress(family: family, value: value + count) }
}
