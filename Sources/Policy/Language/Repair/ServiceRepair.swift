import Diagnostics
import PacketModel

/// What a text that is no service was probably meant to say: `tcp 80`, `443/tcp`, `ssh http`.
enum ServiceRepair {
    /// Lists of services, a list for each meaning; what is in them is known to be right.
    static func meanings(of text: String, own: [String]) -> [[String]] {
        let text = ServiceWords.plain(text)
        if let known = ServiceWords.programs[text] { return known }
        if let known = publishedPorts(text) { return known }
        let groups = groups(of: text)
        guard !groups.isEmpty, groups.count <= 32 else { return [] }
        var parts: [[Part]] = []
        for group in groups {
            guard let found = Self.parts(of: group, own: own) else {
                return groups.count == 1 ? nearest(to: text, own: own) : []
            }
            parts.append(found)
        }
        // A protocol alone speaks for the ports beside it.
        let alone = parts.filter { $0.count == 1 }.joined().compactMap(\.transport)
        let stated = Set(parts.joined().compactMap(\.transport))
        let hasPorts = parts.joined().contains { if case .ports = $0 { true } else { false } }
        let areBare = parts.contains { group in
            group.allSatisfy { $0.transport == nil }
                && group.contains { if case .ports = $0 { true } else { false } }
        }
        let transports =
            !areBare
            ? [alone]
            : stated.isEmpty
                ? [["tcp"], ["udp"]] : alone.isEmpty ? (stated.count == 1 ? [Array(stated)] : []) : [alone]
        var meanings: [[String]] = []
        for bare in transports {
            let services = parts.flatMap {
                Self.services($0, spokenFor: hasPorts ? alone : [], bare: bare, others: alone)
            }
            let isRight = !services.isEmpty && services.allSatisfy { isService($0, own: own) }
            if isRight, !meanings.contains(services) { meanings.append(services) }
        }
        return meanings
    }

    private enum Part: Equatable {
        case transport(String)
        case ports(String)
        case name(String)

        var transport: String? { if case .transport(let name) = self { name } else { nil } }
    }

    private static let fillers: Set<String> = ["and", "port", "ports", "service", "&", "+"]

    /// `8080:80` is a port and where a container listens, or a range as iptables writes it: the fewer ports come first.
    private static func publishedPorts(_ text: String) -> [[String]]? {
        let transport = text.hasSuffix("/udp") ? "udp" : "tcp"
        let word = text.hasSuffix("/\(transport)") ? text.dropLast(transport.count + 1) : text[...]
        let ends = word.split(separator: ":", omittingEmptySubsequences: false).map { UInt16($0) ?? 0 }
        guard ends.count == 2, ends.allSatisfy({ $0 > 0 }) else { return nil }
        let port = ["\(transport)/\(ends[0])"]
        return ends[0] < ends[1] ? [port, ["\(transport)/\(ends[0])-\(ends[1])"]] : [port]
    }

    /// What commas and blanks part.
    private static func groups(of text: String) -> [String] {
        text.split { ", ;".contains($0) }.map(String.init).filter { !fillers.contains($0) }
    }

    /// `80/tcp`, `tcp:80`, `tcp80`: one after the other; nil when something in it is not understood.
    private static func parts(of group: String, own: [String]) -> [Part]? {
        // The second number of a type of ICMP is its code.
        if group.hasPrefix("icmp"), group.contains("/"), isService(group, own: own) { return [.name(group)] }
        if let synonym = synonyms[group] {
            return [IPProtocol(name: synonym) == nil ? .name(synonym) : .transport(synonym)]
        }
        if isService(group, own: own), !group.contains("/") {
            return [IPProtocol(name: group) == nil ? .name(group) : .transport(group)]
        }
        let words = group.split(separator: "/").flatMap {
            $0.contains { $0.isLetter } ? $0.split(separator: ":") : [$0]
        }
        var parts: [Part] = []
        for word in words {
            if let ports = ports(word) {
                parts.append(.ports(ports))
            } else if let transport = IPProtocol(name: word) {
                parts.append(.transport(transport.description))
            } else if let service = synonyms[String(word)] ?? ServiceCatalogue.named(word)?.name {
                parts.append(.name(service))
            } else if own.contains(String(word)) {
                parts.append(.name(String(word)))
            } else if let digit = word.firstIndex(where: \.isNumber), digit > word.startIndex,
                let transport = IPProtocol(name: word[..<digit]), let ports = ports(word[digit...])
            {
                parts += [.transport(transport.description), .ports(ports)]
            } else {
                return nil
            }
        }
        // `ssh/2222` is that port, not both.
        if parts.count == 2, case .name(let name) = parts[0], case .ports = parts[1],
            let members = ServiceCatalogue.named(name)?.members.members, members.count == 1,
            let transport = members.keys.first
        {
            return [.transport(transport.description), parts[1]]
        }
        return parts.isEmpty ? nil : parts
    }

