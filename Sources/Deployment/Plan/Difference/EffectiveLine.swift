import PacketModel
import Policy

/// What one part of a policy does with the packets of a box.
struct EffectiveLine: Sendable {
    enum Role: Hashable, Sendable {
        /// Passes, whatever the lines say.
        case baseline(Baseline.Part)
        /// A part of `containers:` lets it pass; nil for the guests' own connections.
        case guests(Containers.Part?)
        /// An address under `management.from`: bans and limits of `inbound` do not hold for it.
        case spared
        case deny(Refusal)
        case allow
        case limited(Limit)
    }

    /// How a deny turns packets away.
    struct Refusal: Hashable, Sendable {
        /// Of every service, for established traffic too.
        var isBan: Bool
        /// Answered, not kept silent.
        var answers: Bool
    }

    /// Where it stands in the policy.
    enum Cause: Hashable, Sendable {
        case line(Origin)
        case published(Origin)
        case containers(Origin)
        case management(Origin?)
        case baseline(Baseline.Part)

        var origin: Origin? {
            switch self {
            case .line(let origin), .published(let origin), .containers(let origin): origin
            case .management(let origin): origin
            case .baseline: nil
            }
        }
    }

    var role: Role
    var box: PacketBox
    var cause: Cause
}

extension EffectiveLine.Role {
    /// Packets pass for it that would not pass without it.
    var opens: Bool {
        switch self {
        case .baseline, .guests, .spared, .allow, .limited: true
        case .deny: false
        }
    }

    /// Packets pass by it, and not just in spite of a deny.
    var admits: Bool {
        switch self {
        case .baseline, .guests, .allow, .limited: true
        case .spared, .deny: false
        }
    }

    var isLimited: Bool { limit != nil }

    var limit: Limit? {
        switch self {
        case .limited(let limit): limit
        case .baseline, .guests, .spared, .deny, .allow: nil
        }
    }

    var refusal: EffectiveLine.Refusal? {
        switch self {
        case .deny(let refusal): refusal
        case .baseline, .guests, .spared, .allow, .limited: nil
        }
    }
}
