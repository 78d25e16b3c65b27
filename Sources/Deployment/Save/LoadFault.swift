/// A place in a file that a tool could not load, as its message names it.
struct LoadFault: Hashable, Sendable {
    /// From 1.
    var line: Int
    /// The first byte in the line, from 1; nil where the tool names none.
    var column: Int?
    var reason: String

    /// All that a message of nft names; a fault in the kernel is one, faults in the text are several.
    static func ofNft(_ message: String) -> [LoadFault] {
        message.split(separator: "\n").compactMap { line in
            // /dev/stdin:3:12-20: Error: …
            guard
                let found = line.firstMatch(of: /^\/dev\/stdin:([0-9]+):([0-9]+)[-0-9]*: (?:Error: )?(.*)$/),
                let number = Int(found.1)
            else { return nil }
            return LoadFault(line: number, column: Int(found.2), reason: String(found.3))
        }
    }

    /// What a message of iptables-restore or ipset names.
    static func ofRestore(_ message: String) -> LoadFault? {
        let lines = message.split(separator: "\n").filter { !$0.hasPrefix("Try `") }
        let number = lines.lazy.compactMap { $0.firstMatch(of: /[Ll]ine:? ([0-9]+)/) }.first.flatMap {
            Int($0.1)
        }
        guard let number, number > 0 else { return nil }
        // iptables-nft-restore v1.8.9 (nf_tables): …
        let said = lines.first { !$0.hasPrefix("Error occurred at line") } ?? ""
        let reason = said.replacing(/^\S+(?:-restore)? v[0-9.]+(?: \([a-z_]+\))?: */, with: "")
            .replacing(/^Error in line [0-9]+: */, with: "")
        return LoadFault(line: number, column: nil, reason: String(reason))
    }
}
