import PacketModel

/// The flags of TCP as iptables names them; it knows six.
enum TCPFlagNames {
    static let names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"]

    static let value = ValueSyntax(
        words: 2,
        samples: [
            "SYN SYN", "ALL NONE", "NONE NONE", "SYN,ACK SYN", "SYN ACK", "all syn", "SYN,FOO SYN",
            "FIN,SYN,RST,ACK SYN",
            "SYN", "URG,PSH,FIN URG", "SYN, SYN", "ECE ECE",
        ],
        read: { words, _ throws(Refusal) in .masked(try bits(words[1]), mask: try bits(words[0])) },
        write: { value in
            guard case .masked(let bits, let mask) = value else { return [] }
            return Array("\(text(mask)) \(text(bits))".utf8)
        }
    )

    static let syn = OptionValue.masked(2, mask: 0b10111)

    private static func bits(_ word: Word) throws(Refusal) -> UInt64 {
        var bits: UInt64 = 0
        for part in word.text.uppercased().split(separator: ",") {
            switch part {
            case "ALL": bits |= 0b111111
            case "NONE": break
            default:
                guard let place = names.firstIndex(of: String(part)) else {
                    throw Refusal(
                        "value.flag",
                        "\(part) is not a flag of TCP; iptables knows \(names.joined(separator: ", "))"
                    )
                }
                bits |= 1 << UInt64(place)
            }
        }
        return bits
    }

    private static func text(_ bits: UInt64) -> String {
        let chosen = names.chosen(by: bits)
        return chosen.isEmpty ? "NONE" : chosen.joined(separator: ",")
    }
}
