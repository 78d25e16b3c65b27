import PacketModel

/// `hbh` and `dst`: options for every hop and for the destination, headers of IPv6 (iptables-extensions(8)).
enum HeaderOptionsMatch: MatchExtension {
    static let syntaxes = ["hbh", "dst"].map { name in
        ExtensionSyntax(
            name,
            .match,
            families: [.ipv6],
            options: [
                OptionSyntax("\(name)-len", .number(0...UInt64(UInt32.max)), invertible: true),
                OptionSyntax("\(name)-opts", kinds),
            ],
            examples: ["-m \(name) --\(name)-len 8", "-m \(name) --\(name)-opts 1:2,5"]
        )
    }

    /// IP6T_OPTS_OPTSNR
    private static let most = 16
    /// What the kernel's structure has for a length that is not said.
    private static let anyLength: UInt64 = 0xFF

    /// `KIND[:LENGTH]` between commas, of which the lower eight bits count.
    private static let kinds = ValueSyntax(
        samples: [
            "1", "1:2,23:42,4:6,8:10,42,23,4:5", "255:255", "256", "1:256", "0", "0:5", "256:5", "0x5:0x6",
            "-1",
            "1:", ":1", "1,", ",1", "1:2:3", "5x", "5:6x", "18446744073709551615", "18446744073709551616",
            "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15:1,16", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16:1",
            "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17", "x", "",
        ],
        read: { words, _ throws(Refusal) in
            let parts = words[0].bytes.split(separator: Ascii.comma, omittingEmptySubsequences: false)
            guard parts.count <= most else {
                throw Refusal("value.many", "the list has more than \(most) options")
            }
            var kinds: [OptionValue] = []
            for part in parts {
                let colon = part.firstIndex(of: Ascii.colon)
                let kind = try number(colon.map { part[..<$0] } ?? part)
                guard let colon else {
                    kinds.append(.range(kind, anyLength))
                    continue
                }
                guard kind != 0 else { throw Refusal("value.option.length", "the option 0 has no length") }
                // So it is in the tool, which counts one short.
                guard kinds.count < most - 1 else {
                    throw Refusal("value.many", "the option number \(most) of a list cannot have a length")
                }
                kinds.append(.range(kind, try number(part[(colon + 1)...])))
            }
            return .list(kinds)
        },
        write: { value in
            let parts = value.items.map { item in
                guard case .range(let kind, let length) = item else { return "" }
                return length == anyLength ? "\(kind)" : "\(kind):\(length)"
            }
            return Array(parts.joined(separator: ",").utf8)
        }
    )

    private static func number(_ bytes: ArraySlice<UInt8>) throws(Refusal) -> UInt64 {
        guard let (value, rest) = NumberText.wrappingPrefix(bytes), rest.isEmpty else {
            let shown = String(decoding: bytes, as: UTF8.self)
            throw Refusal("value.number", "\(shown.isEmpty ? "nothing" : shown) is not a number")
        }
        return value & 0xFF
    }
}
