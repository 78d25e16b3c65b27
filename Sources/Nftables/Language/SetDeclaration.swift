/// A set or map that has a name, declared with its elements (nft(8), "SETS" and "MAPS").
struct SetDeclaration: Sendable {
    let set: KernelSet
    let values: ValueText

    /// Nil where its types have no words.
    var lines: [String]? {
        guard let type, let elements = SetText(named: set, values: values)?.elements else { return nil }
        var lines = [type]
        if let size = set.size, size > 0 { lines.append("size \(size)") }
        let flags = [
            (set.isConstant, "constant"), (set.isDynamic, "dynamic"), (set.hasIntervals, "interval"),
            (set.hasTimeouts, "timeout"),
        ].filter(\.0).map(\.1)
        if !flags.isEmpty { lines.append("flags \(flags.joined(separator: ","))") }
        if let timeout = set.timeout, timeout != 0 { lines.append("timeout \(SetText.time(timeout))") }
        if let time = set.collection, time != 0 { lines.append("gc-interval \(SetText.time(UInt64(time)))") }
        if set.isForMemory { lines.append("policy memory") }
        if set.isMerging { lines.append("auto-merge") }
        for statement in set.statements {
            if case .words(let words) = statement { lines.append(words) }
        }
        if let comment = set.comment { lines.append("comment \"\(comment)\"") }
        if elements.count == 1 { lines.append("elements = { \(elements[0]) }") }
        if elements.count > 1 {
            lines.append("elements = {")
            lines += elements.map { "\t\($0)," }
            lines[lines.count - 1].removeLast()
            lines.append("}")
        }
        return ["\(set.isMap || set.isObjectMap ? "map" : "set") \(set.name) {"] + lines.map { "\t\($0)" } + [
            "}"
        ]
    }

    private var type: String? {
        let key: String
        let isTypeof = set.typeof != nil
        if let text = set.typeof {
            key = "typeof \(text)"
        } else {
            guard let types = DataType.types(of: set.keyType) else { return nil }
            key = "type \(types.map(\.name).joined(separator: " . "))"
        }
        if set.isObjectMap {
            guard let kind = set.objectType.flatMap(ObjectKind.init) else { return nil }
            return "\(key) : \(kind.keyword)"
        }
        guard set.isMap else { return key }
        if set.isVerdictMap { return "\(key) : verdict" }
        let ranges = set.hasDataRanges ? "interval " : ""
        if isTypeof, let text = set.dataTypeof { return "\(key) : \(ranges)\(text)" }
        guard let number = set.dataType, let types = DataType.types(of: number) else { return nil }
        return "\(key) : \(ranges)\(types.map(\.name).joined(separator: " . "))"
    }
}
