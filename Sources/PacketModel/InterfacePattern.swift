/// The name of an interface, or the start of names when it ends in `*`.
package struct InterfacePattern: Hashable, Comparable, Sendable {
    package let text: String

    /// The longest name that the kernel takes, in bytes (`IFNAMSIZ - 1`, linux/if.h).
    package static let longestName = 15

    /// Returns nil for what the kernel would not take as a name (dev_valid_name, net/core/dev.c),
    /// and for a pattern whose `*` is not at the end.
    package init?(_ text: String) {
        let stem = text.hasSuffix("*") ? text.dropLast() : text[...]
        guard !stem.isEmpty, stem.utf8.count <= Self.longestName, stem != ".", stem != ".." else {
            return nil
        }
        let refused: (UInt8) -> Bool = { $0 <= 0x20 || $0 >= 0x7F || "/:*\"\\".utf8.contains($0) }
        guard !stem.utf8.contains(where: refused) else { return nil }
        self.text = text
    }

    package var isWildcard: Bool { text.utf8.last == UInt8(ascii: "*") }

    /// The name, or what the names start with.
    package var stem: String { isWildcard ? String(text.dropLast()) : text }

    package func matches(_ name: String) -> Bool {
        isWildcard ? name.hasPrefix(stem) : name == text
    }

    package static func < (left: InterfacePattern, right: InterfacePattern) -> Bool {
        left.text < right.text
    }
}

extension InterfacePattern: CustomStringConvertible {
    package var description: String { text }
}
