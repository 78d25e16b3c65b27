import PacketModel
import Policy

/// A port that a person asks about: `5432`, `udp/53`, `53/udp`.
struct AskedPort {
    private let port: UInt16
    private let protocols: [IPProtocol]

    /// Nil for what names no port.
    init?(_ text: String) {
        let known: [String: IPProtocol] = ["tcp": .tcp, "udp": .udp, "sctp": .sctp, "dccp": .dccp]
        let parts = text.lowercased().split(whereSeparator: { "/:".contains($0) }).map(String.init)
        guard (1...2).contains(parts.count), let port = parts.compactMap({ UInt16($0) }).first, port > 0
        else { return nil }
        let names = parts.compactMap { known[$0] }
        guard parts.count == 1 || names.count == 1 else { return nil }
        self.port = port
        protocols = names.isEmpty ? [.tcp, .udp, .sctp, .dccp] : names
    }

    func isOf(_ services: ServiceSet) -> Bool {
        protocols.contains { services.contains($0, port) }
    }

    /// `port 5432`, `udp/53`
    var text: String { protocols.count == 1 ? policyText : "port \(port)" }

    /// As a line of a policy has it.
    var policyText: String { "\(protocols[0])/\(port)" }
}
