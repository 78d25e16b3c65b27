import Compiler
import Diagnostics
import PacketModel

/// What changes a kernel's chain of bans.
enum IptablesBans {
    /// Text for `iptables-restore --noflush` that puts these bans in the place of all; without any the chain goes.
    /// `state` is what the table has now.
    static func text(_ bans: [Ban], _ family: IPFamily, over state: IptablesState) throws(Diagnostic)
        -> String
    {
        let program = try BanPrograms.iptables(bans, family)
        let chain = BanPrograms.chain
        if program.jumps.isEmpty {
            guard state.hasChain(chain) else { return "" }
            let entrances = BanPrograms.entrances.filter { state.hasJump(from: $0, to: chain) }
            let jumps = entrances.map { "-D \($0) -j \(chain)\n" }
            return "*filter\n:\(chain) - [0:0]\n\(jumps.joined())-X \(chain)\nCOMMIT\n"
        }
        let missing = program.jumps.filter { !state.hasJump(from: $0.chain, to: chain) }
        return program.text(ending: ["filter": missing.map(\.insertion).joined()])
    }
}
