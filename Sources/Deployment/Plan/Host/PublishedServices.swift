import Kernel
import PacketModel
import Policy

/// Ports that rules of others send elsewhere before any line of a policy is asked: those of containers, forwarded ones,
/// and those that a REDIRECT sends to another port of this host.
struct PublishedServices {
    private let translations: [PortTranslation]

    init(_ translations: [PortTranslation]) {
        self.translations = translations
    }

    /// Processes by which an engine of root's holds a port that it publishes; others may be called the same.
    private static let holders: Set<String> = ["docker-proxy", "conmon"]

    /// Whether what is asked of this socket's port goes to a guest.
    func isPublished(_ listener: Listener) -> Bool {
        isSentElsewhere(listener.transportProtocol, listener.port)
            || listener.isOfRoot && listener.process.map(Self.holders.contains) == true
    }

    func isSentElsewhere(_ transport: IPProtocol, _ port: UInt16) -> Bool {
        translations.contains { translation in
            guard translation.isOf(transport, port), case .elsewhere = translation.target else {
                return false
            }
            return true
        }
    }

    /// The ports that are asked for when a packet reaches this socket; its own is not among them.
    func asked(_ listener: Listener) -> [ClosedRange<UInt16>] {
        translations.filter { translation in
            translation.transport == listener.transportProtocol
                && [.here(listener.port), .proxy(listener.port)].contains(translation.target)
        }.map(\.ports)
    }

    /// Lines under `inbound` that name a port which is sent to a guest: they do not let anybody in there.
    static func sentences(_ pair: PolicyPair, _ translations: [PortTranslation]) -> [PlanSentence] {
        let published = pair.new.containers?.published.map(\.services) ?? []
        let lines = pair.new.lines.filter {
            $0.direction == .inbound && $0.action == .allow && !$0.services.isAny
        }
        var told: Set<String> = []
        return translations.compactMap { translation in
            guard case .elsewhere(let target) = translation.target else { return nil }
            let port = translation.ports.lowerBound
            let isMeant = (published + pair.new.nat.map(\.services)).contains {
                $0.contains(translation.transport, port)
            }
            guard !isMeant,
                let line = lines.first(where: { $0.services.contains(translation.transport, port) }),
                told.insert(translation.service).inserted
            else { return nil }
            let owner = translation.owner ?? "a rule of somebody's"
            return PlanSentence(
                .warning,
                .inbound,
                "\(translation.service): \(owner) sends it on to \(target), and this line does not reach it",
                place: pair.place(line.origin, .new),
                advice: [advice(pair, [translation.service])]
            )
        }
    }

    static func advice(_ pair: PolicyPair, _ services: [String]) -> String {
        let list = "published: [\(services.joined(separator: ", "))]"
        return pair.new.containers == nil
            ? "to open it, write  containers: {outbound: allow, \(list)}"
            : "to open it, write under containers:  \(list)"
    }
}
