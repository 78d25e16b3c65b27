import Kernel
import PacketModel
import Policy

/// The parts of the baseline that ask the host's routes.
extension TrialPlan {
    mutating func addRoutes(_ family: IPFamily) {
        guard let model = admittedApproach(.inbound, family), let link = model.inputInterface,
            let other = links.first(where: { $0.name != link })
        else { return }
        if let neighbour = other.outsideAddress(family) {
            var spoofed = model
            spoofed.source = neighbour
            add(.reversePath, spoofed, "whose home is behind \(other.name)")
        }
        if let address = other.insideAddress(family) {
            var elsewhere = model
            elsewhere.destination = address
            add(.ownAddresses, elsewhere, "to \(address) of \(other.name)")
        }
    }

    /// What the lines would admit, and the routes do not.
    private mutating func add(_ part: Baseline.Part, _ approach: Approach, _ why: String) {
        guard policy.baseline.has(part), meaning.judge(approach) == .dropped(part),
            !meaning.isTranslated(approach)
        else { return }
        add(
            "baseline: \(part.rawValue)",
            "\(approach.text), \(why)",
            approach.family,
            .inbound(
                approach.packet(number: nextNumber()),
                on: approach.inputInterface ?? scene.anyInterface
            ),
            .silence
        )
    }
}
