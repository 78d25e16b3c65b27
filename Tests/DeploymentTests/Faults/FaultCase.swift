/// One thing that goes wrong, on a host of its own.
protocol FaultCase: Sendable, CustomStringConvertible {
    /// What it is counted under.
    var group: String { get }

    /// Lets it go wrong, and looks; nil when it did not come about, which counts for nothing.
    func verdict(_ states: FaultStates) async throws -> FaultVerdict?
}
