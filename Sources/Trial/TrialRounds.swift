import Kernel
import PacketModel

/// Which cases are sent at the same time.
///
/// Connection tracking knows a connection of a protocol without ports by its addresses alone (net/netfilter/
/// nf_conntrack_proto_generic.c). A packet that comes in would make one that goes out between the same addresses its answer,
/// and what the policy says of the second would not be seen.
struct TrialRounds {
    private(set) var rounds: [[Int]] = []
    private var known: [Set<Pair>] = []

    /// What connection tracking tells connections without ports apart by.
    private struct Pair: Hashable {
        var transport: IPProtocol
        var source: IPAddress
        var destination: IPAddress

        var reversed: Pair { Pair(transport: transport, source: destination, destination: source) }

        /// Nil for what has ports, or a number of its own.
        init?(_ probe: Probe) {
            switch probe {
            case .inbound(let packet, _), .forwarded(let packet, _, _, _), .outbound(let packet, _, _):
                guard case .other(let transport) = packet.transport else { return nil }
                self.init(transport: transport, source: packet.source, destination: packet.destination)
            case .conversation: return nil
            }
        }

        private init(transport: IPProtocol, source: IPAddress, destination: IPAddress) {
            self.transport = transport
            self.source = source
            self.destination = destination
        }
    }

    /// Puts each case into the first round where nothing answers it.
    mutating func add(_ index: Int, _ probes: [Probe]) {
        let pairs = Set(probes.compactMap(Pair.init))
        let answers = Set(pairs.map(\.reversed))
        let place = known.firstIndex { $0.isDisjoint(with: answers) } ?? known.endIndex
        if place == known.endIndex {
            rounds.append([])
            known.append([])
        }
        rounds[place].append(index)
        known[place].formUnion(pairs)
    }
}
