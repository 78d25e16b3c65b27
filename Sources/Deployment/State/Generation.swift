package import Compiler
package import FoundationEssentials
import Kernel

/// One change of the firewall, from the moment it was prepared. It is never written again: what became of it is told by
/// its ``Outcome``.
package struct Generation: Codable, Sendable {
    package enum Kind: Codable, Hashable, Sendable {
        case apply
        /// An earlier generation once more.
        case rollback(to: Int)
        case remove
        /// Rules of others, from the files that are named. It is no firewall of ours: no boot loads it, and no watch looks
        /// after it.
        case restore(from: [String])
        /// The addresses of DNS names changed; a clause for each.
        case refresh(changes: [String])

        /// Whether it says what of ours is in the kernel.
        package var isOurs: Bool {
            switch self {
            case .apply, .rollback, .remove, .refresh: true
            case .restore: false
            }
        }

        /// Nobody asked for it; it is no step that a person would go back to.
        package var isRefresh: Bool { if case .refresh = self { true } else { false } }
    }

    /// What became of a generation. The decision is one rename, which only one of those who try can win.
    package enum Outcome: String, Codable, CaseIterable, Sendable {
        /// Prepared or committed, and not decided.
        case pending
        case confirmed
        /// It is decided that it goes; the old firewall may not be back yet.
        case rollingBack = "rolling-back"
        case rolledBack = "rolled-back"
    }

    package var number: Int
    package var kind: Kind
    package var created: Date
    package var author: Author
    package var host: HostIdentity
    /// The listing that the kernel gave before the commit.
    package var digestBefore: String
    /// Where the policy was read from; nil for a removal.
    package var policyPath: String?
    /// The set files that it names; what they held is kept in `sets/0`, `sets/1` …
    package var setFiles: [String]
    /// The DNS names of the policy, as they were answered; nil where it has none.
    package var names: [AnsweredName]?
    /// A hash of each file of the generation, by its name: `after/nftables.nft`. What is not here does not belong to it.
    package var contents: [String: String] = [:]
    package var backend: BackendKind?
    /// What `confirm` asks for besides the number.
    package var code: String
    /// The ports of SSH that were found, and kept reachable.
    package var managementPorts: [UInt16]
    /// The addresses that the policy keeps reachable, as prefixes; empty for every address.
    package var managementAddresses: [String]

    /// What a person types to confirm: `7-k4qx`.
    package var ticket: String { "\(number)-\(code)" }

    /// Whether a person who typed this means it: the number with the code, or the code alone.
    package func isMeant(by typed: String) -> Bool {
        let word = typed.lowercased()
        return word == ticket || word == code
    }

    /// Without letters and digits that look alike.
    private static let codeLetters = Array("abcdefghjkmnpqrstuvwxyz23456789")

    package static func newCode() -> String {
        var random = SystemRandomNumberGenerator()
        return String((0..<4).map { _ in codeLetters.randomElement(using: &random) ?? "x" })
    }
}

/// A DNS name with the addresses that it was last answered with.
package struct AnsweredName: Codable, Hashable, Sendable {
    package var name: String
    /// Private addresses count, too.
    package var allowsPrivate: Bool
    package var addresses: [String]
}

/// Who did something, for the history.
package struct Author: Codable, Hashable, Sendable {
    package var user: String
    /// The address that their session comes from; nil for the console and for jobs.
    package var address: String?

    package init(user: String, address: String?) {
        self.user = user
        self.address = address
    }
}

extension Author: CustomStringConvertible {
    package var description: String { user + (address.map { " from \($0)" } ?? "") }
}

/// What stands in the kernel since a commit, and until when it waits.
package struct Commitment: Codable, Sendable {
    package var time: Date
    /// Both in seconds since boot, see ``BootClock``.
    package var committed: Double
    package var deadline: Double
    /// The listing that the kernel gave after the commit.
    package var digest: String
}

extension Commitment {
    /// In seconds; no machine is up for longer, and no change waits for longer. What is beyond was never written, and no
    /// arithmetic of times holds it.
    private static let times = 0...1e10

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func seconds(_ key: CodingKeys) throws -> Double {
            let seconds = try values.decode(Double.self, forKey: key)
            guard Self.times.contains(seconds) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key,
                    in: values,
                    debugDescription: "no time since boot"
                )
            }
            return seconds
        }
        self.init(
            time: try values.decode(Date.self, forKey: .time),
            committed: try seconds(.committed),
            deadline: try seconds(.deadline),
            digest: try values.decode(String.self, forKey: .digest)
        )
    }
}

/// Where a generation was loaded last: by its apply, or by a boot since.
package struct Placement: Codable, Sendable {
    package var time: Date
    package var host: HostIdentity
    /// The listing that the kernel gave then.
    package var digest: String
}

/// How an outcome came about, for the history.
package struct Decision: Codable, Sendable {
    package var time: Date
    package var author: Author?
    /// A clause: `the time was over`.
    package var reason: String
}
