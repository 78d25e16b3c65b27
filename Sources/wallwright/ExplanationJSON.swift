import Diagnostics
import Netfilter
import PacketModel
import Simulation

/// What is said of a packet to a program: one object on a line of its own.
struct ExplanationJSON {
    private struct Place: Hashable {
        let explainer: Int
        let step: Trace.Step
    }

    /// The steps that packets came by before.
    private var encoded: [Place: [UInt8]] = [:]

    /// `verdict`, `path`, what it depends on where something is not known, and where it goes on to.
    mutating func write(
        _ outcomes: Outcomes,
        _ description: PacketDescription,
        _ explainer: any PacketExplainer,
        at place: Int,
        to output: inout [UInt8]
    ) {
        append("{\(members(outcomes, description, explainer)),\"path\":[", &output)
        var isFirst = true
        for step in outcomes.trace.path {
            let text = json(step, explainer, at: place)
            guard !text.isEmpty else { continue }
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            output.append(contentsOf: text)
        }
        append(outcomes.trace.isExpired ? "],\"expired\":true}" : "]}", &output)
    }

    /// `verdict`, and `packets` with what is said of each.
    mutating func write(
        _ connection: ExplainedConnection,
        _ explainer: any PacketExplainer,
        at place: Int,
        to output: inout [UInt8]
    ) {
        append("{\"verdict\":\"\(connection.verdict)\",\"packets\":[", &output)
        for (number, turn) in connection.turns.enumerated() {
            let packet = JSONValue.quoted(turn.description.text)
            append(number == 0 ? "" : ",", &output)
            append("{\"part\":\"\(turn.part.rawValue)\",\"packet\":\(packet),\"outcome\":", &output)
            write(turn.outcomes, turn.description, explainer, at: place, to: &output)
            append("}", &output)
        }
        append("]}\n", &output)
    }

    private func members(
        _ outcomes: Outcomes,
        _ description: PacketDescription,
        _ explainer: any PacketExplainer
    ) -> String {
        var text = "\"verdict\":\"\(outcomes.verdict)\""
        let words = explainer.unknowns(outcomes)
        if !words.isEmpty {
            text += ",\"depends\":[\(words.map(JSONValue.quoted).joined(separator: ","))]"
            if outcomes.fates.count > 1 { text += ",\"verdicts\":\(list(outcomes.fates))" }
        }
        if !outcomes.fatesByInterface.isEmpty {
            let fates = outcomes.fatesByInterface.sorted { $0.key < $1.key }
                .map { "\(JSONValue.quoted($0.key)):\(list($0.value))" }
            text += ",\"byInterface\":{\(fates.joined(separator: ","))}"
        }
        if outcomes.verdict != "depends", let reason = explainer.reason(outcomes, description) {
            text +=
                ",\"reason\":\(JSONValue.quoted(reason.words)),\"line\":\(reason.line.map(String.init) ?? "null")"
        }
        if let forwarding = outcomes.trace.forwarding {
            let members = [
                forwarding.destination.map { "\"destination\":\"\($0)\"" },
                forwarding.port.map { "\"port\":\($0)" },
                forwarding.interface.map { "\"out\":\(JSONValue.quoted($0))" },
            ].compactMap(\.self)
            text += ",\"forwarded\":{\(members.joined(separator: ","))}"
        }
        return text
    }

    private func list(_ fates: Set<Trace.Fate>) -> String {
        "[\(fates.map { "\"\($0.rawValue)\"" }.sorted().joined(separator: ","))]"
    }

    private mutating func json(
        _ step: Trace.Step,
        _ explainer: any PacketExplainer,
        at place: Int
    ) -> [UInt8] {
        let place = Place(explainer: place, step: step)
        if let known = encoded[place] { return known }
        let text = Array((explainer.step(step)?.json ?? "").utf8)
        encoded[place] = text
        return text
    }

    private func append(_ text: String, _ output: inout [UInt8]) { output.append(contentsOf: text.utf8) }
}

extension ExplainedReason {
    /// Without what leads from the verdict to it.
    fileprivate var words: String {
        if text.hasPrefix(" by ") { return String(text.dropFirst(4)) }
        return text.hasPrefix(": ") ? String(text.dropFirst(2)) : text
    }
}

extension ExplainedStep {
    fileprivate var json: String {
        let rule = rule.map(String.init) ?? "\"policy\""
        let action = action.map(JSONValue.quoted) ?? "null"
        return "{\"table\":\"\(table)\",\"chain\":\(JSONValue.quoted(chain)),\"rule\":\(rule),"
            + "\"line\":\(line.map(String.init) ?? "null"),\"action\":\(action)}"
    }
}
