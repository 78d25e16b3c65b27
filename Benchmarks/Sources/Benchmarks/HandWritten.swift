/// The rulesets that ours is held against, as a person would write them.
enum HandWritten {
    /// Connection tracking and nothing else.
    static let connectionTracking = """
        table inet reference {
            chain input {
                type filter hook input priority filter; policy accept;
                ct state established accept
            }
        }

        """

    /// One concatenated set of all entries.
    static func plainSet(
        _ entries: [(port: Int, source: String)],
        proto: String,
        family: String = "ip"
    ) -> String {
        let type = family == "ip" ? "ipv4_addr" : "ipv6_addr"
        let elements = entries.map { "\($0.port) . \($0.source)" }.joined(separator: ",\n            ")
        return """
            table inet reference {
                set allowed {
                    type inet_service . \(type)
                    elements = {
                        \(elements)
                    }
                }
                chain input {
                    type filter hook input priority filter; policy drop;
                    ct state established accept
                    \(proto) dport . \(family) saddr @allowed accept
                }
            }

            """
    }

    /// A ban list in one set, before everything.
    static func bans(_ members: [String], intervals: Bool) -> String {
        """
        table inet reference {
            set banned {
                type ipv4_addr
                \(intervals ? "flags interval" : "size \(members.count)")
                elements = {
                    \(members.joined(separator: ",\n            "))
                }
            }
            chain input {
                type filter hook input priority filter; policy accept;
                ip saddr @banned drop
                ct state established accept
            }
        }

        """
    }
}
