import Foundation
import PacketModel

@testable import Iptables

/// One line below `*TABLE`, of the family of one extension.
struct OracleCase {
    /// The extension.
    var name: String
    var table: String
    var text: String

    /// The combinations of every extension of a family, in an order that is always the same.
    static func extensions(_ family: IPFamily) -> [OracleCase] {
        let cases = ExtensionRegistry.all.filter {
            $0.families.contains(family) && !unknownToKernel.contains($0.name)
        }.flatMap { syntax in
            lines(of: syntax).map { OracleCase(name: syntax.name, table: $0.table, text: $0.text) }
        }
        // The kernel gives up what has a name some time after the rule, so each case has its own.
        return chosen(cases).enumerated().map { number, oracleCase in
            var oracleCase = oracleCase
            for name in ["buckets", "timers", "rates"] {
                oracleCase.text.replace(name, with: "\(name)\(number)")
            }
            return oracleCase
        }
    }

    /// What the kernel of this host, or any of today, has no part for: the tool alone can be asked.
    private static let unknownToKernel: Set = ["CLUSTERIP", "LED", "SECMARK", "ULOG", "ipvs"]

    /// The combinations of what the kernel does not know, where they are at home.
    static func ofToolAlone(_ family: IPFamily) -> [OracleCase] {
        ExtensionRegistry.all.filter {
            $0.families.contains(family) && unknownToKernel.contains($0.name)
        }.flatMap { syntax in
            let place = places(of: syntax)[0]
            let texts =
                combinations(of: syntax).map { "\(place.before) \($0)" }
                + syntax.examples.map { "-A \(place.chain) \($0)" }
            return texts.map { OracleCase(name: syntax.name, table: place.table, text: $0) }
        }
    }

    /// The rules of the files in `Rules`: `[NAME]`, then lines of families, table and command.
    static func written(_ family: IPFamily) throws -> [OracleCase] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Rules")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        var cases: [OracleCase] = []
        for file in files.sorted(by: { $0.path() < $1.path() }) {
            var name = ""
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let words = line.split(separator: " ", maxSplits: 2)
                if line.hasPrefix("[") {
                    name = String(line.dropFirst().dropLast())
                } else if !line.hasPrefix("#"), words.count == 3,
                    words[0].contains(family == .ipv4 ? "4" : "6")
                {
                    cases.append(OracleCase(name: name, table: String(words[1]), text: String(words[2])))
                }
            }
        }
        return chosen(cases)
    }

    /// `WALLWRIGHT_ORACLE=set,time` tries these alone.
    private static func chosen(_ cases: [OracleCase]) -> [OracleCase] {
        guard let names = ProcessInfo.processInfo.environment["WALLWRIGHT_ORACLE"] else { return cases }
        return cases.filter { names.split(separator: ",").map(String.init).contains($0.name) }
    }

    private static func lines(of syntax: ExtensionSyntax) -> [(table: String, text: String)] {
        let places = places(of: syntax)
        var lines = combinations(of: syntax).map { (places[0].table, places[0].before + " " + $0) }
        lines += syntax.examples.map { (places[0].table, "-A \(places[0].chain) \($0)") }
        // Elsewhere the shortest of each will do: it is the place that is tried.
        for place in places.dropFirst() {
            lines += syntax.examples.map { (place.table, "-A \(place.chain) \($0)") }
        }
        return lines
    }

    private struct Place {
        var table: String
        var chain: String
        /// With the protocol that the extension needs, and its name.
        var before: String
    }

    /// Where it is at home first, then every other built-in chain.
    private static func places(of syntax: ExtensionSyntax) -> [Place] {
        let option = syntax.role == .match ? "-m" : "-j"
        // The first example says what it needs before it.
        let words = (syntax.examples.first ?? "").split(separator: " ")
        let needs = words.prefix { $0 != option }.joined(separator: " ")
        var all: [Place] = []
        for table in BuiltInTable.allCases {
            for chain in table.chains {
                let before = "-A \(chain.rawValue) \(needs) \(option) \(syntax.name)"
                all.append(Place(table: table.rawValue, chain: chain.rawValue, before: before))
            }
        }
        let home = all.firstIndex { place in
            (syntax.tables?.contains { $0.rawValue == place.table } ?? (place.table == "filter"))
                && (syntax.hooks?.contains { $0.rawValue == place.chain } ?? true)
        }
        if let home { all.insert(all.remove(at: home), at: 0) }
        return all
    }

    /// The options of the extension alone, negated, in pairs, and without any.
    private static func combinations(of syntax: ExtensionSyntax) -> [String] {
        var texts = [""]
        // What must be there whatever else is.
        func base(without names: [String]) -> String {
            var needed = syntax.options.filter { $0.isMandatory && !names.contains($0.name) }
            if !syntax.oneOf.isEmpty, Set(syntax.oneOf).isDisjoint(with: names) {
                needed += syntax.options.filter { $0.name == syntax.oneOf[0] }
            }
            return needed.map { " --\($0.name) \($0.value.samples[0])" }.joined()
        }
        // What only the kernel of a host knows has no samples.
        let options = syntax.options.filter { !$0.value.samples.isEmpty }
        for option in options {
            let rest = base(without: [option.name])
            for sample in option.value.samples {
                let words = sample.isEmpty && option.value.words > 0 ? "\"\"" : sample
                let text = "--\(option.name) \(words)"
                texts.append("\(text)\(rest)")
                // What cannot be negated is refused whatever its value.
                if option.isInvertible || sample == option.value.samples[0] {
                    texts.append("! \(text)\(rest)")
                }
            }
            for alias in option.aliases { texts.append("--\(alias) \(option.value.samples[0])\(rest)") }
            let first = "--\(option.name) \(option.value.samples[0])"
            texts += [
                "\(first)\(rest) \(first)", "--\(option.name.dropLast()) \(option.value.samples[0])\(rest)",
            ]
            for other in options where other.name != option.name {
                let more = base(without: [option.name, other.name])
                for sample in other.value.samples.prefix(3) {
                    texts.append("\(first) --\(other.name) \(sample)\(more)")
                }
                if option.isInvertible {
                    texts.append("! \(first) --\(other.name) \(other.value.samples[0])\(more)")
                }
            }
        }
        let everything = options.map { " --\($0.name) \($0.value.samples[0])" }
        texts += [everything.joined(), everything.reversed().joined()]
        return texts
    }
}
