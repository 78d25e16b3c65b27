import Compiler
import PacketModel

/// Chains of ours under other names, to which nothing leads: what the tools make of them is found out where no namespace
/// can be made for that.
struct IptablesCopy {
    let tools: IptablesTools

    /// How names of ours begin, and those of a copy, which are as long.
    private static let (own, copy) = ("WALLWRIGHT", "WALLWRIGH=")

    /// What is saved of one family that holds the chains of a text for `iptables-restore --noflush`, and these jumps.
    func state(of text: String, jumps: [IptablesProgram.Jump], _ family: IPFamily) async throws
        -> IptablesState
    {
        guard !text.isEmpty else { return IptablesState("") }
        let saved: String
        do {
            try await tools.add(text.replacing(Self.own, with: Self.copy), family, in: nil)
            saved = try await tools.state(family, in: nil).text
        } catch {
            try await remove(family)
            throw error
        }
        try await remove(family)
        var result = ""
        var table = ""
        for line in saved.listedLines {
            if line.hasPrefix("*") { table = String(line.dropFirst()) }
            if line == "COMMIT" {
                for jump in jumps where jump.table == table {
                    result += "-A \(jump.chain) \(jump.words.joined(separator: " "))\n"
                }
            } else if !line.hasPrefix("*"), !line.contains(Self.copy) {
                continue
            }
            result += line.replacing(Self.copy, with: Self.own) + "\n"
        }
        return IptablesState(result)
    }

    /// Takes all chains of copies away, also those that a program left which was killed.
    private func remove(_ family: IPFamily) async throws {
        var text = ""
        for (name, table) in try await tools.state(family, in: nil).tables.sorted(by: { $0.key < $1.key }) {
            let chains = table.chains.filter { $0.hasPrefix(Self.copy) }
            if chains.isEmpty { continue }
            let emptied = chains.map { ":\($0) - [0:0]\n" }.joined()
            text += "*\(name)\n\(emptied)\(chains.map { "-X \($0)\n" }.joined())COMMIT\n"
        }
        if !text.isEmpty { try await tools.add(text, family, in: nil) }
    }
}

extension IptablesBackend {
    /// What this kernel lists that holds the program and nothing else of ours, found out by a copy in the caller's
    /// namespace.
    func listing(ofCopy program: IptablesProgram) async throws -> FirewallListing {
        let made = try await makeSets(of: program, in: nil)
        var listing = FirewallListing()
        do {
            let copy = IptablesCopy(tools: tools)
            for family in IPFamily.allCases {
                let (text, jumps) = (program[family].text, program[family].jumps)
                listing += try await copy.state(of: text, jumps: jumps, family).listing(family)
            }
            listing.parts += IpsetListing.parts(try await savedSets(program.setNames, in: nil))
        } catch {
            try await destroy(made, in: nil)
            throw error
        }
        try await destroy(made, in: nil)
        return listing
    }
}
