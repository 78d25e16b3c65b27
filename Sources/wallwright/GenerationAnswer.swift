import Deployment
import Diagnostics
import FoundationEssentials
import Kernel

/// A change for programs. The keys are stable; times are ISO 8601, in UTC.
extension ConfirmationOptions.Result {
    /// `waits` or `confirmed`.
    var outcome: String {
        switch self {
        case .confirmed: "confirmed"
        case .waits: "waits"
        }
    }

    /// The generation; what is typed to confirm it and how long that takes, where it waits.
    var generation: JSONValue {
        switch self {
        case .confirmed(let confirmed): confirmed.generation.answer(deadline: nil)
        case .waits(let committed): committed.generation.answer(deadline: committed.commitment.deadline)
        }
    }

    /// What else there is to know.
    var notes: [String] {
        switch self {
        case .confirmed(let confirmed): confirmed.notes
        case .waits(let committed): [committed.note].compactMap(\.self)
        }
    }
}

extension Generation {
    /// - Parameter deadline: in seconds since boot; nil for one that is decided
    func answer(deadline: Double?) -> JSONValue {
        let left = deadline.map { $0 - BootClock.now.inSeconds }
        return .object([
            .init("number", .integer(number)),
            .init("code", .string(code)),
            .init("ticket", .string(ticket)),
            .init("deadline", left.map { .string(Date.now.addingTimeInterval($0).ISO8601Format()) } ?? .null),
            .init("secondsLeft", left.map { .integer(max(0, Int($0.rounded(.up)))) } ?? .null),
        ])
    }
}
