import Kernel
import PacketModel
import Policy

/// The lines of `nat:`, seen by the addresses of what leaves.
extension TrialPlan {
    mutating func addTranslation() {
        for line in policy.nat {
            for family in IPFamily.allCases {
                switch line.action {
                case .masquerade: addMasquerade(line, family)
                case .redirect(let port): addRedirect(line, family, to: port)
                case .portForward(let target, let port):
                    if target.family == family { addPortForward(line, target, port) }
                }
            }
        }
    }

    private mutating func addMasquerade(_ line: TranslationLine, _ family: IPFamily) {
        guard let out = line.outputInterfaces?.first.map(WitnessScene.instance),
            let address = links.first(where: { $0.name == out })?.insideAddress(family),
            let source = guest(of: line.source ?? .masqueradedNetworks, family),
            line.destination?.contains(scene[family].strangers[0]) != false,
            let input = scene.interfaces.first(where: { $0 != out })
        else { return }
        // Which port may pass is the lines' to say: the first that does shows the translation.
        let candidates = [443, 80, 53, 22, 4_242].map { port in
            Approach(
                direction: .forward,
                transportProtocol: .tcp,
                member: UInt16(port),
                source: source,
                destination: scene[family].strangers[0],
                inputInterface: input,
                outputInterface: out
            )
        }
        let inputs = scene.interfaces.filter { $0 != out }
        let all = inputs.flatMap { name in
            candidates.map { approach in
                var approach = approach
                approach.inputInterface = name
                return approach
            }
        }
        guard let passing = all.first(where: { policy.judge($0).passes }) else { return }
        add(
            Self.title(line.origin),
            passing.text,
            family,
            passing.probe(number: nextNumber()),
            .leaves(from: address)
        )
    }

    /// An address behind the host whose packets are masqueraded.
    private func guest(of sources: AddressSet, _ family: IPFamily) -> IPAddress? {
        let usual = IPAddress(family: family, value: family == .ipv4 ? 0xC0A8_4D0A : 0xFD77 << 112 | 10)
        return sources.contains(usual) ? usual : source(in: sources, family)
    }

    private mutating func addRedirect(_ line: TranslationLine, _ family: IPFamily, to listener: UInt16) {
        let link = line.inputInterfaces?.first.map(WitnessScene.instance) ?? scene.anyInterface
        guard let source = source(in: line.source, family), !speaksOfOtherHosts(line, family) else { return }
        for (transportProtocol, ports) in Self.translatable(line) {
            guard let asked = ports.intervals.first?.lower else { continue }
            var approach = Approach(
                direction: .inbound,
                transportProtocol: transportProtocol,
                member: asked,
                source: source,
                destination: scene[family].host,
                inputInterface: link,
                isTranslated: true
            )
            let kind: Conversation.Kind =
                transportProtocol == .tcp
                ? .tcp(port: asked, listener: listener) : .udp(port: asked, listener: listener)
            let passes = policy.judge(approach).passes
            add(
                Self.title(line.origin),
                "\(approach.text), answered at \(listener)",
                family,
                .conversation(
                    Conversation(kind, from: approach.source, to: approach.destination, on: link)
                ),
                passes ? .passes : stopped(approach)
            )
            approach.member = listener
            approach.isTranslated = false
            guard !policy.judge(approach).passes else { continue }
            add(
                Self.title(line.origin),
                approach.text + "  (not asked for)",
                family,
                approach.probe(number: nextNumber()),
                stopped(approach)
            )
        }
    }

    private mutating func addPortForward(_ line: TranslationLine, _ target: IPAddress, _ port: UInt16?) {
        let family = target.family
        let input = line.inputInterfaces?.first.map(WitnessScene.instance) ?? scene.anyInterface
        guard let source = source(in: line.source, family) else { return }
        for (transportProtocol, ports) in Self.translatable(line) {
            guard let asked = ports.intervals.first?.lower else { continue }
            let outputs = scene.interfaces.filter { $0 != input }
            let approaches = outputs.map { output in
                Approach(
                    direction: .forward,
                    transportProtocol: transportProtocol,
                    member: asked,
                    source: source,
                    destination: target,
                    inputInterface: input,
                    outputInterface: output,
                    isTranslated: true
                )
            }
            guard let approach = approaches.first(where: { policy.judge($0).passes }) ?? approaches.first,
                let output = approach.outputInterface
            else { continue }
            routes.append(TrialRoute(address: target, link: output))
            var packet = approach
            packet.destination = scene[family].host
            let passes = policy.judge(approach).passes
            add(
                Self.title(line.origin),
                packet.text,
                family,
                packet.probe(number: nextNumber()),
                passes ? .arrives(at: target) : stopped(approach)
            )
        }
    }
}

extension TrialPlan {
    /// A host that a line may mean by its sources; nil when there is none in the family that could send.
    func source(in addresses: AddressSet?, _ family: IPFamily) -> IPAddress? {
        guard let addresses else { return scene[family].strangers[0] }
        let candidates = addresses[family].intervals.prefix(16).flatMap { interval in
            interval.isSingle ? [interval.lower] : [interval.lower + 1, interval.upper]
        }
        return candidates.map { IPAddress(family: family, value: $0) }.first(where: \.canSend)
    }

    /// Whether a line of `nat:`, or the table that stands for a container engine, changes where a packet from
    /// outside goes.
    func isTranslated(_ approach: Approach) -> Bool {
        guard approach.direction != .outbound else { return false }
        let isPublished =
            approach.inputInterface == scene.anyInterface
            && approach.destination == scene[approach.family].host
            && policy.containers?.published.contains {
                $0.services.contains(approach.transportProtocol, approach.member)
            } == true
        if isPublished { return true }
        return policy.nat.contains { line in
            let isSent =
                switch line.action {
                case .masquerade: false
                case .redirect: approach.direction == .inbound || line.inputInterfaces != nil
                case .portForward: approach.direction == .inbound
                }
            return isSent && line.services.contains(approach.transportProtocol, approach.member)
                && line.source?.contains(approach.source) != false
                && line.destination?.contains(approach.destination) != false
                && line.inputInterfaces?.contains { $0.matches(approach.inputInterface ?? "") } != false
        }
    }

    /// The line's own destinations are not the host that is tried.
    private func speaksOfOtherHosts(_ line: TranslationLine, _ family: IPFamily) -> Bool {
        line.destination?.contains(scene[family].host) == false
    }

    /// The protocols whose ports every kernel translates.
    private static func translatable(_ line: TranslationLine) -> [(IPProtocol, IntervalSet<UInt16>)] {
        line.services.members.filter { [.tcp, .udp].contains($0.key) }.sorted { $0.key < $1.key }
            .map { ($0.key, $0.value) }
    }
}

/// An address that packets must find behind a link, though none is sent to it.
struct TrialRoute: Hashable, Sendable {
    var address: IPAddress
    var link: String
}
