import Diagnostics

extension Diagnostic {
    /// Says that something was not looked at, and why: silence would read as "there is none".
    static func unread(_ subject: String, _ reason: String, fix: Fix? = nil) -> Diagnostic {
        Diagnostic(.note, code: "preflight.unread", "not looked for: \(subject)", notes: [reason], fix: fix)
    }
}
