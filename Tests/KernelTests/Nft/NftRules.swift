import Foundation

/// Rules from nft(8), each for the families where nft takes it; `Rules/rules.txt` has them, a line each.
enum NftRules {
    static let families = ["ip", "ip6", "inet", "arp", "bridge", "netdev"]

    private static let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "Rules/rules.txt"
    )

    static func rules(of family: String) throws -> [String] {
        var (result, isWanted) = ([String](), false)
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("["), line.hasSuffix("]") {
                isWanted = line.dropFirst().dropLast().split(separator: " ").contains { $0 == family }
            } else if isWanted {
                result.append(String(line))
            }
        }
        return result
    }

    /// What the rules refer to, each a part of the table by itself.
    static func declarations(of family: String) -> [String] {
        let objects = [
            "counter k1 { }", "counter k2 { packets 5 bytes 6 }", "quota q1 { over 10 mbytes }",
            "quota q2 { 5 kbytes used 1 kbytes }", "limit l1 { rate 5/second burst 7 packets }",
            "map c4 { type ipv4_addr : counter; }", "map c6 { type ipv6_addr : counter; }",
        ]
        let tracking = [
            "ct timeout t1 { protocol tcp; policy = { established : 120, close : 20 }; }",
            "synproxy sp1 { mss 1460; wscale 7; timestamp sack-perm; }",
            "synproxy sp { mss 1000; wscale 3; }",
        ]
        let expectation = ["ct expectation e1 { protocol udp; dport 9876; timeout 2m; size 8; }"]
        let sets = ["4", "6"].flatMap { version in
            let address = "ipv\(version)_addr"
            return [
                "set s\(version) { type \(address); size 65535; flags dynamic,timeout; }",
                "map v\(version) { type \(address) : verdict; }",
                "map m\(version) { type \(address) : mark; size 100; flags dynamic,timeout; }",
                "set p\(version) { type \(address) . inet_service; flags interval; }",
                "map w\(version) { type \(address) . inet_service : verdict; }",
                "set q\(version) { type \(address) . inet_service; size 1000; flags dynamic; }",
                "map n\(version) { type \(address) : \(address); }",
                "map np\(version) { type \(address) : \(address) . inet_service; }",
            ]
        }
        let own =
            switch family {
            case "ip", "ip6": tracking + expectation
            case "inet": tracking
            default: [String]()
            }
        return objects + own + sets + ["chain o { }"]
    }

    /// A table that has each rule in a chain of its own, a line each.
    static func table(_ family: String, _ rules: [String]) -> (text: String, lineOfFirstRule: Int) {
        let declarations = declarations(of: family)
        let chains = rules.enumerated().map { "chain r\($0) { \($1); }" }
        let lines = ["table \(family) t {"] + declarations + chains + ["}"]
        return (lines.map { $0 + "\n" }.joined(), declarations.count + 2)
    }
}
