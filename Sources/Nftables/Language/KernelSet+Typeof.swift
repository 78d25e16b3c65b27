import Netlink

/// The expressions that the type of a set was told by (`NFTNL_UDATA_SET_KEY_TYPEOF`): nft keeps them beside the set.
extension KernelSet {
    var typeof: String? { userData.nested(3).flatMap { Self.described($0) }?.text }
    var dataTypeof: String? { userData.nested(4).flatMap { Self.described($0) }?.text }
    var typeofParts: [DescribedOperand.Part]? { userData.nested(3).flatMap { Self.described($0) }?.parts }

    private static func described(_ data: UserData) -> DescribedOperand? {
        guard let kind = data.number(0), let content = data.nested(1) else { return nil }
        return described(kind, content)
    }

    /// - Parameter kind: `enum expr_types` of nft
    private static func described(_ kind: UInt32, _ data: UserData) -> DescribedOperand? {
        func known(_ text: String, _ type: DataType, _ length: Int? = nil) -> DescribedOperand {
            DescribedOperand(text: text, parts: [.init(type: type, length: length ?? type.length ?? 4)])
        }
        switch kind {
        case 7: return payload(data)
        case 8: return header(data)
        case 9: return data.number(0).flatMap(MetaKey.init).map { known($0.text, $0.type) }
        case 10:
            guard let key = data.number(0), key <= 3 else { return nil }
            let level = key == 3 ? data.number(1).map { " level \($0)" } ?? "" : ""
            return known(SocketExpression.keys[Int(key)].text + level, SocketExpression.keys[Int(key)].type)
        case 11: return known("osf name", .string, 16)
        case 12:
            guard let key = data.number(0), let type = TrackKey(key)?.type else { return nil }
            let direction = data.number(1).flatMap { $0 <= 1 ? UInt8($0) : nil }
            return known(TrackKey.text(key, direction), type)
        case 13: return concatenation(data)
        case 23:
            let isRandom = data.number(0) == 1
            return known(
                NumberParameters(isRandom: isRandom, modulus: data.number(1) ?? 2, offset: 0).text,
                .hostInteger,
                4
            )
        case 25:
            guard let key = data.number(0), key <= 4 else { return nil }
            return known(RouteExpression.keys[Int(key)].text, RouteExpression.keys[Int(key)].type)
        case 26:
            guard let result = data.number(0), (1...3).contains(result), let flags = data.number(1) else {
                return nil
            }
            return known(RouteLookupExpression.text(result, flags), RouteLookupExpression.type(result, flags))
        case 27:
            guard let key = data.number(0), let type = TransformExpression.keys[key]?.type else { return nil }
            let (number, direction) = (data.number(1) ?? 0, data.number(2) ?? 0)
            return known(TransformExpression.text(key, UInt8(direction & 1), number), type)
        default: return nil
        }
    }

    private static func concatenation(_ data: UserData) -> DescribedOperand? {
        var (texts, result) = ([String](), DescribedOperand(text: "", parts: []))
        for number in UInt8(0)..<8 {
            guard let sub = data.nested(number) else { break }
            guard let part = described(sub) else { return nil }
            texts.append(part.text)
            result.parts += part.parts
        }
        result.text = texts.joined(separator: " . ")
        return texts.isEmpty ? nil : result
    }

    /// In the order of `enum proto_desc_id` of nft.
    private static let headers: [Header] = [
        .ah, .esp, .comp, .icmp, .igmp, .udp, .udplite, .tcp, .dccp, .sctp, .th, .ip, .ip6, .icmpv6, .arp,
        .vlan,
        .ether,
    ]

    /// A field by its number in the header, or bits from a base.
    private static func payload(_ data: UserData) -> DescribedOperand? {
        if let number = data.number(0), number > 0 {
            guard headers.indices.contains(Int(number) - 1), let place = data.number(1),
                let field = field(headers[Int(number) - 1], Int(place))
            else { return nil }
            let bytes = (field.width + 7) / 8
            return DescribedOperand(text: field.text, parts: [.init(type: field.type, length: bytes)])
        }
        guard let base = data.number(2), (1...4).contains(base), let offset = data.number(3),
            let length = data.number(4)
        else { return nil }
        let name = ["ll", "nh", "th", "ih"][Int(base) - 1]
        let bytes = (Int(length) + 7) / 8
        return DescribedOperand(
            text: "@\(name),\(offset),\(length)",
            parts: [.init(type: .integer, length: bytes)]
        )
    }

    /// Fields have numbers from 1 in the order of the header, but for that of VLAN.
    private static func field(_ header: Header, _ number: Int) -> HeaderField? {
        let fields = header.fields
        let place: Int? =
            switch header {
            case .vlan: [1: 0, 2: 1, 3: 1, 4: 2, 5: 3][number]
            default: number - 1
            }
        return place.flatMap { fields.indices.contains($0) ? fields[$0] : nil }
    }

    /// Extension headers of IPv6 by the number of their description, options and chunks by their type.
    private static func header(_ data: UserData) -> DescribedOperand? {
        guard let place = data.number(1), let description = data.number(0) else { return nil }
        let kind = data.number(2) ?? 0
        var (fields, first) = ([ExtensionField](), Int(place))
        switch kind {
        case 0:
            let types: [UInt32: UInt8] = [1: 0, 2: 43, 5: 43, 6: 44, 7: 60, 8: 135]
            guard let type = types[description] else { return nil }
            fields = ExtensionField.fields(0, type)
            // The segment routing header stands behind the common fields.
            first += description == 5 ? 3 : -1
        case 2:
            fields = ExtensionField.fields(2, UInt8(truncatingIfNeeded: description))
            // Fields of all options: type, length, value, pointer, address.
            let names = ["type", "length", "value", "ptr", "addr"]
            guard names.indices.contains(first - 1) else { return nil }
            first = fields.firstIndex { $0.text.hasSuffix(" \(names[first - 1])") } ?? -1
        case 1:
            fields = ExtensionField.fields(1, UInt8(truncatingIfNeeded: description))
            // The kind of the option is the first field, and has no name here.
            first -= 1
        case 3: fields = ExtensionField.fields(3, UInt8(truncatingIfNeeded: description))
        default: return nil
        }
        guard fields.indices.contains(first) else { return nil }
        let field = fields[first]
        return DescribedOperand(
            text: field.text,
            parts: [.init(type: field.type, length: (field.width + 7) / 8)]
        )
    }
}
