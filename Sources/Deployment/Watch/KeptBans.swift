import Kernel

/// The bans in memory, and what was seen when the kernel held them.
struct KeptBans {
    let list: BanList
    let lookout: Lookout
    /// How many held when they were read.
    let count: Int
    /// What was seen when the kernel held just these; nil until it does.
    var right: KeptFirewall.Sight?
    var isUnseen = true

    init(_ list: BanList) throws {
        self.list = list
        let bans = list.bans()
        count = bans.count
        lookout = try Lookout(OwnPlaces(of: bans, on: list.backend))
    }
}
