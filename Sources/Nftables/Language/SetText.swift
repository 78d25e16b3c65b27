/// The elements of a set in words.
struct SetText: Sendable {
    let set: KernelSet
    /// The values that make up a key.
    let parts: [DescribedOperand.Part]
    let values: ValueText

    init(set: KernelSet, parts: [DescribedOperand.Part], values: ValueText) {
        (self.set, self.parts, self.values) = (set, parts, values)
    }

    /// Of a set that has a name: its declaration says what the keys are.
    init?(named set: KernelSet, values: ValueText) {
        guard let types = set.typeofParts ?? DataType.types(of: set.keyType)?.map(Self.part) else {
            return nil
        }
        var parts = types
        if parts.count == 1 { parts[0].length = set.keyLength }
        // The keys of an interval are compared byte by byte, so they are in network order.
        if set.hasIntervals {
            for place in parts.indices where parts[place].type.isOrdered { parts[place].isSwapped = true }
        }
        self.init(set: set, parts: parts, values: values)
    }

    private static func part(_ type: DataType) -> DescribedOperand.Part {
        .init(type: type, length: type.length ?? 4)
    }

    var elements: [String] {
        let ranges = self.set.ranges
        // One range alone would be compared, and not looked up.
        if self.set.isAnonymous, !self.set.isMap, ranges.count == 1, parts.count == 1,
            let halves = ranges[0].halves
        {
            return halves.map { text($0) }
        }
        // Without a prefix or a range the set would be another kind.
        let isKeptByPrefix =
            self.set.isAnonymous && self.set.hasIntervals && !self.set.isConcatenation && parts.count == 1
            && parts[0].type.hasPrefixes && ranges.allSatisfy { $0.last == nil }
        return ranges.map { text($0, asPrefix: isKeptByPrefix) }
    }

    private func text(_ range: SetRange, asPrefix: Bool = false) -> String {
        let element = range.element
        var text = element.isEverything ? "*" : key(range)
        if asPrefix, !element.isEverything { text += "/\(range.first.count * 8)" }
        for statement in element.statements {
            if case .words(let words) = statement { text += " \(words)" }
        }
        if let timeout = element.timeout, timeout != set.timeout { text += " timeout \(Self.time(timeout))" }
        if let whole = element.timeout ?? set.timeout, let rest = element.expiration,
            whole > Self.reading, rest < whole - Self.reading
        {
            text += " expires \(Self.time(rest / 1000 * 1000))"
        }
        if let comment = element.comment { text += " comment \"\(comment)\"" }
        if let verdict = element.verdict { return "\(text) : \(verdict.text)" }
        if let object = element.object { return "\(text) : \"\(object)\"" }
        if let data = element.data, set.isMap { return "\(text) : \(dataText(data))" }
        return text
    }

    /// In milliseconds: what may pass between loading and reading.
    private static let reading: UInt64 = 10_000

    static func time(_ milliseconds: UInt64) -> String { ValueText.duration(milliseconds: milliseconds) }

    private func key(_ range: SetRange) -> String {
        if parts.count == 1 { return values.range(range.first, range.last, parts[0], isInSet: true) }
        var (place, texts) = (0, [String]())
        for part in parts {
            let length = min(part.length, max(0, range.first.count - place))
            let first = Array(range.first[place..<place + length])
            let last = range.last.map { Array($0[place..<min(place + length, $0.count)]) }
            texts.append(values.range(first, last == first ? nil : last, part, isInSet: true))
            place = min(range.first.count, place + (length + 3) / 4 * 4)
        }
        return texts.joined(separator: " . ")
    }

    private func dataText(_ data: [UInt8]) -> String {
        let types = set.dataParts
        guard !types.isEmpty else {
            return ValueText.hexadecimal(data.reduce(0) { $0 << 8 | UInt128($1) }, digits: 0)
        }
        let width = types.reduce(0) { $0 + ($1.length + 3) / 4 * 4 }
        func single(_ data: [UInt8]) -> [[UInt8]] {
            guard types.count > 1 else { return [data] }
            var place = 0
            return types.map { part in
                let end = min(data.count, place + part.length)
                defer { place = min(data.count, place + (part.length + 3) / 4 * 4) }
                return Array(data[min(place, end)..<end])
            }
        }
        let isPair = set.hasDataRanges || types.count == 1 && data.count == 2 * max(1, types[0].length)
        let half = types.count == 1 ? data.count / 2 : width
        let first = single(isPair ? Array(data.prefix(half)) : data)
        let last = isPair ? single(Array(data.dropFirst(half))) : nil
        return types.indices.map { place in
            let end = last?[place]
            let text = values.range(
                first[place],
                end == first[place] ? nil : end,
                types[place],
                isInSet: true
            )
            let isWhole = end == first[place] && types[place].type.hasPrefixes
            return isWhole ? "\(text)/\(types[place].length * 8)" : text
        }.joined(separator: " . ")
    }
}

extension KernelSet {
    /// The values that a map gives.
    var dataParts: [DescribedOperand.Part] {
        guard let dataType, let types = DataType.types(of: dataType) else { return [] }
        let single = hasDataRanges ? dataLength / 2 : dataLength
        return types.map { type in
            // A number of the kernel's own (`NFTNL_UDATA_SET_DATABYTEORDER`).
            let isHost = type == .integer && userData.number(1) == 1
            let length = type.length ?? (types.count == 1 ? single : 4)
            return .init(type: isHost ? .hostInteger : type, length: length)
        }
    }
}

extension DataType {
    /// Whether its values in an interval set are turned to network order.
    var isOrdered: Bool {
        switch form {
        case .string, .interfaceName: false
        default: order == .host
        }
    }
}

extension ValueText {
    /// A value, or a range of them; as a prefix where it is one.
    func range(_ first: [UInt8], _ last: [UInt8]?, _ part: DescribedOperand.Part, isInSet: Bool) -> String {
        func one(_ bytes: [UInt8]) -> String {
            let text = text(bytes, part)
            return isInSet ? text.split(separator: ",").joined(separator: " | ") : text
        }
        guard let last else { return one(first) }
        if part.type.form == .names {
            // A name and a number behind it would be read as one word.
            var plain = self
            plain.isNumeric = true
            return "\(plain.text(first, part))-\(plain.text(last, part))"
        }
        switch part.type.form {
        case .string, .interfaceName: return wildcard(first)
        default: break
        }
        if part.type.hasPrefixes, let length = Self.prefix(first, last) { return "\(one(first))/\(length)" }
        return "\(one(first))-\(one(last))"
    }

    private func wildcard(_ bytes: [UInt8]) -> String {
        "\"" + String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) + "*\""
    }

    /// The number of bits that all of a range have in common, when it has all that begin with them.
    static func prefix(_ first: [UInt8], _ last: [UInt8]) -> Int? {
        let (low, high) = (BitText.bits(first), BitText.bits(last))
        guard low.count == high.count else { return nil }
        let length = low.indices.first { low[$0] != high[$0] } ?? low.count
        return low.indices[length...].allSatisfy { !low[$0] && high[$0] } ? length : nil
    }
}
