extension RandomIpsetCommands {
    /// An element without a range, so that what a test says of it is about it.
    mutating func single() -> String {
        switch type {
        case "bitmap:port": return pick("80", "25")
        case "list:set": return pick(other, "\(other)b")
        default:
            let element = element()
            let hasNets = type.contains("net")
            return element.contains("-") || element.contains("/") && !hasNets ? single() : element
        }
    }

    mutating func element() -> String {
        switch type {
        case "bitmap:ip":
            return pick(
                "10.0.0.1",
                "10.0.0.5",
                "10.0.0.3-10.0.0.6",
                "10.0.0.0/29",
                "10.0.0.255",
                "10.0.1.0",
                "10.0.0.90-10.0.0.120",
                "10.2.3.4",
                "10.1.0.0/16",
                "::1",
                "x.invalid"
            )
        case "bitmap:ip,mac":
            return pick("10.0.0.1", "10.0.0.2")
                + pick("", ",00:11:22:33:44:55", ",0:1:2:3:4:5", ",00:11:22:33:44", ",zz", "-10.0.0.4")
        case "bitmap:port":
            return pick(
                "80",
                "25",
                "22-24",
                "ssh",
                "http",
                "tcp:30",
                "udp:53",
                "70-60",
                "2000",
                "65536",
                "gre:0",
                "x",
                "89-95"
            )
        case "list:set": return pick(other, "\(other)b", "\(other)c", name, "nope", other)
        case "hash:ip": return address(takesRange: true)
        case "hash:net": return net()
        case "hash:ip,port": return "\(address(takesRange: true)),\(port())"
        case "hash:net,port": return "\(net()),\(port())"
        case "hash:ip,port,ip":
            return "\(address(takesRange: true)),\(port()),\(address(takesRange: chance(3)))"
        case "hash:ip,port,net": return "\(address(takesRange: true)),\(port()),\(net())"
        default:
            return
                "\(net())\(pick(",eth0", ",eth1", ",physdev:eth0", ",lo", "", ",0123456789012345", ",a,b"))"
        }
    }

    private mutating func address(takesRange: Bool) -> String {
        if chance(16) {
            return pick(
                "0.0.0.0",
                "::",
                "1.2.3.4/0",
                "1.2.3.4/33",
                "x.invalid",
                "1.2.3.256",
                "",
                "1.2.3.4/24/5",
                "::1",
                "1.2",
                "010.1.1.1",
                "[1.1.1.1]"
            )
        }
        if isIPv6 {
            return pick("2001:db8::1", "2001:db8::2", "2001:DB8::1", "2001:db8::1/128", "::ffff:1.2.3.4")
                + (chance(8) ? pick("/64", "-2001:db8::5") : "")
        }
        let plain = pick("1.1.1.1", "1.1.1.2", "1.1.1.3", "10.1.2.3")
        guard takesRange, chance(2) else { return plain }
        return pick(
            "1.1.1.0/30",
            "1.1.1.1-1.1.1.3",
            "1.1.1.3-1.1.1.1",
            "1.1.1.2/31",
            "1.1.1.1/32",
            "10.1.0.0-10.1.0.5"
        )
    }

    private mutating func net() -> String {
        if chance(12) {
            return pick(
                "0.0.0.0/0",
                "::/0",
                "0/0",
                "0.0.0.0-255.255.255.255",
                "1.2.3.4/33",
                "::1/129",
                "x.invalid/8",
                "1.1.1.1/x",
                "::1",
                "1.1.1.1"
            )
        }
        if isIPv6 { return pick("2001:db8::/64", "2001:db8::5/64", "2001:db8::1", "::/1", "2001:db8::/32") }
        return pick(
            "10.0.0.0/8",
            "10.1.2.3/8",
            "10.1.0.0/16",
            "1.1.1.1",
            "1.1.1.1/32",
            "1.1.1.0-1.1.1.9",
            "1.1.1.5-1.1.1.20",
            "1.1.1.8/29",
            "0.0.0.0/1",
            "128.0.0.0/1"
        )
    }

    private mutating func port() -> String {
        if chance(2) { return pick("80", "tcp:80", "udp:53", "tcp:80-82", "ssh", "gre:0") }
        return pick(
            "80",
            "tcp:80",
            "udp:53",
            "tcp:80-82",
            "ssh",
            "tcp:http",
            "icmp:8/0",
            "icmp:echo-request",
            "icmp:3/1",
            "icmpv6:128/0",
            "ipv6-icmp:echo-reply",
            "gre:0",
            "47:0",
            "gre:1",
            "sctp:9",
            "udplite:9",
            "dccp:9",
            "tcp:65536",
            "tcp:0",
            "x",
            "tcp:",
            "tcp:82-80",
            "6:22",
            "0:0",
            "99:0",
            "udp:domain",
            "[ssh]",
            "icmp:300/0",
            "icmp:8"
        )
    }
}
