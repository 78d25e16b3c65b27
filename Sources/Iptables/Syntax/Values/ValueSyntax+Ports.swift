import Diagnostics

extension ValueSyntax {
    /// A port, or two around a colon, by number or by name of a service of TCP.
    static let portsOfTCP = portRange(mayBeBackwards: false) { bytes, context throws(Refusal) in
        try PortText.port(bytes, "tcp", context)
    }

    /// The same for SCTP.
    static let portsOfSCTP = portRange(mayBeBackwards: false) { bytes, context throws(Refusal) in
        try PortText.port(bytes, "sctp", context)
    }

    /// The same as getaddrinfo(3) reads it; in any order before 1.8.11.
    static let resolvedPorts = portRange(mayBeBackwards: true) { bytes, context throws(Refusal) in
        try PortText.resolved(bytes, context)
    }

    private static func portRange(
        mayBeBackwards: Bool,
        _ port: @escaping @Sendable (ArraySlice<UInt8>, ReadingContext) throws(Refusal) -> UInt64
    ) -> ValueSyntax {
        ValueSyntax(
            samples: [
                "80", "0", "65535", "65536", "80:90", "90:80", ":80", "80:", ":", "0:65535", "80:80", "0x50",
                "+5", "-5",
                "ssh", "domain", "nosuchservice", "1:2:3", "!", "",
            ],
            read: { words, context throws(Refusal) in
                let bytes = words[0].bytes[...]
                guard let colon = bytes.firstIndex(of: Ascii.colon) else {
                    let only = try port(bytes, context)
                    return .range(only, only)
                }
                let (first, last) = (bytes[..<colon], bytes[(colon + 1)...])
                if mayBeBackwards, last.contains(Ascii.colon) {
                    throw Refusal("value.range", "a range has two ends")
                }
                let low = first.isEmpty ? 0 : try port(first, context)
                let high = last.isEmpty ? 65_535 : try port(last, context)
                guard low <= high || mayBeBackwards && context.release < .v1_8_11 else {
                    throw PortText.backwards(low, high, fix: .write("\(high):\(low)"))
                }
                return .range(low, high)
            },
            write: { value in
                guard case .range(let low, let high) = value else { return [] }
                return Array((low == high ? "\(low)" : "\(low):\(high)").utf8)
            }
        )
    }
}

extension PortText {
    /// A number in any base, or a name of services(5).
    static func port(
        _ bytes: ArraySlice<UInt8>,
        _ transport: String?,
        _ context: ReadingContext
    ) throws(Refusal) -> UInt64 {
        if let number = NumberText.whole(bytes, in: 0...65_535) { return number }
        let name = String(decoding: bytes, as: UTF8.self)
        if let port = context.names.port(name, of: transport) { return UInt64(port) }
        throw Refusal(
            "value.port",
            "\(name.isEmpty ? "nothing" : name) is neither a port nor a service",
            fix: rangeFix(bytes) ?? NearestSpelling.fix(for: name, among: context.names.serviceNames)
        )
    }

    /// `8000-8010`: iptables writes a colon.
    private static func rangeFix(_ bytes: ArraySlice<UInt8>) -> Fix? {
        let ends = bytes.split(separator: Ascii.dash).map { NumberText.whole($0, in: 0...65_535) }
        guard ends.count == 2, let low = ends[0], let high = ends[1], low <= high else { return nil }
        return .write("\(low):\(high)")
    }

    /// A number or name as getaddrinfo(3) reads it: decimal, and cut to the 16 bits of a port.
    static func resolved(_ bytes: ArraySlice<UInt8>, _ context: ReadingContext) throws(Refusal) -> UInt64 {
        let digits = bytes.first == Ascii.plus ? bytes.dropFirst() : bytes
        if digits.isEmpty, digits.count == bytes.count { return 0 }
        if digits.first != Ascii.plus, let number = UInt64(String(decoding: digits, as: UTF8.self)) {
            let number = Int32(truncatingIfNeeded: number)
            if number >= 0 { return UInt64(UInt16(truncatingIfNeeded: number)) }
        }
        let name = String(decoding: bytes, as: UTF8.self)
        if let port = context.names.port(name, of: nil) { return UInt64(port) }
        throw Refusal(
            "value.port",
            "\(name) is neither a port nor a service",
            fix: NearestSpelling.fix(for: name, among: context.names.serviceNames)
        )
    }

    /// Leaves out what asks for nothing. An expression of the kernel gives back nothing for what can never hold either
    /// (but for ports since 1.8.11), and says a range from below by its other half.
    static func simplify(
        _ instance: inout ExtensionInstance,
        inKernelWords: Bool,
        _ release: IptablesRelease
    ) {
        let asks = instance.given.contains { $0.isNegated || !isIdle($0.value) }
        for given in instance.given {
            let name = instance.syntax.options[given.option].name
            switch given.value {
            case .range(0, 65_535) where release >= .v1_8_11 && given.isNegated: break
            case .range(0, 65_535), .masked(_, mask: 0):
                if inKernelWords || !given.isNegated { instance.remove(name) }
            case .range(0, let high) where given.isNegated && inKernelWords && high > 0:
                instance.set(name, .range(high + 1, 65_535))
            default: break
            }
        }
        instance.vanishes = inKernelWords && asks && instance.given.isEmpty
    }

    /// Every port, or flags of which none is looked at.
    private static func isIdle(_ value: OptionValue) -> Bool {
        value == .range(0, 65_535) || value == .masked(0, mask: 0)
    }

    static func backwards(_ low: UInt64, _ high: UInt64, fix: Fix? = nil) -> Refusal {
        Refusal("value.port.range", "the range of ports is backwards", fix: fix ?? "write \(high):\(low)")
    }
}
