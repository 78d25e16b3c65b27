import CTraffic

/// Firewalls measured against each other with the same traffic, in interleaved rounds on one CPU.
///
/// A shared machine is slow and fast by turns, so times are compared within a round and the median of
/// these ratios counts. Every epoch makes new namespaces: where memory happens to lie is worth a percent.
struct Comparison {
    var traffic: Traffic
    var firewalls: [Firewall]
    var rounds: Int
    var epochs: Int
    /// The time that one burst may take, in nanoseconds.
    var burstTime = 4e6

    /// Times for each packet or connection, by firewall, epoch and round, in nanoseconds.
    struct Times {
        fileprivate(set) var byFirewall: [[[Double]]]

        func median(_ index: Int) -> Double {
            byFirewall[index].flatMap(\.self).median
        }

        /// The mean over the epochs of the median over the rounds of how much longer one took than another.
        func ratio(_ index: Int, to reference: Int) -> Double {
            let epochs = zip(byFirewall[index], byFirewall[reference]).map { mine, its in
                zip(mine, its).map(/).median
            }
            return epochs.reduce(0, +) / Double(epochs.count)
        }
    }

    func run(on cpu: Int32) throws -> Times {
        _ = try SystemFailure.check("sched_setaffinity", traffic_pin(cpu))
        var times = Times(byFirewall: Array(repeating: [], count: firewalls.count))
        for epoch in 0..<epochs {
            let order = firewalls.indices.map { ($0 + epoch * 3) % firewalls.count }
            var senders: [(index: Int, sender: Sender, count: Int32)] = []
            for index in order {
                do {
                    let sender = try Sender(traffic, over: try Testbed(firewalls[index]))
                    senders.append((index, sender, try burstSize(sender)))
                } catch {
                    throw SystemFailure.traffic("\(firewalls[index].name): \(error)")
                }
                times.byFirewall[index].append([])
            }
            for round in 0..<rounds {
                for (index, sender, count) in round.isMultiple(of: 2) ? senders : senders.reversed() {
                    times.byFirewall[index][epoch].append(try Self.measure(sender, count))
                }
            }
        }
        return times
    }

    /// Warms the caches, then measures; goes before ordinary processes meanwhile (a few milliseconds).
    private static func measure(_ sender: Sender, _ count: Int32) throws -> Double {
        _ = try SystemFailure.check("sched_setscheduler", traffic_realtime(1))
        let result = Result {
            _ = try sender.burst(max(count / 16, 1))
            return try sender.burst(count) / Double(count)
        }
        _ = try SystemFailure.check("sched_setscheduler", traffic_realtime(0))
        return try result.get()
    }

    private func burstSize(_ sender: Sender) throws -> Int32 {
        let one = try sender.burst(16) / 16
        return max(16, min(traffic.largestBurst, Int32(burstTime / one)))
    }
}

extension Sequence<Double> {
    var median: Double {
        let ordered = sorted()
        guard !ordered.isEmpty else { return .nan }
        let middle = ordered.count / 2
        return ordered.count.isMultiple(of: 2) ? (ordered[middle - 1] + ordered[middle]) / 2 : ordered[middle]
    }
}
