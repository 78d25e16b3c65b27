import Diagnostics

extension LoadedTable {
    /// How deep chains may lead into chains (NFT_JUMP_STACK_SIZE of the kernel, counted from the built-in chain).
    static let deepestChain = 15

    /// Follows every jump from the built-in chains, as the kernel does at COMMIT: loops, depth, and hooks at which a
    /// match or target cannot stand. What no packet reaches is not looked at.
    func pathErrors() -> [Refusal] {
        var errors: [Refusal] = []
        for hook in table.chains {
            var walk = Walk(table: self, hook: hook)
            walk.follow(hook.rawValue, level: 0)
            errors += walk.errors
        }
        var known: Set<Refusal> = []
        return errors.filter { known.insert($0).inserted }
    }

    private struct Walk {
        let table: LoadedTable
        let hook: BuiltInChain
        var errors: [Refusal] = []
        private var path: [String] = []
        private var deepest: [String: Int] = [:]

        init(table: LoadedTable, hook: BuiltInChain) {
            self.table = table
            self.hook = hook
        }

        mutating func follow(_ name: String, level: Int) {
            // A chain is looked at anew only when a longer way leads to it.
            guard let chain = table.chains[name], deepest[name].map({ $0 < level }) ?? true else { return }
            let isFirst = deepest[name] == nil
            deepest[name] = level
            path.append(name)
            defer { path.removeLast() }
            for rule in chain.rules {
                if isFirst { checkHook(of: rule) }
                guard let next = rule.followedChain else { continue }
                if path.contains(next) {
                    let loop = path.drop { $0 != next } + [next]
                    errors.append(
                        Refusal(
                            "chain.loop",
                            "chains go round: \(loop.joined(separator: ", "))",
                            at: rule.range
                        )
                    )
                } else if level == LoadedTable.deepestChain {
                    errors.append(
                        Refusal(
                            "chain.deep",
                            "chains lead into chains more than \(LoadedTable.deepestChain) deep",
                            at: rule.range
                        )
                    )
                } else {
                    follow(next, level: level + 1)
                }
            }
        }

        private mutating func checkHook(of rule: RuleSyntax) {
            for instance in rule.instances {
                guard let hooks = instance.syntax.hooks, !hooks.contains(hook) else { continue }
                let names = BuiltInChain.allCases.filter(hooks.contains).map(\.rawValue).joined(
                    separator: ", "
                )
                errors.append(
                    Refusal(
                        "\(instance.syntax.role.rawValue).hook",
                        "\(instance.syntax.name) works in \(names) only, and packets of \(hook.rawValue) come here",
                        at: instance.range
                    )
                )
            }
        }
    }
}
