import Kernel
import PacketModel
import Policy

/// What the policy says of a packet in the network of the trial: whether it passes, whether what answers it does, and how
/// one is met that does not. All that a trial expects comes from here.
struct TrialMeaning: Sendable {
    var policy: Policy
    let scene: WitnessScene
    let links: [TestNetwork.Link]
    /// When the packets are sent.
    let time: CalendarTime

    /// The meaning of the policy, and what its baseline asks of the routes of this network.
    func judge(_ approach: Approach) -> Judgement {
        var approach = approach
        approach.time = time
        let judgement = policy.judge(approach)
        switch judgement {
        case .baseline, .dropped: return judgement
        case .banned, .denied, .containers, .admitted, .limited, .rest:
            return partOfRoutes(approach).map(Judgement.dropped) ?? judgement
        }
    }

    func passes(_ approach: Approach) -> Bool { judge(approach).passes }

    func expectation(_ approach: Approach) -> TrialCase.Expectation {
        passes(approach) ? .passes : stopped(approach)
    }

    /// How a packet that is not admitted is met.
    func stopped(_ approach: Approach) -> TrialCase.Expectation {
        // The sender on the host itself learns of a drop in other ways than one outside.
        if approach.direction == .outbound { return .isStopped }
        switch judge(approach) {
        case .banned, .denied:
            var approach = approach
            approach.time = time
            return policy.deny(against: approach)?.rejects == true ? refused(approach) : .silence
        case .dropped: return .silence
        case .rest: return policy.rest[approach.direction] == .reject ? refused(approach) : .silence
        case .baseline, .containers, .admitted, .limited: return .passes
        }
    }

    /// Whether what answers a packet that passes gets back: a ban stops answers too.
    func isAnswered(_ approach: Approach) -> Bool {
        answers(to: approach).allSatisfy { policy.ban(onAnswer: $0) == nil }
    }

    /// Whether a router's message about the answers to an admitted packet, or about the packet, gets in.
    func hearsRouter(of approach: Approach) -> Bool {
        let link = (approach.direction == .inbound ? approach.inputInterface : approach.outputInterface) ?? ""
        guard let router = self.link(link)?.outsideAddress(approach.family) else { return false }
        let host = approach.direction == .inbound ? approach.destination : approach.source
        let message = Approach(
            direction: .inbound,
            transportProtocol: approach.family == .ipv4 ? .icmp : .icmpv6,
            member: approach.family == .ipv4 ? 0x0304 : 0x0200,
            source: router,
            destination: host,
            inputInterface: link,
            time: time
        )
        return policy.ban(onAnswer: message) == nil
    }

    func link(_ name: String) -> TestNetwork.Link? { links.first { $0.name == name } }

    /// The addresses of an interface of the host.
    func addresses(of link: String, _ family: IPFamily) -> [IPAddress] {
        self.link(link)?.inside.map(\.address).filter { $0.family == family } ?? []
    }

    /// Whether an address is one of the host.
    func isOwn(_ address: IPAddress) -> Bool {
        links.contains { $0.inside.contains { $0.address == address } }
    }

    /// The answer goes out, and whatever address a redirect has turned the destination into is its source.
    private func answers(to approach: Approach) -> [Approach] {
        switch approach.direction {
        case .inbound:
            let link = approach.inputInterface ?? ""
            let sources =
                approach.isTranslated ? addresses(of: link, approach.family) : [approach.destination]
            return sources.map { source in
                Approach(
                    direction: .outbound,
                    transportProtocol: approach.transportProtocol,
                    member: approach.member,
                    source: source,
                    destination: approach.source,
                    outputInterface: link,
                    user: approach.transportProtocol.hasPorts ? 0 : nil,
                    time: time
                )
            }
        case .outbound:
            return [
                Approach(
                    direction: .inbound,
                    transportProtocol: approach.transportProtocol,
                    member: approach.member,
                    source: approach.destination,
                    destination: approach.source,
                    inputInterface: approach.outputInterface,
                    time: time
                )
            ]
        case .forward: return []
        }
    }

    /// A refusal leaves the host as a packet that is related to what it refuses: a ban may stop it, too.
    private func refused(_ approach: Approach) -> TrialCase.Expectation {
        // Nobody is told what became of a packet for many (RFC 1122 section 3.2.2; RFC 4443 section 2.4).
        if approach.destination.isMulticast || approach.destination == .broadcast { return .silence }
        // The kernel refuses what has a sound checksum, and of other protocols takes any bytes for covered by one
        // (nf_reject_verify_csum, include/net/netfilter/nf_reject.h).
        let checked: [IPProtocol] = [.tcp, .udp, .icmp, .icmpv6, .esp, .gre, .sctp]
        guard checked.contains(approach.transportProtocol) else { return .isStopped }
        let isReset = approach.transportProtocol == .tcp
        guard isReset || policy.baseline.has(.icmpErrors) else { return .isStopped }
        let link = approach.inputInterface ?? ""
        let own = addresses(of: link, approach.family)
        let isOfHost = approach.direction == .inbound && !approach.isTranslated
        let sources = isReset || isOfHost ? [approach.destination] : own
        let isBanned = Set(
            sources.map { source in
                let refusal = Approach(
                    direction: .outbound,
                    transportProtocol: isReset ? .tcp : approach.family == .ipv4 ? .icmp : .icmpv6,
                    member: 0,
                    source: source,
                    destination: approach.source,
                    outputInterface: link,
                    time: time
                )
                return policy.ban(onAnswer: refusal) != nil
            }
        )
        // Which address of several it leaves from is the kernel's to choose.
        guard isBanned.count == 1, let isBanned = isBanned.first else { return .isStopped }
        return isBanned ? .silence : .isRefused
    }

    /// The part of the baseline that the routes of this network make drop a packet.
    private func partOfRoutes(_ approach: Approach) -> Baseline.Part? {
        guard approach.direction != .outbound, let name = approach.inputInterface else { return nil }
        let others = links.filter { $0.name != name }
        if policy.baseline.has(.reversePath),
            others.contains(where: { $0.outside.contains { $0.address == approach.source } })
        {
            return .reversePath
        }
        let isHere = addresses(of: name, approach.family).contains(approach.destination)
        if policy.baseline.has(.ownAddresses), approach.direction == .inbound, !approach.isTranslated,
            isOwn(approach.destination), !isHere
        {
            return .ownAddresses
        }
        return nil
    }
}
