package import Diagnostics

/// A word of a line as iptables-restore splits it: quotes and escapes are gone, the bytes are kept as they are.
package struct Word: Hashable, Sendable {
    package let bytes: [UInt8]
    /// Where it stands in the file, with its quotes.
    package let range: SourceRange
    /// It has a part that nobody knows, and so nobody knows what it says.
    let isOpen: Bool

    package init(_ bytes: [UInt8], _ range: SourceRange) {
        self.init(bytes, range, isOpen: false)
    }

    init(_ bytes: [UInt8], _ range: SourceRange, isOpen: Bool) {
        self.bytes = bytes
        self.range = range
        self.isOpen = isOpen
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Why something is refused, and where.
package struct Refusal: Error, Hashable {
    /// Dotted, as in a diagnostic: `match.option.unknown`.
    package var code: String
    package var message: String
    package var fix: Fix?
    /// Nil until somebody knows the place.
    package var range: SourceRange?
    /// The word of the place that it is about; nil for all of it.
    var word: String?
    /// Of several such words the last is meant.
    var isLastWord = false
    /// What is to be written before the option, once its place is known.
    var wanted: [String] = []

    package init(_ code: String, _ message: String, fix: Fix? = nil, at range: SourceRange? = nil) {
        self.code = code
        self.message = message
        self.fix = fix
        self.range = range
    }

    func at(_ place: SourceRange) -> Refusal {
        var refusal = self
        refusal.range = range ?? place
        return refusal
    }
}
