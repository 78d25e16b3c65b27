package import PacketModel

/// What a kernel holds of a firewall of ours: chains, rules and sets, each by its place and its content.
package struct FirewallListing: Hashable, Sendable {
    /// A thing at its place.
    package struct Part: Hashable, Sendable {
        /// How people find it: `rule 3 of chain input (policy.yaml:7 allow ssh)`.
        package var name: String
        /// A hash of all that matters to packets.
        package var content: UInt64

        package init(_ name: String, _ content: ContentHash) {
            self.name = name
            self.content = content.value
        }
    }

    /// Ordered by place.
    package var parts: [Part]
    /// Rules of others that stand before a jump of ours, by their places. They are no part of what is ours: whoever puts
    /// the firewall back has no need of them, and only whoever looks after it moves the jump before them.
    package var intruders: [String]

    package init(parts: [Part] = [], intruders: [String] = []) {
        self.parts = parts
        self.intruders = intruders
    }

    package var isEmpty: Bool { parts.isEmpty }

    /// Whether it is what the digest is of, and nothing stands before it.
    package func holds(_ digest: String) -> Bool { intruders.isEmpty && self.digest == digest }

    package static func += (left: inout FirewallListing, right: FirewallListing) {
        left.parts += right.parts
        left.intruders += right.intruders
    }

    /// Sixteen hexadecimal digits that differ where the parts of two listings do.
    package var digest: String {
        var hash = ContentHash()
        for part in parts {
            hash.combine(part.name)
            hash.combine(UInt128(part.content))
        }
        let text = String(hash.value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }

    /// What `read` gives, asked again a few times while it has another digest: a list of the kernel is no snapshot, and one
    /// that is read while others change rules may lack some of those that are meant.
    package static func expecting(
        _ digest: String,
        _ read: () async throws -> FirewallListing
    ) async throws -> FirewallListing {
        var result = try await read()
        for _ in 0..<secondLooks where result.digest != digest {
            try await Task.sleep(for: .milliseconds(30))
            result = try await read()
        }
        return result
    }

    private static let secondLooks = 3

    /// Which parts are otherwise here than in what was meant, in sentences; empty when they are the same.
    package func differences(from meant: FirewallListing) -> [String] {
        if isEmpty && !meant.isEmpty { return ["all of it is missing"] }
        let (mine, theirs) = (contents, meant.contents)
        let missing = meant.parts.map(\.name).filter { mine[$0] == nil }.map { "\($0) is missing" }
        let strange = parts.map(\.name).filter { theirs[$0] == nil }.map { "\($0) was not meant" }
        var seen: Set<String> = []
        let changed = parts.map(\.name).filter { name in
            // The same thing may stand there twice.
            guard seen.insert(name).inserted, let meant = theirs[name], let found = mine[name] else {
                return false
            }
            return meant != found
        }
        return missing + strange + changed.map { "\($0) is not as it was meant" }
    }

    /// What is otherwise here than in what was meant, and what others put before it.
    package func faults(against meant: FirewallListing) -> [String] {
        differences(from: meant) + intruders.map { "\($0) was not meant" }
    }

    private var contents: [String: [UInt64]] {
        Dictionary(parts.map { ($0.name, [$0.content]) }, uniquingKeysWith: +)
    }
}
