import Diagnostics
import Netfilter
import PacketModel

/// The form of addresses and ports that the targets of NAT share.
enum NATText {
    /// What DNAT, SNAT, MASQUERADE and REDIRECT take ports for.
    private static let withPorts: Set<UInt8> = [6, 17, 132, 33, 1]

    private static func checkPorts(_ context: ReadingContext) throws(Refusal) {
        guard let asked = context.transportProtocol, withPorts.contains(asked.number) else {
            throw Refusal.missing(
                "target.protocol",
                "ports need a protocol that has them",
                before: ["-p tcp", "-p udp"]
            )
        }
    }

    private static let samplesOfPorts = [
        "80", "80-90", "0", "65535", "65536", "http", "http-alt", "90-80", "80-80", "80:90", "80-", "-80",
        "x",
        "0x50", "1-2-3", "80-http", "ssh-80", "80-90/100", "80/100", "80-90/0", "80-90/http", "80-90/x", "",
    ]

    /// `PORT` or `FIRST-LAST`: a number in any base or, alone, a name.
    static let ports = ValueSyntax(
        samples: samplesOfPorts,
        read: { words, context throws(Refusal) in
            try checkPorts(context)
            let items = try shifted(words[0].bytes[...], context, keepsBase: true)
            guard items.count == 1 else {
                throw Refusal("value.port.base", "ranges of ports cannot be shifted here")
            }
            return items[0]
        },
        write: { Array(rangeText($0).utf8) }
    )

    /// The same, with `/BASE` behind a range, of which the kernel makes zero.
    static let shiftedPorts = ValueSyntax(
        samples: samplesOfPorts,
        read: { words, context throws(Refusal) in
            try checkPorts(context)
            return .list(try shifted(words[0].bytes[...], context, keepsBase: false))
        },
        write: { Array($0.items.map(portsText).joined().utf8) }
    )

    /// A range, and the port that it starts from when that is said.
    private static func shifted(
        _ bytes: ArraySlice<UInt8>,
        _ context: ReadingContext,
        keepsBase: Bool
    ) throws(Refusal) -> [OptionValue] {
        guard let (low, rest) = NumberText.prefix(bytes), low <= 65_535 else {
            let named = try PortText.port(bytes, nil, context)
            return [.range(named, named)]
        }
        if rest.isEmpty { return [.range(low, low)] }
        guard rest.first == Ascii.dash, let (high, base) = NumberText.prefix(rest.dropFirst()),
            high <= 65_535,
            base.isEmpty || base.first == Ascii.slash
        else {
            throw Refusal(
                "value.port",
                "\(String(decoding: bytes, as: UTF8.self)) is neither a port nor a range of ports in numbers"
            )
        }
        guard low <= high else { throw PortText.backwards(low, high) }
        if base.isEmpty { return [.range(low, high)] }
        let start = try self.base(base.dropFirst(), context)
        return [.range(low, high), .number(keepsBase ? start : 0)]
    }

    /// A port other than 0; what follows a number does not count.
    private static func base(_ bytes: ArraySlice<UInt8>, _ context: ReadingContext) throws(Refusal) -> UInt64
    {
        if let (number, _) = NumberText.prefix(bytes), (1...65_535).contains(number) { return number }
        let name = String(decoding: bytes, as: UTF8.self)
        guard let port = context.names.port(name, of: nil) else {
            throw Refusal("value.port.base", "\(name.isEmpty ? "nothing" : name) is not a port to start from")
        }
        return UInt64(port)
    }

    private static func portsText(_ value: OptionValue) -> String {
        if case .number(let base) = value { return "/\(base)" }
        return rangeText(value)
    }

    private static func rangeText(_ value: OptionValue) -> String {
        guard case .range(let low, let high) = value else { return "" }
        return low == high ? "\(low)" : "\(low)-\(high)"
    }

