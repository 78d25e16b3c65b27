extension OperandText {
    /// The bits that a mask has, where they stand beside each other.
    private static func run(_ mask: [UInt8]) -> (lead: Int, width: Int)? {
        let bits = BitText.bits(mask)
        guard let first = bits.firstIndex(of: true), let last = bits.lastIndex(of: true) else { return nil }
        guard bits[first...last].allSatisfy({ $0 }) else { return nil }
        return (first, last - first + 1)
    }

    /// A value with a mask: a field that is smaller than the bytes that hold it, or what the mask leaves.
    func describe(_ inner: Operand, mask: [UInt8], flips: [UInt8]) -> DescribedOperand? {
        if flips.allSatisfy({ $0 == 0 }), let field = field(inner, mask) { return field }
        guard let value = describe(inner), let part = value.part else { return nil }
        func number(_ bytes: [UInt8]) -> String { maskText(bytes, part) }
        let ones = mask.allSatisfy { $0 == 0xFF }
        let isClear = flips.allSatisfy { $0 == 0 }
        let isDisjoint = zip(mask, flips).allSatisfy { $0 & $1 == 0 }
        var result = value
        let text = value.isLoose ? "(\(value.text))" : value.text
        result.isLoose = true
        if isClear {
            result.text = "\(text) & \(number(mask))"
        } else if zip(mask, flips).allSatisfy({ $0 == ~$1 }) {
            result.text = "\(text) | \(number(flips))"
        } else if ones {
            result.text = "\(text) ^ \(number(flips))"
        } else if isDisjoint {
            result.text = "\(text) & \(number(zip(mask, flips).map { $0 | $1 })) | \(number(flips))"
        } else {
            result.text = "\(text) & \(number(mask)) ^ \(number(flips))"
        }
        return result
    }

    private func maskText(_ bytes: [UInt8], _ part: DescribedOperand.Part) -> String {
        let text = values.text(bytes, part.type, isSwapped: part.isSwapped)
        return text.contains(",") ? "(\(text.split(separator: ",").joined(separator: " | ")))" : text
    }

    /// The field of a header whose bits the mask leaves.
    private func field(_ inner: Operand, _ mask: [UInt8]) -> DescribedOperand? {
        guard case .source(let source) = inner, let run = Self.run(mask) else { return nil }
        let shift = mask.count * 8 - run.lead - run.width
        switch source {
        case .payload(let base, let offset, let length):
            guard run.width < length * 8,
                let field = field(base, bit: offset * 8 + run.lead, width: run.width)
            else {
                return nil
            }
            return described(field, length: length, shift: shift)
        case .header(let header):
            guard !header.isPresence, run.width < header.length * 8,
                let (text, type) = extensionField(
                    header,
                    bit: header.offset * 8 + run.lead,
                    width: run.width
                ),
                type != .raw
            else { return nil }
            return DescribedOperand(
                text: text,
                parts: [.init(type: type, length: header.length, shift: shift, width: run.width)],
                needs: header.needs
            )
        default: return nil
        }
    }

    func describe(_ inner: Operand, isLeft: Bool, _ count: UInt32) -> DescribedOperand? {
        guard var value = describe(inner) else { return nil }
        // A field is moved to the right end of its bytes.
        if !isLeft, let part = value.part, part.shift == Int(count), count > 0 {
            value.parts[0].shift = 0
            return value
        }
        let text = value.isLoose ? "(\(value.text))" : value.text
        value.text = "\(text) \(isLeft ? "<<" : ">>") \(count)"
        value.isLoose = true
        return value
    }

    /// The field that a payload statement writes when it keeps the bits of the mask, with the value that it writes.
    func written(_ target: (base: UInt32, offset: Int, length: Int), mask: [UInt8], flips: [UInt8]) -> (
        field: HeaderField, value: String
    )? {
        guard mask.count == target.length, let run = Self.run(mask.map { ~$0 }),
            zip(mask, flips).allSatisfy({ $0 & $1 == 0 }),
            let field = field(target.base, bit: target.offset * 8 + run.lead, width: run.width)
        else { return nil }
        let shift = target.length * 8 - run.lead - run.width
        let values = values.numeric(for: field.type)
        if run.width % 8 == 0, shift % 8 == 0 {
            let first = run.lead / 8
            return (field, values.text(Array(flips[first..<first + run.width / 8]), field.type))
        }
        return (field, values.text(flips, field.type, shift: shift))
    }
}
