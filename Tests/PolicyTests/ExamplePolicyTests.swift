import Diagnostics
import Foundation
import PacketModel
import Policy
import Testing

@Suite struct ExamplePolicyTests {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Examples")

    static let names: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted()
    }()

    /// Reads a copy: whoever checked the project out may have folders that others can write.
    static func read(_ name: String) throws -> (policy: Policy?, diagnostics: [Diagnostic]) {
        let place = try TemporaryFolder()
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            try place.write(file, Data(contentsOf: folder.appendingPathComponent(file)))
        }
        return PolicyReader.read(path: place.path + "/" + name)
    }

    @Test(arguments: names) func examplesReadWithoutAWord(_ name: String) throws {
        let (policy, diagnostics) = try Self.read(name)
        // Nobody is asked for DNS names here.
        let said = diagnostics.filter { $0.code != "policy.host.unknown" }
        #expect(TerminalRenderer(usesColour: false).render(said) == "")
        #expect(policy != nil)
    }

    @Test func theGuidesPolicyIsReadAsItSays() throws {
        let policy = try #require(try Self.read("guide.yaml").policy)
        #expect(
            policy.lines.map(\.origin.title) == [
                "allow ssh", "allow http, https", "allow mysql from 192.0.2.5", "allow ping",
                "allow dns, ntp, http, https, ping",
            ]
        )
        #expect(policy.lines.map(\.origin.line) == [6, 7, 9, 11, 14])
        #expect(policy.lines.map(\.direction) == [.inbound, .inbound, .inbound, .inbound, .outbound])
        let web = policy.lines[1]
        #expect(web.services == ServiceSet(.tcp, [80, 443]))
        #expect(web.limit?.rate == Rate(50, per: .minute))
        #expect(web.limit?.burst == 50)
        #expect(web.limit?.key == .source(ipv6PrefixLength: 64))
        let mysql = policy.lines[2]
        #expect(mysql.source == AddressSet(ipv4: [0xC000_0205]))
        #expect(mysql.limit == nil)
        #expect(policy.lines[3].services.contains(.icmpv6, 0x8000))
        #expect(policy.log.dropped == Rate(5, per: .minute))
        #expect(policy.management == .obligation(Management.Obligation()))
        #expect(policy.baseline == Baseline())
        #expect(policy.rest.isEmpty)
    }
}
