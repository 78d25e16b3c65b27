import Diagnostics
import PacketModel

/// One service: a form such as `tcp/8443`, or a name.
enum ServiceText {
    /// The set that a form stands for; nil for a name.
    static func read(_ text: String) throws(TextProblem) -> ServiceSet? {
        if text == "any" { return .any }
        guard let slash = text.firstIndex(of: "/") else {
            if let whole = IPProtocol(name: text) { return ServiceSet(whole) }
            if text.contains(",") { throw list }
            return nil
        }
        let (word, rest) = (text[..<slash], text[text.index(after: slash)...])
        if word == "protocol" { return try wholeProtocol(rest) }
        guard let transport = IPProtocol(name: word) else { throw unknown(word, rest) }
        if transport.hasPorts { return try ports(rest, of: transport) }
        if transport.hasTypes { return try types(rest, of: transport) }
        let message = "\(transport) has no ports"
        throw TextProblem("policy.service.form", message, rest)
    }

    private static func ports(_ text: Substring, of transport: IPProtocol) throws(TextProblem) -> ServiceSet {
        if text == "any" || text == "*" || text == "all" {
            let message = "a whole protocol is written by its name alone"
            throw TextProblem("policy.service.form", message, text)
        }
        if text.contains(",") { throw list }
        guard let dash = text.firstIndex(where: { $0 == "-" || $0 == ":" }) else {
            return ServiceSet(transport, [try port(text)])
        }
        let (first, last) = (try port(text[..<dash]), try port(text[text.index(after: dash)...]))
        if text[dash] == ":" {
            throw TextProblem("policy.port.form", "a range of ports is written with `-`", text)
        }
        guard let interval = Interval(first, last) else {
            throw TextProblem(
                "policy.port.range",
                "the port range is empty",
                text,
                "the upper bound is below the lower bound"
            )
        }
        return ServiceSet(transport, IntervalSet(interval))
    }

    private static func port(_ text: Substring) throws(TextProblem) -> UInt16 {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else {
            throw TextProblem("policy.port.form", "`\(text)` is not a port", text, "expected a number")
        }
        guard let port = UInt16(text), port > 0 else {
            throw TextProblem("policy.port.range", "there is no port \(text)", text, "ports are 1 to 65535")
        }
        return port
    }

    private static func types(_ text: Substring, of transport: IPProtocol) throws(TextProblem) -> ServiceSet {
        if let members = ICMPType.members(named: String(text), of: transport) {
            return ServiceSet(transport, members)
        }
        throw TextProblem(
            "policy.service.icmp",
            "\(transport) has no type or code `\(text)`",
            text,
            notes: [
                "a type is a name such as `\(transport)/echo-request`, or a number, with its code: `\(transport)/3/4`"
            ],
            fix: TextRepair(
                NearestSpelling.candidates(for: String(text), among: ICMPType.names(of: transport)).map {
                    ["\(transport)/\($0)"]
                }
            )
        )
    }

    private static func wholeProtocol(_ text: Substring) throws(TextProblem) -> ServiceSet {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = UInt8(text), number > 0
        else {
            let message = "`\(text)` is not the number of a protocol"
            let fix = IPProtocol(name: text).map { TextRepair.write("\($0)") }
            throw TextProblem("policy.service.form", message, text, "1 to 255", fix: fix)
        }
        return ServiceSet(IPProtocol(number: number))
    }

    private static let list = TextProblem("policy.service.form", "several services are a list")

    private static func unknown(_ word: Substring, _ rest: Substring) -> TextProblem {
        if let transport = IPProtocol(name: rest), transport.hasPorts {
            return TextProblem("policy.service.form", "the protocol comes before the port")
        }
        let known = ServiceRepair.transportNames
        let near = NearestSpelling.candidates(for: String(word), among: known)
        return TextProblem(
            "policy.service.protocol",
            "`\(word)` is not a protocol with ports or types",
            word,
            notes: near.isEmpty ? ["these are: " + known.joined(separator: ", ")] : []
        )
    }
}
