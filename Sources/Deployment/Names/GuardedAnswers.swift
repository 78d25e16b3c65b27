import Diagnostics
import PacketModel
import Policy

/// New answers for the names of a policy, without what would take the way to SSH from where it was proven.
///
/// Whoever answers for a name that is denied could name the administrator, and whoever answers for one that is allowed
/// could leave them out; and nobody is there who would confirm. So an address that a confirmed generation came from, or
/// that stands under `management.from`, is taken out of an answer that shuts it out, and one that came from a confirmed
/// generation stays in an answer that left it out, until somebody applies the policy by hand.
struct GuardedAnswers {
    private(set) var addresses: [String: [IPAddress]]
    private(set) var diagnostics: [Diagnostic] = []
    /// What no choice of answers leaves its way.
    private(set) var lost: [IPAddress] = []

    private let old: Policy
    private let path: String
    private let ports: [UInt16]
    private let before: [String: [IPAddress]]
    private let proven: ProvenAddresses

    /// More addresses are not looked at one by one; then the answers are not taken.
    private static let mostLost = 32

    init(
        _ answers: [String: [IPAddress]],
        after generation: Generation,
        _ policy: Policy,
        at path: String,
        _ proven: ProvenAddresses
    ) {
        addresses = answers
        (old, self.path, self.proven) = (policy, path, proven)
        ports = generation.managementPorts
        before = generation.answers
        let managed = answers.values.flatMap(\.self).filter { policy.managementContains($0) }
        let kept = Set(proven.generations.keys).union(managed).sorted()
        lost = takenAway(kept)
        guard lost.count <= Self.mostLost else { return }
        for address in lost { restore(address) }
        lost = takenAway(kept)
    }

    /// Of these, the ones that had a way in and have a worse one, or none.
    private func takenAway(_ addresses: [IPAddress]) -> [IPAddress] {
        guard !addresses.isEmpty,
            let new = PolicyReader.read(again: old, path: path, hosts: self.addresses).policy
        else { return [] }
        return addresses.filter { new.takesAway($0, ports, from: old) }
    }

    private mutating func restore(_ address: IPAddress) {
        if proven.generations[address] != nil {
            for name in addresses.keys.sorted() where before[name]?.contains(address) == true {
                guard addresses[name]?.contains(address) == false else { continue }
                addresses[name]?.append(address)
                warn("`\(name)` no longer resolves to \(address), \(reason(address)): it is kept")
            }
        }
        guard !takenAway([address]).isEmpty else { return }
        for name in addresses.keys.sorted() where addresses[name]?.contains(address) == true {
            guard before[name]?.contains(address) != true else { continue }
            let rest = addresses[name]?.filter { $0 != address } ?? []
            addresses[name] = rest.isEmpty ? before[name] : rest
            warn("`\(name)` now resolves to \(address), \(reason(address)): it is not used")
        }
    }

    private func reason(_ address: IPAddress) -> String {
        proven.generations[address].map { "from where generation \($0) was confirmed" }
            ?? "which is under `management.from`"
    }

    private mutating func warn(_ message: String) {
        diagnostics.append(
            Diagnostic(
                .warning,
                code: "policy.host.proven",
                message,
                fix:
                    "apply the policy by hand if it is meant so, with  management:  from:  the addresses that you come from"
            )
        )
    }
}

extension Policy {
    fileprivate func managementContains(_ address: IPAddress) -> Bool {
        management.exemptSources?.contains(address) ?? false
    }
}
