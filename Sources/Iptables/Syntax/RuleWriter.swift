import PacketModel

/// Writes rules as iptables-save prints them.
struct RuleWriter {
    let family: IPFamily
    let names: NameDatabase
    /// `[packets:bytes]` stands before each rule, as `iptables-save -c` has it; else every counter is zero.
    let showsCounters: Bool
    private(set) var output: [UInt8] = []

    init(family: IPFamily, names: NameDatabase, showsCounters: Bool) {
        self.family = family
        self.names = names
        self.showsCounters = showsCounters
    }

    mutating func write(_ text: String) { output.append(contentsOf: text.utf8) }

    mutating func write(line: ArraySlice<UInt8>) {
        output.append(contentsOf: line)
        write("\n")
    }

    func counters(_ counters: Counters?) -> String {
        guard showsCounters, let counters else { return "[0:0]" }
        return "[\(counters.packets):\(counters.bytes)]"
    }

    /// A blank, `! ` when negated, the option.
    private mutating func write(option: String, negated: Bool) {
        write(negated ? " ! " : " ")
        write(option)
    }

    /// `-A CHAIN` and the rule, with the end of the line.
    mutating func write(_ rule: RuleSyntax, chain: String) {
        if showsCounters { write(counters(rule.counters) + " ") }
        write("-A ")
        write(chain)
        if let unknown = rule.unknown {
            write(" \(unknown.text)\n")
            return
        }
        write(address: rule.source, "-s ")
        write(address: rule.destination, "-d ")
        write(interface: rule.inputInterface, "-i ")
        write(interface: rule.outputInterface, "-o ")
        if let asked = rule.transportProtocol {
            write(option: "-p ", negated: asked.isNegated)
            write(names.protocolName(asked.number) ?? String(asked.number))
        }
        if let isFragment = rule.isFragment { write(option: "-f", negated: !isFragment) }
        for match in rule.matches { write(match, after: " -m ") }
        switch rule.action {
        case .accept: write(" -j ACCEPT")
        case .drop: write(" -j DROP")
        case .return: write(" -j RETURN")
        case .jump(let chain):
            write(" -j ")
            write(chain)
        case .goto(let chain):
            write(" -g ")
            write(chain)
        case .target(let target): write(target, after: " -j ")
        case nil: break
        }
        write("\n")
    }

    private mutating func write(address test: AddressTest?, _ option: String) {
        guard let test else { return }
        write(option: option, negated: test.isNegated)
        if let address = test.address {
            write(AddressText.network(address, mask: test.mask))
        } else {
            write(test.hostText(family))
        }
    }

    private mutating func write(interface test: InterfaceTest?, _ option: String) {
        guard let test else { return }
        write(option: option, negated: test.isNegated)
        output.append(contentsOf: test.name)
    }

    mutating func write(_ instance: ExtensionInstance, after option: String) {
        write(option)
        write(instance.syntax.name)
        for given in instance.given {
            let option = instance.syntax.options[given.option]
            write(option: "--", negated: given.isNegated)
            write(option.name)
            let value = option.value.words(of: given.value, in: names.release)
            if option.value.words > 0 || !value.isEmpty { write(" ") }
            output.append(contentsOf: value)
        }
    }
}
