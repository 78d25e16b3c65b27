/// Clauses in words.
struct ClauseText: Sendable {
    let table: KernelTable
    let operands: OperandText

    var values: ValueText { operands.values }
    var context: ProtocolContext { operands.context }

    func describe(_ clause: Clause) -> DescribedClause? {
        switch clause {
        case .compare(let operand, let comparison, let bytes): compare(operand, comparison, bytes)
        case .range(let operand, let isNegated, let from, let to):
            operands.describe(operand).flatMap { value in
                value.part.map { part in
                    let range = values.plainRange(from, to, part)
                    return DescribedClause(
                        text: "\(value.text) \(isNegated ? "!= " : "")\(range)",
                        needs: value.needs
                    )
                }
            }
        case .lookup(let operand, let name, let isNegated):
            operands.describe(operand).flatMap { value in
                operands.sets[name].map { set in
                    let reference = operands.reference(set, value.parts)
                    return DescribedClause(
                        text: "\(value.text) \(isNegated ? "!= " : "")\(reference)",
                        needs: value.needs
                    )
                }
            }
        case .verdict(let verdict): DescribedClause(text: verdict.text)
        case .verdictMap(let operand, let name):
            operands.describe(operand).flatMap { value in
                operands.sets[name].map { map in
                    let reference = operands.reference(map, value.parts)
                    return DescribedClause(text: "\(value.text) vmap \(reference)", needs: value.needs)
                }
            }
        case .assign(let target, let operand): assign(target, operand)
        case .update(let update): describe(update)
        case .statement(let statement): describe(statement)
        }
    }

    private func compare(_ operand: Operand, _ comparison: Comparison, _ bytes: [UInt8]) -> DescribedClause? {
        if let prefix = prefix(operand, comparison, bytes) { return prefix }
        if let split = split(operand, comparison, bytes) { return split }
        if let flags = flags(operand, comparison, bytes) { return flags }
        guard let value = operands.describe(operand), let part = value.part else { return nil }
        let sign = comparison == .equal && (part.type.isBitmask || value.isLoose) ? "== " : comparison.sign
        let text: String
        switch part.type.form {
        case .string, .interfaceName:
            // Fewer bytes than the name has are its beginning.
            let isWhole = bytes.count >= part.length || bytes.last == 0
            text = isWhole ? values.quoted(bytes) : "\"" + String(decoding: bytes, as: UTF8.self) + "*\""
        case .address where bytes.count < part.length:
            let whole = bytes + [UInt8](repeating: 0, count: part.length - bytes.count)
            text = "\(values.text(whole, part.type))/\(bytes.count * 8)"
        default: text = values.text(bytes, part)
        }
        return DescribedClause(text: "\(value.text) \(sign)\(text)", needs: value.needs)
    }

    /// `ip saddr 10.0.0.0/8`: only the first bytes are loaded, or a mask leaves the first bits.
    private func prefix(_ operand: Operand, _ comparison: Comparison, _ bytes: [UInt8]) -> DescribedClause? {
        guard comparison == .equal || comparison == .differs else { return nil }
        switch operand {
        case .source(.payload(let base, let offset, let length)):
            guard
                let field = operands.fields(base).first(where: {
                    $0.offset == offset * 8 && $0.width > length * 8 && $0.type.hasPrefixes
                }), operands.field(base, bit: offset * 8, width: length * 8) == nil, bytes.count == length
            else { return nil }
            let whole = bytes + [UInt8](repeating: 0, count: field.width / 8 - length)
            let text = "\(field.text) \(comparison.sign)\(values.text(whole, field.type))/\(length * 8)"
            return DescribedClause(text: text, needs: field.needs)
        case .masked(let inner, let mask, let flips):
            guard flips.allSatisfy({ $0 == 0 }), let value = operands.describe(inner), let part = value.part,
                part.type.hasPrefixes, let length = ValueText.prefix(mask.map { _ in 0 }, mask.map { ~$0 }),
                // What ends with a byte is loaded without a mask, where it is of the packet.
                length == 0 || length % 8 != 0 || !inner.isPayload,
                zip(mask, bytes).allSatisfy({ ~$0 & $1 == 0 })
            else { return nil }
            let text = "\(value.text) \(comparison.sign)\(values.text(bytes, part.type))/\(length)"
            return DescribedClause(text: text, needs: value.needs)
        default: return nil
        }
    }

    /// Fields beside each other that nft compares at once.
    private func split(_ operand: Operand, _ comparison: Comparison, _ bytes: [UInt8]) -> DescribedClause? {
        guard comparison == .equal, case .source(.payload(let base, let offset, let length)) = operand,
            bytes.count == length, operands.field(base, bit: offset * 8, width: length * 8) == nil
        else { return nil }
        var (place, result) = (0, DescribedClause(text: ""))
        var texts: [String] = []
        while place < length {
            let fields = operands.fields(base).filter {
                $0.offset == (offset + place) * 8 && $0.width % 8 == 0 && $0.width <= (length - place) * 8
            }
            guard let field = fields.max(by: { $0.width < $1.width }) else { return nil }
            let part = Array(bytes[place..<place + field.width / 8])
            let sign = field.type.isBitmask ? "== " : ""
            texts.append("\(field.text) \(sign)\(values.text(part, field.type))")
            result.needs += field.needs
            place += field.width / 8
        }
        result.text = texts.joined(separator: " ")
        return result
    }

    /// `tcp flags syn / syn,ack`, `ct state new,established`.
    private func flags(_ operand: Operand, _ comparison: Comparison, _ bytes: [UInt8]) -> DescribedClause? {
        guard case .masked(let inner, let mask, let flips) = operand, flips.allSatisfy({ $0 == 0 }),
            comparison == .equal || comparison == .differs, let value = operands.describe(inner),
            let part = value.part, part.type.isBitmask
        else { return nil }
        let maskText = values.text(mask, part.type)
        let isZero = bytes.allSatisfy { $0 == 0 }
        let text: String =
            switch (comparison, isZero) {
            case (.differs, true): "\(value.text) \(maskText)"
            case (.equal, true): "\(value.text) ! \(maskText)"
            default: "\(value.text) \(comparison.sign)\(values.text(bytes, part.type)) / \(maskText)"
            }
        return DescribedClause(text: text, needs: value.needs)
    }
}

extension Operand {
    var isPayload: Bool {
        if case .source(.payload) = self { true } else { false }
    }
}

extension Comparison {
    /// With the blank behind it; nothing where nft takes it for granted.
    var sign: String {
        switch self {
        case .equal: ""
        case .differs: "!= "
        case .less: "< "
        case .atMost: "<= "
        case .greater: "> "
        case .atLeast: ">= "
        }
    }
}

extension ValueText {
    func plainRange(_ first: [UInt8], _ last: [UInt8], _ part: DescribedOperand.Part) -> String {
        var plain = self
        if part.type.form == .names { plain.isNumeric = true }
        return "\(plain.text(first, part))-\(plain.text(last, part))"
    }
}
