import Diagnostics
import Netfilter
import PacketModel
import Shell
import TestSupport
import Testing

@testable import Iptables

/// Reading rules, following scripts and reading packets takes time in proportion to what is given.
@Suite(.serialized) struct LinearRulesTests {
    private static let names = NameDatabase(services: "ssh 22/tcp\n", protocols: "tcp 6\nudp 17\n")

    /// An input of so many lines, or words.
    struct Shape: Sendable, CustomTestStringConvertible {
        var name: String
        /// At which the curve begins.
        var size: Int
        var text: @Sendable (Int) -> String
        var testDescription: String { name }

        init(_ name: String, _ size: Int, _ text: @escaping @Sendable (Int) -> String) {
            (self.name, self.size, self.text) = (name, size, text)
        }
    }

    private static func address(_ number: Int) -> String {
        "10.\(number / 65_536 % 256).\(number / 256 % 256).\(number % 256)"
    }

    static let saveFiles = [
        Shape("many rules of one chain", 500) { count in
            "*filter\n" + (0..<count).map { "-A INPUT -s \(address($0)) -j DROP\n" }.joined() + "COMMIT\n"
        },
        Shape("many chains, each reached from the one before", 300) { count in
            "*filter\n" + (0..<count).map { ":C\($0) - [0:0]\n" }.joined()
                + (1..<count).map { "-A C\($0 - 1) -j C\($0)\n" }.joined() + "COMMIT\n"
        },
        Shape("each rule put before the others", 500) { count in
            "*filter\n" + (0..<count).map { "-I INPUT 1 -s \(address($0)) -j DROP\n" }.joined() + "COMMIT\n"
        },
        Shape("rules with long texts", 100) { count in
            let text = String(repeating: "x", count: 250)
            return "*filter\n"
                + (0..<count).map { _ in "-A INPUT -m comment --comment \"\(text)\" -j DROP\n" }.joined()
                + "COMMIT\n"
        },
        Shape("lines that are errors", 300) { count in
            "*filter\n" + (0..<count).map { "-A INPUT --dprot \($0)\n" }.joined() + "COMMIT\n"
        },
        Shape("one long line", 1_000) { count in
            "*filter\n-A INPUT \(String(repeating: "! ", count: count))-j DROP\nCOMMIT\n"
        },
    ]

    @Test(arguments: saveFiles) func readingASaveFileIsLinear(_ shape: Shape) {
        let slope = Slope.of(shape.size, input: { SourceFile(name: "f", text: shape.text($0)) }) { source in
            let (file, _) = SaveFileReader.read(source, family: .ipv4, names: Self.names)
            let (ruleset, _) = LoadedRuleset.load(file, from: source, family: .ipv4)
            _ = ruleset.text(names: Self.names, counters: false)
        }
        #expect(slope < Slope.steepest)
    }

    static let scripts = [
        Shape("many commands", 200) { count in
            (0..<count).map { "iptables -A INPUT -s \(address($0)) -j DROP\n" }.joined()
        },
        Shape("a loop over a range", 300) { count in
            "for i in {1..\(count)}; do iptables -A INPUT -p tcp --dport $i -j ACCEPT; done\n"
        },
        Shape("a list in a variable", 300) { count in
            "L='\((0..<count).map(address).joined(separator: " "))'\n"
                + "for a in $L; do iptables -A INPUT -s $a -j DROP; done\n"
        },
        Shape("a counting loop", 300) { count in
            "i=0; while [ $i -lt \(count) ]; do iptables -A INPUT -s \(address(7)) -j DROP; i=$((i+1)); done\n"
        },
        Shape("entries of a set", 300) { count in
            "ipset create s hash:ip\n" + (0..<count).map { "ipset add s \(address($0))\n" }.joined()
        },
        Shape("rules that come and go", 200) { count in
            (0..<count).map {
                "iptables -A INPUT -s \(address($0)) -j DROP\niptables -D INPUT -s \(address($0)) -j DROP\n"
            }.joined()
        },
        Shape("a here-document of rules", 300) { count in
            "iptables-restore <<E\n*filter\n"
                + (0..<count).map { "-A INPUT -s \(address($0)) -j DROP\n" }.joined() + "COMMIT\nE\n"
        },
    ]

    @Test(arguments: scripts) func followingAScriptIsLinear(_ shape: Shape) {
        let slope = Slope.of(shape.size, input: { SourceFile(name: "s", text: shape.text($0)) }) { source in
            _ = ScriptReading.read(source, names: Self.names)
        }
        #expect(slope < Slope.steepest)
    }

    @Test func readingPacketsIsLinear() {
        let packet =
            "{\"protocol\":\"tcp\",\"source\":\"192.0.2.5\",\"destinationPort\":3306,\"in\":\"eth0\"}\n"
        let slope = Slope.of(2_000, input: { Array(String(repeating: packet, count: $0).utf8) }) { bytes in
            for line in bytes.split(separator: UInt8(ascii: "\n")) {
                let line = Array(line)
                var scanner = PacketScanner(line)
                _ = try? scanner.read(0..<line.count)
            }
        }
        #expect(slope < Slope.steepest)
    }
}
