package import Diagnostics
import Glibc
package import PacketModel

/// Reads a policy: text, tree, keys, names, and the checks that need all of it.
package enum PolicyReader {
    /// Reads a file, which with all folders above it must belong to a trusted owner; `-` is the standard input.
    package static func read(
        path: String,
        owners: TrustedOwners = .current
    ) -> (policy: Policy?, diagnostics: [Diagnostic]) {
        let (source, problem) = source(path: path, owners: owners)
        guard let source else { return (nil, problem.map { [$0] } ?? []) }
        return read(source: source, environment: PolicyEnvironment(ofPolicyAt: path, owners: owners))
    }

    /// The text of a file, or why it cannot be read.
    package static func source(
        path: String,
        owners: TrustedOwners = .current
    ) -> (source: SourceFile?, problem: Diagnostic?) {
        do {
            let bytes = try contents(of: path, owners)
            return (SourceFile(name: path == "-" ? "<stdin>" : path, bytes: bytes), nil)
        } catch {
            return (nil, error.diagnostic("the policy"))
        }
    }

    /// Reads a policy at this path once more, with what its DNS names stand for; no file is read a second time.
    package static func read(
        again policy: Policy,
        path: String,
        hosts: [String: [IPAddress]]
    ) -> (policy: Policy?, diagnostics: [Diagnostic]) {
        let files = Dictionary(
            policy.setFiles.map { ($0.name, $0.bytes) },
            uniquingKeysWith: { first, _ in first }
        )
        let environment = PolicyEnvironment(ofPolicyAt: path, setFiles: files, hosts: hosts)
        return read(source: policy.source, environment: environment)
    }

    /// The policy, nil when there are errors; diagnostics are sorted by their place.
    package static func read(
        source: SourceFile,
        environment: PolicyEnvironment
    ) -> (policy: Policy?, diagnostics: [Diagnostic]) {
        let (policy, guessed) = readAsWritten(source, environment)
        let diagnostics = ProvenFixes.kept(guessed, of: source) { readAsWritten($0, environment).diagnostics }
        let explained = Lookalike.explain(
            diagnostics,
            in: source,
            code: "policy.file.letter",
            longDash: "-"
        ) { readAsWritten($0, environment).diagnostics }
        return (policy, sorted(explained, source))
    }

    private static func readAsWritten(
        _ source: SourceFile,
        _ environment: PolicyEnvironment
    ) -> (policy: Policy?, diagnostics: [Diagnostic]) {
        let (root, syntax) = YAMLParser.parse(source)
        guard let root else { return (nil, syntax) }
        var reading = Reading(source: source, environment: environment)
        syntax.forEach { reading.report($0) }
        var policy = policy(root, &reading)
        if let policy, reading.errorCount == 0 {
            CoveredLines.check(policy, &reading)
            PortForwards.check(policy, &reading)
            TranslationOverlap.check(policy, &reading)
            DeniedNames.check(policy, &reading)
            DeadLines.check(policy, &reading)
        }
        policy?.setFiles = reading.setFiles
        policy?.hosts = reading.hosts
        policy?.answers = environment.hosts.filter { name, _ in reading.hosts.contains { $0.name == name } }
        if reading.errorCount > 0 { policy = nil }
        var diagnostics = sorted(reading.diagnostics, source)
        if reading.unshown > 0 {
            let message = "\(reading.unshown) more complaints are not shown"
            diagnostics.append(Diagnostic(.note, code: "policy.errors.more", message))
        }
        return (policy, diagnostics)
    }

    static func contents(of path: String, _ owners: TrustedOwners) throws(FileProblem) -> [UInt8] {
        let largest = SourceChecks.largestPolicy
        if path == "-" {
            return try Descriptor.standardInput().read("<stdin>", expected: 0, largest: largest)
        }
        do {
            return try TrustedFile(path, owners: owners, largest: largest).read(path, largest: largest)
        } catch .system(_, ENOENT) {
            // A folder on the way may be what is missing; the person asked for the file.
            throw .system(path, ENOENT)
        }
    }

    private static func policy(_ root: YAMLNode, _ reading: inout Reading) -> Policy? {
        if let entry = root.entry("wallwright"), Form.version.read(entry.value, &reading) == nil {
            // The keys of another version mean other things.
            return nil
        }
        var draft = PolicyDraft()
        let errors = reading.errorCount
        let sections = reading.reportForeignSections(root)
        guard PolicyDraft.keys.read(sections, into: &draft, &reading, hint: reading.assignmentsFix(root)),
            reading.errorCount == errors
        else { return nil }
        var policy = Policy(source: reading.source)
        policy.lines = [draft.inbound, draft.outbound, draft.forward]
            .flatMap { $0 ?? [] }.compactMap(\.self).sorted { $0.origin.range.start < $1.origin.range.start }
        if let baseline = draft.baseline { policy.baseline = baseline }
        if let log = draft.log { policy.log = log }
        if let management = draft.management { policy.management = management }
        policy.nat = (draft.nat ?? []).compactMap(\.self)
        policy.containers = draft.containers
        policy.rest = draft.rest ?? [:]
        policy.backend = draft.backend ?? .auto
        policy.endsStrays = draft.cut ?? false
        return policy
    }

    /// By place; those of other files keep their order, after what stands before them here.
    private static func sorted(_ diagnostics: [Diagnostic], _ source: SourceFile) -> [Diagnostic] {
        let keyed = diagnostics.enumerated().map { index, diagnostic in
            let isHere = diagnostic.primary?.source.name == source.name
            return (
                start: isHere ? diagnostic.primary?.range.start ?? 0 : Int.max, index: index,
                diagnostic: diagnostic
            )
        }
        return keyed.sorted { ($0.start, $0.index) < ($1.start, $1.index) }.map(\.diagnostic)
    }
}
