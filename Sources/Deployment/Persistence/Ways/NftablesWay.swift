import Compiler
import Kernel

/// The service `nftables`, which loads a file of the person's: one line in it includes ours (nft(8), "Include files").
///
/// The copy is under `/etc`, for the service may start before `/var` is there.
struct NftablesWay: PersistenceWay {
    let name = "nftables"
    let title = "a line in the file that nftables.service loads"
    let isCopy = true
    let ownFindings: Set<String> = ["preflight.manager.nftables"]

    private static let copy = "/etc/wallwright/boot.nft"
    private static let usualFile = "/etc/nftables.conf"

    func lack(in root: RootFolder) -> String? {
        SystemdService("nftables", in: root) == nil
            ? "there is no nftables.service" : SystemdService.idleness(in: root)
    }

    func parts(for setting: PersistenceSetting) throws -> [PersistedPart] {
        guard let confirmed = setting.confirmed, let service = SystemdService("nftables", in: setting.root)
        else { return [] }
        guard confirmed.firewall.iptables.isEmpty else {
            throw ChangeError.refused(
                "generation \(confirmed.number) is of iptables, which nftables.service cannot load\n"
                    + "do: wallwright enable --using systemd; or write  backend: nftables  and apply"
            )
        }
        let head =
            "# Made by wallwright enable from generation \(confirmed.number); the next confirmation writes it anew.\n"
        return [
            .file(path: Self.copy, text: head + (confirmed.firewall.nftables?.text ?? ""), mode: 0o600),
            .line(path: Self.file(of: service), text: "include \"\(Self.copy)\""),
        ] + service.enablement(in: setting.root)
    }

    /// What stands after `-f` where the service starts: `/usr/sbin/nft -f /etc/nftables.conf`.
    static func file(of service: SystemdService) -> String {
        let words = service.value("ExecStart")?.split(separator: " ") ?? []
        return words.firstIndex(of: "-f").flatMap { words.dropFirst($0 + 1).first }.map(String.init)
            ?? usualFile
    }

    func notes(for setting: PersistenceSetting) -> [String] {
        [
            "it is a copy: bans are not in it, and no watch starts at boot",
            "stopping nftables.service takes every table away, ours too",
        ]
    }
}
