import Netfilter
import PacketModel

/// Prints a set or a verdict map with its elements.
struct SetPrinter {
    let named: NamedSet

    func print() throws(Inexpressible) -> String {
        var text = "    \(named.isMap ? "map" : "set") \(named.name) {\n"
        let types = named.fields.map { $0.type(in: named.family) }.joined(separator: " . ")
        text += "        type \(types)\(named.isMap ? " : verdict" : "")\n"
        if let dynamic = named.dynamic {
            text += "        flags dynamic,timeout\n"
            text += "        timeout \(dynamic.timeoutSeconds)s\n        size \(dynamic.size)\n"
        } else if hasIntervals || named.hasTimeouts {
            let flags = [hasIntervals ? "interval" : nil, named.hasTimeouts ? "timeout" : nil].compactMap(
                \.self
            )
            text += "        flags \(flags.joined(separator: ","))\n"
        } else if !named.isEmpty, !named.mayGrow {
            // The kernel makes a table of just this size, and need not grow it while it loads.
            text += "        size \(named.count)\n"
        }
        if named.hasCounters { text += "        counter\n" }
        if let comment = named.comment { text += "        comment \(TablePrinter.quoted(comment))\n" }
        if !named.isEmpty {
            text += "        elements = {\n"
            text.reserveCapacity(named.count * 64)
            var suffixes: [String] = []
            for attributes in named.attributes { suffixes.append(try Self.suffix(attributes)) }
            for index in 0..<named.count {
                // One byte before each: nft takes an eighth of its time for blanks where there are twelve.
                text += "\t\(key(index))\(suffixes[Int(named.attributeIndices[index])]),\n"
            }
            text += "        }\n"
        }
        text += "    }\n"
        return text
    }

    /// The key of an element as nft writes it: `22 . 192.0.2.5`.
    func key(_ index: Int) -> String {
        var text = ""
        for (field, interval) in zip(named.fields, named.key(index)) {
            if field != named.fields[0] { text += " . " }
            text += field.text(interval, in: named.family)
        }
        return text
    }

    /// An element with what it carries.
    func element(_ index: Int) throws(Inexpressible) -> String {
        key(index) + (try Self.suffix(named.attributes(index)))
    }

    /// Types are always paired with codes, whose ranges make the set one of intervals.
    private var hasIntervals: Bool {
        named.hasIntervals || named.fields.contains(.icmpTypeAndCode)
    }

    private static func suffix(_ attributes: NamedSet.Attributes) throws(Inexpressible) -> String {
        var text = attributes.secondsLeft.map { " timeout \($0)s" } ?? ""
        if let comment = attributes.comment { text += " comment \(TablePrinter.quoted(comment))" }
        if let verdict = attributes.verdict { text += " : \(try RulePrinter.text(verdict))" }
        return text
    }
}
