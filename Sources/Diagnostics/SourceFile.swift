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
        var (low, high) = (0, lineStarts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let end = min(max(offset, lineStarts[low]), bytes.count)
        let before = String(decoding: bytes[lineStarts[low]..<end], as: UTF8.self)
        return SourcePosition(line: low + 1, column: before.count + 1)
    }

    /// The text of a line (from 1) without its end of line.
    package func line(_ number: Int) -> String {
        guard lineStarts.indices.contains(number - 1) else { return "" }
        let start = lineStarts[number - 1]
        var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
        if end > start && bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
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
