package import Diagnostics
import Iptables
import Netfilter
import Nftables
package import PacketModel

/// The programs of bans for each backend, and the names by which a kernel holds them.
package enum BanPrograms {
    /// The table of nftables, in the family `inet`.
    package static let table = "wallwright_bans"
    /// The chain of iptables; no chain of a generation begins so.
    package static let chain = "WALLWRIGHT_BANS"
    /// Where packets meet the bans.
    static let hooks: [Chain.Hook.Point] = [.input, .forward]
    /// The chains of iptables that lead there.
    package static let entrances = hooks.map { $0.rawValue.uppercased() }

    /// Replaces the table of bans and nothing else, in one transaction.
    package static func nftables(_ bans: [Ban]) throws(Diagnostic) -> NftablesProgram {
        do {
            return NftablesProgram(text: try NftablesPrinter.print(BanLowering.nftables(bans)))
        } catch {
            throw Diagnostic(error, inIptables: false)
        }
    }

    /// The chain and the jumps to it; nothing where no address of the family is banned.
    package static func iptables(_ bans: [Ban], _ family: IPFamily) throws(Diagnostic)
        -> IptablesProgram.Family
    {
        do {
            return try IptablesProgram.Family(BanLowering.iptables(bans, family), family)
        } catch {
            throw Diagnostic(error, inIptables: true)
        }
    }
}
