import Diagnostics
import Foundation
import Iptables
import Netfilter
import PacketModel
import Simulation

/// What the model says of packets and rules.
struct Prediction {
    /// A rule by its number, from 1, or the policy of a chain, 0.
    struct Place: Hashable, CustomStringConvertible {
        var table: String
        var chain: String
        var rule: Int

        var description: String { "\(table) \(chain) \(rule == 0 ? "policy" : "rule \(rule)")" }
    }

    var passes: [Bool] = []
    var paths: [String] = []
    var counts: [Place: UInt64] = [:]
    private let lines: [Place: String]

    private let ruleset: Ruleset
    var simulator: Simulator
    let family: IPFamily

    /// - Parameter sets: what ipset was given before.
    init(_ text: String, _ family: IPFamily, sets: String = "") throws {
        self.family = family
        let loaded = try Self.load(text, family)
        ruleset = loaded.meaning(names: Self.names, ipsets: Self.ipsets(sets))
        lines = Self.lines(loaded, text)
        simulator = Simulator(ruleset, family: family, tracksConnections: loaded.tracksConnections)
        simulator.localAddresses = Set(TestAddresses.own(family).map(\.value))
        simulator.knowsAddresses = true
        simulator.routes.add(TestAddresses.networkBehind(family), "lan0")
        simulator.interfaceAddresses = Dictionary(
            uniqueKeysWithValues: zip(SimulatedHost.links, TestAddresses.own(family).map(\.value))
        )
        for table in ruleset.tables {
            for chain in table.chains {
                for rule in 0...chain.rules.count where rule > 0 || chain.hook != nil {
                    counts[Place(table: table.name, chain: chain.name, rule: rule)] = 0
                }
            }
        }
    }

    mutating func run(_ packet: TestPacket, fragment: FragmentPart = .whole) {
        var model = packet.model
        model[.fragment] = UInt128(fragment.rawValue)
        let trace = simulator.run(model)
        passes.append(trace.fate == .accept)
        var path: [String] = []
        for step in trace.path {
            let table = ruleset.tables[step.table]
            let place = Place(
                table: table.name,
                chain: table.chains[step.chain].name,
                rule: step.rule.map { $0 + 1 } ?? 0
            )
            counts[place, default: 0] += 1
            path.append("\(place)")
        }
        paths.append("we \(trace.fate): \(path.joined(separator: ", "))")
    }

    func line(_ place: Place) -> String { lines[place] ?? "" }

    static func counters(_ listing: String, _ family: IPFamily) throws -> [Place: UInt64] {
        var counts: [Place: UInt64] = [:]
        for table in try load(listing, family).orderedTables {
            for name in table.chainNames {
                let chain = table.chains[name]
                if chain?.policy != nil {
                    counts[Place(table: table.table.rawValue, chain: name, rule: 0)] =
                        chain?.counters?.packets
                }
                for (number, rule) in (chain?.rules ?? []).enumerated() {
                    counts[Place(table: table.table.rawValue, chain: name, rule: number + 1)] =
                        rule.counters?.packets
                }
            }
        }
        return counts
    }

    /// Of the file, with their number first.
    private static func lines(_ loaded: LoadedRuleset, _ text: String) -> [Place: String] {
        let source = SourceFile(name: "rules", text: text)
        var lines: [Place: String] = [:]
        for table in loaded.orderedTables {
            for name in table.chainNames {
                for (number, rule) in (table.chains[name]?.rules ?? []).enumerated() {
                    let place = Place(table: table.table.rawValue, chain: name, rule: number + 1)
                    lines[place] = String(
                        decoding: source.bytes[rule.range.start..<rule.range.end],
                        as: UTF8.self
                    )
                }
            }
        }
        return lines
    }

    private static func ipsets(_ text: String) -> Ipsets {
        let script = SourceFile(name: "sets.sh", text: "ipset restore <<'E'\n\(text)E\n")
        return ScriptReading.read(script, names: names).outcomes.first?.ipsets(of: script) ?? Ipsets()
    }

    private static func load(_ text: String, _ family: IPFamily) throws -> LoadedRuleset {
        let source = SourceFile(name: "rules", text: text)
        let (file, errors) = SaveFileReader.read(source, family: family, names: names)
        let (loaded, more) = LoadedRuleset.load(file, from: source, family: family)
        let refused = (errors + more).filter { $0.severity == .error }
        guard refused.isEmpty else { throw Unreadable(messages: refused.map(\.message), text: text) }
        return loaded
    }

    private struct Unreadable: Error {
        var messages: [String]
        var text: String
    }

    private static let names = NameDatabase(
        services: text("/etc/services"),
        protocols: text("/etc/protocols")
    )

    private static func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
}
