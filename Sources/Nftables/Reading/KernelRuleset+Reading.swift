import CKernel
import Netlink

extension KernelRuleset {
    init(_ dump: KernelDump) throws(NetlinkDamage) {
        for message in dump.tables {
            let attributes = AttributeList(try message.allAttributes())
            guard let family = Family(rawValue: message.family), let name = attributes.text(1),
                attributes.ends(at: 7)
            else {
                unread.append(UnreadPart(place: "the ruleset", name: "table"))
                continue
            }
            let userData = UserData(attributes.bytes(6) ?? [])
            var table = KernelTable(
                family: family,
                name: name,
                flags: attributes.u32(2) ?? 0,
                comment: userData.comment
            )
            try table.read(dump, into: &unread)
            tables.append(table)
        }
    }
}

extension KernelTable {
    var title: String { "table \(family.text) \(name)" }

    fileprivate mutating func read(_ dump: KernelDump, into unread: inout [UnreadPart]) throws(NetlinkDamage)
    {
        let (number, table) = (family.rawValue, name)
        func isHere(_ message: NetlinkMessage) -> Bool {
            message.family == number && message.text(1) == table
        }
        for (place, message) in dump.sets.enumerated() where isHere(message) {
            do {
                sets.append(try KernelSet(message, elements: dump.elements[place]))
            } catch let damage as NetlinkDamage {
                throw damage
            } catch {
                unread.append(part("set \(message.text(2))", error))
            }
        }
        for message in dump.objects where isHere(message) {
            let attributes = AttributeList(try message.allAttributes())
            guard let name = attributes.text(2), let type = attributes.u32(3), attributes.ends(at: 8) else {
                continue
            }
            let comment = UserData(attributes.bytes(8) ?? []).comment
            let data = try attributes.nested(4) ?? AttributeList([])
            objects.append(KernelObject(name: name, type: type, data: data, comment: comment))
        }
        for message in dump.flowtables where isHere(message) {
            let attributes = AttributeList(try message.allAttributes())
            let hook = try attributes.nested(3)
            flowtables.append(
                KernelFlowtable(
                    name: attributes.text(2) ?? "",
                    priority: Int32(bitPattern: hook?.u32(2) ?? 0),
                    devices: try Self.devices(hook, list: 3),
                    flags: attributes.u32(7) ?? 0
                )
            )
        }
        for message in dump.chains where isHere(message) { chains.append(try Self.chain(message)) }
        readRules(dump.rules.filter(isHere), into: &unread)
    }

    private func part(_ place: String, _ error: any Error) -> UnreadPart {
        UnreadPart(place: "\(place) of \(title)", name: (error as? UnreadExpression)?.name ?? "\(error)")
    }

    private static func devices(_ hook: AttributeList?, list: UInt16) throws(NetlinkDamage) -> [String] {
        try hook?.nested(list)?.all.map(\.text) ?? []
    }

    private static func chain(_ message: NetlinkMessage) throws(NetlinkDamage) -> KernelChain {
        let attributes = AttributeList(try message.allAttributes())
        var base: BaseChain?
        if let hook = try attributes.nested(4) {
            let devices = try devices(hook, list: 4)
            base = BaseChain(
                type: attributes.text(7) ?? "filter",
                hook: hook.u32(1) ?? 0,
                priority: Int32(bitPattern: hook.u32(2) ?? 0),
                devices: devices.isEmpty ? hook.text(3).map { [$0] } ?? [] : devices,
                policy: attributes.u32(5)
            )
        }
        return KernelChain(
            name: attributes.text(3) ?? "",
            base: base,
            comment: UserData(attributes.bytes(12) ?? []).comment,
            flags: attributes.u32(10) ?? 0
        )
    }

    private mutating func readRules(_ messages: [NetlinkMessage], into unread: inout [UnreadPart]) {
        let names = sets.map { ($0.name, $0) }
        let keys = Dictionary(names.map { ($0, $1.keyLength) }) { $1 }
        let data = Dictionary(names.map { ($0, $1.dataLength) }) { $1 }
        let places = Dictionary(chains.enumerated().map { ($1.name, $0) }) { $1 }
        for message in messages {
            guard let place = places[message.text(2)] else { continue }
            do {
                let attributes = AttributeList(try message.allAttributes())
                var machine = RegisterMachine(dataLengths: data, keyLengths: keys)
                for expression in try attributes.lists(NftablesAttribute.Rule.expressions) {
                    _ = try KernelExpressions.run(expression, &machine)
                }
                let comment = UserData(attributes.bytes(NftablesAttribute.Rule.userData) ?? []).comment
                chains[place].rules.append(KernelRule(clauses: machine.clauses, comment: comment))
            } catch {
                let number = chains[place].rules.count + 1
                unread.append(part("rule \(number) of chain \(chains[place].name)", error))
                chains[place].rules.append(KernelRule(clauses: [], comment: nil))
            }
        }
    }
}
