import Diagnostics
import Glibc
import SystemPackage

/// Standard output or standard error.
struct Terminal {
    private let descriptor: FileDescriptor
    private let isTerminal: Bool
    /// A person reads it, and has not asked for plain text (https://no-color.org).
    let usesColour: Bool

    static let output = Terminal(.standardOutput)
    static let error = Terminal(.standardError)

    private init(_ descriptor: FileDescriptor) {
        self.descriptor = descriptor
        let plain = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
        isTerminal = isatty(descriptor.rawValue) == 1
        usesColour = isTerminal && !plain
    }

    /// Writes all of the text. A reader that went away ends the program quietly, as it does with others.
    func write(_ text: Sentence) {
        let shown = DisplayText.output(of: text.text)
        write(raw: (columns.map { WrappedText(width: $0).text(shown) } ?? shown).utf8)
    }

    /// How wide the screen is now, for people resize it; nil for what is none.
    private var columns: Int? {
        var size = winsize()
        guard isTerminal, unsafe ioctl(descriptor.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0
        else {
            return nil
        }
        return Int(size.ws_col)
    }

    /// Text of several lines that was put together elsewhere.
    @_disfavoredOverload
    func write(_ text: String) {
        write(Sentence(lines: text))
    }

    /// A file. Another program gets the bytes as they are, a person what can be shown of them.
    func write(file bytes: some Sequence<UInt8>) {
        guard isTerminal else { return write(raw: bytes) }
        write(
            raw: DisplayText.output(of: DisplayText.lines(of: String(decoding: Array(bytes), as: UTF8.self)))
                .utf8
        )
    }

    /// Takes the place of the status shown before, on a person's screen alone; an empty one takes it away. Its first
    /// columns are shown, so that it stays one line.
    func showStatus(_ text: Sentence) {
        guard isTerminal else { return }
        write(raw: "\r\u{1B}[K\(String(DisplayText.output(of: text.text).prefix(Self.statusWidth)))".utf8)
    }

    private static let statusWidth = 78

    private func write(raw bytes: some Sequence<UInt8>) {
        do {
            try descriptor.writeAll(bytes)
        } catch {
            exit(ExitStatus.systemFailed.rawValue)
        }
    }

    enum Style: String {
        case good = "32"
        case bad = "1;31"
        case strong = "1"
    }

    func paint(_ text: Sentence, _ style: Style) -> Sentence {
        usesColour ? Sentence(lines: Ink.paint(text.text, style.rawValue)) : text
    }

    @_disfavoredOverload
    func paint(_ text: String, _ style: Style) -> Sentence {
        paint(Sentence(lines: text), style)
    }
}
