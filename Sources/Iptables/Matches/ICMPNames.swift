import Diagnostics

/// The names that iptables has for types and codes of ICMP.
struct ICMPNames: Sendable {
    struct Entry: Sendable {
        let name: String
        /// In small letters, as it is looked for.
        let key: String
        let type: UInt64
        /// All codes, or one.
        let codes: ClosedRange<UInt64>
        let since: IptablesRelease

        init(
            _ name: String,
            _ type: UInt64,
            _ code: UInt64? = nil,
            since release: IptablesRelease = .v1_8_9
        ) {
            since = release
            self.name = name
            key = name.lowercased()
            self.type = type
            codes = code.map { $0...$0 } ?? 0...255
        }
    }

    let entries: [Entry]

    /// A name or the only beginning of one, or `TYPE[/CODE]` in numbers; printed in numbers.
    var value: ValueSyntax {
        ValueSyntax(
            samples: entries.map(\.name) + [
                "8", "8/0", "255", "255/0", "0/255", "256", "8/256", "8/", "/5", "8/0/1", "8/0:255", "8/3:5",
                "8/6:5", "255/0:255", "8/5:", "8/1:2:3", "8/3:300", "echo-re",
                "echo-reques", "ECHO-REPLY",
                "nosuch", "0x8", "",
            ],
            read: { words, context throws(Refusal) in try read(words[0], context.release) },
            write: { value in
                guard case .list(let parts) = value, case .range(let low, let high) = parts[1] else {
                    return []
                }
                let type = parts[0].number
                if type == anyType { return Array("any".utf8) }
                if low == 0, high == 255 { return Array("\(type)".utf8) }
                return Array("\(type)/\(low)".utf8)
            }
        ).printed(since: .v1_8_10) { value in
            // The type of `any` beside one code is said as it is.
            guard case .list(let parts) = value, case .range(let low, let high) = parts[1] else { return [] }
            let type = parts[0].number
            guard low == 0, high == 255 else { return Array("\(type)/\(low)".utf8) }
            return Array((type == anyType ? "any" : "\(type)").utf8)
        }
    }

    /// The type that stands for all types, whatever the code; nil where there is none.
    var anyType: UInt64? { entries.first { $0.name == "any" }?.type }

    private func read(_ word: Word, _ release: IptablesRelease) throws(Refusal) -> OptionValue {
        let wanted = word.text.lowercased()
        // No name begins with a digit, and there are many.
        let isNumber = wanted.first?.isNumber ?? false
        let near = isNumber ? [] : entries.filter { $0.key.hasPrefix(wanted) && $0.since <= release }
        if near.count > 1 {
            throw Refusal(
                "value.icmp.ambiguous",
                "\(word.text) may be \(near.map(\.name).joined(separator: " or "))"
            )
        }
        if let entry = near.first {
            return .list([.number(entry.type), .range(entry.codes.lowerBound, entry.codes.upperBound)])
        }
        let parts = word.bytes.split(separator: Ascii.slash, maxSplits: 1, omittingEmptySubsequences: false)
        guard let type = NumberText.whole(parts[0], in: 0...255) else {
            throw Refusal(
                "value.icmp.unknown",
                "\(word.text) is not a type of ICMP",
                fix: NearestSpelling.fix(for: word.text, among: entries.map(\.name))
            )
        }
        guard parts.count == 2 else { return .list([.number(type), .range(0, 255)]) }
        // `8/0:255`; of a range that is backwards the tool takes note, and no code is in it.
        let codes = parts[1].split(separator: Ascii.colon, maxSplits: 1, omittingEmptySubsequences: false)
            .map { NumberText.whole($0, in: 0...255) }
        guard let low = codes[0], let high = codes[codes.count - 1] else {
            throw Refusal(
                "value.icmp.code",
                "the code of \(word.text) is neither a number from 0 to 255 nor a range of them"
            )
        }
        return .list([.number(type), .range(low, high)])
    }

    static let version4 = ICMPNames(entries: [
        Entry("any", 255), Entry("echo-reply", 0), Entry("pong", 0), Entry("destination-unreachable", 3),
        Entry("network-unreachable", 3, 0), Entry("host-unreachable", 3, 1),
        Entry("protocol-unreachable", 3, 2),
        Entry("port-unreachable", 3, 3), Entry("fragmentation-needed", 3, 4),
        Entry("source-route-failed", 3, 5),
        Entry("network-unknown", 3, 6), Entry("host-unknown", 3, 7), Entry("network-prohibited", 3, 9),
        Entry("host-prohibited", 3, 10), Entry("TOS-network-unreachable", 3, 11),
        Entry("TOS-host-unreachable", 3, 12),
        Entry("communication-prohibited", 3, 13), Entry("host-precedence-violation", 3, 14),
        Entry("precedence-cutoff", 3, 15), Entry("source-quench", 4), Entry("redirect", 5),
        Entry("network-redirect", 5, 0), Entry("host-redirect", 5, 1), Entry("TOS-network-redirect", 5, 2),
        Entry("TOS-host-redirect", 5, 3), Entry("echo-request", 8), Entry("ping", 8),
        Entry("router-advertisement", 9), Entry("router-solicitation", 10), Entry("time-exceeded", 11),
        Entry("ttl-exceeded", 11), Entry("ttl-zero-during-transit", 11, 0),
        Entry("ttl-zero-during-reassembly", 11, 1),
        Entry("parameter-problem", 12), Entry("ip-header-bad", 12, 0),
        Entry("required-option-missing", 12, 1),
        Entry("timestamp-request", 13), Entry("timestamp-reply", 14), Entry("address-mask-request", 17),
        Entry("address-mask-reply", 18),
    ])

    static let version6 = ICMPNames(entries: [
        Entry("destination-unreachable", 1), Entry("no-route", 1, 0), Entry("communication-prohibited", 1, 1),
        Entry("beyond-scope", 1, 2), Entry("address-unreachable", 1, 3), Entry("port-unreachable", 1, 4),
        Entry("failed-policy", 1, 5), Entry("reject-route", 1, 6), Entry("packet-too-big", 2),
        Entry("time-exceeded", 3), Entry("ttl-exceeded", 3), Entry("ttl-zero-during-transit", 3, 0),
        Entry("ttl-zero-during-reassembly", 3, 1), Entry("parameter-problem", 4), Entry("bad-header", 4, 0),
        Entry("unknown-header-type", 4, 1), Entry("unknown-option", 4, 2), Entry("echo-request", 128),
        Entry("ping", 128), Entry("echo-reply", 129), Entry("pong", 129),
        Entry("mld-listener-query", 130, since: .v1_8_10),
        Entry("mld-listener-report", 131, since: .v1_8_10),
        Entry("mld-listener-done", 132, since: .v1_8_10),
        Entry("mld-listener-reduction", 132, since: .v1_8_10), Entry("router-solicitation", 133),
        Entry("router-advertisement", 134), Entry("neighbour-solicitation", 135),
        Entry("neighbor-solicitation", 135),
        Entry("neighbour-advertisement", 136), Entry("neighbor-advertisement", 136), Entry("redirect", 137),
    ])
}
