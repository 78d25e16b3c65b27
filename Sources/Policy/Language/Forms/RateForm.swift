import Diagnostics
import PacketModel

/// What the key `log` of a line, or `dropped`, says.
enum LogRate: Equatable, Sendable {
    case silent
    case rate(Rate)

    /// Enough to see that something happens, too little to fill a disk.
    static let usual = Rate(5, per: .minute)

    var rate: Rate? {
        switch self {
        case .silent: nil
        case .rate(let rate): rate
        }
    }
}

extension Form where Value == Limit {
    static var limit: Form {
        let text = limitText
        return Form(schema: text.schema) { node, reading in
            guard let limit = text.read(node, &reading) else { return nil }
            if let length = limit.key.ipv6PrefixLength, length <= IPFamily.ipv4.addressWidth {
                reading.warn(
                    "policy.limit.prefix",
                    "/\(length) is a prefix of IPv6 here; addresses of IPv4 are counted one by one",
                    at: node.range
                )
            }
            return limit
        }
    }

    private static var limitText: Form {
        .rateText(
            pattern:
                "^[0-9]+/(second|minute|hour|day)( +burst +[0-9]+)?( +per +(source|destination)(/[0-9]+)?)?$",
            expected: "a limit such as `50/minute per source`",
            isLimit: true
        ) { text throws(TextProblem) in try RateText.limit(text) }
    }
}

extension Form where Value == Rate {
    static func rate(allowsTrue: Bool) -> Form {
        .rateText(
            pattern: "^[0-9]+/(second|minute|hour|day)$",
            expected: "a rate such as `5/minute`",
            isLimit: false,
            allowsTrue: allowsTrue
        ) {
            text throws(TextProblem) in try RateText.rate(text[...])
        }
    }
}

extension Form where Value == LogRate {
    /// A rate; `true` for the usual one where that is allowed; `false` for silence.
    static func logRate(allowsTrue: Bool) -> Form {
        let rate = Form<Rate>.rate(allowsTrue: allowsTrue)
        let words: JSONValue = allowsTrue ? ["type": "boolean"] : ["const": false]
        return Form(schema: ["anyOf": [words, rate.schema]]) { node, reading in
            guard let scalar = node.scalar, scalar.kind == .boolean else {
                if let word = node.scalar?.text.lowercased(), ["yes", "on", "no", "off"].contains(word) {
                    let meant = ["no", "off"].contains(word) ? "false" : allowsTrue ? "true" : "5/minute"
                    reading.reportType(node, expected: "a rate such as `5/minute`", fix: .write(meant))
                    return nil
                }
                return rate.read(node, &reading).map(LogRate.rate)
            }
            if scalar.text.lowercased() == "false" { return .silent }
            if allowsTrue, let usual = LogRate.usual { return .rate(usual) }
            reading.reportType(node, expected: "a rate, or false", fix: .write("5/minute"))
            return nil
        }
    }
}

extension Reading {
    /// A limit as it was written, or in words.
    func spokenLimit(_ node: YAMLNode) -> String {
        node.scalar.map { $0.kind == .boolean ? spoken(node) : $0.text } ?? spoken(node)
    }

    /// `{rate: 10/minute, burst: 20}` in words; `true` is a limit that many use.
    fileprivate func spoken(_ node: YAMLNode) -> String {
        switch node.content {
        case .scalar(let scalar):
            scalar.kind == .boolean && scalar.text == "true" ? "10/minute per source" : ""
        case .sequence: ""
        case .mapping(let entries):
            entries.map { entry in
                ["burst", "per"].contains(entry.key)
                    ? "\(entry.key) \(Self.words(of: entry.value))" : Self.words(of: entry.value)
            }.joined(separator: " ")
        }
    }
}

extension Form {
    fileprivate static func rateText(
        pattern: String,
        expected: String,
        isLimit: Bool,
        allowsTrue: Bool = false,
        _ parse: @escaping @Sendable (String) throws(TextProblem) -> Value
    ) -> Form {
        Form(schema: ["type": "string", "pattern": .string(pattern)]) { node, reading in
            guard let scalar = node.scalar, scalar.kind == .string || scalar.kind == .integer else {
                let meanings = isLimit ? RateRepair.meanings(of: reading.spoken(node), isLimit: true) : []
                let fix = TextRepair(meanings.map { [$0] }).map { reading.fix($0, of: node) }
                reading.reportType(node, expected: expected, fix: fix ?? reading.fixOfNothing(node))
                return nil
            }
            do throws(TextProblem) {
                return try parse(scalar.text)
            } catch {
                var meanings = RateRepair.meanings(of: scalar.text, isLimit: isLimit)
                // A text where a line says how often it logs is what the message was to begin with.
                if meanings.isEmpty, allowsTrue { meanings = ["true"] }
                let repair = TextRepair(meanings.map { [$0] })
                let fix = error.fix == nil ? repair.map { reading.fix($0, of: node) } : nil
                reading.report(error, in: node, fix: fix)
                return nil
            }
        }
    }
}
