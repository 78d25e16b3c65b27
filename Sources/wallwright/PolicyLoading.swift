import ArgumentParser
import Deployment
import Diagnostics
import Glibc
import Iptables
import Kernel
import PacketModel
import Policy
import SystemPackage

/// The policy that a command works on.
struct PolicyArgument: ParsableArguments {
    static let defaultPath = "/etc/wallwright/policy.yaml"

    @Argument(help: "The policy; - reads standard input.", completion: .file(extensions: ["yaml", "yml"]))
    var policy = defaultPath

    @Flag(help: "Answer with one JSON document on standard output.")
    var json = false

    /// The path from the root, for the records.
    var absolutePath: String {
        if policy == "-" { return "<stdin>" }
        guard !policy.hasPrefix("/"), let folder = unsafe getcwd(nil, 0) else { return policy }
        defer { unsafe free(folder) }
        return unsafe FilePath(String(cString: folder)).pushing(FilePath(policy)).lexicallyNormalized().string
    }

    /// Reads and judges the policy; what is to be said of it is said.
    ///
    /// Throws a failure when the policy has errors or, where the host is asked, would shut its SSH out.
    func load(askingHost: Bool) async throws(Failure) -> Policy {
        let (policy, diagnostics) = await inspect(askingHost: askingHost)
        guard let policy, !diagnostics.hasErrors else { throw refusal(diagnostics) }
        report(diagnostics)
        return policy
    }

    /// The end of a command whose policy is refused; what is wrong is said to people here.
    func refusal(_ diagnostics: [Diagnostic], answer: JSONAnswer? = nil) -> Failure {
        report(diagnostics)
        let document = JSONValue.object([.init(JSONKey.findings, Self.json(diagnostics))])
        return Failure(.refused, answer: answer ?? .document(document))
    }

    /// As a program gets them: errors come last.
    static func json(_ diagnostics: [Diagnostic]) -> JSONValue {
        .array(inOrder(diagnostics).map(JSONRenderer.object))
    }

    /// The policy, and what is wrong with its text; of a file of another format that alone.
    func read() -> (policy: Policy?, diagnostics: [Diagnostic]) {
        let (read, diagnostics) = PolicyReader.read(path: policy)
        guard read == nil || diagnostics.hasErrors,
            let source = diagnostics.lazy.compactMap(\.primary).first?.source
        else { return (read, diagnostics) }
        let format = RulesFormat(source)
        let isProgram = source.bytes.starts(with: "#!".utf8)
        guard format.isCertainlyNoPolicy || isProgram else { return (read, diagnostics) }
        return (
            nil,
            [
                Diagnostic(
                    code: "policy.format",
                    "this is \(format.title), and no policy: \(format.advice)",
                    at: Diagnostic.Label(source, SourceRange(0, source.lineRange(of: 0).end))
                )
            ]
        )
    }

    /// The policy with what its DNS names stand for now, or stood for when they were last answered.
    func readAskingForNames(_ option: StateOption) async throws -> (
        policy: Policy?, diagnostics: [Diagnostic]
    ) {
        let first = read()
        guard let policy = first.policy, !policy.hosts.isEmpty else { return first }
        let folder = try StateFolder.existing(at: option.state)
        let kept = try folder.flatMap { folder in
            try folder.confirmed().map { try folder.generation($0).answers }
        }
        let lookup = await NameLookup.ask(policy.hosts, kept: kept ?? [:])
        let again = PolicyReader.read(again: policy, path: self.policy, hosts: lookup.addresses)
        let unknown = lookup.diagnostics.hasErrors
        return (again.policy, (unknown ? [] : again.diagnostics) + lookup.diagnostics)
    }

    /// The policy, and all that is to be said of it; what concerns this host only where it is asked.
    func inspect(askingHost: Bool) async -> (policy: Policy?, diagnostics: [Diagnostic]) {
        var (read, diagnostics) = read()
        guard let read else { return (nil, diagnostics) }
        guard askingHost else {
            return (read, diagnostics + read.managementDiagnostics(listening: []))
        }
        do {
            let listening = try await SSHDaemon.listeningPorts() ?? [SSHDaemon.standardPort]
            let bridges = try ContainerBridges.present(.guestBridges)
            diagnostics += read.managementDiagnostics(listening: listening)
            diagnostics += read.containerDiagnostics(present: bridges)
            diagnostics += read.interfaceDiagnostics(present: try ContainerBridges.interfaces())
        } catch {
            // Without root some of it cannot be read.
            diagnostics += read.managementDiagnostics(listening: [SSHDaemon.standardPort])
            diagnostics.append(.unreadHost("\(error)"))
        }
        return (read, diagnostics)
    }

    /// Errors come last, so that they are what a person sees above the prompt.
    private static func inOrder(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        diagnostics.enumerated().sorted {
            ($0.element.severity, $0.offset) < ($1.element.severity, $1.offset)
        }
        .map(\.element)
    }

    /// Tells people; a program finds it in its document.
    func report(_ diagnostics: [Diagnostic]) {
        let sorted = Self.inOrder(diagnostics)
        if !json, !sorted.isEmpty {
            let renderer = TerminalRenderer(usesColour: Terminal.error.usesColour)
            Terminal.error.write(renderer.render(sorted) + summary(sorted))
        }
    }

    private func summary(_ diagnostics: [Diagnostic]) -> String {
        let errors = diagnostics.count { $0.severity == .error }
        guard errors > 0 else { return "\n" }
        return "\n\(DisplayText.line(of: policy)): refused, \(errors) \(errors == 1 ? "error" : "errors")\n"
    }
}

extension RulesFormat {
    /// A script is what nothing else is, so a policy with an odd beginning may be taken for one.
    fileprivate var isCertainlyNoPolicy: Bool {
        switch self {
        case .saveFile, .listing, .nftables, .ipsets: true
        case .foreign(let format): format != .yaml
        case .script, .policy: false
        }
    }
}

extension Diagnostic {
    /// A policy may be judged where the host cannot be asked.
    fileprivate static func unreadHost(_ reason: String) -> Diagnostic {
        Diagnostic(
            .warning,
            code: "policy.host.unread",
            "whether the policy fits this host is not known: \(reason)",
            fix: "check it as root"
        )
    }
}
