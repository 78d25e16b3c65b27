import Diagnostics
import FoundationEssentials
package import Kernel
package import Policy

/// The generations: `generations/7/` holds what was meant (`after/`), the way back (`before/`), the policy, the record,
/// and the name of its outcome.
extension StateFolder {
    static func folder(_ number: Int) -> String { "generations/\(number)" }

    /// Ascending.
    package func generationNumbers() throws -> [Int] {
        try names(in: "generations").compactMap(Int.init).sorted()
    }

    package func generation(_ number: Int) throws -> Generation {
        try decode(Generation.self, "\(Self.folder(number))/generation.json")
    }

    /// Nil when the generation has none: its folder was damaged, or it is not there.
    package func outcome(_ number: Int) -> Generation.Outcome? {
        Generation.Outcome.allCases.first { has("\(Self.folder(number))/\($0.rawValue)") }
    }

    package func commitment(_ number: Int) throws -> Commitment? {
        let name = "\(Self.folder(number))/commitment.json"
        return has(name) ? try decode(Commitment.self, name) : nil
    }

    package func decision(_ number: Int) throws -> Decision? {
        let name = "\(Self.folder(number))/decision.json"
        return has(name) ? try decode(Decision.self, name) : nil
    }

    /// The policy that the generation was made from, with its set files as they were then; nil for a removal, and
    /// for a text that this version reads otherwise.
    package func policy(_ number: Int) throws -> Policy? {
        let folder = Self.folder(number)
        let generation = try generation(number)
        guard let path = generation.policyPath, let bytes = try read("\(folder)/policy.yaml") else {
            return nil
        }
        var setFiles: [String: [UInt8]] = [:]
        for (index, name) in generation.setFiles.enumerated() {
            setFiles[name] = try read("\(folder)/sets/\(index)")
        }
        let source = SourceFile(name: path, bytes: bytes)
        let environment = PolicyEnvironment(ofPolicyAt: path, setFiles: setFiles)
        return PolicyReader.read(source: source, environment: environment).policy
    }

    package func firewall(_ number: Int, _ side: Side) throws -> Firewall {
        try readFirewall("\(Self.folder(number))/\(side.rawValue)")
    }

    /// The two firewalls of a generation.
    package enum Side: String, Sendable {
        /// What it puts into the kernel.
        case after
        /// What was of ours in the kernel: the way back.
        case before
    }

    /// The generation that waits for its decision, or whose way back is not finished.
    package func undecided() throws -> Int? {
        try generationNumbers().last { outcome($0) == .pending || outcome($0) == .rollingBack }
    }

    /// The generation that was confirmed last.
    package func confirmed() throws -> Int? {
        try generationNumbers().last { outcome($0) == .confirmed }
    }

    /// Writes a generation with all that belongs to it; it is there whole, or not at all.
    func prepare(_ generation: Generation, after: Firewall, before: Firewall, policy: Policy?) throws {
        let folder = Self.folder(generation.number)
        let draft = "generations/.\(generation.number).new"
        try removeTree(draft)
        do {
            try makeFolder(draft)
            try create("\(draft)/generation.json", holding: encode(generation))
            try writeFirewall(after, to: "\(draft)/\(Side.after.rawValue)")
            try writeFirewall(before, to: "\(draft)/\(Side.before.rawValue)")
            if let policy { try write(policy, to: draft) }
            // The guard finds its seat, also where nothing more can be made.
            try create("\(draft)/\(Seat.guardFile)", holding: [])
            try create("\(draft)/\(Generation.Outcome.pending.rawValue)", holding: [])
            try sync(folderOf: "\(draft)/generation.json")
            _ = try rename(draft, to: folder)
        } catch {
            // A draft counts for nothing, and the next one takes its place.
            do { try removeTree(draft) } catch {}
            throw error
        }
    }

    private func write(_ policy: Policy, to draft: String) throws {
        try create("\(draft)/policy.yaml", holding: policy.source.bytes)
        guard !policy.setFiles.isEmpty else { return }
        try makeFolder("\(draft)/sets")
        for (index, file) in policy.setFiles.enumerated() {
            try create("\(draft)/sets/\(index)", holding: file.bytes)
        }
        try sync(folderOf: "\(draft)/sets/0")
    }

    func commit(_ number: Int, _ commitment: Commitment) throws {
        try write(encode(commitment), to: "\(Self.folder(number))/commitment.json")
    }

    /// Decides; false when it was decided before, by somebody else.
    func decide(_ number: Int, from old: Generation.Outcome, _ new: Generation.Outcome) throws -> Bool {
        let folder = Self.folder(number)
        return try rename("\(folder)/\(old.rawValue)", to: "\(folder)/\(new.rawValue)")
    }

    /// Writes down how it came, after the decision.
    func explain(_ number: Int, _ decision: Decision) throws {
        try write(encode(decision), to: "\(Self.folder(number))/decision.json")
    }

    func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }

    func decode<Value: Decodable>(_: Value.Type, _ name: String) throws -> Value {
        guard let bytes = try read(name) else { throw ChangeError.failed("\(place(name)) is missing") }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        do {
            return try decoder.decode(Value.self, from: Data(bytes))
        } catch {
            throw ChangeError.failed("\(place(name)) is damaged: \(error)")
        }
    }
}