    /// `[ADDRESS[-ADDRESS]][:PORT[-PORT[/BASE]]]`; IPv6 addresses with ports stand between brackets.
    ///
    /// - Parameter keepsBase: the kernel keeps the base port of a shifted range; SNAT makes it zero.
    static func translation(keepsBase: Bool) -> ValueSyntax {
        ValueSyntax(
            samples: [
                "1.2.3.4", "1.2.3.4:80", "1.2.3.4-1.2.3.9", "1.2.3.4-1.2.3.9:80-90", ":80",
                "1.2.3.4:80-90/100",
                "1.2.3.9-1.2.3.4", "1.2.3.4-1.2.3.4", "1.2.3.4:90-80", "1.2.3.4:80-80", "1.2.3.4:http",
                "1.2.3.4:0",
                "1.2.3.4:65536", "1.2.3.4:", "1.2.3:5", "1.2.3", "1.2.3.4/24", "fe80::1", "[fe80::1]:80",
                "[fe80::1]",
                "fe80::1-fe80::9", "[fe80::1-fe80::9]:80-90", "[fe80::1]-[fe80::9]:80", "[fe80::1",
                "fe80::1]:80", "x", "",
            ],
            read: { words, context throws(Refusal) in
                try read(words[0].bytes[...], context, keepsBase: keepsBase)
            },
            write: { Array(text($0).utf8) }
        )
    }

    private static func read(
        _ bytes: ArraySlice<UInt8>,
        _ context: ReadingContext,
        keepsBase: Bool
    ) throws(Refusal) -> OptionValue {
        var (addresses, ports): (ArraySlice<UInt8>, ArraySlice<UInt8>?) = (bytes, nil)
        switch context.family {
        case .ipv4:
            if let colon = bytes.lastIndex(of: Ascii.colon) {
                (addresses, ports) = (bytes[..<colon], bytes[(colon + 1)...])
            }
        case .ipv6:
            if bytes.first == Ascii.bracket {
                guard let close = bytes.lastIndex(of: Ascii.closingBracket) else {
                    throw unreadable(bytes, context)
                }
                addresses = bytes[(bytes.startIndex + 1)..<close]
                let rest = bytes[(close + 1)...]
                if !rest.isEmpty {
                    guard rest.first == Ascii.colon else { throw unreadable(bytes, context) }
                    ports = rest.dropFirst()
                }
            } else if bytes.first == Ascii.colon, !bytes.dropFirst().contains(Ascii.colon) {
                (addresses, ports) = (bytes[..<bytes.startIndex], bytes.dropFirst())
            }
        }
        var items: [OptionValue] = []
        if !addresses.isEmpty || ports == nil { items.append(try range(ofAddresses: addresses, context)) }
        if let ports {
            try checkPorts(context)
            items += try shifted(ports, context, keepsBase: keepsBase)
        }
        return .list(items)
    }

    private static func range(
        ofAddresses bytes: ArraySlice<UInt8>,
        _ context: ReadingContext
    ) throws(Refusal) -> OptionValue {
        let dash = bytes.firstIndex(of: Ascii.dash)
        let ends = dash.map { [bytes[..<$0], bytes[($0 + 1)...]] } ?? [bytes]
        var found: [IPAddress] = []
        for end in ends {
            // All four parts are needed here.
            guard context.family == .ipv6 || end.count(where: { $0 == Ascii.dot }) == 3,
                let address = AddressText.address(end, context.family)
            else { throw unreadable(end, context) }
            found.append(address)
        }
        return .addressRange(found[0], found[found.count - 1])
    }

    private static func unreadable(_ bytes: ArraySlice<UInt8>, _ context: ReadingContext) -> Refusal {
        AddressText.unreadable(bytes, context.family)
    }

    private static func text(_ value: OptionValue) -> String {
        var (addresses, ports) = ("", "")
        var isIPv6 = false
        for item in value.items {
            switch item {
            case .addressRange(let low, let high):
                addresses = low == high ? "\(low)" : "\(low)-\(high)"
                isIPv6 = low.family == .ipv6
            case .range: ports += ":" + rangeText(item)
            case .number: ports += portsText(item)
            default: break
            }
        }
        return isIPv6 && !ports.isEmpty ? "[\(addresses)]\(ports)" : addresses + ports
    }

    static func meaning(_ side: Translation.Side, _ value: OptionValue) -> Translation {
        var translation = Translation(side)
        for item in value.items {
            switch item {
            case .addressRange(let low, let high): translation.addresses = Interval(low.value, high.value)
            case .range: translation.ports = item.ports
            default: break
            }
        }
        return translation
    }
}

extension OptionValue {
    var ports: Interval<UInt16>? {
        guard case .range(let low, let high) = self else { return nil }
        return Interval(UInt16(truncatingIfNeeded: low), UInt16(truncatingIfNeeded: high))
    }
}
