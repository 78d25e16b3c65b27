import Kernel
import PacketModel

extension OthersFirewall {
    /// Puts rules of others back from memory, before anything is read. `other` is what was put there since, as far as it is
    /// known: where others changed the same chains meanwhile, what stands there is read after all. Every part is tried;
    /// throws the first error.
    func bringBack(_ rules: OthersRules, over other: OthersRules?) async throws {
        var errors: [any Error] = []
        func attempt(_ work: () async throws -> Void) async {
            do { try await work() } catch { errors.append(error) }
        }
        let text = Self.filling(rules.sets)
        if !text.isEmpty {
            await attempt {
                try await Tool(named: "ipset").run(
                    ["restore", "-exist"],
                    text: text,
                    in: namespace,
                    holding: lock,
                    limits: limits
                )
            }
        }
        await attempt { try await put(rules.tables) }
        for family in rules.families {
            await attempt { try await bringBack(rules, family, over: other) }
        }
        for set in rules.sets where set.text == nil { await attempt { try await destroy(set.name) } }
        if let first = errors.first { throw first }
    }

    private func bringBack(_ rules: OthersRules, _ family: IPFamily, over other: OthersRules?) async throws {
        if let other {
            do {
                return try await put(
                    rules.text(of: family, over: IptablesChains(other.chains, family)),
                    family,
                    rules
                )
            } catch is ToolError {
                // Not all of what was put there stands there still.
            }
        }
        try await put(rules.text(of: family, over: try await chains(family, rules.variant)), family, rules)
    }

    /// For `ipset restore -exist`: each set is made where it is not there, and changes its content in one step.
    private static func filling(_ sets: [OthersRules.Part]) -> String {
        sets.enumerated().map { number, set in
            guard let text = set.text else { return "" }
            let header = text.prefix { $0 != "\n" }
            let draft = "\(draft)\(number)"
            let drafted = SavedSets.renamed(text, set.name, to: draft)
            let made = drafted.prefix { $0 != "\n" }
            return "\(header)\n\(made)\nflush \(draft)\n\(drafted.dropFirst(made.count + 1))"
                + "swap \(draft) \(set.name)\ndestroy \(draft)\n"
        }.joined()
    }
}
