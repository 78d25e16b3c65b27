import Glibc
import SystemPackage

/// Standard output or standard error.
struct Terminal {
    private let descriptor: FileDescriptor
    /// A person reads it, and has not asked for plain text (https://no-color.org).
    let usesColour: Bool

    static let output = Terminal(.standardOutput)
    static let error = Terminal(.standardError)

    private init(_ descriptor: FileDescriptor) {
        self.descriptor = descriptor
        let plain = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
        usesColour = isatty(descriptor.rawValue) == 1 && !plain
    }

    /// Writes all of the text. A reader that went away ends the program quietly, as it does with others.
    func write(_ text: String) {
        write(text.utf8)
    }

    /// Bytes that need not be text.
    func write(_ bytes: some Sequence<UInt8>) {
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

    func paint(_ text: String, _ style: Style) -> String {
        usesColour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}
