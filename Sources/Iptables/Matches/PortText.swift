import PacketModel

/// What the matches of protocols with ports share.
enum PortText {
    /// `--sport` and `--dport`.
    static func options(_ value: ValueSyntax) -> [OptionSyntax] {
        [
            OptionSyntax("sport", aliases: ["source-port"], value, invertible: true),
            OptionSyntax("dport", aliases: ["destination-port"], value, invertible: true),
        ]
    }

    /// What one of these two asks; nil for another option.
    static func condition(_ option: String, _ value: OptionValue) -> Condition? {
        switch option {
        case "sport": value.condition(.sourcePort)
        case "dport": value.condition(.destinationPort)
        default: nil
        }
    }

    /// `80` or `80:90`.
    static func interval(_ ports: Interval<UInt128>) -> String {
        ports.isSingle ? "\(ports.lower)" : "\(ports.lower):\(ports.upper)"
    }

    /// `--sport` or `--dport` of an extension, for what is one interval; several are for `multiport` to say.
    static func alternatives(
        _ field: Field,
        _ ports: IntervalSet<UInt128>,
        _ test: Test,
        module: String
    ) -> [[MatchText]]? {
        guard field == .sourcePort || field == .destinationPort, ports.intervals.count == 1 else {
            return nil
        }
        let option = field == .sourcePort ? "--sport" : "--dport"
        return test.either(ports.intervals.map { MatchText(module, option, interval($0)) })
    }
}
