import Compiler
import Kernel

/// A generation in memory: the watch puts it back from here, whatever becomes of the disk meanwhile.
struct KeptFirewall {
    let number: Int
    let firewall: Firewall
    /// What the kernel listed when the generation was loaded, by the tools of that day.
    let digest: String
    let lookout: Lookout
    /// What was seen when the kernel held just this; nil until it does.
    var right: Sight?
    /// The same of its sets of ipset; nil where it has none.
    var rightSets: FirewallListing?

    /// What there is of ours, at one moment.
    struct Sight: Hashable {
        var glance: Glance
        var contents: FirewallListing
    }

    /// The generation that is to be in this kernel; nil when none is. What another boot had is for the next boot to load.
    init?(in folder: StateFolder, host: HostIdentity) throws {
        guard let number = try Self.number(in: folder, host: host),
            let placement = try folder.placement(number)
        else { return nil }
        self.number = number
        firewall = try folder.firewall(number, .after)
        digest = placement.digest
        lookout = try Lookout(OwnPlaces(of: firewall))
    }

    /// Its number.
    static func number(in folder: StateFolder, host: HostIdentity) throws -> Int? {
        guard let number = try folder.current(), try isHere(number, in: folder, host: host) else {
            return nil
        }
        return number
    }

    /// Whether a generation brought something of ours to this kernel.
    static func isHere(_ number: Int, in folder: StateFolder, host: HostIdentity) throws -> Bool {
        try folder.placement(number)?.host == host && folder.generation(number).kind != .remove
    }

    /// What there is now, and what it is called from now on.
    func learn() throws -> Sight {
        try lookout.learnNames()
        return try sight()
    }

    func sight() throws -> Sight {
        Sight(glance: try lookout.glance(), contents: try lookout.contents())
    }

    /// The sets of ipset that are ours; nil where its rules need none.
    func sets() async throws -> FirewallListing? {
        for (variant, program) in firewall.iptables where !program.ipset.isEmpty {
            return try await IptablesBackend(variant).sets(in: nil)
        }
        return nil
    }

    /// What the kernel does not hold of it, in sentences; empty when it holds just this. Also where today's tools list it
    /// otherwise than those that it was loaded by.
    func differences() async throws -> [String] {
        try await FirewallAgreement(firewall, digest: digest).faults()
    }
}
