import Compiler
import Kernel
import PacketModel

/// The services `iptables` and `ip6tables` of CentOS and RHEL (package iptables-services), which load
/// `/etc/sysconfig/iptables` and `ip6tables`.
struct IptablesServicesWay: PersistenceWay {
    let name = "iptables-services"
    let title = "the services iptables and ip6tables of CentOS and RHEL"
    let isCopy = true
    let ownFindings: Set<String> = ["preflight.manager.iptables", "preflight.manager.ip6tables"]

    private static let services = ["iptables", "ip6tables"]

    /// Debian gives these names to another service.
    private func services(in root: RootFolder) -> [SystemdService] {
        Self.services.compactMap { SystemdService($0, in: root) }
            .filter { $0.value("ExecStart")?.contains("\($0.name).init") == true }
    }

    func lack(in root: RootFolder) -> String? {
        services(in: root).count == Self.services.count
            ? SystemdService.idleness(in: root) : "iptables-services is not installed"
    }

    func parts(for setting: PersistenceSetting) throws -> [PersistedPart] {
        guard let confirmed = setting.confirmed else { return [] }
        guard confirmed.firewall.nftables == nil else {
            throw ChangeError.refused(
                "generation \(confirmed.number) is of nftables, which iptables-services cannot load\n"
                    + "do: wallwright enable --using systemd, or nftables; or write  backend: iptables  and apply"
            )
        }
        let program = try confirmed.iptablesWithoutSets()
        let files = IPFamily.allCases.map { family in
            PersistedPart.file(
                path: "/etc/sysconfig/\(family == .ipv4 ? "iptables" : "ip6tables")",
                text: SaveFile.text(of: program?[family], family, generation: confirmed.number),
                mode: 0o600
            )
        }
        return files + services(in: setting.root).flatMap { $0.enablement(in: setting.root) }
    }

    func notes(for setting: PersistenceSetting) -> [String] {
        ["it is a copy: bans are not in it, and no watch starts at boot"]
    }
}
