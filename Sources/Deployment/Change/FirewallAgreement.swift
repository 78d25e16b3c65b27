package import Compiler
import Kernel

/// Whether a kernel holds a firewall.
///
/// What was written down when it was loaded is only the quick answer: tools of another version, or another
/// `/etc/protocols`, list the same rules in other words. Where it differs, the firewall is listed anew by the tools of
/// today, in a namespace that holds nothing else, and the two listings are compared.
package struct FirewallAgreement: Sendable {
    private let rules: ChangedRules
    private let digest: String?

    /// `digest` is that of the listing that was written down; nil when none was.
    package init(_ rules: ChangedRules, digest: String?) {
        (self.rules, self.digest) = (rules, digest)
    }

    package init(_ firewall: Firewall, digest: String?) {
        self.init(.ours(firewall), digest: digest)
    }

    /// What is otherwise in this kernel, and what others put before ours, in sentences; empty when it holds it.
    package func faults() async throws -> [String] {
        if let digest { return try await faults(of: try await rules.liveListing(expecting: digest)) }
        return try await faults(of: try await rules.liveListing())
    }

    /// The same of a listing that was read.
    func faults(of live: FirewallListing) async throws -> [String] {
        try await differences(of: live) + live.faults(against: live)
    }

    /// What is otherwise in what is ours.
    func differences(of live: FirewallListing) async throws -> [String] {
        if live.digest == digest { return [] }
        let expected = try await rules.expectedListing()
        let listing = try await rules.liveListing(expecting: expected.digest)
        guard listing.digest != expected.digest else { return [] }
        let differences = listing.differences(from: expected)
        return differences.isEmpty ? ["its parts are in a different order"] : differences
    }
}
