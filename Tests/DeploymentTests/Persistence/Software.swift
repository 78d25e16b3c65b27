import Compiler
import Foundation
import Kernel

/// What a distribution has that loads firewalls at boot, as far as a way looks for it.
enum Software: String, CaseIterable, Sendable {
    case systemd, openrc, runit
    case netfilterPersistent = "netfilter-persistent"
    case iptablesServices = "iptables-services"
    case nftables

    func install(in host: PersistentHost) throws {
        let units = "/usr/lib/systemd/system"
        switch self {
        case .systemd: try host.write("/usr/lib/systemd/systemd", "", mode: 0o755)
        case .openrc:
            try host.write("/usr/sbin/openrc-run", "", mode: 0o755)
            try host.write("/etc/init.d/networking", "#!/sbin/openrc-run\n", mode: 0o755)
        case .runit: try host.write("/etc/runit/core-services/08-sysctl.sh", "msg \"Loading sysctl\"\n")
        case .netfilterPersistent:
            try host.write(
                "/usr/share/netfilter-persistent/plugins.d/15-ip4tables",
                "#!/bin/sh\n",
                mode: 0o755
            )
            try host.write("\(units)/netfilter-persistent.service", "[Install]\nWantedBy=multi-user.target\n")
        case .iptablesServices:
            for name in ["iptables", "ip6tables"] {
                try host.write(
                    "\(units)/\(name).service",
                    "[Service]\nExecStart=/usr/libexec/iptables/\(name).init start\n[Install]\nWantedBy=multi-user.target\n"
                )
            }
        case .nftables:
            try host.write(
                "\(units)/nftables.service",
                "[Service]\nExecStart=/usr/sbin/nft -f /etc/nftables.conf\n[Install]\nWantedBy=sysinit.target\n"
            )
        }
    }

    /// The backends whose generations the way can load.
    var backends: [BackendKind] {
        switch self {
        case .systemd, .openrc, .runit, .netfilterPersistent: [.nftables, .iptablesNft, .iptablesLegacy]
        case .iptablesServices: [.iptablesNft, .iptablesLegacy]
        case .nftables: [.nftables]
        }
    }

    /// Each with each of its backends.
    static let withBackends = allCases.flatMap { way in way.backends.map { (way, $0) } }
}
