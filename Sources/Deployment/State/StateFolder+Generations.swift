package import Compiler
import Diagnostics
import Kernel
import PacketModel
package import Policy

/// The generations: `generations/7/` holds what was meant (`after/`), the way back (`before/`), the policy, the record,
/// and the name of its outcome.
extension StateFolder {
    static func folder(_ number: Int) -> String { "generations/\(number)" }

    /// No host comes to as many; a folder of a larger number was not made by us, and none could come after it.
    private static let lastNumber = 1_000_000_000

    /// Ascending; of names as we write them.
    package func generationNumbers() throws -> [Int] {
        try names(in: "generations").compactMap { name in
            guard let number = Int(name), (1...Self.lastNumber).contains(number), "\(number)" == name else {
                return nil
            }
            return number
        }.sorted()
    }

    package func generation(_ number: Int) throws -> Generation {
        try decode(Generation.self, "\(Self.folder(number))/generation.json")
    }

    /// Nil when the generation has none: its folder was damaged, or it is not there.
    package func outcome(_ number: Int) -> Generation.Outcome? {
        Generation.Outcome.allCases.first { has("\(Self.folder(number))/\($0.rawValue)") }
    }

    package func commitment(_ number: Int) throws -> Commitment? {
        try decodeIfThere(Commitment.self, "\(Self.folder(number))/\(Self.commitmentFile)")
    }

    /// A generation that waits in the kernel of this host; refused where it waits elsewhere, or is not there yet.
    func committed(_ number: Int, on host: HostIdentity) throws -> (Generation, Commitment) {
        let generation = try generation(number)
        guard generation.host == host else {
            throw ChangeError.refused(
                "generation \(number) waits in another network namespace, or another boot"
            )
        }
        guard let commitment = try commitment(number) else {
            throw ChangeError.refused("generation \(number) is not in the kernel yet; wait a moment")
        }
        return (generation, commitment)
    }

    /// In the folder of a generation.
    static let commitmentFile = "commitment.json"

    /// Nil for a generation that never was in a kernel.
    package func placement(_ number: Int) throws -> Placement? {
        if let known = try decodeIfThere(Placement.self, "\(Self.folder(number))/placement.json") {
            return known
        }
        return try commitment(number).map { commitment in
            Placement(time: commitment.time, host: try generation(number).host, digest: commitment.digest)
        }
    }

    /// Writes down that a boot loaded the generation.
    func place(_ number: Int, _ placement: Placement) throws {
        try write(encode(placement), to: "\(Self.folder(number))/placement.json")
    }

    package func decision(_ number: Int) throws -> Decision? {
        try decodeIfThere(Decision.self, "\(Self.folder(number))/decision.json")
    }

    /// The policy that the generation was made from, with its set files as they were then; nil for a removal, and
    /// for a text that this version reads otherwise.
    package func policy(_ number: Int) throws -> Policy? {
        let generation = try generation(number)
        guard let path = generation.policyPath else { return nil }
        let bytes = try content("policy.yaml", of: generation)
        var setFiles: [String: [UInt8]] = [:]
        for (index, name) in generation.setFiles.enumerated() {
            setFiles[name] = try content("sets/\(index)", of: generation)
        }
        let source = SourceFile(name: path, bytes: bytes)
        let environment = PolicyEnvironment(
            ofPolicyAt: path,
            setFiles: setFiles,
            hosts: generation.answers
        )
        return PolicyReader.read(source: source, environment: environment).policy
    }

    /// The firewall of a generation of ours.
    package func firewall(_ number: Int, _ side: Side) throws -> Firewall {
        guard let firewall = try rules(number, side).firewall else {
            throw ChangeError.refused(
                "generation \(number) restored rules of others, and is not a firewall of Wallwright"
            )
        }
        return firewall
    }

    package func rules(_ number: Int, _ side: Side) throws -> ChangedRules {
        let generation = try generation(number)
        var files: [String: [UInt8]] = [:]
        for name in generation.contents.keys where name.hasPrefix("\(side.rawValue)/") {
            files[String(name.dropFirst(side.rawValue.count + 1))] = try content(name, of: generation)
        }
        return try rules(number, of: files)
    }

