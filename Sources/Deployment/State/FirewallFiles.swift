import Compiler
import Kernel

/// A firewall as files: `nftables.nft` in the language of nft, `iptables-*.json` with the texts for the restore tools;
/// `others.json` for rules of others.
enum FirewallFiles {
    static func files(of firewall: Firewall) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        if let program = firewall.nftables { files[nftables] = Array(program.text.utf8) }
        for (variant, program) in firewall.iptables { files[file(variant)] = try StateJSON.encode(program) }
        return files
    }

    static func files(of rules: ChangedRules) throws -> [String: [UInt8]] {
        switch rules {
        case .ours(let firewall): try files(of: firewall)
        case .others(let rules): [others: try StateJSON.encode(rules)]
        }
    }

    /// Nil for a generation of ours.
    static func others(_ files: [String: [UInt8]]) throws -> OthersRules? {
        try files[others].map { try StateJSON.decode(OthersRules.self, $0) }
    }

    static func firewall(_ files: [String: [UInt8]]) throws -> Firewall {
        var firewall = Firewall()
        if let text = files[nftables] {
            firewall.nftables = NftablesProgram(text: String(decoding: text, as: UTF8.self))
        }
        for variant in IptablesVariant.allCases {
            guard let bytes = files[file(variant)] else { continue }
            firewall.iptables[variant] = try StateJSON.decode(IptablesProgram.self, bytes)
        }
        return firewall
    }

    private static let nftables = "nftables.nft"
    /// Only a generation that restores rules of others has it.
    static let others = "others.json"

    private static func file(_ variant: IptablesVariant) -> String {
        "\(BackendKind(variant).rawValue).json"
    }
}
