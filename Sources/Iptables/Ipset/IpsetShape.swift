import PacketModel

/// What a set holds, by its type and its options; sets that forget, or of which more is not known, have none.
struct IpsetShape {
    enum Dimension {
        case address
        case port
        case interface
    }

    let dimensions: [Dimension]
    /// Of the addresses; nil when there are none.
    let family: IPFamily?
    /// Addresses count by so many leading bits.
    let prefixLength: Int?

    var asksLongestPrefix: Bool { dimensions == [.address, .interface] }

    var beginsWithAddress: Bool { dimensions.first == .address }

    /// The names before ipset 5.
    private static let oldNames = [
        "iphash": "hash:ip", "nethash": "hash:net", "ipporthash": "hash:ip,port",
        "ipportiphash": "hash:ip,port,ip", "ipportnethash": "hash:ip,port,net", "ipmap": "bitmap:ip",
        "portmap": "bitmap:port",
    ]

    /// Those of net/netfilter/ipset/ that were compared with a kernel, but for the list of sets.
    private static let types: Set<String> = [
        "bitmap:ip", "bitmap:port", "hash:ip", "hash:ip,port", "hash:ip,port,ip",
        "hash:ip,port,net", "hash:net", "hash:net,iface", "hash:net,port",
    ]

    init?(_ set: Ipset) {
        let type = Self.oldNames[set.type] ?? set.type
        guard Self.types.contains(type), Self.isPlain(set.options, ofEntry: false) else { return nil }
        dimensions = type.drop { $0 != ":" }.dropFirst().split(separator: ",").map { name in
            switch name {
            case "port": .port
            case "iface": .interface
            default: .address
            }
        }
        func value(_ option: String) -> String? {
            set.options.firstIndex(of: option).flatMap {
                $0 + 1 < set.options.count ? set.options[$0 + 1] : nil
            }
        }
        let isIPv6 = set.options.contains("-6") || ["inet6", "ipv6"].contains(value("family"))
        family = dimensions.contains(.address) ? (isIPv6 ? .ipv6 : .ipv4) : nil
        guard let length = value("netmask") ?? value("--netmask") else {
            prefixLength = nil
            return
        }
        // Of several dimensions it is not looked into which it is for.
        guard let length = Int(length), dimensions.count == 1 else { return nil }
        prefixLength = length
    }

    static func isList(_ set: Ipset) -> Bool { set.type == "list:set" || set.type == "setlist" }

    /// Nothing among the options of a set or an entry changes what it matches, but for those that are looked at.
    static func isPlain(_ options: [String], ofEntry isOfEntry: Bool) -> Bool {
        var rest = options[...]
        while let option = rest.popFirst() {
            switch option {
            case "timeout": guard rest.popFirst() == "0" else { return false }
            // Of an entry words follow, whose quotes are gone.
            case "comment" where isOfEntry:
                return rest.allSatisfy { !["timeout", "nomatch", "wildcard"].contains($0) }
            case "comment": continue
            case "counters", "skbinfo", "forceadd", "-6", "-4": continue
            case "family", "netmask", "--netmask", "hashsize", "--hashsize", "maxelem", "--maxelem",
                "bucketsize", "initval", "range", "--from", "--to", "--network", "size", "packets", "bytes",
                "skbmark", "skbprio", "skbqueue", "before", "after":
                _ = rest.popFirst()
            default: return false
            }
        }
        return true
    }
}
