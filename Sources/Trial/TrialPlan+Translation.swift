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
        guard let out = line.outputInterfaces.flatMap(interface) else { return }
        let addresses = meaning.addresses(of: out, family)
        let sources = line.source ?? .masqueradedNetworks
        // Which port may pass is the lines' to say: the first that does shows the translation.
        let ofLines = witnesses.map(\.approach).filter { approach in
            approach.direction == .forward && approach.family == family && approach.outputInterface == out
                && sources.contains(approach.source)
        }
        let passing = (guesses(sources, family, out) + ofLines).first { approach in
            line.destination?.contains(approach.destination) != false && meaning.passes(approach)
                && !meaning.isTranslated(approach)
        }
        guard let passing, !addresses.isEmpty else { return }
        let probe = probe(of: passing)
        add(Self.title(line.origin), passing.text, passing, by: probe, .leaves(from: addresses))
    }

    private func guesses(_ sources: AddressSet, _ family: IPFamily, _ out: String) -> [Approach] {
        guard let source = guest(of: sources, family) else { return [] }
        return scene.interfaces.filter { $0 != out }.flatMap { input in
            [443, 80, 53, 22, 4_242].map { port in
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
        }
    }

    /// An address behind the host whose packets are masqueraded.
    private func guest(of sources: AddressSet, _ family: IPFamily) -> IPAddress? {
        let usual = IPAddress(family: family, value: family == .ipv4 ? 0xC0A8_4D0A : 0xFD77 << 112 | 10)
        return sources.contains(usual) ? usual : source(in: sources, family)
    }

    /// An interface of the scene that a line of `nat:` means.
    private func interface(_ patterns: [InterfacePattern]) -> String? {
        patterns.map(WitnessScene.instance).first { meaning.link($0) != nil }
    }

    private mutating func addRedirect(_ line: TranslationLine, _ family: IPFamily, to listener: UInt16) {
        guard let link = line.inputInterfaces.map(interface) ?? scene.anyInterface,
            let source = source(in: line.source, family)
        else { return }
        for (transportProtocol, ports) in Self.translatable(line) {
            guard let asked = ports.intervals.first?.lower else { continue }
            var approach = Approach(
                direction: .inbound,
                transportProtocol: transportProtocol,
                member: asked,
                source: source,
                destination: scene[family].host,
                inputInterface: link
            )
            if meaning.isTranslated(approach, by: line) { addRedirected(approach, line, to: listener) }
            approach.member = listener
            guard !meaning.passes(approach), !meaning.isTranslated(approach) else { continue }
            add(Self.title(line.origin), approach.text + "  (not asked for)", approach)
        }
    }

    /// Afterwards the destination is an address of the interface; which one is the kernel's to choose.
    private mutating func addRedirected(_ asked: Approach, _ line: TranslationLine, to listener: UInt16) {
        let landings = meaning.addresses(of: asked.inputInterface ?? "", asked.family).map { address in
            var landing = asked
            landing.destination = address
            landing.askedDestination = asked.destination
            landing.isTranslated = true
            return landing
        }
        guard let landing = landings.first, Set(landings.map(meaning.judge)).count == 1,
            Set(landings.map(meaning.expectation)).count == 1
        else { return }
        add(
            Self.title(line.origin),
            "\(asked.text), answered at \(listener)",
            landing,
            by: redirected(asked, landing, to: listener),
            meaning.expectation(landing)
        )
    }

    /// The kernel chooses which address of the interface is asked, so somebody listens at each.
    private mutating func redirected(_ approach: Approach, _ landing: Approach, to listener: UInt16) -> Probe
    {
        guard meaning.isAnswered(landing), let link = approach.inputInterface else {
            return .inbound(approach.packet(number: nextNumber()), on: approach.inputInterface ?? "")
        }
        let kind: Conversation.Kind =
            approach.transportProtocol == .tcp
            ? .tcp(port: approach.member, listener: listener)
            : .udp(port: approach.member, listener: listener)
        return .conversation(
            Conversation(
                kind,
                from: approach.source,
                to: approach.destination,
                on: link,
                listeners: meaning.addresses(of: link, approach.family)
            )
        )
    }

    private mutating func addPortForward(_ line: TranslationLine, _ target: IPAddress, _ port: UInt16?) {
        let family = target.family
        guard let input = line.inputInterfaces.map(interface) ?? scene.anyInterface,
            let source = source(in: line.source, family)
        else { return }
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
            guard let approach = approaches.first(where: meaning.passes) ?? approaches.first,
                let output = approach.outputInterface
            else { continue }
            var asking = approach
            asking.direction = .inbound
            asking.destination = scene[family].host
            guard meaning.isTranslated(asking, by: line) else { continue }
            asking.direction = .forward
            add(
                Self.title(line.origin),
                asking.text,
                approach,
                by: .forwarded(
                    asking.packet(number: nextNumber()),
                    on: input,
                    leaving: output,
                    destination: target
                ),
                meaning.passes(approach) ? .arrives(at: target) : meaning.stopped(approach)
            )
        }
    }

    /// The protocols whose ports every kernel translates.
    private static func translatable(_ line: TranslationLine) -> [(IPProtocol, IntervalSet<UInt16>)] {
        line.services.members.filter { [.tcp, .udp].contains($0.key) }.sorted { $0.key < $1.key }
            .map { ($0.key, $0.value) }
    }
}
