import Netfilter
package import PacketModel

/// What a packet met on its way, and what became of it.
package struct Trace: Hashable, Sendable {
    package enum Fate: String, Sendable {
        case accept
        case drop
        case reject
        /// A program decides.
        case queue
    }

    /// A rule whose conditions held, or a policy that was applied.
    package struct Step: Hashable, Sendable {
        /// In the ruleset, from 0.
        package let table: Int
        package let chain: Int
        /// From 0; nil for the policy of a base chain.
        package let rule: Int?
    }

    /// Where a packet went on to that somebody did not send there, or that says no interface to leave by.
    package struct Forwarding: Hashable, Sendable {
        /// Nil when nobody knows.
        package let destination: IPAddress?
        package let port: UInt16?
        /// Nil when nobody knows.
        package let interface: String?
    }

    package internal(set) var fate: Fate = .accept
    package internal(set) var path: [Step] = []
    /// The named buckets that lost a token, in order.
    package internal(set) var charged: [String] = []
    /// The hop limit did not last: the host answers "time exceeded" instead of forwarding.
    package internal(set) var isExpired = false
    /// It came in a frame to more than this host, and the host forwards none of these.
    package internal(set) var isForMany = false
    package internal(set) var forwarding: Forwarding?
    /// What was taken for it contradicts what is said of the packet: there is no such one.
    package internal(set) var isImpossible = false
    /// What was asked and is not known, in order, each once.
    package internal(set) var unknowns: [Int] = []

    package init() {}
}
