import PacketModel

/// What `ipset save` says of sets, by content (ipset(8)).
package enum IpsetListing {
    /// A part for each set, and one for its elements.
    package static func parts(_ saved: String) -> [FirewallListing.Part] {
        var headers: [Substring: ContentHash] = [:]
        var elements: [Substring: [Substring]] = [:]
        for line in saved.listedLines {
            let words = line.listedWords
            guard words.count > 2 else { continue }
            if words[0] == "create" {
                var hash = ContentHash()
                for word in Self.lasting(words.dropFirst(2)) { hash.combine(String(word)) }
                headers[words[1]] = hash
            } else if words[0] == "add" {
                elements[words[1], default: []].append(words[2])
            }
        }
        return headers.sorted { $0.key < $1.key }.flatMap { name, header in
            var hash = ContentHash()
            for element in elements[name, default: []].sorted() { hash.combine(String(element)) }
            return [
                FirewallListing.Part("set \(name)", header),
                FirewallListing.Part("the elements of set \(name)", hash),
            ]
        }
    }

    /// What the elements have counted: `add NAME ELEMENT packets 1 bytes 60 comment "policy.yaml:7 allow ssh"`.
    static func count(_ saved: String, into counters: inout FirewallCounters) {
        for line in saved.split(separator: "\n") where line.hasPrefix("add ") {
            let words = line.split(separator: " ")
            guard let comment = SavedComment.text(in: line, after: " comment ") else { continue }
            func number(_ name: Substring) -> UInt64 {
                words.firstIndex(of: name).flatMap { words.dropFirst($0 + 1).first }.flatMap { UInt64($0) }
                    ?? 0
            }
            counters.add(comment, packets: number("packets"), bytes: number("bytes"))
        }
    }

    /// The words of a header without the size of its table, which grows with the elements, and the number that mixes
    /// its hash, which is another in each kernel.
    private static func lasting(_ words: ArraySlice<Substring>) -> [Substring] {
        var result: [Substring] = []
        var skips = false
        for word in words {
            if skips {
                skips = false
            } else if word == "hashsize" || word == "initval" {
                skips = true
            } else {
                result.append(word)
            }
        }
        return result
    }
}

/// The comment in a line of `iptables-save` or `ipset save`.
enum SavedComment {
    /// The text in quotation marks, or the word, that stands after `option`.
    static func text(in line: Substring, after option: String) -> String? {
        guard let start = line.firstRange(of: option)?.upperBound else { return nil }
        let rest = line[start...]
        guard rest.first == "\"" else { return String(rest.prefix { $0 != " " }) }
        return String(rest.dropFirst().prefix { $0 != "\"" })
    }
}
