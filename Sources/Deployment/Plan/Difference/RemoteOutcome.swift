import PacketModel

/// What becomes of the remote addresses of one cell under one policy.
///
/// A cell is a box whose packets no line tells apart but by their remote address.
struct RemoteOutcome {
    /// Pass, whatever limits say.
    let unlimited: AddressSet
    /// Pass while a limit lets them.
    let limited: AddressSet

    var passing: AddressSet { .union(of: [unlimited, limited]) }

    /// - Parameters:
    ///   - domain: the remote addresses of the cell
    ///   - lines: those of the policy that hold in the cell
    init(_ domain: AddressSet, _ lines: some Sequence<LineTable.Entry>) {
        var sets = RoleSets()
        for line in lines { sets.add(line.box.remote.clipped(to: domain), as: line.role) }
        let union = { (sets: [AddressSet]) in AddressSet.union(of: sets, within: domain) }
        let baseline = union(sets.baseline)
        let allowed = union(sets.allowed)
        let limited = union(sets.limited)
        guard !sets.banned.isEmpty || !sets.denied.isEmpty || !sets.spared.isEmpty else {
            unlimited = union([baseline, allowed])
            self.limited = limited.without(unlimited)
            return
        }
        let spared = union(sets.spared)
        let denied = union([union(sets.banned).without(spared)] + sets.denied)
        let admitted = union([allowed, limited.clipped(to: spared)]).without(denied)
        unlimited = union([baseline, admitted])
        self.limited = limited.without(denied).without(unlimited)
    }
}

/// Remote addresses by what the lines do that hold for them.
private struct RoleSets {
    var baseline: [AddressSet] = []
    var spared: [AddressSet] = []
    var banned: [AddressSet] = []
    var denied: [AddressSet] = []
    var allowed: [AddressSet] = []
    var limited: [AddressSet] = []

    mutating func add(_ addresses: AddressSet, as role: EffectiveLine.Role) {
        guard !addresses.isEmpty else { return }
        switch role {
        case .baseline: baseline.append(addresses)
        case .spared: spared.append(addresses)
        case .deny(let refusal):
            if refusal.isBan { banned.append(addresses) } else { denied.append(addresses) }
        case .allow, .guests: allowed.append(addresses)
        case .limited: limited.append(addresses)
        }
    }
}
