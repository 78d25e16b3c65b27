import Foundation
import Testing

@testable import Deployment

/// The rules of an owner as they stood in a kernel, in `Rules/`: of most by their own programs, run in a namespace; of the
/// others as their sources and manuals have them.
struct OwnerRules: Sendable, CustomTestStringConvertible {
    let file: String
    let owner: String

    init(_ file: String, _ owner: String) {
        (self.file, self.owner) = (file, owner)
    }

    var testDescription: String { file }

    func text() throws -> String { try Self.text(file) }

    static func text(_ file: String) throws -> String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Rules")
        return try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    }

    /// Each table of a listing of nft.
    static func tables(_ text: String) -> [NftablesSave.Table] {
        var tables: [NftablesSave.Table] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("table "), line.hasSuffix(" {") {
                tables.append(
                    .init(name: String(line.dropFirst(6).dropLast(2)), text: "", isOfIptables: false)
                )
            }
            guard let last = tables.indices.last, !line.isEmpty else { continue }
            tables[last].text += line + "\n"
        }
        return tables
    }

    /// What they make anew, wholly.
    static let madeAnew = [
        OwnerRules("docker.v4", "Docker"), OwnerRules("podman.v4", "Podman"), OwnerRules("cni.v4", "CNI"),
        OwnerRules("kube-proxy.v4", "kube-proxy"), OwnerRules("cluster-networks.v4", "Calico"),
        OwnerRules("cluster-networks.v4", "Cilium"), OwnerRules("cluster-networks.v4", "Flannel"),
        OwnerRules("libvirt.v4", "libvirt"), OwnerRules("lxd.v4", "LXD"), OwnerRules("lxd.nft", "LXD"),
        OwnerRules("nspawn.nft", "systemd"), OwnerRules("networkmanager.nft", "NetworkManager"),
        OwnerRules("networkmanager.v4", "NetworkManager"), OwnerRules("fail2ban.v4", "fail2ban"),
        OwnerRules("fail2ban-ipset.v4", "fail2ban"), OwnerRules("fail2ban-ipset.ipset", "fail2ban"),
        OwnerRules("fail2ban.nft", "fail2ban"), OwnerRules("crowdsec.v4", "CrowdSec"),
        OwnerRules("crowdsec.ipset", "CrowdSec"), OwnerRules("sshguard.nft", "sshguard"),
        OwnerRules("tailscale.v4", "Tailscale"), OwnerRules("wg-quick.nft", "wg-quick"),
        OwnerRules("wg-quick.v4", "wg-quick"), OwnerRules("strongswan.v4", "strongSwan"),
        OwnerRules("keepalived.nft", "keepalived"), OwnerRules("miniupnpd.v4", "miniupnpd"),
        OwnerRules("firewalld-iptables.v4", "firewalld"), OwnerRules("firewalld-iptables.v6", "firewalld"),
        OwnerRules("firewalld.nft", "firewalld"), OwnerRules("ufw.v4", "ufw"), OwnerRules("ufw.v6", "ufw"),
        OwnerRules("csf.v4", "csf"), OwnerRules("foomuuri.nft", "Foomuuri"),
    ]
}
