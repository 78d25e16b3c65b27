import Netlink

/// An operand in words, with the types of what it is.
struct DescribedOperand: Sendable {
    var text: String
    var parts: [Part]
    var needs: [Need] = []
    /// Whether it binds looser than what may stand around it.
    var isLoose = false

    /// One value, of several that stand beside each other.
    struct Part: Sendable {
        var type: DataType
        /// In bytes.
        var length: Int
        var isSwapped = false
        /// How far to the left the value stands in its bytes.
        var shift = 0
        /// In bits, where it does not fill its bytes.
        var width: Int?
    }

    var part: Part? { parts.count == 1 ? parts[0] : nil }
}

/// Turns operands into words, where a rule stands.
struct OperandText: Sendable {
    let context: ProtocolContext
    let sets: [String: KernelSet]
    let values: ValueText
    /// Whether headers are told by their bits only: `@th,16,16`.
    let isBare: Bool

    func describe(_ operand: Operand) -> DescribedOperand? {
        switch operand {
        case .source(let source): describe(source)
        case .constant(let bytes):
            DescribedOperand(
                text: ValueText.hexadecimal(bytes.reduce(0) { $0 << 8 | UInt128($1) }, digits: 0),
                parts: [.init(type: .raw, length: bytes.count)]
            )
        case .masked(let inner, let mask, let flips): describe(inner, mask: mask, flips: flips)
        case .shifted(let inner, let left, let count): describe(inner, isLeft: left, count)
        case .swapped(let inner):
            describe(inner).map { described in
                var result = described
                for place in result.parts.indices { result.parts[place].isSwapped.toggle() }
                return result
            }
        case .mapped(let key, let name): describe(key, map: name)
        case .hashed(let inner, let parameters):
            describe(inner).map {
                DescribedOperand(
                    text: "jhash \($0.text) \(parameters.text)",
                    parts: [.init(type: .hostInteger, length: 4)],
                    needs: $0.needs
                )
            }
        case .joined(let operands): joined(operands)
        }
    }

    private func joined(_ operands: [Operand]) -> DescribedOperand? {
        var (texts, result) = ([String](), DescribedOperand(text: "", parts: []))
        for operand in operands {
            guard let part = describe(operand) else { return nil }
            texts.append(part.isLoose ? "(\(part.text))" : part.text)
            result.parts += part.parts
            result.needs += part.needs
        }
        result.text = texts.joined(separator: " . ")
        return result
    }

    private func describe(_ source: Source) -> DescribedOperand? {
        func known(_ text: String, _ type: DataType, _ length: Int? = nil) -> DescribedOperand {
            DescribedOperand(text: text, parts: [.init(type: type, length: length ?? type.length ?? 4)])
        }
        switch source {
        case .payload(let base, let offset, let length): return payload(base, offset, length)
        case .meta(let key): return MetaKey(key).map { known($0.text, $0.type) }
        case .track(let key, let direction):
            guard let type = TrackKey(key)?.type else { return nil }
            // An address of the family of the table, as older programs ask for it.
            if key == 8 || key == 9, context.network == .ip6 {
                return known(TrackKey.text(key, direction), .ipv6)
            }
            return known(TrackKey.text(key, direction), type)
        case .header(let header): return describe(header)
        case .route(let key):
            let (text, type) = RouteExpression.keys[Int(key)]
            return known(text, type)
        case .fib(let result, let flags):
            return known(RouteLookupExpression.text(result, flags), RouteLookupExpression.type(result, flags))
        case .socket(let key, let level):
            let (text, type) = SocketExpression.keys[Int(key)]
            return known(level.map { "\(text) level \($0)" } ?? text, type)
        case .fingerprint(let ttl, let flags):
            return known(FingerprintExpression.text(ttl, flags), .string, 16)
        case .transform(let key, let direction, let number):
            return TransformExpression.keys[key].map {
                known(TransformExpression.text(key, direction, number), $0.type)
            }
        case .numbers(let parameters): return known(parameters.text, .hostInteger, 4)
        case .symmetricHash(let parameters): return known("symhash \(parameters.text)", .hostInteger, 4)
        }
    }

    // MARK: headers

    /// The headers whose fields may be named.
    func headers(at base: UInt32) -> [Header] {
        if isBare { return [] }
        switch base {
        case 0: return context.hasVLAN ? [.ether, .vlan] : [.ether]
        case 1: return context.network.map { [$0] } ?? []
        case 2: return context.transport.map { [$0] } ?? [.th]
        default: return []
        }
    }

    /// The field that has just these bits.
    func field(_ base: UInt32, bit: Int, width: Int) -> HeaderField? {
        fields(base).first { $0.offset == bit && $0.width == width }
    }

    /// The fields that may be named here.
    func fields(_ base: UInt32) -> [HeaderField] {
        headers(at: base).flatMap(\.fields).filter { field in
            if field.messages.isEmpty { return true }
            let known = Set(context.messages)
            return !known.isEmpty && known.isSubset(of: field.messages)
        }
    }

    func payload(_ base: UInt32, _ offset: Int, _ length: Int) -> DescribedOperand {
        guard let field = field(base, bit: offset * 8, width: length * 8) else {
            let name = ["ll", "nh", "th", "ih"][Int(base)]
            return DescribedOperand(
                text: "@\(name),\(offset * 8),\(length * 8)",
                parts: [.init(type: .raw, length: length)]
            )
        }
        return described(field, length: length)
    }

    func described(_ field: HeaderField, length: Int, shift: Int = 0) -> DescribedOperand {
        DescribedOperand(
            text: field.text,
            parts: [.init(type: field.type, length: length, shift: shift, width: field.width)],
            needs: field.needs
        )
    }

    private func describe(_ header: ExtensionHeader) -> DescribedOperand? {
        let need = header.needs
        if header.isPresence {
            return ExtensionField.presence(header.kind, header.type).map {
                DescribedOperand(text: $0, parts: [.init(type: .boolean, length: 1)], needs: need)
            }
        }
        return extensionField(header, bit: header.offset * 8, width: header.length * 8).map { text, type in
            DescribedOperand(text: text, parts: [.init(type: type, length: header.length)], needs: need)
        }
    }

    func extensionField(_ header: ExtensionHeader, bit: Int, width: Int) -> (String, DataType)? {
        let fields = ExtensionField.fields(header.kind, header.type)
        if let field = fields.first(where: { $0.offset == bit && $0.width == width }) {
            return (field.text, field.type)
        }
        return header.kind == 1 ? ("tcp option @\(header.type),\(bit),\(width)", .raw) : nil
    }
}

extension ExtensionHeader {
    /// What nft makes sure of before it looks for the header.
    var needs: [Need] {
        switch kind {
        case 0: [.header(.ip6)]
        case 2: [.header(.ip)]
        default: []
        }
    }
}

extension HeaderField {
    var needs: [Need] { [.header(header)] + (messages.isEmpty ? [] : [.message(messages)]) }
}
