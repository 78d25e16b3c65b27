/// Names of numbers to 255, from files such as `/etc/iproute2/rt_realms`: a number and a name on each line.
package struct NumberNames: Sendable {
    /// In the order of the file: the first that fits counts.
    private var entries: [(number: UInt64, name: String)] = []

    /// Reads the text of the file; a line that makes no sense names nothing.
    init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split { $0 == " " || $0 == "\t" }
            guard words.count >= 2, !words[0].hasPrefix("#"), !words[1].hasPrefix("#") else { continue }
            let number =
                words[0].hasPrefix("0x") ? UInt64(words[0].dropFirst(2), radix: 16) : UInt64(words[0])
            guard let number, number <= 255 else { continue }
            entries.append((number, String(words[1])))
        }
    }

    func number(of name: String) -> UInt64? { entries.first { $0.name == name }?.number }

    func name(of number: UInt64) -> String? { entries.first { $0.number == number }?.name }
}
