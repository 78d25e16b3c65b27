import Diagnostics
import PacketModel

/// `ipv6header`: which headers stand before the protocol (iptables-extensions(8)).
enum IPv6HeaderMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "ipv6header",
            .match,
            families: [.ipv6],
            options: [
                OptionSyntax("header", headers, mandatory: true, invertible: true),
                OptionSyntax("soft", .flag),
            ],
            examples: ["-m ipv6header --header hop,frag --soft", "-m ipv6header ! --header esp"]
        )
    ]

    /// In the order in which they are printed, by their first name; the numbers as written.
    private static let known: [(names: [String], number: UInt8)] = [
        (["hop-by-hop", "hop", "0"], 0), (["ipv6-opts", "dst", "60"], 60),
        (["ipv6-route", "route", "43"], 43),
        (["ipv6-frag", "frag", "44"], 44), (["ah", "auth", "51"], 51), (["esp", "50"], 50),
        (["ipv6-nonxt", "none", "59"], 59), (["protocol", "prot", "255"], 255),
    ]

    private static let headers = ValueSyntax(
        samples: known.flatMap(\.names) + [
            "hop,dst,route,frag,auth,esp,none,prot", "0,60,43,44,51,50,59", "hop,", ",hop", "hop,,dst", ",",
            "HOP", "HOPOPT", "proto", "tcp", "6", "256", "0x0", "all", "x", "",
        ],
        read: { words, context throws(Refusal) in
            var bits: UInt64 = 0
            let parts = words[0].text.split(separator: ",")
            guard !parts.isEmpty else { throw Refusal("value.header", "the list of headers is empty") }
            for part in parts {
                // protocols(5) comes first.
                let listed = context.names.listedProtocol(String(part))
                let place = known.firstIndex {
                    listed == nil ? $0.names.contains(String(part)) : $0.number == listed
                }
                guard let place else {
                    throw Refusal(
                        "value.unknown",
                        "\(part) is not a header before the protocol",
                        fix: NearestSpelling.fix(forPart: part, among: known.flatMap(\.names))
                    )
                }
                bits |= 1 << UInt64(place)
            }
            return .number(bits)
        },
        write: { value in
            let chosen = known.indices.filter { value.number >> UInt64($0) & 1 == 1 }
            return Array(chosen.map { known[$0].names[0] }.joined(separator: ",").utf8)
        }
    )
}
