import CKernel
import Compiler
import Glibc
import Netlink
import Nftables

/// Reads the counters of our table through netlink, in the namespace of the calling thread.
struct NftablesCounting {
    private let socket: NetlinkSocket
    private var counters = FirewallCounters()

    static func read() throws(SystemError) -> FirewallCounters {
        try NetlinkSocket.whileReplaced { () throws(SystemError) in
            guard let socket = try NftablesPresence.socket() else { return FirewallCounters() }
            var counting = NftablesCounting(socket: socket)
            try counting.addAll()
            return counting.counters
        }
    }

    private mutating func addAll() throws(SystemError) {
        let table = NftablesLowering.tableName
        typealias Attribute = NftablesAttribute
        for rule in try socket.nftables(Attribute.getRules, [.text(Attribute.Rule.table, table)]) {
            add(rule.attribute(Attribute.Rule.userData)?.comment, rule.nested(Attribute.Rule.expressions))
        }
        for set in try socket.nftables(Attribute.getSets, [.text(Attribute.Set.table, table)]) {
            try add(set: set)
        }
    }

    private mutating func add(set: NetlinkMessage) throws(SystemError) {
        typealias Attribute = NftablesAttribute
        let name = set.text(Attribute.Set.name)
        let isFilledByRules = set.number(Attribute.Set.flags) & Attribute.Set.evaluated != 0
        // Sets that count nothing may be long.
        let counts =
            set.attribute(Attribute.Set.expression) != nil || set.attribute(Attribute.Set.expressions) != nil
        guard isFilledByRules || counts else { return }
        let wanted: [NetlinkAttribute] = [
            .text(Attribute.ElementList.table, NftablesLowering.tableName),
            .text(Attribute.ElementList.set, name),
        ]
        var elements = 0
        for message in try socket.nftables(Attribute.getElements, wanted) {
            for element in message.nested(Attribute.ElementList.elements) {
                elements += 1
                let parts = element.nested
                let expressions =
                    parts.first { $0.type == Attribute.Element.expressions }?.nested
                    ?? parts.filter { $0.type == Attribute.Element.expression }
                add(parts.first { $0.type == Attribute.Element.userData }?.comment, expressions)
            }
        }
        if isFilledByRules, let comment = set.attribute(Attribute.Set.userData)?.setComment {
            let size = set.nested(Attribute.Set.description).first { $0.type == Attribute.Set.size }
            counters.add(
                FirewallCounters.Fill(
                    comment: comment,
                    buckets: elements,
                    size: Int(size?.integer(UInt32.self) ?? 0)
                )
            )
        }
    }

    private mutating func add(_ comment: String?, _ expressions: [NetlinkAttribute]) {
        guard let comment else { return }
        typealias Attribute = NftablesAttribute
        for expression in expressions {
            let parts = expression.nested
            guard parts.first(where: { $0.type == Attribute.Expression.name })?.text == "counter",
                let data = parts.first(where: { $0.type == Attribute.Expression.data })?.nested
            else { continue }
            counters.add(
                comment,
                packets: data.first { $0.type == Attribute.Counter.packets }?.integer(UInt64.self) ?? 0,
                bytes: data.first { $0.type == Attribute.Counter.bytes }?.integer(UInt64.self) ?? 0
            )
        }
    }
}
