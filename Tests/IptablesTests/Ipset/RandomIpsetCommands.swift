import TestSupport

/// Commands of ipset about sets of every type, from a seed: many that are right, and many that are nearly so.
struct RandomIpsetCommands {
    var random: SplitMix64
    let type: String
    let name: String
    let other: String
    private(set) var isIPv6 = false
    /// All of the commands have `-exist`.
    let ignoresExisting: Bool
    private var (hasTime, hasCounters, hasComments, hasMarks) = (false, false, false, false)

    /// Those that the kernel of the tests has.
    static let types = [
        "bitmap:ip", "bitmap:ip,mac", "bitmap:port", "hash:ip", "hash:ip,port", "hash:ip,port,ip",
        "hash:ip,port,net", "hash:net", "hash:net,iface", "hash:net,port", "list:set",
    ]

    init(seed: Int) {
        random = SplitMix64(state: UInt64(seed) &* 104_729 &+ 3)
        type = Self.types[seed % Self.types.count]
        (name, other) = ("s\(seed)", "o\(seed)")
        ignoresExisting = seed / Self.types.count % 3 == 2
    }

    /// The names of the sets that the commands may make.
    var names: [String] { [name, other, "\(other)b", "\(other)c"] }

    mutating func commands() -> [String] {
        var commands = [create(name)]
        if type == "list:set" {
            commands += ["create \(other) hash:ip", "create \(other)b hash:net", "create \(other)c list:set"]
        } else if chance(4) {
            commands.append(create(other))
        }
        for _ in 0..<number(2...8) { commands.append(next()) }
        return commands
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func chance(_ of: Int) -> Bool { number(1...of) == 1 }

    mutating func pick<Value>(_ values: Value...) -> Value { values[number(0...values.count - 1)] }

    // MARK: create

    private mutating func create(_ name: String) -> String {
        var words: [String] = []
        if chance(40) {
            return
                "create \(pick(name, "0123456789012345678901234567890\(name)")) \(pick("hash:foo", "iptree", "ip", type))"
        }
        if type.hasPrefix("bitmap:ip") {
            words.append(
                pick(
                    "range 10.0.0.0/24",
                    "range 10.0.0.0-10.0.0.20",
                    "range 10.0.0.20-10.0.0.3",
                    "range 10.0.0.0/16",
                    "from 10.0.0.0 to 10.0.0.99",
                    "range 10.0.0.0/26",
                    chance(4) ? pick("range 10.0.0.7", "range 10.0.0.0/12", "") : "range 10.0.0.0/25",
                    "range 10.0.0.0/8 netmask 24",
                    "range 10.0.0.0/24 netmask 28",
                    "range 10.0.0.3-10.0.0.90 netmask 28"
                )
            )
        } else if type == "bitmap:port" {
            words.append(
                pick(
                    "range 0-1024",
                    "range 20-90",
                    "range ssh-http",
                    "range 90-20",
                    "range 0-65535",
                    "from 0 to 99",
                    chance(3) ? pick("range 0-65536", "range 7", "") : "range 0-99"
                )
            )
        } else if type == "list:set" {
            words.append(pick("", "size 2", "size 0", "size 9", "size x"))
        } else {
            if chance(3) {
                isIPv6 = true
                words.append(pick("family inet6", "family ipv6", "-6", "--family inet6"))
            } else {
                words.append(pick("", "", "family inet", "family ipv4", "-4", chance(4) ? "family foo" : ""))
            }
            if chance(4) {
                words.append(
                    "maxelem \(pick("0", "1", "2", "3", "0x4", "70000", "5", chance(2) ? "-1" : "4294967296"))"
                )
            }
            if chance(6) { words.append("hashsize \(pick("0", "64", "100", "1024", "0x80", "foo"))") }
            if chance(6) {
                words.append(
                    pick(
                        "bucketsize 4",
                        "initval 0x1",
                        "probes 3",
                        "resize 50",
                        chance(4) ? pick("bucketsize 300", "markmask 3", "gc 4") : "maxelem 6"
                    )
                )
            }
            if chance(type == "hash:ip" || type == "hash:ip,port" ? 3 : 25) {
                words.append(
                    pick(
                        "netmask 24",
                        "netmask 64",
                        "netmask 0",
                        "netmask 32",
                        "netmask 33",
                        "netmask 30 netmask 31",
                        "bitmask 255.255.0.0",
                        "bitmask 0.0.0.0",
                        "bitmask 255.255.255.3",
                        "bitmask ffff::",
                        "netmask 8 bitmask 255.0.0.0"
                    )
                )
            }
        }
        // What the kernel keeps of an address without a hardware address is over at once.
        hasTime = type != "bitmap:ip,mac" && chance(3)
        if hasTime {
            words.append(
                "timeout \(pick("0", "1000", "2147483", "500", chance(3) ? "2147484" : "7000", chance(3) ? "-5" : "9000", chance(3) ? "x" : "800"))"
            )
        }
        hasCounters = chance(3)
        if hasCounters { words.append("counters") }
        hasComments = chance(3)
        if hasComments { words.append("comment") }
        hasMarks = chance(4)
        if hasMarks { words.append("skbinfo") }
        if chance(40) { words.append(pick("foo", "timeout", "range 1-2", "size 3", "counters")) }
        let spelling = Self.oldNames[type].map { chance(6) ? $0 : type } ?? type
        words.shuffle(using: &random)
        let line = "create \(name) \(spelling) " + words.filter { !$0.isEmpty }.joined(separator: " ")
        return line
    }

    private static let oldNames = [
        "bitmap:ip": "ipmap", "bitmap:ip,mac": "macipmap", "bitmap:port": "portmap", "hash:ip": "iphash",
        "hash:net": "nethash", "hash:ip,port": "ipporthash", "hash:ip,port,ip": "ipportiphash",
        "hash:ip,port,net": "ipportnethash", "list:set": "setlist",
    ]

    // MARK: The rest

    private mutating func next() -> String {
        switch number(0...19) {
        case 0...11: return "\(pick("add", "add", "-A", "a")) \(name) \(element())\(attributes())"
        case 12, 13: return "del \(name) \(element())"
        case 14: return "test \(name) \(single())"
        case 15:
            return pick(
                "flush \(name)",
                "flush \(other)",
                "-F \(name)",
                chance(3) ? "flush nope" : "flush \(name)"
            )
        case 16:
            return pick(
                "rename \(name) \(other)",
                "rename \(other) \(name)",
                "rename \(name) \(name)z01234567890123456789012345"
            )
        case 17: return pick("swap \(name) \(other)", "swap \(other) \(name)", "-W \(name) nope")
        case 18: return pick("destroy \(name)", "destroy \(other)", "-X \(other)b", "destroy nope")
        default: return create(name)
        }
    }

    private mutating func attributes() -> String {
        var words: [String] = []
        if hasTime ? chance(3) : chance(30) {
            words.append("timeout \(pick("0", "500", "2147483", "9999999", "x"))")
        }
        if hasCounters ? chance(3) : chance(30) {
            words.append(pick("packets 5", "bytes 0x10", "packets 1 bytes 2", "packets -1"))
        }
        if hasComments ? chance(3) : chance(30) {
            words.append("comment \(pick("a", "\"a b\"", "x,y", "\"\""))")
        }
        if hasMarks ? chance(2) : chance(30) {
            words.append(
                pick(
                    "skbmark 0x1",
                    "skbmark 0x1/0xff",
                    "skbmark 1",
                    "skbprio 1:a",
                    "skbprio 1",
                    "skbqueue 7",
                    "skbqueue 70000",
                    "skbmark 0x0"
                )
            )
        }
        if chance(type.contains("net") ? 4 : 40) { words.append("nomatch") }
        if chance(type == "list:set" ? 2 : 30) {
            words.append(
                pick(
                    chance(6) ? "wildcard" : "before \(other)b",
                    chance(6) ? "foo" : "after \(other)",
                    "before \(other)",
                    " after \(other)b",
                    chance(8) ? "timeout" : "before \(other)"
                )
            )
        }
        if words.isEmpty { return "" }
        words.shuffle(using: &random)
        return " " + words.joined(separator: " ")
    }
}
