package import Diagnostics
package import PacketModel

/// A rule as iptables writes it: what it has by itself, its matches in order, and what it does.
package struct RuleSyntax: Sendable {
    package var source: AddressTest?
    package var destination: AddressTest?
    package var inputInterface: InterfaceTest?
    package var outputInterface: InterfaceTest?
    package var transportProtocol: ProtocolTest?
    /// `-f`, second and further fragments: true; `! -f`: false.
    package var isFragment: Bool?
    package var matches: [ExtensionInstance] = []
    package var action: Action?
    package var counters: Counters?
    /// The rule is of a script, and some of its words are not known: then it may match or not whatever stands above.
    package var unknown: UnknownRule?
    /// The command that it stands in.
    package var range: SourceRange

    package enum Action: Hashable, Sendable {
        case accept
        case drop
        case `return`
        case jump(String)
        case goto(String)
        case target(ExtensionInstance)
    }
}

/// What a script gives to iptables without our knowing all of it.
package struct UnknownRule: Hashable, Sendable {
    /// Its words after the chain, with unknown parts as the script writes them: `-s $ADMIN -j ACCEPT`.
    package var text: String
    /// The parts that are not known: `$ADMIN`.
    package var unknowns: [String]
    /// Nil when the rule's action says what becomes of packets that match; else as much as is known of its target.
    package var target: UnknownTarget?
}

/// A target of which not all words are known.
package struct UnknownTarget: Hashable, Sendable {
    /// Nil when not even the name is.
    package var name: String?
}

/// `-s` or `-d`, host bits cut off.
package struct AddressTest: Hashable, Sendable {
    /// Nil for a host of which only the name is known: the tool looks it up when it loads the rule.
    package var address: IPAddress?
    package var mask: UInt128
    package var hostName: [UInt8] = []
    package var isNegated: Bool
}

/// `-i` or `-o`; a `+` at the end stands for any further bytes.
package struct InterfaceTest: Hashable, Sendable {
    package var name: [UInt8]
    package var isNegated: Bool
}

/// `-p`; never 0, which asks for nothing.
package struct ProtocolTest: Hashable, Sendable {
    package var number: UInt8
    package var isNegated: Bool
}

/// `[packets:bytes]`
package struct Counters: Hashable, Sendable {
    package var packets: UInt64
    package var bytes: UInt64
}

extension RuleSyntax {
    /// Both ask for the same and do the same: what `-D` and `-C` look for.
    func isSame(as other: RuleSyntax) -> Bool {
        source == other.source && destination == other.destination && inputInterface == other.inputInterface
            && outputInterface == other.outputInterface && transportProtocol == other.transportProtocol
            && isFragment == other.isFragment && matches == other.matches && action == other.action
            && unknown == other.unknown
    }

    /// The chain that a packet may go to.
    var followedChain: String? {
        switch action {
        case .jump(let chain), .goto(let chain): chain
        case .accept, .drop, .return, .target, nil: nil
        }
    }
}
