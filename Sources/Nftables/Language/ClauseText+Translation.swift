extension ClauseText {
    /// `dnat ip to 10.0.0.1:80 random`.
    func describe(_ translation: Translation) -> DescribedClause? {
        var (text, needs) = (translation.kind.rawValue, [Need]())
        let type: DataType = translation.family == 10 ? .ipv6 : .ipv4
        let isInet = table.family == .inet
        if isInet, translation.address != nil { text += type == .ipv6 ? " ip6" : " ip" }
        var place = ""
        if let address = translation.address {
            if translation.flags & Self.netmap != 0 { text += " prefix" }
            guard let value = addresses(address, translation, type) else { return nil }
            place = value.text
            needs += value.needs
        }
        if let port = translation.port {
            guard let value = range(port, translation.lastPort, .port) else { return nil }
            place += ":\(value.text)"
            needs += value.needs
        }
        if !place.isEmpty { text += " to \(place)" }
        let names: [(UInt32, String)] = [(4, "random"), (16, "fully-random"), (8, "persistent")]
        let flags = names.filter { translation.flags & $0.0 != 0 }.map(\.1)
        if !flags.isEmpty { text += " \(flags.joined(separator: ","))" }
        return DescribedClause(text: text, needs: needs)
    }

    /// NF_NAT_RANGE_NETMAP.
    private static let netmap: UInt32 = 0x40

    private func addresses(_ first: Operand, _ translation: Translation, _ type: DataType) -> DescribedClause?
    {
        if case .constant(let from) = first, case .constant(let to)? = translation.lastAddress,
            translation.port == nil || type == .ipv4, let length = ValueText.prefix(from, to)
        {
            return DescribedClause(text: "\(values.text(from, type))/\(length)")
        }
        let isBracketed = type == .ipv6 && translation.port != nil
        return range(first, translation.lastAddress, type, isBracketed: isBracketed)
    }

    private func range(
        _ first: Operand,
        _ last: Operand?,
        _ type: DataType,
        isBracketed: Bool = false
    ) -> DescribedClause? {
        guard var from = value(first, type) else { return nil }
        if isBracketed { from.text = "[\(from.text)]" }
        guard let last else { return from }
        guard let to = value(last, type) else { return nil }
        let end = isBracketed ? "[\(to.text)]" : to.text
        return DescribedClause(text: "\(from.text)-\(end)", needs: from.needs + to.needs)
    }
}

/// The kinds of objects (`NFT_OBJECT_…`).
enum ObjectKind: UInt32, Sendable {
    case counter = 1, quota, helper, limit
    case timeout = 7, secmark, expectation, synproxy

    /// How it is declared.
    var keyword: String {
        switch self {
        case .counter: "counter"
        case .quota: "quota"
        case .helper: "ct helper"
        case .limit: "limit"
        case .timeout: "ct timeout"
        case .secmark: "secmark"
        case .expectation: "ct expectation"
        case .synproxy: "synproxy"
        }
    }

    /// How a rule refers to it.
    var statement: String {
        switch self {
        case .counter, .quota, .limit, .synproxy: "\(keyword) name"
        case .helper, .timeout, .expectation: "\(keyword) set"
        case .secmark: "meta secmark set"
        }
    }
}
