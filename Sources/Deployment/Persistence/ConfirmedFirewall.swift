import Compiler
import Diagnostics
import Kernel

/// The generation that the next boot is to load, for ways that load a copy of it.
struct ConfirmedFirewall: Sendable {
    let number: Int
    let backend: BackendKind?
    /// Nothing for a generation that removed the firewall.
    let firewall: Firewall
    private let folder: StateFolder

    /// Nil before anything was confirmed.
    init?(in folder: StateFolder) throws {
        guard let number = try folder.confirmed() else { return nil }
        let generation = try folder.generation(number)
        self.number = number
        self.folder = folder
        backend = generation.kind == .remove ? nil : generation.backend
        firewall = generation.kind == .remove ? .none : try folder.firewall(number, .after)
    }

    /// For restore files that no ipset service comes before: rules that look into sets are compiled anew without them.
    func iptablesWithoutSets() throws -> IptablesProgram? {
        guard let variant = backend?.variant, let program = firewall.iptables[variant] else { return nil }
        if program.ipset.isEmpty { return program }
        guard let policy = try folder.policy(number) else {
            throw ChangeError.refused(
                "generation \(number) uses ipset, and its policy cannot be read again to do without\n"
                    + "do: wallwright apply, confirm, and try again; or wallwright enable --using systemd"
            )
        }
        do {
            return try IptablesProgram(policy, usesIpset: false)
        } catch {
            throw ChangeError.refused("generation \(number) cannot do without ipset: \(error.message)")
        }
    }
}
