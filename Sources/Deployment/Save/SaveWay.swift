import Kernel

/// Where the services of a distribution look for saved rules.
package enum SaveWay: String, CaseIterable, Sendable {
    case netfilterPersistent = "netfilter-persistent"
    case iptablesServices = "iptables-services"
    case nftables
    case ipsetFiles = "ipset-files"

    /// One file, and who may read it.
    struct Target: Hashable, Sendable {
        var path: String
        var mode: UInt32
    }

    var ipv4: Target? {
        switch self {
        case .netfilterPersistent: Target(path: "/etc/iptables/rules.v4", mode: 0o640)
        case .iptablesServices: Target(path: "/etc/sysconfig/iptables", mode: 0o600)
        case .nftables, .ipsetFiles: nil
        }
    }

    var ipv6: Target? {
        switch self {
        case .netfilterPersistent: Target(path: "/etc/iptables/rules.v6", mode: 0o640)
        case .iptablesServices: Target(path: "/etc/sysconfig/ip6tables", mode: 0o600)
        case .nftables, .ipsetFiles: nil
        }
    }

    /// Those of ipset-persistent, of RHEL's ipset-service, and of Arch's `ipset.service`.
    var sets: Target? {
        switch self {
        case .netfilterPersistent: Target(path: "/etc/iptables/ipsets", mode: 0o640)
        case .iptablesServices: Target(path: "/etc/sysconfig/ipset", mode: 0o600)
        case .ipsetFiles: Target(path: "/etc/ipset.conf", mode: 0o600)
        case .nftables: nil
        }
    }

    /// What the person's own file includes.
    var tables: Target? {
        self == .nftables ? Target(path: "/etc/wallwright/saved.nft", mode: 0o600) : nil
    }

    /// The way of `enable` that reads the same files; nil for ipset's.
    private var reader: (any PersistenceWay)? {
        switch self {
        case .netfilterPersistent: NetfilterPersistentWay()
        case .iptablesServices: IptablesServicesWay()
        case .nftables: NftablesWay()
        case .ipsetFiles: nil
        }
    }

    /// The one that is named, or the first that the root has; throws what is missing.
    static func choose(_ wanted: SaveWay?, in root: RootFolder) throws -> SaveWay {
        let possible = allCases.filter { way in way.reader.map { $0.lack(in: root) == nil } ?? false }
        let there = possible.map(\.rawValue).joined(separator: ", ")
        guard let wanted else {
            guard let way = possible.first else {
                throw ChangeError.refused(
                    "nothing in \(root.place("/")) loads saved rules\n"
                        + "do: apt install iptables-persistent, or dnf install iptables-services"
                )
            }
            return way
        }
        if let lack = wanted.reader?.lack(in: root) {
            throw ChangeError.refused(
                "\(wanted.rawValue) cannot be used: \(lack)"
                    + (there.isEmpty ? "" : "\nthese are there: \(there)")
            )
        }
        return wanted
    }
}
