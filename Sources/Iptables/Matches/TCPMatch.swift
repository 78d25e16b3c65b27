import Netfilter
import PacketModel

/// `tcp`: ports and flags (iptables-extensions(8)).
enum TCPMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "tcp",
            .match,
            options: PortText.options(.portsOfTCP) + [
                OptionSyntax("tcp-option", .number(1...255), invertible: true),
                OptionSyntax("tcp-flags", TCPFlagNames.value, invertible: true),
                OptionSyntax("syn", .flag, invertible: true, excludes: ["tcp-flags"]),
            ],
            protocols: ProtocolNeed([6], allowsNegation: true, "-p tcp"),
            // The kernel has no expression of its own for options of TCP.
            mergesInKernel: { !$0.given.isEmpty && !$0.has("tcp-option") },
            complete: { instance, context throws(Refusal) in
                instance.rename("syn", to: "tcp-flags") { _ in TCPFlagNames.syn }
                PortText.simplify(&instance, inKernelWords: !instance.has("tcp-option"), context.release)
            },
            examples: ["-p tcp -m tcp --dport 22", "-p tcp --syn", "-p tcp -m tcp ! --tcp-flags FIN,SYN SYN"]
        )
    ]

    static func alternatives(of test: Test, in context: RuleContext) throws(Inexpressible) -> [[MatchText]]? {
        switch test.condition {
        case .bits(.tcpFlags, let mask, let value):
            guard context.transportProtocol == .tcp else {
                throw Inexpressible("a rule that asks for TCP flags must ask for TCP")
            }
            return test.either([MatchText("tcp", "--tcp-flags", names(mask), names(value))])
        case .field(let field, let ports):
            guard context.transportProtocol == .tcp else { return nil }
            return PortText.alternatives(field, ports, test, module: "tcp")
        default: return nil
        }
    }

    private static func names(_ bits: UInt128) -> String {
        let names = TCPFlags(rawValue: UInt8(truncatingIfNeeded: bits)).names
        return names.isEmpty ? "NONE" : names.joined(separator: ",").uppercased()
    }

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        instance.conditions { option, value in
            option == "tcp-flags" ? value.condition(.tcpFlags) : PortText.condition(option, value)
        }
    }
}
