import Compiler
import Deployment
import Diagnostics
import FoundationEssentials
import Kernel

/// A generation in the history: what it was, who did it, what became of it, and what it changed.
struct GenerationRow {
    private let number: Int
    private let folder: StateFolder
    private let generation: Generation
    private let outcome: Generation.Outcome?
    private let decision: Decision?

    init(_ number: Int, _ folder: StateFolder) throws {
        self.number = number
        self.folder = folder
        generation = try folder.generation(number)
        outcome = folder.outcome(number)
        decision = try folder.decision(number)
    }

    /// The state; throws where it has no such generation.
    static func folder(_ option: StateOption, holding number: Int) throws -> StateFolder {
        guard let folder = try StateFolder.existing(at: option.state) else {
            throw Failure(
                .refused,
                "nothing was ever applied\ndo: sudo wallwright init, then plan, then apply"
            )
        }
        guard try folder.generationNumbers().contains(number) else {
            throw Failure(.refused, "there is no generation \(number)\ndo: wallwright history lists them")
        }
        return folder
    }

    /// Two lines, and as many as wanted of what changed.
    func text(showing most: Int?) throws -> Sentence {
        var end = outcome?.text ?? "damaged"
        if let decision {
            let who = decision.author.map { " by \($0)" } ?? ""
            let why = decision.reason == outcome?.text ? "" : ": \(decision.reason)"
            end += " \(decision.time.clock)\(who)\(why)"
        }
        return "\("\(number)".padded(to: 4)) \(generation.created.text)  \(what.padded(to: 34)) "
            + "by \(generation.author)\n     \(end)\n" + (most.map(changed) ?? "")
    }

    /// What of the policy changed against the firewall that was live; nothing of what is damaged.
    private func changed(_ most: Int) -> Sentence {
        do {
            let base = try folder.base(of: number)
            let difference = try folder.difference(from: base, to: number)
            if base == nil, !difference.isEmpty { return "     the first: \(difference.summary)\n" }
            return GenerationDifference.lines(difference, most: most, indented: 5)
        } catch {
            return "     what it changed cannot be read\n"
        }
    }

    private var what: String {
        switch generation.kind {
        case .apply: "apply \(generation.policyPath ?? "")"
        case .rollback(let to): "back to \(to)"
        case .remove: "remove"
        case .restore(let places): "restore \(places.joined(separator: ", "))"
        case .refresh(let changes): changes.joined(separator: "; ")
        }
    }

    private var kind: String {
        switch generation.kind {
        case .apply: "apply"
        case .rollback: "rollback"
        case .remove: "remove"
        case .restore: "restore"
        case .refresh: "refresh"
        }
    }

    /// The keys are stable; times are ISO 8601, in UTC.
    var json: JSONValue {
        get throws {
            let base = try folder.base(of: number)
            return .object([
                .init("number", .integer(number)),
                .init("kind", .string(kind)),
                .init("what", .string(what)),
                .init("created", .string(generation.created.ISO8601Format())),
                .init("author", .string(generation.author.description)),
                .init("policy", generation.policyPath.map(JSONValue.string) ?? .null),
                .init("backend", generation.backend.map { .string($0.rawValue) } ?? .null),
                .init("outcome", outcome.map { .string($0.rawValue) } ?? .null),
                .init("decided", decision.map { .string($0.time.ISO8601Format()) } ?? .null),
                .init("decidedBy", decision?.author.map { .string($0.description) } ?? .null),
                .init("reason", decision.map { .string($0.reason) } ?? .null),
                .init("base", base.map(JSONValue.integer) ?? .null),
                .init("difference", try folder.difference(from: base, to: number).json),
            ])
        }
    }
}

extension Generation.Outcome {
    /// For people.
    var text: String {
        switch self {
        case .pending: "waits to be confirmed"
        case .confirmed: "confirmed"
        case .rollingBack: "is being taken back"
        case .rolledBack: "taken back"
        }
    }
}
