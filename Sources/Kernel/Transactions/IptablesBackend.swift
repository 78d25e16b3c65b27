import PacketModel

/// Commits through the restore tools of iptables: each table of each family is one transaction.
///
/// Sets come first, both families are tested before either is loaded, and a failure in the second family puts
/// the first one back.
package struct IptablesBackend: FirewallBackend {
    private let tools: IptablesTools

    package init(_ variant: IptablesVariant) throws(ToolError) {
        self.init(tools: try IptablesTools(variant))
    }

    package init(tools: IptablesTools) {
        self.tools = tools
    }

    /// Makes the sets for the time of the test, for a rule is refused when its set is not there.
    package func check(_ program: IptablesProgram, in namespace: NetworkNamespace?) async throws(CommitError)
    {
        do throws(ToolError) {
            let made = try await makeSets(of: program, in: namespace)
            do throws(ToolError) {
                _ = try await tested(program, in: namespace)
            } catch {
                try await destroy(made, in: namespace)
                throw error
            }
            try await destroy(made, in: namespace)
        } catch {
            throw .refused(error)
        }
    }

    package func commit(_ program: IptablesProgram, in namespace: NetworkNamespace?) async throws(CommitError)
    {
        let made: [String]
        do {
            made = try await makeSets(of: program, in: namespace)
        } catch {
            throw .refused(error)
        }
        do throws(CommitError) {
            try await load(program, in: namespace)
        } catch {
            switch error {
            case .refused, .restored:
                // No rule uses them; a set that stays behind is no reason to hide the first error.
                do throws(ToolError) { try await destroy(made, in: namespace) } catch {}
            case .halfDone:
                break
            }
            throw error
        }
    }

    /// One family, ready to load, and the way back.
    private struct Tested {
        let family: IPFamily
        let text: String
        let wayBack: String
    }

    private func tested(
        _ program: IptablesProgram,
        in namespace: NetworkNamespace?
    ) async throws(ToolError) -> [Tested] {
        var result: [Tested] = []
        for family in IPFamily.allCases {
            let state = try await tools.state(family, in: namespace)
            let text = program[family].text(missingFrom: state)
            try await tools.test(text, family, in: namespace)
            let wayBack = state.text(emptying: program[family].tables)
            result.append(Tested(family: family, text: text, wayBack: wayBack))
        }
        return result
    }

    private func load(_ program: IptablesProgram, in namespace: NetworkNamespace?) async throws(CommitError) {
        let families: [Tested]
        do {
            families = try await tested(program, in: namespace)
        } catch {
            throw .refused(error)
        }
        var loaded: [Tested] = []
        for family in families {
            // The family at hand is put back too: of several tables the first ones may have been loaded.
            loaded.append(family)
            do {
                try await tools.add(family.text, family.family, in: namespace)
            } catch {
                do {
                    for done in loaded { try await tools.replace(done.wayBack, done.family, in: namespace) }
                } catch let restoring {
                    throw .halfDone(failed: family.family, error, restoring: restoring)
                }
                throw .restored(failed: family.family, error)
            }
        }
    }

    /// Makes and fills the sets; returns the names of those that were not there before.
    private func makeSets(
        of program: IptablesProgram,
        in namespace: NetworkNamespace?
    ) async throws(ToolError) -> [String] {
        guard !program.ipset.isEmpty else { return [] }
        guard let ipset = tools.ipset else { throw ToolError.notFound(program: "ipset") }
        let known = try await names(of: ipset, in: namespace)
        let created = program.ipset.split(separator: "\n").filter { $0.hasPrefix("create ") }
            .compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) }
        let new = created.filter { !known.contains($0) }
        do throws(ToolError) {
            try await ipset.run(["restore", "-exist"], text: program.ipset, in: namespace)
        } catch {
            do throws(ToolError) { try await destroy(new, in: namespace) } catch {}
            throw error
        }
        return new
    }

    /// Destroys those of the sets that are there.
    private func destroy(_ sets: [String], in namespace: NetworkNamespace?) async throws(ToolError) {
        guard !sets.isEmpty, let ipset = tools.ipset else { return }
        let known = try await names(of: ipset, in: namespace)
        for set in sets.reversed() where known.contains(set) {
            try await ipset.run(["destroy", set], in: namespace)
        }
    }

    private func names(of ipset: Tool, in namespace: NetworkNamespace?) async throws(ToolError) -> Set<String>
    {
        let listed = try await ipset.run(["list", "-name"], text: "", in: namespace)
        return Set(listed.split(separator: "\n").map(String.init))
    }
}
