/// A table as nft lists it, of which can be taken what does not load while no interface is there yet.
struct BootableTable {
    let name: String
    private var lines: [String]
    /// What was taken away, in words and with the reason.
    private(set) var lost: [String] = []

    init(_ table: NftablesSave.Table) {
        name = table.name
        lines = Self.joined(table.text)
    }

    var text: String { lines.joined(separator: "\n") + "\n" }

    /// Elements of a set are shown over several lines; here they are one, so that a place in it is a place in them.
    private static func joined(_ text: String) -> [String] {
        var result: [String] = []
        var elements: String?
        for line in text.split(separator: "\n") {
            if let open = elements {
                if line.hasPrefix("\t}") {
                    result += [open, String(line)]
                    elements = nil
                } else {
                    elements = open + " " + line.drop { $0 == "\t" || $0 == " " }
                }
            } else if line.hasPrefix("\t\t\(NftElements.opening)") {
                elements = String(line)
            } else {
                result.append(String(line))
            }
        }
        return result
    }

    /// Takes away what these faults name, the last line first, for a line less moves those below it. False when a fault is
    /// in no part that can go.
    mutating func mend(_ faults: [LoadFault]) -> Bool {
        guard !faults.isEmpty else { return false }
        return faults.sorted { ($0.line, $0.column ?? 0) > ($1.line, $1.column ?? 0) }.allSatisfy { mend($0) }
    }

    private mutating func mend(_ fault: LoadFault) -> Bool {
        let index = fault.line - 1
        guard lines.indices.contains(index), let head = head(of: index), head > 0 else { return false }
        let isRule = head < index && lines[head].hasPrefix("\tchain ") && !lines[index].hasPrefix("\t\ttype ")
        if isRule {
            if let named = Self.namingInterfaces(lines[index], fault) {
                lines[index] = named
            } else {
                lose("a rule of \(block(head)): \(lines[index].drop { $0 == "\t" })", fault)
                lines.remove(at: index)
            }
        } else if lines[index].hasPrefix("\t\t\(NftElements.opening)"), let column = fault.column {
            return removeElement(in: index, at: column, of: head, fault)
        } else {
            lose(block(head), fault)
            let end = lines[head...].firstIndex { $0.hasPrefix("\t}") } ?? head
            lines.removeSubrange(head...end)
        }
        return true
    }

    /// The line that opens the chain, set or flowtable that a line is in.
    private func head(of index: Int) -> Int? {
        lines[...index].lastIndex { $0.hasPrefix("\t") && !$0.hasPrefix("\t\t") && $0.hasSuffix("{") }
    }

    /// `chain input`
    private func block(_ head: Int) -> String {
        lines[head].split(separator: " ").prefix(2).joined(separator: " ").filter { $0 != "\t" }
    }

    private mutating func lose(_ what: String, _ fault: LoadFault) {
        lost.append("\(what) (\(fault.reason))")
    }

    /// `iif "eth0"` asks for the number of an interface that is there, `iifname "eth0"` for the name of any (nft(8), "Meta
    /// expressions"): where the first cannot be loaded, the second says the same.
    private static func namingInterfaces(_ line: String, _ fault: LoadFault) -> String? {
        guard fault.reason.contains("Interface does not exist"), let column = fault.column else { return nil }
        let before = line.utf8.prefix(column - 1)
        let words = before.split(separator: UInt8(ascii: " "))
        guard
            let word = words.last(where: { ["iif", "oif", "\t\tiif", "\t\toif"].contains(String($0) ?? "") })
        else { return nil }
        var result = line
        result.replaceSubrange(word.startIndex..<word.endIndex, with: "\(String(word) ?? "")name")
        return result
    }

    private mutating func removeElement(in index: Int, at column: Int, of head: Int, _ fault: LoadFault)
        -> Bool
    {
        let line = lines[index]
        let start = line.utf8.count - line.utf8.drop { $0 == UInt8(ascii: "\t") }.count
        // The piece whose end lies behind the place.
        var end = start + NftElements.opening.utf8.count
        let pieces = NftElements.split(line.dropFirst(start))
        for (number, piece) in pieces.enumerated() {
            end += piece.utf8.count + 2
            guard end >= column else { continue }
            lose("an element of \(block(head)): \(piece)", fault)
            var rest = pieces
            rest.remove(at: number)
            if rest.isEmpty {
                lines.remove(at: index)
            } else {
                lines[index] = "\t\t\(NftElements.opening) \(rest.joined(separator: ", ")) }"
            }
            return true
        }
        return false
    }
}
