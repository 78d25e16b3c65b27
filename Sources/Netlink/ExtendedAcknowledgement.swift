import CKernel
import SystemPackage

/// What the kernel says of a request that it refuses, beside the number of the error (linux/netlink.h, `nlmsgerr_attrs`).
package struct ExtendedAcknowledgement: Hashable, Sendable {
    /// The kernel's sentence; nil where it has none for this error.
    package var text: String?
    /// The place of the attribute that it does not like, in bytes from the header of the request.
    package var offset: Int?
    /// The type of an attribute that is missing.
    package var missing: UInt16?

    package init(text: String? = nil, offset: Int? = nil, missing: UInt16? = nil) {
        self.text = text
        self.offset = offset
        self.missing = missing
    }

    /// Of a `NLMSG_ERROR`; nil when the kernel says nothing more than the number.
    package init?(_ message: NetlinkMessage) {
        guard message.type == UInt16(NLMSG_ERROR), message.flags & Self.hasAttributes != 0 else { return nil }
        // The number of the error, then the header of the request, and all of it unless the kernel cut it off.
        let headers = 4 + NetlinkMessage.headerLength
        guard message.body.count >= headers else { return nil }
        let length = Int(message.body.hostOrder(UInt32.self, at: 4))
        let isCut = message.flags & Self.isCapped != 0 || message.errorNumber?.rawValue == 0
        let start = isCut ? headers : 4 + NetlinkAttribute.aligned(max(length, NetlinkMessage.headerLength))
        guard start <= message.body.count else { return nil }
        let attributes = NetlinkAttribute.readable(in: message.body.dropFirst(start))
        func number(_ type: nlmsgerr_attrs) -> UInt32? {
            let value = attributes[UInt16(type.rawValue)]?.value
            return value.flatMap { $0.count == 4 ? $0.hostOrder(UInt32.self, at: 0) : nil }
        }
        text = attributes[UInt16(NLMSGERR_ATTR_MSG.rawValue)]?.text
        offset = number(NLMSGERR_ATTR_OFFS).map(Int.init)
        missing = number(NLMSGERR_ATTR_MISS_TYPE).map { UInt16(truncatingIfNeeded: $0) }
        if text == nil && offset == nil && missing == nil { return nil }
    }

    /// NLM_F_ACK_TLVS and NLM_F_CAPPED.
    private static let hasAttributes: UInt16 = 0x200
    private static let isCapped: UInt16 = 0x100
}

extension ExtendedAcknowledgement: CustomStringConvertible {
    package var description: String {
        let parts = [
            text, offset.map { "at byte \($0) of the request" }, missing.map { "attribute \($0) is missing" },
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }
}
