import SystemPackage

/// Bytes that are no netlink message, or no list of attributes, with the place where they cease to be one.
package struct NetlinkDamage: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        /// Fewer bytes are left than a header has.
        case headerIsCut
        /// The length that the header says is shorter than the header.
        case lengthIsTooShort(Int)
        /// The length that the header says goes beyond the last byte.
        case lengthIsTooLong(Int)
    }

    package let reason: Reason
    /// Of the header, counted from the first byte of what was read.
    package let offset: Int

    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    package var description: String {
        switch reason {
        case .headerIsCut: "the bytes from offset \(offset) are too few for a header"
        case .lengthIsTooShort(let length):
            "the length at offset \(offset) is \(length), less than a header has"
        case .lengthIsTooLong(let length): "the length at offset \(offset) is \(length), more than is left"
        }
    }
}

extension SystemError {
    /// What the kernel sent is damaged, as a call that failed.
    package init(_ damage: NetlinkDamage) {
        self.init("receive from netlink: \(damage)", .badMessage)
    }
}