    /// The same where the record is lost, and nothing says what the files should hold.
    func uncheckedRules(_ number: Int, _ side: Side) throws -> ChangedRules {
        let folder = "\(Self.folder(number))/\(side.rawValue)"
        try requireFolder(folder)
        var files: [String: [UInt8]] = [:]
        for name in try names(in: folder) { files[name] = try read("\(folder)/\(name)") }
        return try rules(number, of: files)
    }

    private func rules(_ number: Int, of files: [String: [UInt8]]) throws -> ChangedRules {
        do {
            if let others = try FirewallFiles.others(files) { return .others(others) }
            return .ours(try FirewallFiles.firewall(files))
        } catch {
            throw ChangeError.failed("generation \(number) was written by another version: \(error)")
        }
    }

    /// The two firewalls of a generation.
    package enum Side: String, Sendable {
        /// What it puts into the kernel.
        case after
        /// What was of ours in the kernel: the way back.
        case before
    }

    /// The generation that waits for its decision, or whose way back is not finished.
    ///
    /// One that is newer than all that are decided, and cannot be looked into, may be the one that waits: that is an error.
    package func undecided() throws -> Int? {
        var isDecidedSince = false
        for number in try generationNumbers().reversed() {
            switch outcome(number) {
            case .pending, .rollingBack: return number
            case .confirmed, .rolledBack: isDecidedSince = true
            case nil: if !isDecidedSince { try requireFolder(Self.folder(number)) }
            }
        }
        return nil
    }

    /// The generation of ours that was confirmed last.
    package func confirmed() throws -> Int? { try confirmedNumbers().last }

    /// Those of ours, ascending.
    func confirmedNumbers() throws -> [Int] {
        try generationNumbers().filter { outcome($0) == .confirmed && isOurs($0) }
    }

    /// The generation that says what of ours is in the kernel: one that waits, or the last that was confirmed.
    func current() throws -> Int? {
        if let number = try undecided(), isOurs(number) { return number }
        return try confirmed()
    }

    /// Also for a generation whose record is damaged.
    private func isOurs(_ number: Int) -> Bool {
        !has("\(Self.folder(number))/\(Side.after.rawValue)/\(FirewallFiles.others)")
    }

    /// A file of a generation, as it was written; throws where it is missing or holds anything else.
    func content(_ name: String, of generation: Generation) throws -> [UInt8] {
        let path = "\(Self.folder(generation.number))/\(name)"
        guard let bytes = try read(path) else { throw ChangeError.failed("\(place(path)) is missing") }
        guard Self.digest(bytes) == generation.contents[name] else {
            throw ChangeError.failed("\(place(path)) is damaged: it does not hold what was written")
        }
        return bytes
    }

    static func digest(_ bytes: [UInt8]) -> String {
        var hash = ContentHash()
        hash.combine(bytes)
        return String(hash.value, radix: 16)
    }

    func commit(_ number: Int, _ commitment: Commitment) throws {
        try write(encode(commitment), to: "\(Self.folder(number))/\(Self.commitmentFile)")
    }

    /// In the folder of a generation until its commit begins.
    static let untouched = "untouched"

    /// Writes down, before the first word to the kernel, that from now on it may hold the generation.
    func begin(_ number: Int) throws {
        let mark = "\(Self.folder(number))/\(Self.untouched)"
        try removeFile(mark)
        try sync(folderOf: mark)
    }

    /// Whether it is known that nothing of the generation ever came to the kernel. Where the state cannot be read, nothing
    /// is known.
    func isUntouched(_ number: Int) -> Bool { has("\(Self.folder(number))/\(Self.untouched)") }

    /// Decides; false when it was decided before, by somebody else.
    func decide(_ number: Int, from old: Generation.Outcome, _ new: Generation.Outcome) throws -> Bool {
        let folder = Self.folder(number)
        return try rename("\(folder)/\(old.rawValue)", to: "\(folder)/\(new.rawValue)")
    }

    /// Writes down how it came, after the decision.
    func explain(_ number: Int, _ decision: Decision) throws {
        try write(encode(decision), to: "\(Self.folder(number))/decision.json")
    }
}
