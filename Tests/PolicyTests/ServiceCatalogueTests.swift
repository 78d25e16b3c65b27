import PacketModel
import Testing

@testable import Policy

@Suite("The catalogue of services")
struct ServiceCatalogueTests {
    private static let allNames = ServiceCatalogue.all.flatMap { [$0.name] + $0.aliases }

    @Test func holdsAtLeast180Services() {
        #expect(ServiceCatalogue.all.count >= 180)
    }

    @Test func isSortedByName() {
        #expect(ServiceCatalogue.all.map(\.name) == ServiceCatalogue.all.map(\.name).sorted())
    }

    @Test func callsNothingTwice() {
        let twice = Dictionary(grouping: Self.allNames) { $0 }.filter { $0.value.count > 1 }.keys
        #expect(twice.sorted() == [])
    }

    @Test func namesAreLowercaseWordsJoinedByHyphens() {
        let wrong = Self.allNames.filter { $0.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) == nil }
        #expect(wrong == [])
    }

    /// Only `igmp`, whose service is the protocol, may be both.
    @Test func noNameIsTakenByAServiceForm() {
        let forms = ["any"] + IPProtocol.all.map(\.description)
        #expect(Self.allNames.filter(forms.contains) == ["igmp"])
    }

    @Test func summariesAreOneLineWithoutAFullStop() {
        let wrong = ServiceCatalogue.all.filter {
            !(1...70).contains($0.summary.count) || $0.summary.contains("\n") || $0.summary.hasSuffix(".")
        }
        #expect(wrong.map(\.name) == [])
    }

    @Test(arguments: ServiceCatalogue.all)
    func hasMembersThatAPacketCanHave(_ service: Service) {
        #expect(!service.members.isEmpty)
        #expect(!service.members.isAny)
        for (transportProtocol, members) in service.members.members {
            if transportProtocol.hasPorts {
                #expect(!members.contains(0))
            } else {
                #expect(transportProtocol.hasTypes || members.isFull)
            }
        }
    }

    @Test func findsByNameAndByAlias() {
        #expect(ServiceCatalogue.named("postgresql")?.members == .tcp(5432))
        #expect(ServiceCatalogue.named("postgres")?.name == "postgresql")
        #expect(ServiceCatalogue.named("Postgres") == nil)
    }

    @Test func pingIsEchoRequestOfBothFamilies() throws {
        let ping = try #require(ServiceCatalogue.named("ping"))
        #expect(ping.members.members.keys.sorted() == [.icmp, .icmpv6])
        #expect(ping.members.members[.icmp] == ICMPType.members(named: "echo-request", of: .icmp))
        #expect(ping.members.members[.icmpv6] == ICMPType.members(named: "echo-request", of: .icmpv6))
    }

    /// Policies in the field call these by name: none may go.
    @Test(arguments: [
        "ssh", "http", "https", "http3", "dns", "ntp", "dhcp", "smtp", "imaps", "mysql", "postgresql",
        "redis",
        "mongodb", "elasticsearch", "kafka", "rabbitmq", "nfs", "samba", "wireguard", "openvpn", "ipsec",
        "kubernetes-api", "etcd", "prometheus", "node-exporter", "grafana", "minecraft",
    ])
    func knows(_ name: String) {
        #expect(ServiceCatalogue.named(name) != nil)
    }
}

extension IPProtocol {
    fileprivate static var all: [IPProtocol] { (0...UInt8.max).map(IPProtocol.init(number:)) }
}
