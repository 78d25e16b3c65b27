import Diagnostics
import Foundation
import Kernel
import PacketModel
import Policy
import Testing

@testable import Deployment

/// What a plan advises is done, and the plan is made again: the warning is gone.
@Suite struct AdviceTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let name: String
        var listeners: [Listener] = []
        var raw: [RawListener] = []
        var translations: [PortTranslation] = []
        let advice: [String]

        var testDescription: String { name }
    }

    private static func listener(_ process: String, _ port: UInt16) -> Listener {
        Listener(
            .tcp,
            IPAddress(family: .ipv6, value: 0),
            port: port,
            takesBothFamilies: true,
            process: process,
            isOfRoot: true
        )
    }

    private static let published = "to open it, write  containers: {outbound: allow, published: ["

    static let samples = [
        Sample(
            name: "a program of the host's",
            listeners: [listener("nginx", 8443)],
            advice: ["to open it, write under inbound:  - allow: tcp/8443"]
        ),
        Sample(
            name: "docker-proxy",
            listeners: [listener("docker-proxy", 8081)],
            advice: ["\(published)tcp/8081]}"]
        ),
        Sample(name: "conmon", listeners: [listener("conmon", 8082)], advice: ["\(published)tcp/8082]}"]),
        Sample(
            name: "dockerd, which holds a port that it sends on",
            listeners: [listener("dockerd", 8083)],
            translations: [
                PortTranslation(
                    owner: "Docker",
                    transport: .tcp,
                    ports: 8083...8083,
                    target: .elsewhere("172.17.0.2:80")
                )
            ],
            advice: ["\(published)tcp/8083]}"]
        ),
        Sample(
            name: "a program that a foreign REDIRECT leads to",
            listeners: [listener("app", 8084)],
            translations: [PortTranslation(owner: nil, transport: .tcp, ports: 81...81, target: .here(8084))],
            advice: [
                "others ask for another port, and a rule sends them here: to open it, write under inbound:  "
                    + "- allow: tcp/81"
            ]
        ),
        Sample(
            name: "VRRP",
            raw: [RawListener(IPProtocol(number: 112), .ipv4, process: "keepalived")],
            advice: [
                "to open it, write under inbound:  - allow: vrrp",
                "to open it, write under outbound:  - allow: vrrp",
            ]
        ),
        Sample(
            name: "GRE",
            raw: [RawListener(.gre, .ipv4)],
            advice: [
                "to open it, write under inbound:  - allow: gre",
                "to open it, write under outbound:  - allow: gre",
            ]
        ),
    ]

    @Test(arguments: samples)
    func whatIsAdvisedEndsTheWarning(_ sample: Sample) throws {
        let before = try Self.warnings(sample, inbound: [], outbound: [], rest: "")
        #expect(before == sample.advice)
        var (inbound, outbound, rest): ([String], [String], String) = ([], [], "")
        for advice in before {
            if let range = advice.range(of: "under inbound:  - allow: ") {
                inbound.append(String(advice[range.upperBound...]))
            } else if let range = advice.range(of: "under outbound:  - allow: ") {
                outbound.append(String(advice[range.upperBound...]))
            } else if let range = advice.range(of: "containers:") {
                rest = String(advice[range.lowerBound...])
            }
        }
        #expect(try Self.warnings(sample, inbound: inbound, outbound: outbound, rest: rest) == [])
    }

    /// The line that a person would have written for docker-proxy: it lets nobody in to the guest.
    @Test func aLineForAPublishedPortIsWarnedAbout() throws {
        let sample = try #require(Self.samples.first { $0.name.hasPrefix("dockerd") })
        let told = try Self.warnings(sample, inbound: ["tcp/8083"], outbound: [], rest: "")
        #expect(told == ["\(Self.published)tcp/8083]}"])
    }

    /// The first policy offers what is asked for, and both ways of what has no port.
    @Test func theFirstPolicyOffersWhatIsAskedFor() {
        let text = InitialPolicy(
            sshPorts: [22],
            listeners: [Self.listener("app", 8084), Self.listener("docker-proxy", 8081)],
            bridges: ["docker0"],
            raw: [RawListener(IPProtocol(number: 112), .ipv4, process: "keepalived")],
            translations: [
                PortTranslation(owner: nil, transport: .tcp, ports: 81...81, target: .here(8084)),
                PortTranslation(
                    owner: "Docker",
                    transport: .tcp,
                    ports: 9000...9000,
                    target: .elsewhere("172.17.0.2:80")
                ),
            ]
        ).text
        #expect(text.contains("# - allow: tcp/81"))
        #expect(!text.contains("tcp/8084"))
        #expect(text.contains("# published: [tcp/8081, tcp/9000]"))
        #expect(text.components(separatedBy: "# - allow: vrrp").count == 3)
    }

    private static func warnings(
        _ sample: Sample,
        inbound: [String],
        outbound: [String],
        rest: String
    ) throws -> [String] {
        let lines = { (services: [String]) in services.map { "  - allow: \($0)\n" }.joined() }
        let text =
            "wallwright: 1\ninbound:\n  - allow: ssh\n\(lines(inbound))outbound:\n  - allow: [dns, ntp, http, https]\n"
            + "\(lines(outbound))\(rest)\n"
        let (policy, diagnostics) = PolicyReader.read(
            source: SourceFile(name: "policy.yaml", bytes: Array(text.utf8)),
            environment: PolicyEnvironment(folder: "/")
        )
        let plan = ChangePlan(
            from: nil,
            to: try #require(policy, "\(diagnostics.map(\.message))"),
            listeners: sample.listeners,
            connections: [],
            session: nil,
            raw: sample.raw,
            translations: sample.translations
        )
        return plan.sentences.filter { $0.kind == .warning }.flatMap(\.advice)
    }
}
