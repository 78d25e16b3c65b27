import PacketModel

/// What `ipset save` and `ipset list` print.
extension Ipsets {
    /// In the order of the tool: lists of sets last.
    var printedOrder: [String] {
        order.filter { named[$0]?.kind.storage != .list } + order.filter { named[$0]?.kind.storage == .list }
    }

    /// `create` and `add` lines; without what the kernel chooses by chance.
    package func saved(_ name: String) -> [String] {
        guard let set = named[name] else { return [] }
        return ["create \(name) \(set.headText)"] + set.lines(names).map { "add \(name) \($0)" }
    }
}

extension Ipset {
    /// The type and the options.
    var headText: String {
        var words = [kind.name]
        switch kind.storage {
        case .hash:
            if let family = options.family { words += ["family", family == .ipv4 ? "inet" : "inet6"] }
            if let markMask = options.markMask {
                words += ["markmask", "0x" + Self.hexadecimal(markMask, 8)]
            }
            words += ["hashsize", "\(roundedSize)", "maxelem", "\(options.most)"]
        case .bitmap: words += ["range", rangeText]
        case .list: words += ["size", "\(options.size)"]
        }
        let mask = maskWords
        if kind.dimensions.count == 1 { words += mask }
        if let timeout = options.timeout { words += ["timeout", "\(timeout)"] }
        if options.hasCounters { words.append("counters") }
        if options.hasComments { words.append("comment") }
        if options.hasMarks { words.append("skbinfo") }
        if options.replaces { words.append("forceadd") }
        if kind.dimensions.count > 1 { words += mask }
        return words.joined(separator: " ")
    }

    private var maskWords: [String] {
        if let length = options.maskLength { return ["netmask", "\(length)"] }
        guard let mask = options.mask else { return [] }
        return ["bitmask", "\(IPAddress(family: options.family ?? .ipv4, value: mask))"]
    }

    private static func hexadecimal(_ value: UInt64, _ digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// A power of two, 64 at least.
    private var roundedSize: UInt64 {
        var size: UInt64 = 64
        while size < options.hashSize { size *= 2 }
        return size
    }

    private var rangeText: String {
        guard let range = options.range else { return "" }
        guard kind.hasAddresses else { return "\(range.lowerBound)-\(range.upperBound)" }
        let ends = [range.lowerBound, range.upperBound].map { IPAddress(family: .ipv4, value: UInt128($0)) }
        return "\(ends[0])-\(ends[1])"
    }

    /// The elements with what lasts beside them, lists in their order.
    func lines(_ names: NameDatabase) -> [String] {
        if kind.storage == .list { return order.map { line($0, names) } }
        return elements.keys.map { line($0, names) }.sorted()
    }

    private func line(_ element: IpsetElement, _ names: NameDatabase) -> String {
        let attributes = elements[element] ?? IpsetAttributes()
        var words = [element.text(options, names)]
        if let mac = attributes.mac { words[0] += "," + IpsetElement.text(mac: mac) }
        if let timeout = options.timeout { words += ["timeout", "\(attributes.timeout ?? timeout)"] }
        if attributes.isException { words.append("nomatch") }
        if attributes.isWildcard { words.append("wildcard") }
        if options.hasCounters {
            words += ["packets", "\(attributes.packets ?? 0)", "bytes", "\(attributes.bytes ?? 0)"]
        }
        if let comment = attributes.comment, !comment.isEmpty { words += ["comment", "\"\(comment)\""] }
        if let (value, mask) = attributes.mark, mask != 0 {
            let whole = "0x" + String(value, radix: 16)
            words += ["skbmark", mask == .max ? whole : whole + "/0x" + String(mask, radix: 16)]
        }
        if attributes.priority != 0 {
            let (major, minor) = (attributes.priority >> 16, attributes.priority & 0xFFFF)
            words += ["skbprio", String(major, radix: 16) + ":" + String(minor, radix: 16)]
        }
        if attributes.queue != 0 { words += ["skbqueue", "\(attributes.queue)"] }
        return words.joined(separator: " ")
    }
}

extension IpsetElement {
    func text(_ options: IpsetOptions, _ names: NameDatabase) -> String {
        let family = options.family ?? .ipv4
        return parts.map { part in
            switch part {
            case .prefix(let first, let length):
                let address = "\(IPAddress(family: family, value: first))"
                return length == family.addressWidth ? address : "\(address)/\(length)"
            case .port(let transport, let port): return Self.text(transport, port, family, names)
            case .plainPort(let port): return "\(port)"
            case .mac(let mac): return Self.text(mac: mac)
            case .interface(let name, let isPhysical): return (isPhysical ? "physdev:" : "") + name
            case .mark(let mark): return "0x" + String(mark, radix: 16)
            case .set(let name): return name
            }
        }.joined(separator: ",")
    }

    static func text(mac: UInt64) -> String {
        (0..<6).map { place in
            let byte = UInt8(truncatingIfNeeded: mac >> UInt64(8 * (5 - place)))
            return (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined(separator: ":")
    }

    private static func text(_ transport: UInt8, _ port: UInt16, _ family: IPFamily, _ names: NameDatabase)
        -> String
    {
        let name = names.listedProtocolName(transport) ?? "\(transport)"
        guard [.icmp, .icmpv6].contains(IPProtocol(number: transport)) else { return "\(name):\(port)" }
        return "\(name):" + (IpsetICMPNames.name(of: port, family) ?? "\(port >> 8)/\(port & 0xFF)")
    }
}
