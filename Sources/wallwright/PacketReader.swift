import Diagnostics
import Netfilter
import PacketModel

/// The packets of a text, one a line: JSON objects, or words. Empty lines and those that begin with `#` say nothing.
struct PacketReader {
    private let source: SourceFile
    private var scanner: PacketScanner
    private var line = 0
    /// Of packets that say none.
    private let family: IPFamily?

    init(_ source: SourceFile, family: IPFamily? = nil) {
        self.source = source
        self.family = family
        scanner = PacketScanner(source.bytes)
    }

    /// The family of the first packet; nil when it cannot be read.
    var firstFamily: IPFamily? {
        var copy = self
        guard case .success(let packet)? = copy.next()?.packet else { return nil }
        return packet.resolvedFamily
    }

    /// The next packet, or why it is none, with its place.
    mutating func next() -> (packet: Result<PacketDescription, UnreadablePacket>, place: Range<Int>)? {
        let starts = source.lineStarts
        while line < starts.count {
            var end = line + 1 < starts.count ? starts[line + 1] : source.bytes.count
            var start = starts[line]
            line += 1
            while start < end, Self.isBlank(source.bytes[start]) { start += 1 }
            while start < end, Self.isBlank(source.bytes[end - 1]) { end -= 1 }
            guard start < end, source.bytes[start] != UInt8(ascii: "#") else { continue }
            return (read(start..<end).map { $0.ofFamily(family) }, start..<end)
        }
        return nil
    }

    private mutating func read(_ range: Range<Int>) -> Result<PacketDescription, UnreadablePacket> {
        do throws(UnreadablePacket) {
            if source.bytes[range.lowerBound] == UInt8(ascii: "{") {
                return .success(try scanner.read(range))
            }
            let text = String(decoding: source.bytes[range], as: UTF8.self)
            do throws(UnreadablePacket) {
                return .success(try PacketText.read(text))
            } catch {
                throw error.shifted(by: range.lowerBound)
            }
        } catch {
            return .failure(error)
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}

extension UnreadablePacket {
    fileprivate func shifted(by offset: Int) -> UnreadablePacket {
        var error = self
        error.range = range.map { $0.lowerBound + offset..<$0.upperBound + offset }
        return error
    }
}
