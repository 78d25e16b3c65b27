import Glibc
import Testing

extension Trait where Self == ConditionTrait {
    /// These tests make network namespaces, which takes root; a build machine (`CI=true`) must run them.
    static var needsRoot: Self {
        .enabled(if: mustRun || geteuid() == 0, "needs root: it makes network namespaces")
    }

    private static var mustRun: Bool {
        guard let value = unsafe getenv("CI") else { return false }
        return unsafe String(cString: value) == "true"
    }
}
