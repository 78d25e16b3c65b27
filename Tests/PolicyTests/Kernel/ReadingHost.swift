import CKernel
import Compiler
import Glibc
import PacketModel
import Policy
import SystemPackage

@testable import Kernel
@testable import Netlink

/// A host on the real kernel at the places of ``TestPlaces``, that gets and sends packets of every kind and says what its
/// rules made of each.
struct ReadingHost {
    /// The numbers of the stories whose packet came so far.
    struct Outcome {
        var arrived: Set<Int> = []
        var left: Set<Int> = []
        /// An answer was made that refuses it.
        var refused: Set<Int> = []
        /// The answer left.
        var answered: Set<Int> = []
        /// What connection tracking said, while no rules stood.
        var states: [Int: ConnectionState] = [:]
    }

    private let network: TestNetwork
    private let log: LogReader
    private let indices: [Int32]
    private static let group: UInt16 = 9
    /// What the host answers carries it, on its way out.
    private static let answer = "0x77"
    private static let patience = Duration.seconds(2)

    init() async throws {
        network = try await .make(links: TestPlaces.links.map(Self.link))
        var commands: [String] = []
        for link in TestPlaces.links {
            let near = IPFamily.allCases.map { TestPlaces.neighbour(link, $0) }
            commands += near.map { "route replace \($0) dev \(link)" }
            commands += (near + [TestPlaces.linkLocalNeighbour]).map {
                "neighbour replace \($0) lladdr 02:aa:00:00:00:09 dev \(link) nud permanent"
            }
        }
        try await network.ip(commands, in: network.inside)
        indices = try await network.outside.run {
            TestPlaces.links.map { unsafe Int32(if_nametoindex($0)) }
        }
        log = try await LogReader.open(group: Self.group, in: network.inside)
    }

    /// The first leads to everywhere that has no place; nobody answers there.
    private static func link(_ name: String) -> TestNetwork.Link {
        let isFirst = name == TestPlaces.links.first
        let own = IPFamily.allCases.map { family in
            TestNetwork.InterfaceAddress(
                TestPlaces.own(name, family),
                length: isFirst ? family.addressWidth / 4 * (family == .ipv4 ? 3 : 2) : family.addressWidth
            )
        }
        let outside = IPFamily.allCases.map { family in
            let address = IPAddress(family: family, value: TestPlaces.own(name, family).value + 99)
            return TestNetwork.InterfaceAddress(
                address,
                length: family.addressWidth / 4 * (family == .ipv4 ? 3 : 2)
            )
        }
        return TestNetwork.Link(
            name: name,
            inside: own + [.init(TestPlaces.linkLocal, length: 64)],
            outside: isFirst ? outside : []
        )
    }

    /// Makes the connections that the stories need, while no rules of ours stand.
    func prepare(_ stories: [WireStory]) async throws {
        try await HostFirewall(in: network.inside).install(.none)
        try await watch(stories, isPreparing: true)
        _ = try await Tool(named: "conntrack").run(["-F"], text: "", in: network.inside)
        let steps = stories.flatMap(\.before)
        // A reply needs what it answers; so one after another.
        for (isFrame, run) in Self.runs(steps) { try await send(run, areFrames: isFrame) }
        _ = try await hear(taken: steps.count)
    }

    func load(_ policy: Policy, _ backend: BackendKind) async throws {
        let firewall = try Firewall(policy, backend, usesIpset: true)
        try await HostFirewall(in: network.inside).install(firewall)
    }

    /// Sends the packet of each story.
    func observe(_ stories: [WireStory]) async throws -> Outcome {
        try await watch(stories, isPreparing: false)
        let steps = stories.map(\.step)
        for (isFrame, run) in Self.runs(steps) { try await send(run, areFrames: isFrame) }
        var outcome = Outcome()
        for message in try await hear(taken: steps.count) {
            guard let number = message.packet.flatMap(WireStory.number) else { continue }
            switch message.prefix {
            case "arrived": outcome.arrived.insert(number)
            case "left": outcome.left.insert(number)
            case "refused": if message.isRefusal { outcome.refused.insert(number) }
            case "answered": if message.isRefusal { outcome.answered.insert(number) }
            default:
                guard let state = Self.states.first(where: { $0.key == message.prefix }) else { continue }
                outcome.states[number] = state.value
            }
        }
        return outcome
    }

    private static let states: [String: ConnectionState] = [
        "new": .new, "established": .established, "related": .related, "invalid": .invalid,
        "untracked": .untracked,
    ]

    // MARK: The table that looks on

