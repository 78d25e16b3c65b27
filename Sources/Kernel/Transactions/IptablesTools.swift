package import Compiler
package import PacketModel
package import SystemPackage

/// The programs of one variant of iptables.
package struct IptablesTools: Sendable {
    package var restore: [IPFamily: Tool]
    package var save: [IPFamily: Tool]
    /// Nil when it is not installed; then a program with sets is refused.
    package var ipset: Tool?
    /// Held by the tools that change the kernel, as long as they run.
    package var lock: FileDescriptor?
    /// Of the tools that change the kernel.
    package var limits = Tool.Limits()

    package init(_ variant: IptablesVariant) throws(ToolError) {
        restore = [
            .ipv4: try Tool(named: "iptables-\(variant.rawValue)-restore"),
            .ipv6: try Tool(named: "ip6tables-\(variant.rawValue)-restore"),
        ]
        save = [
            .ipv4: try Tool(named: "iptables-\(variant.rawValue)-save"),
            .ipv6: try Tool(named: "ip6tables-\(variant.rawValue)-save"),
        ]
        ipset = Tool.isInstalled("ipset") ? try Tool(named: "ipset") : nil
    }

    /// How long a tool waits for the lock that others of its kind hold, in seconds.
    private static let lockWait = "20"

    func test(_ text: String, _ family: IPFamily, in namespace: NetworkNamespace?) async throws(ToolError) {
        try await load(text, family, ["--test", "--noflush"], in: namespace)
    }

    package func add(
        _ text: String,
        _ family: IPFamily,
        in namespace: NetworkNamespace?
    ) async throws(ToolError) {
        try await load(text, family, ["--noflush"], in: namespace)
    }

    func state(_ family: IPFamily, in namespace: NetworkNamespace?) async throws(ToolError) -> IptablesState {
        guard let save = save[family] else { throw ToolError.notFound(program: "iptables-save") }
        return IptablesState(try await save.run(["--counters"], text: "", in: namespace))
    }

    private func load(
        _ text: String,
        _ family: IPFamily,
        _ options: [String],
        in namespace: NetworkNamespace?
    ) async throws(ToolError) {
        guard let restore = restore[family] else { throw ToolError.notFound(program: "iptables-restore") }
        // The listings of a test would go where the lock is.
        let held = options.contains("--test") ? nil : lock
        try await restore.run(
            options + ["--wait", Self.lockWait],
            text: text,
            in: namespace,
            holding: held,
            limits: limits
        )
    }
}
