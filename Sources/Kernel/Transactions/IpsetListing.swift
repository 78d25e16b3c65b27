import PacketModel

/// What `ipset save` says of sets, by content (ipset(8)).
package enum IpsetListing {
    /// A part for each set, and one for its elements with all that lasts of them; `withTimed` those too that end by
    /// themselves.
    package static func parts(_ saved: String, withTimed: Bool = true) -> [FirewallListing.Part] {
        var headers: [Substring: ContentHash] = [:]
        var elements: [Substring: [String]] = [:]
        for line in SavedSetLine.lines(of: saved) {
            switch line.command {
            case "create":
                var hash = ContentHash()
                for word in line.lasting { hash.combine(String(word)) }
                headers[line.set] = hash
            case "add" where withTimed || !line.isTimed:
                elements[line.set, default: []].append(line.lasting.joined(separator: " "))
            default: break
            }
        }
        return headers.sorted { $0.key < $1.key }.flatMap { name, header in
            var hash = ContentHash()
            for element in elements[name, default: []].sorted() { hash.combine(element) }
            return [
                FirewallListing.Part("set \(name)", header),
                FirewallListing.Part("the elements of set \(name)", hash),
            ]
        }
    }

    /// What the elements have counted: `add NAME ELEMENT packets 1 bytes 60 comment "policy.yaml:7 allow ssh"`.
    static func count(_ saved: String, into counters: inout FirewallCounters) {
        for line in SavedSetLine.lines(of: saved) where line.command == "add" {
            guard let comment = line.value(of: "comment") else { continue }
            func number(_ name: Substring) -> UInt64 { line.value(of: name).flatMap { UInt64($0) } ?? 0 }
            counters.add(
                QuotedWords.text(of: comment, .plain),
                packets: number("packets"),
                bytes: number("bytes")
            )
        }
    }
}
