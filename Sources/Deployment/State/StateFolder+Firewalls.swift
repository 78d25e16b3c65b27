import FoundationEssentials
import Kernel

/// Firewalls on disk: a folder with a file for each backend, `nftables.nft` in the language of nft, `iptables-*.json`
/// with the texts for the restore tools.
extension StateFolder {
    func writeFirewall(_ firewall: Firewall, to folder: String) throws {
        try makeFolder(folder)
        if let program = firewall.nftables {
            try create("\(folder)/\(Self.nftablesFile)", holding: Array(program.text.utf8))
        }
        for (variant, program) in firewall.iptables {
            try create("\(folder)/\(Self.file(variant))", holding: encode(program))
        }
        try sync(folderOf: "\(folder)/file")
    }

    func readFirewall(_ folder: String) throws -> Firewall {
        guard has(folder) else { throw ChangeError.failed("\(place(folder)) is missing") }
        var firewall = Firewall()
        if let text = try read("\(folder)/\(Self.nftablesFile)") {
            firewall.nftables = NftablesProgram(text: String(decoding: text, as: UTF8.self))
        }
        for variant in IptablesVariant.allCases where has("\(folder)/\(Self.file(variant))") {
            firewall.iptables[variant] = try decode(IptablesProgram.self, "\(folder)/\(Self.file(variant))")
        }
        return firewall
    }

    private static let nftablesFile = "nftables.nft"

    private static func file(_ variant: IptablesVariant) -> String {
        "\(BackendKind(variant).rawValue).json"
    }
}