    /// Nobody but the test sends anything: what the kernels say of themselves is stopped before it is tracked. What passes
    /// is written down and goes no further, for an answer would change the connection.
    private func watch(_ stories: [WireStory], isPreparing: Bool) async throws {
        let group = "group \(Self.group)"
        let end = isPreparing ? "accept" : "drop"
        let untracked = WireStory.Step.untracked
        let asked = Self.states.keys.map { "ct state \($0) log prefix \"\($0)\" \(group)" }.joined(
            separator: "\n"
        )
        let answers =
            isPreparing
            ? ""
            : """
            tcp flags & rst == rst meta mark set \(Self.answer) log prefix "refused" \(group) accept
            icmp type destination-unreachable meta mark set \(Self.answer) log prefix "refused" \(group) accept
            icmpv6 type destination-unreachable meta mark set \(Self.answer) log prefix "refused" \(group) accept
            """
        let text = """
            table inet watch
            delete table inet watch
            table inet watch {
            \(IPFamily.allCases.map { Self.map($0, stories) }.joined(separator: "\n"))
            chain start {
                type filter hook prerouting priority -1000
                iif lo accept
                ether saddr != 02:aa:00:00:00:01 drop
                log prefix "taken" \(group)
            }
            chain own {
                type filter hook output priority -1000
                meta skuid 0-4294967294 log prefix "taken" \(group) accept
                \(answers)
                drop
            }
            chain unseen {
                type filter hook prerouting priority -301
                ip dscp \(untracked) notrack
                ip6 dscp \(untracked) notrack
            }
            chain unseenOwn {
                type filter hook output priority -301
                ip dscp \(untracked) notrack
                ip6 dscp \(untracked) notrack
            }
            chain states {
                type filter hook prerouting priority -199
                iif lo accept
                \(asked)
            }
            chain ownStates {
                type filter hook output priority -199
                \(asked)
            }
            chain engine {
                type nat hook prerouting priority -101
                \(Self.translation)
            }
            chain ownEngine {
                type nat hook output priority -101
                \(Self.translation)
            }
            chain arrived {
                type filter hook input priority 1000
                meta mark \(Self.answer) accept
                log prefix "arrived" \(group)
                \(end)
            }
            chain left {
                type filter hook postrouting priority 1000
                meta mark \(Self.answer) log prefix "answered" \(group) accept
                log prefix "left" \(group)
                oif lo accept
                \(end)
            }
            }

            """
        try await Tool(named: "nft").run(["-f", "-"], text: text, in: network.inside)
    }

    private static let translation = """
        meta l4proto { tcp, udp } dnat ip to th sport map @targets4
        meta l4proto { tcp, udp } dnat ip6 to th sport map @targets6
        """

    private static func map(_ family: IPFamily, _ stories: [WireStory]) -> String {
        let elements = stories.compactMap { story -> String? in
            guard let translation = story.translation, translation.destination.family == family else {
                return nil
            }
            return "\(WireStory.port(story.number)) : \(translation.destination) . \(translation.port ?? 0)"
        }
        let (name, type) = family == .ipv4 ? ("targets4", "ipv4_addr") : ("targets6", "ipv6_addr")
        let list = elements.isEmpty ? "" : "elements = { \(elements.joined(separator: ", ")) }"
        return "map \(name) {\ntype inet_service : \(type) . inet_service\n\(list)\n}"
    }

    // MARK: Packets

    private static func runs(_ steps: [WireStory.Step]) -> [(Bool, [WireStory.Step])] {
        var runs: [(Bool, [WireStory.Step])] = []
        for step in steps {
            let isFrame = step.input != nil
            if runs.last?.0 == isFrame {
                runs[runs.count - 1].1.append(step)
            } else {
                runs.append((isFrame, [step]))
            }
        }
        return runs
    }

    private func send(_ steps: [WireStory.Step], areFrames: Bool) async throws {
        let indices = indices
        if areFrames {
            try await network.outside.run {
                let socket = try Socket(AF_PACKET, SOCK_RAW)
                for step in steps {
                    let link = TestPlaces.links.firstIndex { $0 == step.input } ?? 0
                    var address = sockaddr_ll()
                    address.sll_family = UInt16(AF_PACKET)
                    address.sll_ifindex = indices[link]
                    address.sll_halen = 6
                    let type: [UInt8] = step.packet.family == .ipv4 ? [0x08, 0x00] : [0x86, 0xDD]
                    let frame =
                        TestNetwork.hardwareAddress(.inside, link: link) + [0x02, 0xAA, 0, 0, 0, 1] + type
                        + step.bytes
                    if let error = socket.send(frame, toStructure: address) {
                        throw SystemError("sendto", error)
                    }
                }
            }
        } else {
            try await network.inside.run {
                for step in steps {
                    let domain = SocketAddress.domain(of: step.packet.family)
                    let socket = try Socket.owned(
                        by: step.user,
                        domain,
                        SOCK_RAW,
                        protocol: Int32(IPPROTO_RAW)
                    )
                    if let output = step.output, step.packet.destination == TestPlaces.linkLocalNeighbour {
                        try socket.bind(toInterface: output)
                    }
                    // What the rules do to it is no error here.
                    _ = socket.send(step.bytes, to: SocketAddress(step.packet.destination))
                }
            }
        }
    }

    /// What was logged until so many packets were taken, and the last had time to come to its end.
    private func hear(taken count: Int) async throws -> [LogMessage] {
        var result: [LogMessage] = []
        var taken = 0
        let end = ContinuousClock.now + Self.patience
        while taken < count, ContinuousClock.now < end {
            let messages = try await log.messages(atMost: .max, within: .milliseconds(5))
            taken += messages.count { $0.prefix == "taken" }
            result += messages
        }
        while true {
            let messages = try await log.messages(atMost: .max, within: .milliseconds(10))
            if messages.isEmpty { return result }
            result += messages
        }
    }
}

extension LogMessage {
    /// A reset, or an ICMP error that says that it is prohibited.
    fileprivate var isRefusal: Bool {
        guard let packet else { return false }
        switch packet.transport {
        case .tcp: return true
        case .icmp(_, let code, _): return code == (packet.family == .ipv4 ? 13 : 1)
        case .udp, .opening, .other: return false
        }
    }
}
