import Diagnostics
import PacketModel

/// `mh`: the mobility header of IPv6 (iptables-extensions(8)).
enum MobilityHeaderMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "mh",
            .match,
            families: [.ipv6],
            options: [OptionSyntax("mh-type", types, invertible: true)],
            protocols: ProtocolNeed([135], "-p mh"),
            complete: { instance, context throws(Refusal) in
                instance.removeWhole("mh-type", to: 255, context.release)
            },
            examples: ["-p mh --mh-type bu", "-p mh -m mh ! --mh-type 1:3", "-p 135 --mh-type 1"]
        )
    ]

    /// By number (RFC 6275), each with its long and its short name.
    private static let names = [
        ["binding-refresh-request", "brr"], ["home-test-init", "hoti"], ["careof-test-init", "coti"],
        ["home-test", "hot"], ["careof-test", "cot"], ["binding-update", "bu"],
        ["binding-acknowledgement", "ba"], ["binding-error", "be"],
    ]

    /// A type or a range of them, by number or name; a beginning of a name will do, capitals do not count.
    private static let types = ValueSyntax(
        samples: names.flatMap(\.self) + [
            "brr:be", "be:brr", "b", "h", "home", "careof-test-i", "BRR", "0", "8", "255", "256", "0x3",
            "0:255",
            "3:", ":3", ":", "5:3", "3:3", "1:2:3", "x", "",
        ],
        read: { words, _ throws(Refusal) in
            let bytes = words[0].bytes[...]
            guard let colon = bytes.firstIndex(of: Ascii.colon) else {
                let only = try type(bytes)
                return .range(only, only)
            }
            let (first, last) = (bytes[..<colon], bytes[(colon + 1)...])
            let low = first.isEmpty ? 0 : try type(first)
            let high = last.isEmpty ? 255 : try type(last)
            guard low <= high else {
                throw Refusal("value.range", "the range is backwards", fix: .write("\(high):\(low)"))
            }
            return .range(low, high)
        },
        write: ValueSyntax.looseRange(to: 255).write
    )

    private static func type(_ bytes: ArraySlice<UInt8>) throws(Refusal) -> UInt64 {
        let wanted = String(decoding: bytes, as: UTF8.self).lowercased()
        let exact = names.firstIndex { $0.contains(wanted) }
        if let place = exact ?? names.firstIndex(where: { $0.contains { $0.hasPrefix(wanted) } }) {
            return UInt64(place)
        }
        guard let number = NumberText.whole(bytes, in: 0...255) else {
            throw Refusal(
                "value.unknown",
                "\(wanted) is not a type of a mobility header",
                fix: NearestSpelling.fix(for: wanted, among: names.flatMap(\.self))
            )
        }
        return number
    }
}
