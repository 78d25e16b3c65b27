import PacketModel
import Diagnostics
import PacketModel

/// `TCPOPTSTRIP`: takes options out of TCP's header (iptables-extensions(8)).
enum TCPOPTSTRIPTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "TCPOPTSTRIP",
            .target,
            options: [OptionSyntax("strip-options", kinds)],
            protocols: ProtocolNeed([6], "-p tcp"),
            tables: [.mangle],
            examples: ["-p tcp -j TCPOPTSTRIP --strip-options wscale,mss", "-p tcp -j TCPOPTSTRIP"]
        )
    ]

    private static let names: [(name: String, kind: UInt64)] = [
        ("wscale", 3), ("mss", 2), ("sack-permitted", 4), ("sack", 5), ("timestamp", 8), ("md5", 19),
    ]

    /// Kinds of options between commas, by number or name, each once; printed in order.
    private static let kinds = ValueSyntax(
        samples: names.map(\.name) + [
            names.map(\.name).joined(separator: ","), "2", "255", "256", "0", "1", "5,3,0x13", "5,5",
            "sack,5",
            "5,", ",5", "SACK", "sac", "5-7", "",
        ],
        read: { words, _ throws(Refusal) in
            var kinds: [UInt64] = []
            for part in words[0].bytes.split(separator: Ascii.comma, omittingEmptySubsequences: false) {
                let text = String(decoding: part, as: UTF8.self)
                let named = names.first { $0.name == text }?.kind
                guard let kind = named ?? NumberText.whole(part, in: 2...255) else {
                    throw Refusal(
                        "value.unknown",
                        "\(text.isEmpty ? "nothing" : text) is not an option of TCP from 2 to 255",
                        fix: NearestSpelling.fix(for: text, among: names.map(\.name))
                    )
                }
                guard !kinds.contains(kind) else {
                    throw Refusal("value.twice", "\(text) is twice in the list")
                }
                kinds.append(kind)
            }
            return .list(kinds.sorted().map(OptionValue.number))
        },
        write: { value in Array(value.items.map { "\($0.number)" }.joined(separator: ",").utf8) }
    )

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        .aside
    }
}
