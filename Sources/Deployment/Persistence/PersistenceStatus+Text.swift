package import Diagnostics
import FoundationEssentials

extension PersistenceStatus {
    /// Lines for a terminal; the first says what the next boot loads.
    package var lines: [String] {
        let by = way.map { ", by \($0)" } ?? ""
        let first =
            switch next {
            case .generation(let number): "the next boot loads generation \(number)\(by)"
            case .removed(let number):
                "the next boot loads nothing\(by): generation \(number) removed the firewall"
            case .minimum:
                "the next boot lets SSH in and drops the rest\(by): "
                    + (problems.isEmpty
                        ? "nothing was confirmed yet" : "nothing that was confirmed can be loaded")
            case .nothing: "the next boot loads nothing; do: sudo wallwright enable"
            }
        let last = seen.map { ["when this machine started, \($0) was loaded"] } ?? []
        return [first] + last + problems
            + rivals.flatMap { rival in [rival.message] + (rival.fix.map { ["do: \($0)"] } ?? []) }
    }

    /// For programs; the keys are stable.
    package var json: JSONValue {
        let (kind, number): (String, Int?) =
            switch next {
            case .generation(let number): ("generation", number)
            case .removed(let number): ("removed", number)
            case .minimum: ("minimum", nil)
            case .nothing: ("nothing", nil)
            }
        return .object([
            .init("loads", .string(kind)),
            .init("generation", number.map(JSONValue.integer) ?? .null),
            .init("way", way.map(JSONValue.string) ?? .null),
            .init("since", since.map { .string($0.ISO8601Format()) } ?? .null),
            .init("seen", seen.map(JSONValue.string) ?? .null),
            .init("problems", .array(problems.map(JSONValue.string))),
            .init(
                "rivals",
                .array(
                    rivals.map { rival in
                        [
                            "code": .string(rival.code), "message": .string(rival.message),
                            "fix": rival.fix.map { JSONValue.string($0.words) } ?? .null,
                        ]
                    }
                )
            ),
        ])
    }
}