    /// `8000-8010`, in order.
    private static func ports(_ text: Substring) -> String? {
        let ends = text.drop { $0 == ":" }.split(omittingEmptySubsequences: false) { "-:".contains($0) }
        let numbers = ends.compactMap { UInt16($0) }.filter { $0 > 0 }
        guard numbers.count == ends.count, let first = numbers.first, let last = numbers.last,
            numbers.count <= 2
        else { return nil }
        return first == last ? "\(first)" : "\(min(first, last))-\(max(first, last))"
    }

    private static let synonyms = [
        "all": "any", "*": "any", "everything": "any", "anything": "any", "sshd": "ssh", "openssh": "ssh",
        "mysqld": "mysql", "icmp-echo": "ping", "ping4": "ping", "ping6": "ping", "echo-request": "ping",
        "icmp-echo-request": "ping", "icmp6": "icmpv6", "ipv6-icmp": "icmpv6", "icmp-v6": "icmpv6",
        "ipv6icmp": "icmpv6", "named": "dns", "bind": "dns", "bind9": "dns", "chrony": "ntp", "ntpd": "ntp",
        "chronyd": "ntp", "postfix": "smtp", "mongo": "mongodb", "wg": "wireguard",
    ]

    private static func services(
        _ parts: [Part],
        spokenFor: [String],
        bare: [String],
        others alone: [String]
    ) -> [String] {
        let own = parts.compactMap(\.transport)
        // `tcp,udp/53` is both.
        let transports =
            own.isEmpty || own == parts.map({ $0.transport ?? "" })
            ? own : alone.filter { !own.contains($0) } + own
        let others = parts.filter { $0.transport == nil }
        if others.isEmpty { return transports.filter { !spokenFor.contains($0) } }
        return others.flatMap { part -> [String] in
            switch part {
            case .transport: []
            case .ports(let ports): (transports.isEmpty ? bare : transports).map { "\($0)/\(ports)" }
            case .name("any"): transports.isEmpty ? ["any"] : transports
            case .name(let name): transports.first.map { narrowed(name, to: $0) } ?? [name]
            }
        }
    }

    /// A service in one of its protocols: never more than was asked for.
    private static func narrowed(_ name: String, to transport: String) -> [String] {
        guard let members = ServiceCatalogue.named(name)?.members.members,
            let wanted = IPProtocol(name: transport)
        else { return [name] }
        if members.count == 1, members[wanted] != nil { return [name] }
        return (members[wanted]?.intervals ?? []).map { interval in
            "\(transport)/\(interval.lower)" + (interval.lower == interval.upper ? "" : "-\(interval.upper)")
        }
    }

    /// A slip of the pen in a name, or in the protocol before a slash.
    private static func nearest(to text: String, own: [String]) -> [[String]] {
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            // Of three letters too many words are one slip away: only what everybody runs is looked at.
            let names =
                text.count > 3
                ? ServiceCatalogue.all.flatMap { [$0.name] + $0.aliases } + ["any", "tcp", "udp"] + own
                : ["ssh", "dns", "ntp", "ftp", "tcp", "udp", "any", "http", "ping", "smtp"] + own
            return NearestSpelling.candidates(for: text, among: names).map { [$0] }
        }
        let near = NearestSpelling.candidates(for: parts[0], among: transportNames)
        return near.map { "\($0)/\(parts[1])" }.filter { isService($0, own: own) }.map { [$0] }
    }

    static let transportNames = ["tcp", "udp", "sctp", "dccp", "udplite", "icmp", "icmpv6", "protocol"]

    static func isService(_ text: String, own: [String]) -> Bool {
        if own.contains(text) || ServiceCatalogue.named(text) != nil { return true }
        return (try? ServiceText.read(text)).flatMap(\.self) != nil
    }
}
