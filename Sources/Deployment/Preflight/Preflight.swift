package import Diagnostics
import Kernel

/// What is looked at before anything on a host is changed. It only reads.
///
/// All that a change needs stands here and in ``Preparation``, which `plan` and `apply` share: what `plan` lets pass,
/// `apply` can do.
package enum Preflight {
    /// Without these nothing else can be looked at.
    static let foundations: [any PreflightCheck.Type] = [
        WSLCheck.self, CapabilityCheck.self, KernelFilesCheck.self,
    ]

    static let checks: [any PreflightCheck.Type] = [
        ToolsCheck.self,
        KernelSupportCheck.self,
        GuardCheck.self,
        IPv6Check.self,
        StateFolderCheck.self,
        UfwCheck.self,
        FirewalldCheck.self,
        NftablesServiceCheck.self,
        CsfCheck.self,
        SavedRulesServiceCheck.self,
        MixedIptablesCheck.self,
        ConntrackTableCheck.self,
        ConntrackPickupCheck.self,
        UntrackedTrafficCheck.self,
        InterfaceProgramsCheck.self,
        BridgeFilterCheck.self,
        ForwardingCheck.self,
        CopyCheck.self,
    ]

    /// What stands in the way, and what should be known; an error among them is a reason not to go on.
    package static func diagnostics(for request: PreflightRequest) async -> [Diagnostic] {
        await diagnostics(of: PreflightHost(request))
    }

    static func diagnostics(of host: PreflightHost) async -> [Diagnostic] {
        let first = await diagnostics(of: host, foundations)
        guard !first.hasErrors else { return first }
        let second = await diagnostics(of: host, checks)
        let unread = host.files.problems.map { Diagnostic.unread("what a file of this host says", $0) }
        return first + second + unread
    }

    /// All at once; in the order of the checks.
    private static func diagnostics(
        of host: PreflightHost,
        _ checks: [any PreflightCheck.Type]
    ) async -> [Diagnostic] {
        await withTaskGroup(of: (Int, [Diagnostic]).self) { group in
            for (place, check) in checks.enumerated() {
                group.addTask { (place, await check.init(reading: host).diagnostics) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
                .sorted { $0.key < $1.key }.flatMap(\.value)
        }
    }
}
