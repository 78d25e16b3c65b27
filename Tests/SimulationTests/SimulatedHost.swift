import CKernel
import Glibc
import Iptables
import Netfilter
import Netlink
import PacketModel
import SystemPackage

@testable import Kernel

/// A machine with rules on the real kernel, that gets packets by two links and answers nothing.
struct SimulatedHost {
    struct Outcome {
        /// The numbers of the packets that passed.
        var passed: Set<Int>
        /// `[packets:bytes]` before each rule and policy, as iptables-save prints them.
        var listing: String
    }

    static let links = ["eth0", "lan0"]
    /// Where frames of the test come from.
    static let neighbours: [UInt64] = [0x02_AA_00_00_00_01, 0x02_AA_00_00_00_02, 0x02_AA_00_00_00_03]
    let network: TestNetwork
    private let indices: [Int32]

    init() async throws {
        network = try await .make(links: [.init(name: "eth0", number: 1), .init(name: "lan0", number: 2)])
        // Without a way back the host answers nothing that would be counted.
        let ip = try Tool(named: "ip")
        for family in ["-4", "-6"] {
            try await ip.run([family, "route", "flush", "default"], text: "", in: network.inside)
        }
        let neighbours = IPFamily.allCases.flatMap(TestAddresses.behind).map {
            "neigh replace \($0) lladdr 02:aa:00:00:00:09 dev lan0 nud permanent\n"
        }
        try await ip.run(["-batch", "-"], text: neighbours.joined(), in: network.inside)
        indices = try await network.outside.run { Self.links.map { unsafe Int32(if_nametoindex($0)) } }
    }

    /// What gets past every rule is written down by its number; what the kernels say of themselves is kept out.
    private static let watch = """
        flush ruleset
        table inet watch {
            set seen4 { typeof ip id; size 65535; flags dynamic; }
            set seen6 { typeof ip6 flowlabel; size 65535; flags dynamic; }
            counter taken { }
            chain start {
                type filter hook prerouting priority -1000;
                ether saddr != { 02:aa:00:00:00:01, 02:aa:00:00:00:02, 02:aa:00:00:00:03 } drop
                counter name taken
            }
            chain own {
                type filter hook output priority -1000;
                meta skuid 0 counter name taken accept
                drop
            }
            chain arrived {
                type filter hook input priority 1000;
                update @seen4 { ip id }
                update @seen6 { ip6 flowlabel }
            }
            chain left {
                type filter hook postrouting priority 1000;
                update @seen4 { ip id }
                update @seen6 { ip6 flowlabel }
            }
        }

        """

    /// - Parameter sets: for `ipset restore`.
    func load(_ rules: String, _ family: IPFamily, sets: String = "") async throws {
        try await Tool(named: "nft").run(["-f", "-"], text: Self.watch, in: network.inside)
        if !sets.isEmpty { try await Tool(named: "ipset").run(["restore"], text: sets, in: network.inside) }
        let tool = family == .ipv4 ? "iptables-nft-restore" : "ip6tables-nft-restore"
        try await Tool(named: tool).run([], text: rules, in: network.inside)
        _ = try? await Tool(named: "conntrack").run(["-F"], text: "", in: network.inside)
    }

    /// Sends the packets one after another, each with its number, and waits until the host has taken them.
    func send(_ packets: [TestPacket], first: Int = 1) async throws {
        let numbered = packets.enumerated().map { (number: first + $0.offset, packet: $0.element) }
        try await inject(
            numbered.compactMap { number, packet in
                packet.input.map { Frame(link: $0, bytes: packet.frame(number: number)) }
            }
        )
        try await network.inside.run {
            for (number, packet) in numbered where packet.input == nil {
                let domain = SocketAddress.domain(of: packet.family)
                let socket = try Socket(domain, SOCK_RAW, protocol: Int32(IPPROTO_RAW))
                // What the rules do to it is no error here.
                _ = socket.send(packet.bytes(number: number), to: SocketAddress(packet.destination))
            }
        }
        try await awaitTaken(packets.count)
    }

    func send(frames: [[UInt8]], by link: Int) async throws {
        try await inject(frames.map { Frame(link: link, bytes: $0) })
        try await awaitTaken(frames.count)
    }

    private struct Frame {
        var link: Int
        var bytes: [UInt8]
    }

    private func inject(_ frames: [Frame]) async throws {
        let indices = indices
        try await network.outside.run {
            let socket = try Socket(AF_PACKET, SOCK_RAW)
            for frame in frames {
                var address = sockaddr_ll()
                address.sll_family = UInt16(AF_PACKET)
                address.sll_ifindex = indices[frame.link]
                address.sll_halen = 6
                if let error = socket.send(frame.bytes, toStructure: address) {
                    throw SystemError("sendto", error)
                }
            }
        }
    }

    private func awaitTaken(_ count: Int) async throws {
        for _ in 0..<100 {
            let text = try await nft(["list", "counter", "inet", "watch", "taken"])
            if text.contains("packets \(count) ") { return }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    func outcome(_ family: IPFamily) async throws -> Outcome {
        let text = try await nft(["list", "set", "inet", "watch", family == .ipv4 ? "seen4" : "seen6"])
        let elements = text.split(separator: "elements = {").dropFirst().first?.prefix { $0 != "}" } ?? ""
        let numbers = elements.split { !$0.isHexDigit && $0 != "x" }.compactMap {
            $0.hasPrefix("0x") ? Int($0.dropFirst(2), radix: 16) : Int($0)
        }
        let tool = family == .ipv4 ? "iptables-nft-save" : "ip6tables-nft-save"
        let listing = try await Tool(named: tool).run(["-c"], text: "", in: network.inside)
        return Outcome(passed: Set(numbers), listing: listing)
    }

    private func nft(_ words: [String]) async throws -> String {
        try await Tool(named: "nft").run(words, text: "", in: network.inside)
    }
}
