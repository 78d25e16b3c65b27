import Netfilter
import PacketModel

extension RecentList {
    /// The times that the kernel keeps of an address for this rule (net/netfilter/xt_recent.c, recent_mt_check).
    var room: Int {
        guard hits > 0 else { return 32 }
        var room = 1
        while room < Int(hits) { room *= 2 }
        return room
    }
}

extension Netfilter.Chain.Hook.Point {
    /// Among all of them.
    var place: Int {
        switch self {
        case .prerouting: 0
        case .input: 1
        case .forward: 2
        case .output: 3
        case .postrouting: 4
        }
    }
}
