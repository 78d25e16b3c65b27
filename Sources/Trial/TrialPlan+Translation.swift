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
            let source = Self.guest(of: line.source ?? .masqueradedNetworks, family),
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
    private static func guest(of sources: AddressSet, _ family: IPFamily) -> IPAddress? {
        let usual: UInt128 = family == .ipv4 ? 0xC0A8_4D0A : 0xFD77 << 112 | 10
        let ends = sources[family].intervals.flatMap { [$0.lower, $0.upper] }
        return ([usual] + ends).first(where: sources[family].contains).map {
            IPAddress(family: family, value: $0)
        }
    }

    private mutating func addRedirect(_ line: TranslationLine, _ family: IPFamily, to listener: UInt16) {
        let link = line.inputInterfaces?.first.map(WitnessScene.instance) ?? scene.anyInterface
        guard line.source?[family].isEmpty != true else { return }
        let source = line.source?[family].intervals.first.map { $0.lower } ?? scene[family].strangers[0].value
        for (transportProtocol, ports) in line.services.members.sorted(by: { $0.key < $1.key }) {
            guard let asked = ports.intervals.first?.lower else { continue }
            var approach = Approach(
                direction: .inbound,
                transportProtocol: transportProtocol,
                member: asked,
                source: IPAddress(family: family, value: source),
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
        let source =
            line.source?[family].intervals.first.map { IPAddress(family: family, value: $0.lower) }
            ?? scene[family].strangers[0]
        for (transportProtocol, ports) in line.services.members.sorted(by: { $0.key < $1.key }) {
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

/// An address that packets must find behind a link, though none is sent to it.
struct TrialRoute: Hashable, Sendable {
    var address: IPAddress
    var link: String
}
