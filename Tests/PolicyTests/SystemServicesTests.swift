import Foundation
import PacketModel
import Testing

@testable import Policy

/// The catalogue beside the port numbers that the system itself knows.
@Suite(
    "The catalogue agrees with /etc/services",
    .enabled(if: SystemServices.isPresent, "no /etc/services here")
)
struct SystemServicesTests {
    /// Ours, theirs.
    private static let pairs = [
        ("ssh", "ssh"), ("http", "http"), ("https", "https"), ("dns", "domain"), ("smtp", "smtp"),
        ("smtps", "submissions"), ("submission", "submission"), ("pop3", "pop3"), ("pop3s", "pop3s"),
        ("imap", "imap2"), ("imaps", "imaps"), ("ntp", "ntp"), ("ftp", "ftp"), ("tftp", "tftp"),
        ("telnet", "telnet"), ("snmp", "snmp"), ("snmptrap", "snmp-trap"), ("ldap", "ldap"),
        ("ldaps", "ldaps"), ("kerberos", "kerberos"), ("radius", "radius"), ("mysql", "mysql"),
        ("postgresql", "postgresql"), ("rsync", "rsync"), ("nfs", "nfs"), ("svn", "svn"), ("git", "git"),
        ("syslog", "syslog"), ("xmpp-client", "xmpp-client"), ("bgp", "bgp"), ("ipp", "ipp"),
        ("openvpn", "openvpn"), ("sip", "sip"), ("whois", "whois"), ("finger", "finger"),
        ("zabbix-agent", "zabbix-agent"), ("bacula", "bacula-dir"), ("dhcp", "bootps"),
        ("dhcpv6", "dhcpv6-server"), ("mdns", "mdns"), ("sieve", "sieve"), ("amqp", "amqp"),
    ]

    /// Distributions do not all list the same services.
    private static let knownPairs = pairs.filter { SystemServices.entries.keys.contains($0.1) }

    @Test func twoDozenCanBeCompared() {
        #expect(Self.knownPairs.count >= 24)
    }

    @Test(arguments: knownPairs)
    func agrees(_ ours: String, _ theirs: String) throws {
        let service = try #require(ServiceCatalogue.named(ours))
        let entries = try #require(SystemServices.entries[theirs])
        // The system lists UDP beside TCP for some services that nobody runs over UDP: one must agree.
        #expect(entries.contains { service.members.contains($0.transportProtocol, $0.port) })
        for (transportProtocol, members) in service.members.members {
            let known = entries.filter { $0.transportProtocol == transportProtocol }
            #expect(known.isEmpty || known.contains { members.contains($0.port) })
        }
    }
}

private enum SystemServices {
    struct Entry {
        let port: UInt16
        let transportProtocol: IPProtocol
    }

    private static let path = "/etc/services"

    static var isPresent: Bool { FileManager.default.isReadableFile(atPath: path) }

    /// By name and alias. services(5): `name port/protocol alias … # comment`.
    static let entries: [String: [Entry]] = {
        // An unreadable file has no entries; the test of their number says so.
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        var found: [String: [Entry]] = [:]
        for line in text.split(separator: "\n") {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
            guard words.count >= 2 else { continue }
            let form = words[1].split(separator: "/")
            guard form.count == 2, let port = UInt16(form[0]),
                let transportProtocol = IPProtocol(name: form[1])
            else { continue }
            for name in [words[0]] + words.dropFirst(2) {
                found[name, default: []].append(Entry(port: port, transportProtocol: transportProtocol))
            }
        }
        return found
    }()
}
