import Diagnostics
import PacketModel
import Policy

/// Lines that begin or cease to log what they decide.
struct LogChanges {
    private struct Line: Hashable {
        var direction: Direction
        var role: EffectiveLine.Role
        var box: PacketBox
    }

    private struct Logging {
        var rates: [Rate]
        var origin: Origin
    }

    static func sentences(_ pair: PolicyPair) -> [PlanSentence] {
        guard let old = pair.old else { return [] }
        let (was, isNow) = (logging(of: old, pair), logging(of: pair.new, pair))
        let begun = isNow.filter { line, logging in was[line]?.rates != logging.rates }
        let ceased = was.filter { line, _ in isNow[line] == nil }
        return sorted(begun).map { line, logging in
            let before = was[line].map { ", was \(rates($0.rates))" } ?? ""
            let text = "log: `\(logging.origin.title)` is logged at \(rates(logging.rates)) now\(before)"
            return PlanSentence(.changes, line.direction, text, place: pair.place(logging.origin, .new))
        }
            + sorted(ceased).map { line, logging in
                let text = "log: `\(logging.origin.title)` is no longer logged"
                return PlanSentence(.changes, line.direction, text, place: pair.place(logging.origin, .old))
            }
    }

    private static func rates(_ rates: [Rate]) -> String { WordList.text(rates.map(\.description)) }

    private static func sorted(_ lines: [Line: Logging]) -> [(key: Line, value: Logging)] {
        lines.sorted { $0.value.origin.range.start < $1.value.origin.range.start }
    }

    private static func logging(of policy: Policy, _ pair: PolicyPair) -> [Line: Logging] {
        var result: [Line: Logging] = [:]
        for line in policy.lines {
            guard let rate = line.log else { continue }
            let key = Line(
                direction: line.direction,
                role: EffectiveLine.role(of: line),
                box: PacketBox(line, pair.classes)
            )
            var logging = result[key] ?? Logging(rates: [], origin: line.origin)
            logging.rates = (logging.rates + [rate]).sorted { $0.description < $1.description }
            result[key] = logging
        }
        return result
    }
}
