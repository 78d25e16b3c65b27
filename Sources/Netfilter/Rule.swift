package import PacketModel

/// Conditions, what is noted when they hold, and the verdict.
package struct Rule: Hashable, Sendable {
    /// All must hold, asked in this order.
    package var conditions: [Condition]
    package var statements: [Statement]
    /// Nil lets the packet go on to the next rule.
    package var verdict: Verdict?
    /// For people: the line of the policy that owns the rule.
    package var comment: String?

    package init(
        _ conditions: [Condition] = [],
        _ statements: [Statement] = [],
        _ verdict: Verdict? = nil,
        comment: String? = nil
    ) {
        self.conditions = conditions
        self.statements = statements
        self.verdict = verdict
        self.comment = comment
    }
}

/// What a rule does without deciding.
package enum Statement: Hashable, Sendable {
    case counter
    case log(Log)
}

/// A message to the kernel's log, or to a listener of an NFLOG group.
package struct Log: Hashable, Sendable {
    /// syslog(3), "level", by the names that both nft and iptables take.
    package enum Level: String, CaseIterable, Sendable {
        case emerg, alert, crit, err, warn, notice, info, debug
    }

    package enum Destination: Hashable, Sendable {
        case kernelLog(Level)
        /// An NFLOG group (nfnetlink_log).
        case group(UInt16)
    }

    /// The longest prefix that iptables' LOG takes, in bytes (xt_LOG.h: 30 with the terminator).
    package static let longestPrefix = 29

    package var prefix: String
    package var destination: Destination

    package init(prefix: String, destination: Destination) {
        self.prefix = prefix
        self.destination = destination
    }
}

/// What becomes of a packet.
package indirect enum Verdict: Hashable, Sendable {
    case accept
    case drop
    case reject(Rejection)
    /// Back to the caller, or to the policy of a base chain.
    case `return`
    case jump(String)
    /// A jump that does not come back here.
    case goto(String)
    /// The verdict that the named map holds for the tuple of these fields; none found goes on.
    case lookup([Field], map: String)
    /// The verdict that stands beside the field's value; none found goes on.
    case choice(Field, [Choice])
    case masquerade
    /// To a port of this host.
    case redirect(port: UInt16)
    /// To another host; a nil port stays as it is.
    case destinationNAT(IPAddress, port: UInt16?)
}

/// A verdict for one value of a field.
package struct Choice: Hashable, Sendable {
    package var value: UInt128
    package var verdict: Verdict

    package init(_ value: some FixedWidthInteger & UnsignedInteger, _ verdict: Verdict) {
        self.value = UInt128(value)
        self.verdict = verdict
    }
}

/// How a refused packet is answered.
package enum Rejection: Hashable, Sendable {
    /// TCP only (RFC 9293 section 3.5.2).
    case reset
    /// "Communication administratively prohibited" (RFC 1812 section 5.2.7.1, RFC 4443 section 3.1).
    case prohibited
}
