import PacketModel

extension ServiceSet: CustomStringConvertible {
    /// As a policy writes it: `tcp/80 tcp/443 udp/443`.
    package var description: String {
        if isAny { return "any" }
        return members.sorted { $0.key < $1.key }.flatMap { transportProtocol, members in
            members.isFull
                ? ["\(transportProtocol.formName)"]
                : members.intervals.map { "\(transportProtocol)/\($0.text(transportProtocol))" }
        }.joined(separator: " ")
    }
}

extension IPProtocol {
    /// The form of a whole protocol: its name, or `protocol/112`.
    fileprivate var formName: String {
        Int(description) == nil ? description : "protocol/\(number)"
    }
}

extension Interval where Bound == UInt16 {
    fileprivate func text(_ transportProtocol: IPProtocol) -> String {
        guard transportProtocol.hasTypes else { return isSingle ? "\(lower)" : "\(lower)-\(upper)" }
        if lower >> 8 == upper >> 8, lower & 0xFF == 0, upper & 0xFF == 0xFF {
            return ICMPType.name(of: UInt8(lower >> 8), transportProtocol) ?? "\(lower >> 8)"
        }
        return isSingle ? "\(lower >> 8)/\(lower & 0xFF)" : "\(lower >> 8)/\(lower & 0xFF)-\(upper & 0xFF)"
    }
}
