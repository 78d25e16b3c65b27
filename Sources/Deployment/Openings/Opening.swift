package import Diagnostics

/// Something that others than the policy let in, send on, or shut on this host.
package struct Opening: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// A port that is sent to a guest or another host.
        case publishes
        /// A port that is sent to another port of this host, or to a program that takes what is meant for others.
        case redirects
        /// What a firewall, or an owner's rule about an interface, lets in.
        case admits
        case bans
        /// Rules that a packet meets before ours.
        case precedes
        /// Rules that could not be looked at, and so may open anything.
        case unseen
    }

    package var kind: Kind
    package var owner: String
    package var text: String

    /// `publishes  Docker      tcp/8080, to 172.17.0.2:80`
    package static func lines(_ openings: [Opening]) -> [String] {
        let width = openings.map(\.owner.count).max() ?? 0
        return openings.map { opening in
            let kind = opening.kind.rawValue
            return kind + String(repeating: " ", count: 11 - kind.count) + opening.owner
                + String(repeating: " ", count: width - opening.owner.count + 2) + opening.text
        }
    }

    /// For programs; the keys are stable.
    package static func json(_ openings: [Opening]) -> JSONValue {
        .array(
            openings.map { opening in
                .object([
                    .init("kind", .string(opening.kind.rawValue)), .init("owner", .string(opening.owner)),
                    .init("text", .string(opening.text)),
                ])
            }
        )
    }
}
