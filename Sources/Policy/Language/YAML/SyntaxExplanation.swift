import Diagnostics
import PacketModel

/// Says what libyaml's error most likely means in a policy.
enum SyntaxExplanation {
    static func diagnostic(for error: YAMLEvents.SyntaxError, in source: SourceFile) -> Diagnostic {
        let place = SourceRange(error.offset, min(error.offset + 1, source.bytes.count))
        if let tab = indentingTab(atOrBefore: error, in: source) {
            return Diagnostic(
                code: "policy.yaml.tab",
                "a tab indents this line, and YAML indents by spaces only",
                at: .init(source, tab, "a tab"),
                fix: Fix("write spaces instead", tabs(in: source), safety: .certain)
            )
        }
        if let address = addressAround(error.offset, in: source) {
            return Diagnostic(
                code: "policy.yaml.ipv6",
                "YAML takes the colons of this address for its own",
                at: .init(source, address.range),
                fix: .write("\"\(address.text)\"", safety: .certain)
            )
        }
        if error.problem.hasPrefix("Maximum nesting level") {
            return YAMLParser.tooDeep(at: place, in: source)
        }
        if let guess = SyntaxRepair(source: source, error: error).guess() {
            return Diagnostic(
                code: "policy.yaml.syntax",
                guess.message,
                at: .init(source, guess.range),
                notes: ["YAML: \(error.problem)"],
                fix: guess.fix
            )
        }
        let context = error.context.map { context in
            Diagnostic.Label(source, SourceRange(context.offset, context.offset + 1), context.text)
        }
        return Diagnostic(
            code: "policy.yaml.syntax",
            "this is not YAML: \(error.problem)",
            at: .init(source, place),
            also: context.map { [$0] } ?? [],
            notes: [
                "a key has a colon and a blank after it; the lines of a section begin with `- ` in one column"
            ]
        )
    }

    /// The tab in the white space that begins the line of the error, or of what was being read.
    private static func indentingTab(
        atOrBefore error: YAMLEvents.SyntaxError,
        in source: SourceFile
    ) -> SourceRange? {
        for offset in [error.offset, error.context?.offset].compactMap(\.self) {
            let line = source.lineRange(of: offset)
            let indentation = source.bytes[line.start..<line.end].prefix {
                $0 == 0x20 || $0 == 0x09 || $0 == 0x2D
            }
            if let tab = indentation.firstIndex(of: 0x09) { return SourceRange(tab, tab + 1) }
        }
        return nil
    }

    /// Two spaces for each tab that indents a line.
    private static func tabs(in source: SourceFile) -> [Fix.Edit] {
        source.lineStarts.flatMap { start in
            let line = source.bytes[start..<source.lineRange(of: start).end]
            let indentation = line.prefix { $0 == 0x20 || $0 == 0x09 || $0 == 0x2D }
            return indentation.indices.filter { line[$0] == 0x09 }.map {
                Fix.Edit(SourceRange($0, $0 + 1), "  ")
            }
        }
    }

    /// The address or prefix of IPv6 that touches an offset.
    private static func addressAround(_ offset: Int, in source: SourceFile) -> (
        text: String, range: SourceRange
    )? {
        let line = source.lineRange(of: offset)
        let isPart: (UInt8) -> Bool = { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
            case UInt8(ascii: "A")...UInt8(ascii: "F"): true
            default: ":./".utf8.contains(byte)
            }
        }
        var (start, end) = (min(offset, line.end), min(offset, line.end))
        while start > line.start, isPart(source.bytes[start - 1]) { start -= 1 }
        while end < line.end, isPart(source.bytes[end]) { end += 1 }
        guard end - start <= 49 else { return nil }
        let text = String(decoding: source.bytes[start..<end], as: UTF8.self)
        let address = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        guard IPAddress(address)?.family == .ipv6 else { return nil }
        return (text, SourceRange(start, end))
    }
}
