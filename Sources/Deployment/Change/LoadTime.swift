import Diagnostics
import Kernel

/// How long it takes to load a firewall.
enum LoadTime {
    /// A tenth of what a boot, or the way back, gives to the tools: a machine may be ten times as busy then.
    private static let longest = Tool.Limits.ofRecovery.time / 10

    /// An error where it took so long that a boot might not come to its end with it.
    static func diagnostic(_ time: Duration) -> Diagnostic? {
        guard time > longest else { return nil }
        return Diagnostic(
            code: "change.time",
            "loading this firewall takes \(time.components.seconds) s here, and a boot that is busy with other things "
                + "would take many times as long",
            fix: "make the lists shorter, or merge their addresses into prefixes"
        )
    }
}
