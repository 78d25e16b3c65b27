import PacketModel

/// The form of ports that `tcp`, `udp` and `multiport` share.
enum PortText {
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
