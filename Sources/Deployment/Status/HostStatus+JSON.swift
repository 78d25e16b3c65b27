import Compiler
package import Diagnostics
import FoundationEssentials
import Kernel

extension HostStatus {
    /// For programs; the keys are stable. Times are ISO 8601, in UTC.
    package var json: JSONValue {
        .object([
            .init("sound", .boolean(isSound)),
            .init("generation", standing.map(Self.value) ?? .null),
            .init("interrupted", interrupted.map(JSONValue.integer) ?? .null),
            .init("policyFile", file?.json ?? .null),
            .init("kernel", kernelValue),
            .init("open", PlanSentence.json(open)),
            .init("log", log?.json ?? .null),
            .init("watched", .boolean(isWatched)),
            .init("bansHeld", .boolean(areBansHeld)),
            .init("damage", damage.map(JSONValue.string) ?? .null),
            .init("boot", boot.json),
            .init("lines", .array(counts.map(Self.value))),
            .init(
                "limits",
                .array(
                    fills.map { fill in
                        [
                            "line": .string(fill.comment), "buckets": .integer(fill.buckets),
                            "size": .integer(fill.size),
                        ]
                    }
                )
            ),
            .init("bans", .array(bans.map(\.json))),
            .init("fight", fight.map(Self.value) ?? .null),
            .init("openings", Opening.json(openings)),
            .init("events", .array(events.map(JSONValue.string))),
        ])
    }

    private var kernelValue: JSONValue {
        switch kernel {
        case .holds: ["state": "holds", "differences": []]
        case .bare: ["state": "bare", "differences": []]
        case .minimum: ["state": "minimum", "differences": []]
        case .differs(let differences):
            ["state": "differs", "differences": .array(differences.map(JSONValue.string))]
        case .elsewhere(let reason): ["state": "elsewhere", "differences": [.string(reason)]]
        }
    }

    private static func value(_ standing: Standing) -> JSONValue {
        let generation = standing.generation
        return .object([
            .init("number", .integer(generation.number)),
            .init("outcome", .string(standing.outcome.rawValue)),
            .init("created", .string(generation.created.ISO8601Format())),
            .init("decided", standing.decision.map { .string($0.time.ISO8601Format()) } ?? .null),
            .init("author", .string(generation.author.description)),
            .init("policy", generation.policyPath.map(JSONValue.string) ?? .null),
            .init("backend", generation.backend.map { .string($0.rawValue) } ?? .null),
            .init("secondsLeft", standing.secondsLeft.map(JSONValue.integer) ?? .null),
            .init("guarded", .boolean(standing.isGuarded)),
        ])
    }

    private static func value(_ fight: Fight) -> JSONValue {
        [
            "since": .string(fight.since.ISO8601Format()), "last": .string(fight.last.ISO8601Format()),
            "repairs": .integer(fight.count), "what": .string(fight.what),
            "owner": fight.owner.map(JSONValue.string) ?? .null, "advice": .string(fight.advice),
        ]
    }

    private static func value(_ count: Count) -> JSONValue {
        [
            "line": .string(count.line), "packets": .integer(Int(clamping: count.packets)),
            "bytes": .integer(Int(clamping: count.bytes)),
        ]
    }
}
