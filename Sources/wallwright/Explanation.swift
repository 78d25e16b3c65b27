import Diagnostics
import FoundationEssentials
import Iptables
import Netfilter
import PacketModel
import SystemPackage

/// What is said of packets, to a person or in JSON.
struct Explanation {
    /// One for each family that the rules are for.
    private var explainers: [RulesetExplainer]
    private let asJSON: Bool
    private var output: [UInt8] = []
    private(set) var refused = 0
    private var isFirst = true

    private static let chunk = 1 << 20

    init(_ explainers: [RulesetExplainer], asJSON: Bool) {
        self.explainers = explainers
        self.asJSON = asJSON
        output.reserveCapacity(Self.chunk + 1 << 16)
    }

    mutating func explain(_ description: PacketDescription) throws(UnreadablePacket) {
        let family = description.resolvedFamily
        guard let place = explainers.firstIndex(where: { $0.loaded.family == family }) else {
            throw UnreadablePacket("a packet of \(family), but the rules are those of the other family")
        }
        // In place: a copy would take the whole program with it.
        let outcomes = explainers[place].explain(description)
        if asJSON {
            explainers[place].write(outcomes, to: &output)
        } else {
            output.append(contentsOf: text(outcomes, description, explainers[place]).utf8)
        }
        if output.count >= Self.chunk { end() }
    }

    /// Says what is wrong with a packet; in JSON there is a line for it all the same.
    mutating func refuse(_ error: UnreadablePacket, in source: SourceFile, at place: Range<Int>) {
        refused += 1
        let range = error.range ?? place
        let label = Diagnostic.Label(source, SourceRange(range.lowerBound, range.upperBound))
        RulesFile.report([Diagnostic(.error, code: "packet", error.message, at: label)], in: source.name)
        if asJSON { output.append(contentsOf: "{\"error\":\(JSONValue.quoted(error.message))}\n".utf8) }
    }

    mutating func end() {
        Terminal.output.write(file: output)
        output.removeAll(keepingCapacity: true)
    }

    // MARK: What limits and lists remember

    mutating func restore(from path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        let data = Data(try RulesFile.bytes(ofFile: path))
        do {
            let states = try JSONDecoder().decode([String: SimulationState].self, from: data)
            for place in explainers.indices {
                guard let state = states[explainers[place].loaded.family.rawValue] else { continue }
                explainers[place].simulator.state = state
            }
        } catch {
            throw Failure(.refused, "\(path) is no state that --save-state wrote; remove it to begin anew")
        }
    }

    func save(to path: String) throws {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            let states = explainers.map { ($0.loaded.family.rawValue, $0.simulator.state) }
            try encoder.encode(Dictionary(uniqueKeysWithValues: states))
                .write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw Failure(.systemFailed, "cannot write \(path): \(error)")
        }
    }

    // MARK: For people

    private mutating func text(
        _ outcomes: Outcomes,
        _ description: PacketDescription,
        _ explainer: RulesetExplainer
    ) -> String {
        var text = isFirst ? "" : "\n"
        isFirst = false
        text += "\(description.completed.text)\n"
        let steps = outcomes.trace.path.compactMap(explainer.step)
        let places = steps.map { "\($0.table) \($0.chain) \($0.rule.map(String.init) ?? "policy")" }
        let lines = steps.map { $0.line.map { "line \($0)" } ?? "" }
        let (placeWidth, lineWidth) = (places.map(\.count).max() ?? 0, lines.map(\.count).max() ?? 0)
        for (number, step) in steps.enumerated() {
            text +=
                "  \(places[number].padded(to: placeWidth))  \(lines[number].padded(to: lineWidth))  \(step.text)\n"
        }
        // An accepted packet went through every table; people mean the one that filters.
        let filter = outcomes.trace.fate == .accept ? steps.lastIndex { $0.table == "filter" } : nil
        return text
            + end(outcomes, explainer.unknowns(outcomes), (filter ?? steps.indices.last).map { places[$0] })
    }

    private func end(_ outcomes: Outcomes, _ words: [String], _ place: String?) -> String {
        if outcomes.verdict == "depends" {
            let fates = outcomes.fates.map(\.word).sorted().joined(separator: " or ")
            return
                "\(Terminal.output.paint("\(fates): it depends on", .strong)) \(words.joined(separator: "; "))\n"
        }
        var reason = place.map { " by \($0)" } ?? ": no rule and no policy looks at it"
        if outcomes.trace.isExpired { reason = ": no hop is left, and the host says so to the sender" }
        let verdict = Terminal.output.paint(
            outcomes.trace.fate.word,
            outcomes.trace.fate == .accept ? .good : .bad
        )
        let known = words.isEmpty ? "" : ", whether or not \(words.joined(separator: "; "))"
        return "\(verdict)\(reason)\(known)\n"
    }
}

extension Trace.Fate {
    fileprivate var word: String {
        switch self {
        case .accept: "accepted"
        case .drop: "dropped"
        case .reject: "rejected"
        case .queue: "queued"
        }
    }
}
