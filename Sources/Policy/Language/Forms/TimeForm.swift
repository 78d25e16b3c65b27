import Diagnostics
import PacketModel

extension Form where Value == CalendarTime {
    /// A day or a minute of a day, in universal time unless it says how far from it.
    static var time: Form {
        let pattern =
            "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?$"
        return Form(schema: ["type": "string", "pattern": .string(pattern)]) { node, reading in
            if let scalar = node.scalar, let relative = RelativeTime(scalar.text) {
                reading.report(
                    "policy.until.relative",
                    "`\(scalar.text)` names no moment in a file, which is read again and again",
                    at: node.range,
                    fix: relative.text(now: reading.environment.now).map { .write($0) }
                )
                return nil
            }
            guard let scalar = node.scalar, scalar.kind == .string, let time = CalendarTime(scalar.text)
            else {
                let days = node.scalar.map { TimeRepair.meanings(of: $0.text, now: reading.environment.now) }
                let fix = TextRepair((days ?? []).map { [$0] }).map { reading.fix($0, of: node) }
                reading.reportType(
                    node,
                    expected: "a day, such as `2026-12-01`, or `2026-12-01 18:30`",
                    fix: fix ?? reading.fixOfNothing(node)
                )
                return nil
            }
            if time < .last { return time }
            reading.report(
                "policy.until.range",
                "the clocks of some kernels end before that day",
                at: node.range,
                "not before 2038",
                fix: "leave the key out: the line stays"
            )
            return nil
        }
    }
}
