package import Diagnostics
package import PacketModel

/// A policy after reading: names resolved, sets read, exceptions carved out.
package struct Policy: Sendable {
    /// The rest, after every allow and deny.
    package enum Rest: String, CaseIterable, Sendable {
        case drop
        case reject
    }

    package enum Backend: String, CaseIterable, Sendable {
        case auto
        case nftables
        case iptables
    }

    package var source: SourceFile
    /// The files that sets were read from, each by its whole path.
    package var setFiles: [SourceFile] = []
    /// The DNS names that sets are made of.
    package var hosts: [HostName] = []
    /// What these stand for; those that are not here are not known.
    package var answers: [String: [IPAddress]] = [:]
    /// The allow and deny lines of all directions, in the order of the file.
    package var lines: [PolicyLine]
    package var baseline: Baseline
    package var log: LogSettings
    package var management: Management
    package var nat: [TranslationLine]
    package var containers: Containers?
    /// What becomes of the rest; directions that are missing drop it.
    package var rest: [Direction: Rest]
    package var backend: Backend
    /// An apply ends the connections that could not begin under the policy (`cut: true`).
    package var endsStrays = false

    package init(
        source: SourceFile,
        lines: [PolicyLine] = [],
        baseline: Baseline = Baseline(),
        log: LogSettings = LogSettings(),
        management: Management = .obligation(Management.Obligation()),
        nat: [TranslationLine] = [],
        containers: Containers? = nil,
        rest: [Direction: Rest] = [:],
        backend: Backend = .auto
    ) {
        self.source = source
        self.lines = lines
        self.baseline = baseline
        self.log = log
        self.management = management
        self.nat = nat
        self.containers = containers
        self.rest = rest
        self.backend = backend
    }
}

/// The three ways through a host; each is a section of the policy.
package enum Direction: String, CaseIterable, Comparable, Sendable {
    case inbound
    case outbound
    case forward

    package static func < (left: Direction, right: Direction) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .inbound: 0
        case .outbound: 1
        case .forward: 2
        }
    }
}

/// The line of the policy that something comes from.
package struct Origin: Hashable, Sendable {
    /// From 1.
    package let line: Int
    package let range: SourceRange
    /// What it says, in short: `allow mysql`.
    package let title: String

    package init(line: Int, range: SourceRange, title: String) {
        self.line = line
        self.range = range
        self.title = title
    }
}
