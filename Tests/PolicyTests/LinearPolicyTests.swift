import Diagnostics
import Netfilter
import Nftables
import PacketModel
import TestSupport
import Testing

@testable import Compiler
@testable import Policy

/// Reading and compiling a policy takes time and comes to text in proportion to its size, however its lines overlap.
@Suite(.serialized) struct LinearPolicyTests {
    /// Lines of one kind, by their number among so many.
    struct Shape: Sendable, CustomTestStringConvertible {
        var name: String
        var line: @Sendable (Int, Int) -> String
        var testDescription: String { name }

        func text(_ count: Int) -> String {
            "wallwright: 1\nmanagement: none\ninbound:\n"
                + (0..<count).map { line($0, count) }.joined()
        }
    }

    static let shapes = [
        Shape(name: "denies of ports from prefixes within each other") { number, count in
            "  - deny: tcp/\(1_000 + number)-\(1_000 + count + number)\n"
                + "    from: 10.\(number / 256 % 256).\(number % 256).0-10.200.\(number % 256).255\n"
        },
        Shape(name: "bans from and to ranges within each other") { number, count in
            "  - deny: any\n    from: 10.0.\(number / 256).\(number % 256)-10.9.\(number / 256).\(number % 256)\n"
                + "    to: 10.20.\(number / 256).\(number % 256)-10.29.\((count - number) / 256).\((count - number) % 256)\n"
        },
        Shape(name: "allows with exceptions") { number, count in
            "  - allow: tcp/\(1_000 + number)-\(3_000 + number)\n    from: 10.\(number % 200).0.0/16\n"
                + "    except: [10.\(number % 200).\(number / 200).0/24]\n"
        },
        Shape(name: "allows of single addresses") { number, _ in
            "  - allow: tcp/\(1 + number % 60_000)\n    from: 10.\(number / 65_536).\(number / 256 % 256).\(number % 256)\n"
        },
        Shape(name: "rejects and logs") { number, count in
            "  - deny: udp/\(1_000 + number)-\(1_000 + count + number)\n    reject: true\n"
                + "    from: 10.\(number % 256).0.0/16\n"
        },
    ]

    private static func policy(_ text: String) throws -> Policy {
        let source = SourceFile(name: "policy.yaml", text: text)
        let read = PolicyReader.read(source: source, environment: PolicyEnvironment(folder: "/"))
        let policy = read.policy
        return try #require(policy, "\(read.diagnostics.prefix(2).map(\.message))")
    }

    @Test(arguments: shapes) func readingIsLinear(_ shape: Shape) throws {
        let slope = Slope.of(100, input: { SourceFile(name: "p", text: shape.text($0)) }) { source in
            _ = PolicyReader.read(source: source, environment: PolicyEnvironment(folder: "/"))
        }
        #expect(slope < Slope.steepest)
    }

    @Test(arguments: shapes) func compilingForNftablesIsLinear(_ shape: Shape) throws {
        var sizes: [Int] = []
        let slope = try Slope.of(100, input: { try Self.policy(shape.text($0)) }) { policy in
            sizes.append(try NftablesPrinter.print(NftablesLowering.lower(policy)).utf8.count)
        }
        #expect(slope < Slope.steepest)
        #expect(Double(sizes[2]) < Double(sizes[0]) * 4 * 1.3, "\(sizes.prefix(3))")
    }

    @Test(arguments: shapes, [true, false])
    func compilingForIptablesIsLinear(_ shape: Shape, usesIpset: Bool) throws {
        var sizes: [Int] = []
        let slope = try Slope.of(100, input: { try Self.policy(shape.text($0)) }) { policy in
            let ruleset = try IptablesLowering.lower(policy, family: .ipv4, usesIpset: usesIpset)
            let rules = ruleset.tables.reduce(0) { $0 + $1.chains.reduce(0) { $0 + $1.rules.count } }
            sizes.append(rules + ruleset.sets.reduce(0) { $0 + $1.count })
        }
        #expect(slope < Slope.steepest)
        #expect(Double(sizes[2]) < Double(sizes[0]) * 4 * 1.5, "\(sizes.prefix(3))")
    }
}
