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
    /// The bits of the field under `mask` are cleared, then those of `bits` turned over.
    case alter(Field, mask: UInt128, bits: UInt128)
    /// The hop limit goes up or down, as far as it can.
    case addHops(Int)
    case copyMark(MarkCopy)
    /// Connection tracking is to leave the packet alone.
    case untrack
    /// The tuple of these fields comes into a set that rules fill, or stays in it anew; in a full one nothing happens but
    /// that the rule ends.
    case remember([Field], in: String)
    /// Words of a rule that change nothing which rules can see, as they are written.
    case aside(String)
}

/// From the mark of the packet to that of its connection, or the other way (iptables-extensions(8), "CONNMARK").
package struct MarkCopy: Hashable, Sendable {
    package var toConnection: Bool
    /// Bits of the packet's mark, and of the connection's.
    package var packetMask: UInt32
    package var connectionMask: UInt32
    /// To the left; negative to the right.
    package var shift: Int

    package init(toConnection: Bool, packetMask: UInt32, connectionMask: UInt32, shift: Int = 0) {
        self.toConnection = toConnection
        self.packetMask = packetMask
        self.connectionMask = connectionMask
        self.shift = shift
    }
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
    case translate(Translation)
    /// To a program, which decides.
    case queue
    /// Words of a rule that the model does not know.
    case unknown(UnknownAction)
}

/// Words of a rule that the model does not know, as they are written, with all that they may do.
package struct UnknownAction: Hashable, Sendable {
    /// How the packet may go on behind the rule.
    package enum Ending: Sendable {
        /// To the next rule.
        case next
        case accept
        case drop
        case reject
        case queue
        /// Back to the caller, or to the policy of a base chain.
        case `return`
    }

    package var words: String
    /// At least one; the first is the one that a single way stands for.
    package var endings: [Ending]
    /// What nobody knows of the packet afterwards.
    package var written: [Field]

    package init(
        _ words: String,
        endings: [Ending] = [.next, .accept, .drop, .return],
        writes written: [Field] = []
    ) {
        self.words = words
        self.endings = endings
        self.written = written
    }
}

/// NAT to one of several addresses or ports, which the kernel chooses.
package struct Translation: Hashable, Sendable {
    package enum Side: Hashable, Sendable {
        case source
        case destination
        /// The destination where the way is not chosen yet, the source where it is.
        case ofHook
    }

    package var side: Side
    /// Nil leaves the address; the first and the last of a range.
    package var addresses: Interval<UInt128>?
    /// Nil leaves the port where nobody else has it.
    package var ports: Interval<UInt16>?
    /// The bits of the address that change; the others stay.
    package var mask: UInt128
    /// The address becomes one of this host.
    package var isToThisHost: Bool

    package init(
        _ side: Side,
        addresses: Interval<UInt128>? = nil,
        ports: Interval<UInt16>? = nil,
        mask: UInt128 = .max,
        isToThisHost: Bool = false
    ) {
        self.side = side
        self.addresses = addresses
        self.ports = ports
        self.mask = mask
        self.isToThisHost = isToThisHost
    }
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
    /// "Destination unreachable" of the family, with this code (RFC 792, RFC 4443 section 3.1).
    case unreachable(code: UInt8)
}
