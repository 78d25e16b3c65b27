import Diagnostics
import FoundationEssentials
import Netfilter
import PacketModel
import Simulation
import SystemPackage

/// What is said of packets, to a person or in JSON.
struct Explanation {
    /// One for each family that the rules are for.
    private var explainers: [any PacketExplainer]
    private let asJSON: Bool
    private let showsConnections: Bool
    private var output: [UInt8] = []
    private var json = ExplanationJSON()
    private(set) var refused = 0
    private var isFirst = true

    private static let chunk = 1 << 20

    init(_ explainers: [any PacketExplainer], asJSON: Bool, connections: Bool) {
        self.explainers = explainers
        self.asJSON = asJSON
        showsConnections = connections
        output.reserveCapacity(Self.chunk + 1 << 16)
    }

    mutating func explain(_ description: PacketDescription) throws(UnreadablePacket) {
        let family = description.resolvedFamily
        guard let place = explainers.firstIndex(where: { $0.family == family }) else {
            let other: IPFamily = family == .ipv4 ? .ipv6 : .ipv4
            throw UnreadablePacket(
                "a packet of \(family), but the rules are those of \(other): say --family \(family.rawValue)"
            )
        }
        if showsConnections {
            let connection = explainers[place].follow(description)
            if asJSON {
                json.write(connection, explainers[place], at: place, to: &output)
            } else {
                output.append(contentsOf: text(connection, explainers[place]).utf8)
            }
        } else {
            // In place: a copy would take the whole program with it.
            let outcomes = explainers[place].explain(description)
            if asJSON {
                json.write(outcomes, description, explainers[place], at: place, to: &output)
                output.append(UInt8(ascii: "\n"))
            } else {
                let text = ExplanationText(explainers[place]).text(outcomes, description)
                output.append(contentsOf: separated("\(description.completed.text)\n\(text)").utf8)
            }
        }
        if output.count >= Self.chunk { end() }
    }

    /// Says what is wrong with a packet; in JSON there is a line for it all the same.
    mutating func refuse(_ error: UnreadablePacket, in source: SourceFile, at place: Range<Int>) {
        refused += 1
        let range = error.range ?? place
        let label = Diagnostic.Label(source, SourceRange(range.lowerBound, range.upperBound))
        RulesFile.report([Diagnostic(.error, code: "packet", error.message, at: label)], in: source.name)
        if asJSON { output.append(contentsOf: "{\"error\":\(JSONValue.quoted(error.message))}\n".utf8) }
    }

    mutating func end() {
        Terminal.output.write(file: output)
        output.removeAll(keepingCapacity: true)
    }

    private mutating func text(_ connection: ExplainedConnection, _ explainer: any PacketExplainer) -> String
    {
        let writer = ExplanationText(explainer)
        let turns = connection.turns.map { turn in
            "\(turn.part.title): \(turn.description.text)\n\(writer.text(turn.outcomes, turn.description))"
        }
        return separated(turns.joined() + writer.end(connection))
    }

    /// With an empty line before all but the first.
    private mutating func separated(_ text: String) -> String {
        defer { isFirst = false }
        return isFirst ? text : "\n\(text)"
    }

    // MARK: What limits and lists remember

    mutating func restore(from path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        let data = Data(try RulesFile.bytes(ofFile: path))
        do {
            let states = try JSONDecoder().decode([String: SimulationState].self, from: data)
            for place in explainers.indices {
                guard let state = states[explainers[place].family.rawValue] else { continue }
                explainers[place].simulator.state = state
            }
        } catch {
            throw Failure(.refused, "\(path) is not a file that --save-state wrote; remove it to start again")
        }
    }

    func save(to path: String) throws {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            let states = explainers.map { ($0.family.rawValue, $0.simulator.state) }
            try encoder.encode(Dictionary(uniqueKeysWithValues: states))
                .write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw Failure(.systemFailed, "cannot write \(path): \(error)")
        }
    }
}

extension ExplainedConnection.Part {
    fileprivate var title: String {
        switch self {
        case .first: "first packet"
        case .reply: "reply"
        case .next: "next packet"
        }
    }
}
