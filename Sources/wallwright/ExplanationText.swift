import Netfilter
import PacketModel
import Simulation

/// What is said of a packet to a person: the rules that it met, and what became of it.
struct ExplanationText {
    private let explainer: any PacketExplainer

    init(_ explainer: any PacketExplainer) {
        self.explainer = explainer
    }

    func text(_ outcomes: Outcomes, _ description: PacketDescription) -> String {
        let steps = outcomes.trace.path.compactMap(explainer.step)
        let places = steps.map { "\($0.table) \($0.chain) \($0.rule.map(String.init) ?? "policy")" }
        let lines = steps.map { $0.line.map { "line \($0)" } ?? "" }
        let (placeWidth, lineWidth) = (places.map(\.count).max() ?? 0, lines.map(\.count).max() ?? 0)
        var text = ""
        for (number, step) in steps.enumerated() {
            text +=
                "  \(places[number].padded(to: placeWidth))  \(lines[number].padded(to: lineWidth))  \(step.text)\n"
        }
        if let forwarding = outcomes.trace.forwarding { text += "  \(forwarding.text)\n" }
        // An accepted packet went through every table; people mean the one that filters.
        let filter = outcomes.trace.fate == .accept ? steps.lastIndex { $0.table == "filter" } : nil
        let place = (filter ?? steps.indices.last).map { places[$0] }
        return text + end(outcomes, description, place)
    }

    private func end(_ outcomes: Outcomes, _ description: PacketDescription, _ place: String?) -> String {
        let words = explainer.unknowns(outcomes)
        if outcomes.verdict == "depends" {
            let fates = outcomes.fates.map(\.word).sorted().joined(separator: " or ")
            return
                "\(Terminal.output.paint("\(fates): it depends on", .strong)) \(words.joined(separator: "; "))\n"
                + byInterface(outcomes) + advice(outcomes, description)
        }
        let reason = explainer.reason(outcomes, description)?.text ?? reason(outcomes, place)
        let verdict = Terminal.output.paint(
            outcomes.trace.fate.word,
            outcomes.trace.fate == .accept ? .good : .bad
        )
        let known = words.isEmpty ? "" : ", whether or not \(words.joined(separator: "; "))"
        return "\(verdict)\(reason)\(known)\n"
    }

    private func reason(_ outcomes: Outcomes, _ place: String?) -> String {
        if outcomes.trace.isExpired { return ": no hop is left, and the host says so to the sender" }
        if outcomes.trace.isForMany { return ": the host forwards nothing that was sent to more than itself" }
        return place.map { " by \($0)" } ?? ": no rule and no policy looks at it"
    }

    /// A line for each interface that the rules tell apart.
    private func byInterface(_ outcomes: Outcomes) -> String {
        guard Set(outcomes.fatesByInterface.values).count > 1 else { return "" }
        return outcomes.fatesByInterface.sorted {
            ($0.key == "?" ? "~" : $0.key) < ($1.key == "?" ? "~" : $1.key)
        }
        .map { name, fates in
            let words = fates.map(\.word).sorted().joined(separator: " or ")
            return "  \(words) if it leaves by \(name == "?" ? "another interface" : name)\n"
        }.joined()
    }

    /// What the person can say so that less is open.
    private func advice(_ outcomes: Outcomes, _ description: PacketDescription) -> String {
        let packet = description.completed
        guard packet.inputInterface != nil else { return "" }
        if !outcomes.fatesByInterface.isEmpty {
            return
                "do: say the interface in the packet (out eth1), or what is behind it (--address eth1=192.0.2.1/24)\n"
        }
        if outcomes.isOpenToOwnAddress, let address = packet.destination {
            return
                "do: say the addresses of this host, as  --address \(packet.inputInterface ?? "eth0")=\(address)\n"
        }
        return ""
    }

    func end(_ connection: ExplainedConnection) -> String {
        let output = Terminal.output
        switch connection.verdict {
        case "accept": return "\(output.paint("the connection works", .good))\n"
        case "drop":
            let part = connection.failing.map { $0.part.rawValue } ?? "packet"
            let what = part == "reply" ? "its reply is" : "its \(part) packet is"
            let fate = connection.failing?.outcomes.trace.fate.word ?? "dropped"
            return "\(output.paint("the connection fails", .bad)): \(what) \(fate)\n"
        default:
            if connection.isNoConnection { return "no connection: nothing is an answer to such a packet\n" }
            return "\(output.paint("the connection may work", .strong)): it depends on what is said above\n"
        }
    }
}

extension Trace.Forwarding {
    fileprivate var text: String {
        let host = destination.map { address in
            guard let port else { return "\(address)" }
            return address.family == .ipv6 ? "[\(address)]:\(port)" : "\(address):\(port)"
        }
        return
            "goes on to \(host ?? "an address that is not known") by \(interface ?? "an interface that is not known")"
    }
}

extension Trace.Fate {
    fileprivate var word: String {
        switch self {
        case .accept: "accepted"
        case .drop: "dropped"
        case .reject: "rejected"
        case .queue: "queued"
        }
    }
}
