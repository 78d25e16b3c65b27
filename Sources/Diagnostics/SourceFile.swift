import Glibc

/// A text that diagnostics point into.
package struct SourceFile: Sendable {
    /// What diagnostics call it: a path, or `<stdin>`.
    package let name: String
    package let bytes: [UInt8]
    /// The offset of the first byte of each line.
    package let lineStarts: [Int]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        var starts = [0]
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
            starts.append(offset + 1)
        }
        lineStarts = starts
    }

    package init(name: String, text: String) {
        self.init(name: name, bytes: Array(text.utf8))
    }

    /// The line (from 1) and the column (from 1, in characters) of a byte offset.
    package func position(of offset: Int) -> SourcePosition {
        let number = lineNumber(of: offset)
        let start = lineStarts[number - 1]
        let before = String(decoding: bytes[start..<min(max(offset, start), bytes.count)], as: UTF8.self)
        return SourcePosition(line: number, column: before.count + 1)
    }

    /// The line (from 1) of a byte offset.
    package func lineNumber(of offset: Int) -> Int {
        var (low, high) = (0, lineStarts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low + 1
    }

    /// The line of a byte offset, without its end of line.
    package func lineRange(of offset: Int) -> SourceRange {
        let number = lineNumber(of: offset)
        let start = lineStarts[number - 1]
        var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
        if end > start && bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return SourceRange(start, end)
    }

    /// The text of a line (from 1) without its end of line.
    package func line(_ number: Int) -> String {
        guard lineStarts.indices.contains(number - 1) else { return "" }
        let range = lineRange(of: lineStarts[number - 1])
        return String(decoding: bytes[range.start..<range.end], as: UTF8.self)
    }
}

/// A place in a text as people count: both from 1.
package struct SourcePosition: Hashable, Comparable, Sendable, Codable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A part of a source file, in byte offsets, the end excluded.
package struct SourceRange: Hashable, Sendable {
    package let start: Int
    package let end: Int

    package init(_ start: Int, _ end: Int) {
        self.start = start
        self.end = max(start, end)
    }

    package static let start = SourceRange(0, 0)
}
