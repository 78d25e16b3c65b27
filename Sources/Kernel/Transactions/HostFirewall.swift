package import Compiler
package import SystemPackage

/// The firewall of ours in one network namespace, whichever backends hold it.
package struct HostFirewall: Sendable {
    let namespace: NetworkNamespace?
    private let lock: FileDescriptor?
    /// Of the tools that change the kernel.
    private let limits: Tool.Limits

    /// The caller's namespace when none is given. The tools that change the kernel hold the lock, if there is one, as
    /// long as they run: see ``Tool/run(_:input:in:holding:limits:)``.
    package init(
        in namespace: NetworkNamespace? = nil,
        holding lock: FileDescriptor? = nil,
        limits: Tool.Limits = Tool.Limits()
    ) {
        self.namespace = namespace
        self.lock = lock
        self.limits = limits
    }

    /// Asks the kernel and the tools whether it would load; changes nothing.
    package func check(_ firewall: Firewall) async throws {
        if let program = firewall.nftables { try await nftables.check(program, in: namespace) }
        for (variant, program) in firewall.iptables {
            try await iptables(variant).check(program, in: namespace)
        }
    }

    /// Puts it in the place of what is there: first what it brings, then away with what only others of our backends
    /// had, so that at no time there is neither.
    package func install(_ firewall: Firewall) async throws {
        if let program = firewall.nftables { try await nftables.commit(program, in: namespace) }
        for (variant, program) in firewall.iptables.sorted(by: { $0.key.rawValue > $1.key.rawValue }) {
            try await iptables(variant).commit(program, in: namespace)
        }
        for backend in try await backends().subtracting(firewall.backends).sorted() {
            switch backend.variant {
            case nil: try await nftables.remove(in: namespace)
            case let variant?: try await iptables(variant).remove(in: namespace)
            }
        }
    }

    /// Changes elements of sets in the table that is there, in one transaction; see
    /// ``NftablesProgram/elementChange(from:to:)``.
    package func change(_ elements: NftablesProgram) async throws {
        try await nftables.commit(elements, in: namespace)
    }

    /// What stands there now, as something that can be installed again.
    package func installed() async throws -> Firewall {
        var result = Firewall()
        for backend in try await backends() {
            switch backend.variant {
            case nil: result.nftables = try await nftables.installed(in: namespace)
            case let variant?:
                result.iptables[variant] = try await iptables(variant).installed(in: namespace)
            }
        }
        return result
    }

    /// What stands there now, by content.
    package func listing() async throws -> FirewallListing {
        var result = FirewallListing()
        for backend in try await backends().sorted() {
            switch backend.variant {
            case nil: result += try await nftables.listing(in: namespace)
            case let variant?: result += try await iptables(variant).listing(in: namespace)
            }
        }
        return result
    }

    /// What the rules have counted.
    package func counters() async throws -> FirewallCounters {
        var result = FirewallCounters()
        for backend in try await backends() {
            switch backend.variant {
            case nil: result.merge(try await nftables.counters(in: namespace))
            case let variant?: result.merge(try await iptables(variant).counters(in: namespace))
            }
        }
        return result
    }

    /// As ``listing()``, by ``FirewallListing/expecting(_:_:)``.
    package func listing(expecting digest: String) async throws -> FirewallListing {
        try await FirewallListing.expecting(digest) { try await listing() }
    }

    /// What a kernel lists that holds the firewall and nothing else: it is loaded into a namespace made for this, or where
    /// none can be made into this one as a copy that no packet meets.
    package static func expectedListing(of firewall: Firewall) async throws -> FirewallListing {
        if let listing = try await scratchListing(of: firewall) { return listing }
        var result = FirewallListing()
        if let program = firewall.nftables {
            result += try await NftablesBackend.expectedListing(of: program)
        }
        for (variant, program) in firewall.iptables.sorted(by: { $0.key.rawValue > $1.key.rawValue }) {
            result += try await IptablesBackend(variant).listing(ofCopy: program)
        }
        return result
    }

    /// As ``expectedListing(of:)``, with no change to this namespace: where no other can be made the tools check the
    /// firewall here, and the answer is nil.
    package static func rehearsedListing(of firewall: Firewall) async throws -> FirewallListing? {
        if let listing = try await scratchListing(of: firewall) { return listing }
        try await HostFirewall().check(firewall)
        return nil
    }

    /// Nil where no namespace can be made.
    private static func scratchListing(of firewall: Firewall) async throws -> FirewallListing? {
        guard let namespace = try await NetworkNamespace.makeIfPossible() else { return nil }
        let scratch = HostFirewall(in: namespace)
        try await scratch.install(firewall)
        return try await scratch.listing()
    }

    /// The backends that hold something of ours here, asked of the kernel without loading a module of it.
    package func backends() async throws -> Set<BackendKind> {
        var (result, hasLegacyTables) = try await NetworkNamespace.run(in: namespace) {
            (try OwnChains.backends(), try OwnChains.hasLegacyTables())
        }
        if hasLegacyTables, try await iptables(.legacy).holdsChains(in: namespace) {
            result.insert(.iptablesLegacy)
        }
        return result
    }

    var nftables: NftablesBackend { NftablesBackend(holding: lock, limits: limits) }

    func iptables(_ variant: IptablesVariant) throws(ToolError) -> IptablesBackend {
        var tools = try IptablesTools(variant)
        tools.lock = lock
        tools.limits = limits
        return IptablesBackend(tools: tools)
    }
}
