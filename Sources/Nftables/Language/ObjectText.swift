import Netlink

/// A named object, declared (nft(8), "STATEFUL OBJECTS").
struct ObjectText: Sendable {
    let object: KernelObject

    /// Nil for what has no words.
    var lines: [String]? {
        guard let kind = ObjectKind(rawValue: object.type), let content = content(kind) else { return nil }
        let comment = object.comment.map { ["comment \"\($0)\""] } ?? []
        return ["\(kind.keyword) \(object.name) {"] + (comment + content).map { "\t\($0)" } + ["}"]
    }

    private func content(_ kind: ObjectKind) -> [String]? {
        let data = object.data
        switch kind {
        case .counter: return data.ends(at: 3) ? [CounterExpression.text(data) ?? "packets 0 bytes 0"] : nil
        case .quota: return data.ends(at: 4) ? QuotaExpression.text(data).map { [$0] } : nil
        case .limit: return data.ends(at: 6) ? LimitExpression.text(data).map { [$0] } : nil
        case .synproxy: return data.ends(at: 3) ? SynproxyExpression.words(data) : nil
        case .secmark: return data.ends(at: 1) ? data.text(1).map { ["\"\($0)\""] } : nil
        case .helper:
            guard data.ends(at: 3), let name = data.text(1), let transport = data.u8(3) else { return nil }
            return ["type \"\(name)\" protocol \(Self.transport(transport));"] + family(data.u16(2))
        case .expectation:
            guard data.ends(at: 5), let transport = data.u8(2), let port = data.u16(3),
                let time = data.hostNumber(4),
                let size = data.u8(5)
            else { return nil }
            return [
                "protocol \(Self.transport(transport))", "dport \(port)",
                "timeout \(SetText.time(UInt64(time)))",
            ]
                + ["size \(size)"] + family(data.u16(1))
        case .timeout:
            guard data.ends(at: 3), let transport = data.u8(2), let times = times(transport) else {
                return nil
            }
            return ["protocol \(Self.transport(transport));"] + family(data.u16(1))
                + ["policy = { \(times.joined(separator: ", ")) }"]
        }
    }

    private func family(_ number: UInt16?) -> [String] {
        switch number {
        case 1: ["l3proto inet"]
        case 2: ["l3proto ip"]
        case 10: ["l3proto ip6"]
        default: []
        }
    }

    private static func transport(_ number: UInt8) -> String {
        DataType.transport.name(of: UInt64(number)) ?? number.description
    }

    private func times(_ transport: UInt8) -> [String]? {
        let names: [String]
        switch transport {
        case 6:
            names = [
                "syn_sent", "syn_recv", "established", "fin_wait", "close_wait", "last_ack", "time_wait",
                "close",
                "syn_sent2", "retrans", "unack",
            ]
        case 17, 136: names = ["unreplied", "replied"]
        default: return nil
        }
        let usual: [UInt32] =
            transport == 6
            ? [120, 60, 432_000, 120, 60, 30, 120, 10, 120, 300, 300] : [30, transport == 17 ? 120 : 180]
        guard let list = try? object.data.nested(3) else { return nil }
        return names.indices.compactMap { place in
            guard let time = list.u32(place + 1), time != usual[place] else { return nil }
            return "\(names[place]) : \(time)"
        }
    }
}
