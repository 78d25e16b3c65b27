import Netfilter
import PacketModel

/// What a rule asks and does, in the words of the model.
///
/// What the model does not know stays word for word.
struct RuleMeaning {
    let family: IPFamily
    let names: NameDatabase
    let sets: IpsetLookup

    func rule(_ rule: RuleSyntax, in table: BuiltInTable) -> Rule {
        var conditions = self.conditions(of: rule)
        guard let unknown = rule.unknown else {
            let (statements, verdict) = effect(of: rule.action, in: table)
            return Rule(conditions, statements, verdict)
        }
        conditions.append(.unknown(unknown.text))
        if let target = unknown.target {
            let action = UnknownAction(unknown.text, target: target.name, in: table)
            return Rule(conditions, [], .unknown(action))
        }
        let (statements, verdict) = effect(of: rule.action, in: table)
        return Rule(conditions, statements, verdict)
    }

    private func conditions(of rule: RuleSyntax) -> [Condition] {
        var conditions: [Condition] = []
        append(rule.source, .source, to: &conditions)
        append(rule.destination, .destination, to: &conditions)
        append(rule.inputInterface, .inputInterface, to: &conditions)
        append(rule.outputInterface, .outputInterface, to: &conditions)
        if let asked = rule.transportProtocol {
            conditions.append(.field(.transportProtocol, is: asked.number).negated(asked.isNegated))
        }
        if let isFragment = rule.isFragment {
            conditions.append(.field(.fragment, is: FragmentPart.later.rawValue).negated(!isFragment))
        }
        for match in rule.matches where !match.vanishes {
            conditions +=
                MatchRegistry.conditions(of: match, family, knowing: sets) ?? [.unknown(words(match, "-m"))]
        }
        return conditions
    }

    private func effect(
        of action: RuleSyntax.Action?,
        in table: BuiltInTable
    ) -> (statements: [Statement], verdict: Verdict?) {
        switch action {
        case nil: ([], nil)
        case .accept: ([], .accept)
        case .drop: ([], .drop)
        case .return: ([], .return)
        case .jump(let chain): ([], .jump(chain))
        case .goto(let chain): ([], .goto(chain))
        case .target(let target):
            switch TargetRegistry.effect(of: target, family) {
            case .statements(let statements): (statements, nil)
            case .verdict(let verdict): ([], verdict)
            case .aside: ([.aside(words(target, "-j"))], nil)
            case nil:
                ([], .unknown(UnknownAction(words(target, "-j"), target: target.syntax.name, in: table)))
            }
        }
    }

    private func append(_ test: AddressTest?, _ field: Field, to conditions: inout [Condition]) {
        guard let test else { return }
        let condition =
            if let address = test.address {
                Condition.address(field, address, mask: test.mask)
            } else {
                Condition.unknown("\(field == .source ? "-s" : "-d") \(test.hostText(family))")
            }
        conditions.append(condition.negated(test.isNegated))
    }

    private func append(_ test: InterfaceTest?, _ field: Field, to conditions: inout [Condition]) {
        guard let test else { return }
        let isPattern = test.name.last == UInt8(ascii: "+")
        let stem = String(decoding: isPattern ? test.name.dropLast() : test.name[...], as: UTF8.self)
        if isPattern, stem.isEmpty {
            // Every name begins with nothing.
            if test.isNegated { conditions.append(.anyOf([])) }
        } else if let pattern = InterfacePattern(isPattern ? stem + "*" : stem) {
            conditions.append(.interface(field, matches: [pattern]).negated(test.isNegated))
        } else {
            let option = field == .inputInterface ? "-i" : "-o"
            conditions.append(.unknown("\(option) \(stem)").negated(test.isNegated))
        }
    }

    private func words(_ instance: ExtensionInstance, _ option: String) -> String {
        var writer = RuleWriter(family: family, names: names, showsCounters: false)
        writer.write(instance, after: " \(option) ")
        return String(decoding: writer.output.dropFirst(), as: UTF8.self)
    }
}

extension Condition {
    func negated(_ isNegated: Bool) -> Condition { isNegated ? .not(self) : self }

    /// An address under a mask, which need not be one of leading bits.
    static func address(_ field: Field, _ address: IPAddress, mask: UInt128) -> Condition {
        let hostBits = address.family.lastAddress & ~mask
        guard hostBits & (hostBits &+ 1) == 0 else {
            return .bits(field, mask: mask, value: address.value & mask)
        }
        let first = address.value & mask
        return .field(field, in: IntervalSet([Interval(first, first | hostBits)].compactMap(\.self)))
    }

    /// From the first to the last, both included; nothing when they are backwards.
    static func range(_ field: Field, _ first: UInt128, _ last: UInt128) -> Condition {
        .field(field, in: IntervalSet([Interval(first, last)].compactMap(\.self)))
    }
}

extension ExtensionInstance {
    /// One condition for each option that was given, negated where the option is; nil when one is not known.
    func conditions(_ meaning: (_ option: String, _ value: OptionValue) -> Condition?) -> [Condition]? {
        var conditions: [Condition] = []
        for given in given {
            guard let condition = meaning(syntax.options[given.option].name, given.value) else { return nil }
            conditions.append(condition.negated(given.isNegated))
        }
        return conditions
    }
}

extension OptionValue {
    /// The condition that the field lies within the value: a number, a range, bits under a mask, addresses.
    func condition(_ field: Field) -> Condition? {
        switch self {
        case .number(let number): .field(field, is: number)
        case .range(let low, let high): .range(field, UInt128(low), UInt128(high))
        case .masked(let value, let mask): .bits(field, mask: UInt128(mask), value: UInt128(value))
        case .address(let address): .field(field, is: address.value)
        case .addressRange(let low, let high): .range(field, low.value, high.value)
        case .network(let address, let mask): .address(field, address, mask: mask)
        case .none, .text, .list: nil
        }
    }
}
