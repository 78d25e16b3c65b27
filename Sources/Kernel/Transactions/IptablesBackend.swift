package import Compiler
import PacketModel

/// Commits through the restore tools of iptables: each table of each family is one transaction.
///
/// Sets come first, both families are tested before either is loaded, and a failure in the second family puts
/// the first one back. Chains, jumps and sets that an earlier commit left and this one has not got are taken away.
package struct IptablesBackend: FirewallBackend {
    let tools: IptablesTools

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
        await destroyUnusedSets(besides: program, in: namespace)
    }

    package func remove(in namespace: NetworkNamespace?) async throws(CommitError) {
        try await commit(.nothing, in: namespace)
    }

    package func installed(in namespace: NetworkNamespace?) async throws -> IptablesProgram {
        IptablesProgram(
            ipv4: try await tools.state(.ipv4, in: namespace).own,
            ipv6: try await tools.state(.ipv6, in: namespace).own,
            ipset: try await savedSets(in: namespace)
        )
    }

    package func listing(in namespace: NetworkNamespace?) async throws -> FirewallListing {
        var listing = FirewallListing()
        for family in IPFamily.allCases {
            listing += try await tools.state(family, in: namespace).listing(family)
        }
        listing.parts += IpsetListing.parts(try await savedSets(in: namespace))
        return listing
    }

    /// Our sets, by content.
    package func sets(in namespace: NetworkNamespace?) async throws -> FirewallListing {
        FirewallListing(parts: IpsetListing.parts(try await savedSets(in: namespace)))
    }

    /// Whether there are chains of ours.
    func holdsChains(in namespace: NetworkNamespace?) async throws -> Bool {
        for family in IPFamily.allCases {
            let state = try await tools.state(family, in: namespace)
            if state.tables.values.contains(where: { !$0.ownChains.isEmpty }) || !state.jumps.isEmpty {
                return true
            }
        }
        return false
    }

    package func counters(in namespace: NetworkNamespace?) async throws -> FirewallCounters {
        var counters = FirewallCounters()
        for family in IPFamily.allCases {
            let state = try await tools.state(family, in: namespace)
            state.count(into: &counters)
            for limit in state.hashlimits {
                let buckets = try await buckets(of: limit.name, family, in: namespace)
                counters.add(.init(comment: limit.comment, buckets: buckets, size: limit.size))
            }
        }
        IpsetListing.count(try await savedSets(in: namespace), into: &counters)
        return counters
    }

    /// How many buckets a hashlimit holds: a line for each (iptables-extensions(8), "hashlimit").
    private func buckets(of name: String, _ family: IPFamily, in namespace: NetworkNamespace?) async throws
        -> Int
    {
        let folder = family == .ipv4 ? "ipt_hashlimit" : "ip6t_hashlimit"
        return try await NetworkNamespace.run(in: namespace) {
            var buckets = 0
            _ = try HostFiles().visitLines(of: "/proc/thread-self/net/\(folder)/\(name)") { _ in buckets += 1
            }
            return buckets
        }
    }

    /// Our sets, as `ipset restore` reads them. Of those of others only the names are read.
    private func savedSets(in namespace: NetworkNamespace?) async throws(ToolError) -> String {
        try await savedSets(in: namespace) { $0.hasPrefix(IptablesProgram.setPrefix) }
    }

    /// Those sets that are named and there.
    func savedSets(
        _ names: [String],
        in namespace: NetworkNamespace?
    ) async throws(ToolError) -> String {
        try await savedSets(in: namespace) { names.contains($0) }
    }

    private static let saveAttempts = 3

    private func savedSets(
        in namespace: NetworkNamespace?,
        where isMeant: (String) -> Bool
    ) async throws(ToolError) -> String {
        guard let ipset = tools.ipset else { return "" }
        var attempt = 1
        while true {
            do throws(ToolError) {
                var saved = ""
                for name in try await names(of: ipset, in: namespace).filter(isMeant).sorted() {
                    let lines = try await ipset.run(["save", name], text: "", in: namespace)
                    for line in SavedSetLine.lines(of: lines) { saved += line.writable + "\n" }
                }
                return saved
            } catch {
                // One of them may have gone since it was named.
                guard case .failed = error, attempt < Self.saveAttempts else { throw error }
                attempt += 1
            }
        }
    }

    /// One family, ready to load, and what was of ours there before.
    private struct Tested {
        let family: IPFamily
        let text: String
        let before: IptablesProgram.Family
    }

    private func tested(
        _ program: IptablesProgram,
        in namespace: NetworkNamespace?
    ) async throws(ToolError) -> [Tested] {
        var result: [Tested] = []
        for family in IPFamily.allCases {
            let state = try await tools.state(family, in: namespace)
            let text = program[family].text(over: state)
            try await tools.test(text, family, in: namespace)
            result.append(Tested(family: family, text: text, before: state.own))
        }
        return result
    }

    private func load(
        _ program: IptablesProgram,
        in namespace: NetworkNamespace?
    ) async throws(CommitError) {
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
                    for done in loaded { try await putBack(done, in: namespace) }
                } catch let restoring {
                    throw .halfDone(failed: family.family, error, restoring: restoring)
                }
                throw .restored(failed: family.family, error)
            }
        }
    }

    /// Brings back what was of ours; the rules of others stay as they are by now.
    private func putBack(_ tested: Tested, in namespace: NetworkNamespace?) async throws(ToolError) {
        let state = try await tools.state(tested.family, in: namespace)
        // The family that failed is mostly as it was.
        if state.own == tested.before { return }
        try await tools.add(tested.before.text(over: state), tested.family, in: namespace)
    }

    /// Makes and fills the sets; returns the names of those that were not there before.
    func makeSets(
        of program: IptablesProgram,
        in namespace: NetworkNamespace?
    ) async throws(ToolError) -> [String] {
        guard !program.ipset.isEmpty else { return [] }
        guard let ipset = tools.ipset else { throw ToolError.notFound(program: "ipset") }
        let known = try await names(of: ipset, in: namespace)
        let new = program.setNames.filter { !known.contains($0) }
        do throws(ToolError) {
            try await ipset.run(
                ["restore", "-exist"],
                text: program.ipset,
                in: namespace,
                holding: tools.lock
            )
        } catch {
            do throws(ToolError) { try await destroy(new, in: namespace) } catch {}
            throw error
        }
        return new
    }

    /// Destroys those of the sets that are there.
    func destroy(_ sets: [String], in namespace: NetworkNamespace?) async throws(ToolError) {
        guard !sets.isEmpty, let ipset = tools.ipset else { return }
        let known = try await names(of: ipset, in: namespace)
        for set in sets.reversed() where known.contains(set) {
            try await ipset.run(["destroy", set], in: namespace)
        }
    }

    /// How often a set that is in use is asked for again: the kernel lets go of the rules of a transaction a little
    /// after it (net/netfilter/nf_tables_api.c, `nf_tables_trans_destroy_work`).
    private static let destroyAttempts = 10

    /// Takes the sets of earlier generations away. One that somebody else uses stays, and so does one that the kernel
    /// has not let go of: the firewall is the new one all the same, and the next commit asks again.
    func destroyUnusedSets(besides program: IptablesProgram, in namespace: NetworkNamespace?) async {
        guard let ipset = tools.ipset else { return }
        let used = Set(program.setNames)
        for attempt in 1...Self.destroyAttempts {
            do {
                let old = try await names(of: ipset, in: namespace).filter {
                    $0.hasPrefix(IptablesProgram.setPrefix) && !used.contains($0)
                }
                if old.isEmpty { return }
                for set in old.sorted() {
                    do throws(ToolError) { try await ipset.run(["destroy", set], in: namespace) } catch {}
                }
                if attempt < Self.destroyAttempts { try await Task.sleep(for: .milliseconds(20)) }
            } catch {
                return
            }
        }
    }

    private func names(of ipset: Tool, in namespace: NetworkNamespace?) async throws(ToolError) -> Set<String>
    {
        let listed = try await ipset.run(["list", "-name"], text: "", in: namespace)
        return Set(listed.split(separator: "\n").map(String.init))
    }
}
