/// Words about a packet that make no sense.
package struct UnreadablePacket: Error, Sendable {
    package var message: String
    /// In the bytes of the text; nil while only the value is known.
    package var range: Range<Int>?

    package init(_ message: String, at range: Range<Int>? = nil) {
        self.message = message
        self.range = range
    }

    /// With this place where it has none of its own.
    func at(_ place: Range<Int>) -> UnreadablePacket {
        UnreadablePacket(message, at: range ?? place)
    }
}
