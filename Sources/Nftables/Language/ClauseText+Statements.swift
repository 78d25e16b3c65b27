extension ClauseText {
    /// `meta mark set ct mark`.
    func assign(_ target: Target, _ operand: Operand) -> DescribedClause? {
        switch target {
        case .meta(let key):
            guard let known = MetaKey(key) else { return nil }
            return assign(
                known.text.hasPrefix("meta") ? known.text : "meta \(known.text)",
                known.type,
                operand
            )
        case .track(let key, let direction):
            guard let known = TrackKey(key) else { return nil }
            return assign(TrackKey.text(key, direction), known.type, operand)
        case .header(let header):
            guard let value = operands.describe(.source(.header(header))), let part = value.part else {
                return nil
            }
            return assign(value.text, part.type, operand, needs: value.needs)
        case .payload(let base, let offset, let length):
            if case .masked(.source(.payload(base, offset, length)), let mask, let flips) = operand,
                let (field, value) = operands.written((base, offset, length), mask: mask, flips: flips)
            {
                return DescribedClause(text: "\(field.text) set \(value)", needs: field.needs)
            }
            let value = operands.payload(base, offset, length)
            guard let part = value.part else { return nil }
            return assign(value.text, part.type, operand, needs: value.needs)
        }
    }

    private func assign(
        _ name: String,
        _ type: DataType,
        _ operand: Operand,
        needs: [Need] = []
    ) -> DescribedClause? {
        value(operand, type).map { DescribedClause(text: "\(name) set \($0.text)", needs: needs + $0.needs) }
    }

    /// A value for a place of a type.
    func value(_ operand: Operand, _ type: DataType) -> DescribedClause? {
        if case .constant(let bytes) = operand {
            return DescribedClause(text: values.numeric(for: type).text(bytes, type))
        }
        return operands.describe(operand).map { DescribedClause(text: $0.text, needs: $0.needs) }
    }

    /// `add @blackhole { ip saddr timeout 1m }`.
    func describe(_ update: SetUpdate) -> DescribedClause? {
        guard let set = operands.sets[update.set], let key = operands.describe(update.key) else { return nil }
        var (text, needs) = (key.text, key.needs)
        if let timeout = update.timeout { text += " timeout \(SetText.time(timeout))" }
        for statement in update.statements {
            if case .words(let words) = statement { text += " \(words)" }
        }
        if let data = update.data {
            guard let type = set.dataParts.first?.type, let value = value(data, type) else { return nil }
            text += " : \(value.text)"
            needs += value.needs
        }
        let verb =
            switch update.operation {
            case .add: "add"
            case .update: "update"
            case .delete: "delete"
            }
        // A set that goes with its rule, and yet has a name.
        if set.isAnonymous {
            let size = set.size.map { " size \($0)" } ?? ""
            return DescribedClause(text: "meter \(set.name)\(size) { \(text) }", needs: needs)
        }
        return DescribedClause(text: "\(verb) @\(set.name) { \(text) }", needs: needs)
    }

    func describe(_ statement: RuleStatement) -> DescribedClause? {
        switch statement {
        case .words(let words): DescribedClause(text: words)
        case .translate(let translation): describe(translation)
        case .duplicate(let address, let device): duplicate(address, device)
        case .forward(let device, let address, let family): forward(device, address, family)
        case .transparent(let family, let address, let port): transparent(family, address, port)
        case .queue(let number, let flags):
            value(number, .integer).map {
                DescribedClause(text: "queue\(QueueExpression.text(flags)) to \($0.text)", needs: $0.needs)
            }
        case .reject(let kind, let code): reject(kind, code)
        case .object(let type, let name):
            ObjectKind(rawValue: type).map { DescribedClause(text: "\($0.statement) \"\(name)\"") }
        case .objectMap(let key, let name): objectMap(key, name)
        }
    }

    private func objectMap(_ key: Operand, _ name: String) -> DescribedClause? {
        guard let map = operands.sets[name], let value = operands.describe(key),
            let kind = map.objectType.flatMap(ObjectKind.init)
        else { return nil }
        let text = "\(kind.statement) \(value.text) map \(operands.reference(map, value.parts))"
        return DescribedClause(text: text, needs: value.needs)
    }

    private func address(_ family: UInt32?) -> DataType {
        switch family {
        case 2: .ipv4
        case 10: .ipv6
        default: table.family == .ip6 ? .ipv6 : .ipv4
        }
    }

    private func duplicate(_ address: Operand?, _ device: Operand?) -> DescribedClause? {
        var (texts, needs) = ([String](), [Need]())
        if let address {
            guard let value = value(address, self.address(nil)) else { return nil }
            texts.append(value.text)
            needs += value.needs
        }
        if let device {
            guard let value = value(device, .interfaceIndex) else { return nil }
            texts.append(address == nil ? value.text : "device \(value.text)")
            needs += value.needs
        }
        return DescribedClause(text: "dup to \(texts.joined(separator: " "))", needs: needs)
    }

    private func forward(_ device: Operand?, _ address: Operand?, _ family: UInt32?) -> DescribedClause? {
        guard let device, let out = value(device, .interfaceIndex) else { return nil }
        guard let address else { return DescribedClause(text: "fwd to \(out.text)", needs: out.needs) }
        guard let gateway = value(address, self.address(family)) else { return nil }
        let text = "fwd \(family == 10 ? "ip6" : "ip") to \(gateway.text) device \(out.text)"
        return DescribedClause(text: text, needs: gateway.needs + out.needs)
    }

    private func transparent(_ family: UInt32, _ address: Operand?, _ port: Operand?) -> DescribedClause? {
        var (text, needs) = ("tproxy", [Need]())
        if table.family == .inet, family == 2 || family == 10 { text += family == 2 ? " ip" : " ip6" }
        text += " to "
        let type = self.address(family)
        if let address {
            guard let value = value(address, type) else { return nil }
            text += type == .ipv6 && port != nil ? "[\(value.text)]" : value.text
            needs += value.needs
        }
        if let port {
            guard let value = value(port, .port) else { return nil }
            text += ":\(value.text)"
            needs += value.needs
        }
        return DescribedClause(text: text, needs: needs)
    }

    private func reject(_ kind: UInt32, _ code: UInt8) -> DescribedClause? {
        switch kind {
        case 1: return DescribedClause(text: "reject with tcp reset", needs: [.header(.tcp)])
        case 2:
            if code == 1, context.network == nil { return DescribedClause(text: "reject") }
            return DescribedClause(text: "reject with icmpx \(values.text([code], .icmpxCode))")
        default:
            let isNew = context.network == .ip6
            if table.family == .ip, code == 3 { return DescribedClause(text: "reject") }
            if table.family == .ip6, code == 4 { return DescribedClause(text: "reject") }
            let name = values.text([code], isNew ? .icmpv6Code : .icmpCode)
            return DescribedClause(
                text: "reject with \(isNew ? "icmpv6" : "icmp") \(name)",
                needs: [.header(isNew ? .ip6 : .ip)]
            )
        }
    }
}
