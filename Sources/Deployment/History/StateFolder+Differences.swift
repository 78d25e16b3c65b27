package import Policy

/// What generations say differently.
extension StateFolder {
    /// What was live when a generation came: the one of ours that was confirmed before it; nil where nothing was.
    package func base(of number: Int) throws -> Int? {
        try confirmedNumbers().last { $0 < number }
    }

    /// The texts that a generation was made from, as they were then; none for a removal.
    package func texts(_ number: Int) throws -> [NamedText] {
        let generation = try generation(number)
        guard generation.kind.isOurs, generation.kind != .remove, generation.policyPath != nil else {
            return []
        }
        let files = try generation.setFiles.enumerated().map { index, name in
            NamedText(name, try content("sets/\(index)", of: generation))
        }
        return [NamedText("", try content("policy.yaml", of: generation))] + files
    }

    /// From one generation to another; from nothing where there is none. What DNS names stood for is said too.
    package func difference(from old: Int?, to new: Int) throws -> PolicyDifference {
        PolicyDifference(from: try old.map(statements) ?? [], to: try statements(new))
    }

    private func statements(_ number: Int) throws -> [NamedText] {
        let names = (try generation(number).names ?? []).map { name in
            "\(name.name): \(name.addresses.isEmpty ? "not answered" : name.addresses.joined(separator: ", "))\n"
        }
        return try texts(number) + (names.isEmpty ? [] : [NamedText("names", Array(names.joined().utf8))])
    }

    /// What opens, closes and changes from one generation to another, whatever runs on the host; nil where one of them is
    /// no firewall of ours.
    package func change(from old: Int?, to new: Int?) throws -> [PlanSentence]? {
        guard try [old, new].compactMap(\.self).allSatisfy({ try generation($0).kind.isOurs }) else {
            return nil
        }
        return try PlanSentence.changes(from: old.flatMap(policy), to: new.flatMap(policy))
    }
}

extension PlanSentence {
    /// What another policy means, and nothing of what a host makes of it; nil where there is none.
    package static func changes(from old: Policy?, to new: Policy?) -> [PlanSentence]? {
        guard let new else {
            return old.map { _ in [PlanSentence(.opens, nil, "everything: Wallwright blocks nothing then")] }
        }
        let plan = ChangePlan(from: old, to: new, listeners: [], connections: [], session: nil)
        return plan.sentences.filter { sentence in
            switch sentence.kind {
            case .allows, .drops, .opens, .closes, .changes, .keeps: true
            case .note, .warning, .goesOn, .cuts: false
            }
        }
    }
}
