/// A field of an extension header of IPv6, an option of TCP or IP, or a chunk of SCTP (nft(8), "EXTENSION HEADER
/// EXPRESSIONS").
struct ExtensionField: Sendable {
    let text: String
    let offset: Int
    let width: Int
    let type: DataType

    private init(_ text: String, _ offset: Int, _ width: Int, _ type: DataType = .integer) {
        (self.text, self.offset, self.width, self.type) = (text, offset, width, type)
    }

    /// What finds out whether the header is there at all.
    static func presence(_ kind: UInt32, _ type: UInt8) -> String? {
        switch kind {
        case 0: header(type).map { "exthdr \($0)" }
        case 1: option(type).map { "tcp option \($0)" } ?? "tcp option \(type)"
        case 2: routeOption(type).map { "ip option \($0)" }
        case 3: chunk(type).map { "sctp chunk \($0)" }
        default: nil
        }
    }

    /// The fields of a header, in the order of preference.
    static func fields(_ kind: UInt32, _ type: UInt8) -> [ExtensionField] {
        switch kind {
        case 0: headerFields(type)
        case 1: optionFields(type)
        case 2: routeOptionFields(type)
        case 3: chunkFields(type)
        default: []
        }
    }

    private static func header(_ type: UInt8) -> String? {
        [0: "hbh", 43: "rt", 44: "frag", 60: "dst", 135: "mh"][type]
    }

    private static func headerFields(_ type: UInt8) -> [ExtensionField] {
        func common(_ name: String) -> [ExtensionField] {
            [.init("\(name) nexthdr", 0, 8, .transport), .init("\(name) hdrlength", 8, 8)]
        }
        switch type {
        case 0: return common("hbh")
        case 60: return common("dst")
        case 43:
            let segments = (1..<16).map { ExtensionField("srh sid[\($0)]", 128 * $0 - 64, 128, .ipv6) }
            return common("rt") + [
                .init("rt type", 16, 8), .init("rt seg-left", 24, 8), .init("srh last-entry", 32, 8),
                .init("srh flags", 40, 8), .init("srh tag", 48, 16),
            ] + segments
        case 44:
            return [
                .init("frag nexthdr", 0, 8, .transport), .init("frag reserved", 8, 8),
                .init("frag frag-off", 16, 13), .init("frag reserved2", 29, 2),
                .init("frag more-fragments", 31, 1), .init("frag id", 32, 32),
            ]
        case 135:
            return common("mh") + [
                .init("mh type", 16, 8, .mobilityType), .init("mh reserved", 24, 8),
                .init("mh checksum", 32, 16),
            ]
        default: return []
        }
    }

    static func option(_ type: UInt8) -> String? {
        [
            0: "eol", 1: "nop", 2: "maxseg", 3: "window", 4: "sack-perm", 5: "sack", 8: "timestamp",
            19: "md5sig",
            30: "mptcp", 34: "fastopen",
        ][type]
    }

    private static func optionFields(_ type: UInt8) -> [ExtensionField] {
        guard let name = option(type) else { return [] }
        let own: [ExtensionField]
        switch type {
        case 2: own = [.init("maxseg size", 16, 16)]
        case 3: own = [.init("window count", 16, 8)]
        case 5:
            own = (0..<4).flatMap { block in
                let name = block == 0 ? "sack" : "sack\(block)"
                return [
                    ExtensionField("\(name) left", 16 + 64 * block, 32),
                    ExtensionField("\(name) right", 48 + 64 * block, 32),
                ]
            }
        case 8: own = [.init("timestamp tsval", 16, 32), .init("timestamp tsecr", 48, 32)]
        case 30: own = [.init("mptcp subtype", 16, 4)]
        default: own = []
        }
        let common = type < 2 ? [] : [ExtensionField("\(name) length", 8, 8)]
        return (common + own).map { ExtensionField("tcp option \($0.text)", $0.offset, $0.width, $0.type) }
    }

    private static func routeOption(_ type: UInt8) -> String? {
        [131: "lsrr", 7: "rr", 137: "ssrr", 148: "ra"][type]
    }

    private static func routeOptionFields(_ type: UInt8) -> [ExtensionField] {
        guard let name = routeOption(type) else { return [] }
        let own: [ExtensionField] =
            type == 148
            ? [.init("value", 16, 16)] : [.init("ptr", 16, 8), .init("addr", 24, 32, .ipv4)]
        return ([.init("type", 0, 8), .init("length", 8, 8)] + own).map {
            ExtensionField("ip option \(name) \($0.text)", $0.offset, $0.width, $0.type)
        }
    }

    private static func chunk(_ type: UInt8) -> String? {
        [
            0: "data", 1: "init", 2: "init-ack", 3: "sack", 4: "heartbeat", 5: "heartbeat-ack", 6: "abort",
            7: "shutdown", 8: "shutdown-ack", 9: "error", 10: "cookie-echo", 11: "cookie-ack", 12: "ecne",
            13: "cwr", 14: "shutdown-complete", 128: "asconf-ack", 192: "forward-tsn", 193: "asconf",
        ][type]
    }

    private static func chunkFields(_ type: UInt8) -> [ExtensionField] {
        guard let name = chunk(type) else { return [] }
        let own: [ExtensionField]
        switch type {
        case 0:
            own = [
                .init("tsn", 32, 32), .init("stream", 64, 16), .init("ssn", 80, 16), .init("ppid", 96, 32),
            ]
        case 1, 2:
            own = [
                .init("init-tag", 32, 32), .init("a-rwnd", 64, 32), .init("num-outbound-streams", 96, 16),
                .init("num-inbound-streams", 112, 16), .init("initial-tsn", 128, 32),
            ]
        case 3:
            own = [
                .init("cum-tsn-ack", 32, 32), .init("a-rwnd", 64, 32), .init("num-gap-ack-blocks", 96, 16),
                .init("num-dup-tsns", 112, 16),
            ]
        case 7: own = [.init("cum-tsn-ack", 32, 32)]
        case 12, 13: own = [.init("lowest-tsn", 32, 32)]
        case 128, 193: own = [.init("seqno", 32, 32)]
        case 192: own = [.init("new-cum-tsn", 32, 32)]
        default: own = []
        }
        return ([.init("type", 0, 8), .init("flags", 8, 8), .init("length", 16, 16)] + own).map {
            ExtensionField("sctp chunk \(name) \($0.text)", $0.offset, $0.width, $0.type)
        }
    }
}
