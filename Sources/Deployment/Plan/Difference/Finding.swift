import PacketModel
import Policy

/// What two policies do differently with some packets.
struct Finding: Sendable {
    enum Effect: Hashable, Sendable {
        case opened
        case closed
        /// Passes in both, but not as often; without limits it passes always.
        case limited(from: [Limit], to: [Limit])
        /// The same limits, but other packets take from the same bucket.
        case recounted(isShared: Bool)
        /// Passes in neither, but is turned away in another way.
        case refused(from: Set<EffectiveLine.Refusal>, to: Set<EffectiveLine.Refusal>)
    }

    var candidate: Candidate
    var effect: Effect
    /// The packets, in disjoint boxes.
    var cells: [PacketBox]
    /// The cells were too many: some packets of the candidate's box, none or all, have the effect.
    var isCoarse = false
}

extension Finding.Effect {
    var isOpenedOrClosed: Bool {
        switch self {
        case .opened, .closed: true
        case .limited, .recounted, .refused: false
        }
    }
}
