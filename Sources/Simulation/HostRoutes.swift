import Netfilter
package import PacketModel

/// Which way packets leave a host, as far as somebody says so.
package struct HostRoutes: Sendable {
    private struct Route {
        var destinations: Interval<UInt128>
        var interface: String

        var width: UInt128 { destinations.upper - destinations.lower }
    }

    private var routes: [Route] = []

    package init() {}

    package mutating func add(_ destinations: Interval<UInt128>, _ interface: String) {
        routes.append(Route(destinations: destinations, interface: interface))
    }

    /// The interface of the narrowest route to the address; nil when there is none, or when two disagree.
    func interface(to address: UInt128) -> String? {
        let fitting = routes.filter { $0.destinations.contains(address) }
        guard let width = fitting.map(\.width).min() else { return nil }
        let names = Set(fitting.filter { $0.width == width }.map(\.interface))
        return names.count == 1 ? names.first : nil
    }
}

extension HostRoutes {
    /// What rules tell: one that asks for a destination and for the interface that a packet leaves by was written by
    /// somebody who knows that it leads there, unless it stops what goes astray.
    init(_ tables: [Table]) {
        for rule in tables.flatMap(\.chains).flatMap(\.rules) where !rule.stops {
            let names = rule.conditions.compactMap(\.leavingInterface)
            guard names.count == 1, let name = names.first else { continue }
            for destinations in rule.conditions.flatMap(\.destinations) { add(destinations, name) }
        }
    }
}

extension Condition {
    fileprivate var leavingInterface: String? {
        guard case .interface(.outputInterface, let patterns) = self, patterns.count == 1,
            let only = patterns.first, !only.isWildcard
        else { return nil }
        return only.text
    }

    fileprivate var destinations: [Interval<UInt128>] {
        if case .field(.destination, let values) = self { values.intervals } else { [] }
    }
}

extension Rule {
    fileprivate var stops: Bool {
        switch verdict {
        case .drop, .reject: true
        default: false
        }
    }
}
