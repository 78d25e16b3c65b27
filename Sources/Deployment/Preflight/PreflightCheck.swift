import Diagnostics

/// One thing to look at before a host is changed: the properties are what was read, and the judgement is made of
/// nothing else.
protocol PreflightCheck: Sendable {
    init(reading host: PreflightHost) async

    var diagnostics: [Diagnostic] { get }
}
