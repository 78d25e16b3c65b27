import CKernel
import Glibc
import SystemPackage

extension NetlinkSocket {
    /// Asks netfilter for one thing and waits until it is done; returns what it said before it acknowledged.
    ///
    /// Throws the error number that the kernel answers.
    @discardableResult
    package func request(
        subsystem: UInt8,
        message: UInt8,
        family: UInt8,
        resource: UInt16 = 0,
        flags: UInt16 = 0,
        attributes: [NetlinkAttribute] = []
    ) throws(SystemError) -> [NetlinkMessage] {
        try request(
            type: NetlinkMessage.type(subsystem: subsystem, message: message),
            flags: flags,
            body: NetlinkMessage.body(family: family, resource: resource, attributes)
        )
    }

    /// NFPROTO_UNSPEC.
    private static let everyFamily: UInt8 = 0

    /// Changes one thing of netfilter as a transaction of its own, as nf_tables takes changes (linux/netfilter/nfnetlink.h,
    /// "batch").
    package func transact(
        subsystem: UInt8,
        message: UInt8,
        family: UInt8,
        attributes: [NetlinkAttribute]
    ) throws(SystemError) {
        let type = NetlinkMessage.type(subsystem: subsystem, message: message)
        // Who begins and ends a batch names the subsystem where others name what they are about.
        let frame = NetlinkMessage.body(family: Self.everyFamily, resource: UInt16(subsystem), [])
        let sequence = try send([
            (UInt16(NFNL_MSG_BATCH_BEGIN), UInt16(NLM_F_REQUEST), frame),
            (
                type, UInt16(NLM_F_REQUEST | NLM_F_ACK),
                NetlinkMessage.body(family: family, resource: 0, attributes)
            ),
            (UInt16(NFNL_MSG_BATCH_END), UInt16(NLM_F_REQUEST), frame),
        ])
        while true {
            for answer in try answers(to: sequence) {
                guard let error = answer.errorNumber else { continue }
                guard error.rawValue == 0 else { throw Self.failure(type, error, answer) }
                return
            }
        }
    }

    /// Every message of a list of netfilter: the rules of a table, the elements of a set.
    ///
    /// A list that changed while it was read is read anew; nf_tables says so also by its generation in each message.
    /// That is the kernel's whole promise. It bumps the generation of nf_tables before it takes out what a transaction
    /// removed, and a walk counts what is not yet, or no longer, there: while someone else's transaction changes that
    /// very chain or set, a list may leave some out or have some twice (nf_tables_dump_rules and nf_tables_commit,
    /// net/netfilter/nf_tables_api.c). So may one of a hashed set that grows (nft_rhash_walk, nft_set_hash.c).
    package func dump(
        subsystem: UInt8,
        message: UInt8,
        family: UInt8,
        attributes: [NetlinkAttribute] = []
    ) throws(SystemError) -> [NetlinkMessage] {
        let type = NetlinkMessage.type(subsystem: subsystem, message: message)
        let body = NetlinkMessage.body(family: family, resource: 0, attributes)
        return try dump(type: type, body: body) { messages in
            messages.allSatisfy { $0.resource == messages.first?.resource }
        }
    }

    /// The one thing of netfilter that is asked for by its name; nil where it is not there.
    package func one(
        subsystem: UInt8,
        message: UInt8,
        family: UInt8,
        attributes: [NetlinkAttribute] = []
    ) throws(SystemError) -> NetlinkMessage? {
        do throws(SystemError) {
            return try request(subsystem: subsystem, message: message, family: family, attributes: attributes)
                .first
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
            return nil
        }
    }

    /// The beginning of a list of netfilter: it is read until the reader has enough, also where others have made it
    /// endless. The kernel goes on where it stopped as long as it is read (netlink_dump, net/netlink/af_netlink.c), so a
    /// socket is made for this, and ends with it.
    package static func beginning(
        subsystem: UInt8,
        message: UInt8,
        family: UInt8,
        attributes: [NetlinkAttribute],
        isEnough: ([NetlinkMessage]) -> Bool
    ) throws(SystemError) -> [NetlinkMessage] {
        let socket = try NetlinkSocket(protocol: NETLINK_NETFILTER)
        let type = NetlinkMessage.type(subsystem: subsystem, message: message)
        let body = NetlinkMessage.body(family: family, resource: 0, attributes)
        let sequence = try socket.send(type: type, flags: dumpFlags, body: body)
        var result: [NetlinkMessage] = []
        repeat {
            for answer in try socket.answers(to: sequence) {
                guard let error = answer.errorNumber else {
                    result.append(answer)
                    continue
                }
                guard error.rawValue == 0 else { throw failure(type, error, answer) }
                return result
            }
        } while !isEnough(result)
        return result
    }

    /// Hands over every message of a list of netfilter, one at a time, and keeps none. What changes meanwhile may be
    /// left out, or come twice.
    package func walk(
        subsystem: UInt8,
        message: UInt8,
        family: UInt8,
        _ visit: (NetlinkMessage) -> Void
    ) throws(SystemError) {
        let type = NetlinkMessage.type(subsystem: subsystem, message: message)
        let body = NetlinkMessage.body(family: family, resource: 0, [])
        let sequence = try send(type: type, flags: Self.dumpFlags, body: body)
        while true {
            for answer in try answers(to: sequence) {
                guard let error = answer.errorNumber else {
                    visit(answer)
                    continue
                }
                guard error.rawValue == 0 else { throw Self.failure(type, error, answer) }
                return
            }
        }
    }

    /// As ``request(subsystem:message:family:resource:flags:attributes:)``, for any part of the kernel.
    @discardableResult
    package func request(type: UInt16, flags: UInt16, body: [UInt8]) throws(SystemError) -> [NetlinkMessage] {
        let sequence = try send(type: type, flags: UInt16(NLM_F_REQUEST | NLM_F_ACK) | flags, body: body)
        var result: [NetlinkMessage] = []
        while true {
            for answer in try answers(to: sequence) {
                guard let error = answer.errorNumber else {
                    result.append(answer)
                    continue
                }
                guard error.rawValue == 0 else { throw Self.failure(type, error, answer) }
                return result
            }
        }
    }

    /// As ``dump(subsystem:message:family:attributes:)``, for any part of the kernel; what is not whole is read anew.
    package func dump(
        type: UInt16,
        body: [UInt8],
        isWhole: ([NetlinkMessage]) -> Bool = { _ in true }
    ) throws(SystemError) -> [NetlinkMessage] {
        let end = ContinuousClock().now + Self.dumpPatience
        for attempt in 0..<Self.dumpAttempts
        where attempt < Self.fewestAttempts || ContinuousClock().now < end {
            if let messages = try dumpOnce(type: type, body: body), isWhole(messages) { return messages }
        }
        throw Self.failure(type, .interrupted)
    }

    /// How often a list may change under the reader, and how long a list that is long is read anew.
    private static let dumpAttempts = 20
    private static let fewestAttempts = 3
    private static let dumpPatience = Duration.seconds(5)

    /// The list, or nil when it changed while it was read (NLM_F_DUMP_INTR, linux/netlink.h).
    private func dumpOnce(type: UInt16, body: [UInt8]) throws(SystemError) -> [NetlinkMessage]? {
        var result: [NetlinkMessage] = []
        let isWhole = try walk(type: type, body: body) { result.append($0) }
        return isWhole ? result : nil
    }

    /// Hands on the messages of a list as they come, so that a long one needs no room; false when it changed meanwhile, or
    /// a part of it was lost.
    @discardableResult
    package func walk(
        type: UInt16,
        body: [UInt8],
        _ visit: (NetlinkMessage) -> Void
    ) throws(SystemError) -> Bool {
        let sequence = try send(type: type, flags: Self.dumpFlags, body: body)
        var isWhole = true
        while true {
            let answers: [NetlinkMessage]
            do throws(SystemError) {
                answers = try self.answers(to: sequence)
            } catch {
                // A part was lost for want of memory; the rest still comes.
                guard error.errno == .noBufferSpace else { throw error }
                isWhole = false
                continue
            }
            for answer in answers {
                if answer.flags & UInt16(NLM_F_DUMP_INTR) != 0 { isWhole = false }
                guard let error = answer.errorNumber else {
                    visit(answer)
                    continue
                }
                guard error.rawValue == 0 else { throw Self.failure(type, error, answer) }
                // A dump is read to its end also when it is of no use: the socket takes one at a time.
                return isWhole
            }
        }
    }

    /// NLM_F_ROOT and NLM_F_MATCH: all of them (linux/netlink.h, NLM_F_DUMP).
    private static let dumpFlags = UInt16(NLM_F_REQUEST | NLM_F_ROOT | NLM_F_MATCH)

    private static func failure(_ type: UInt16, _ error: Errno, _ answer: NetlinkMessage? = nil)
        -> SystemError
    {
        let said = answer.flatMap(ExtendedAcknowledgement.init).map { " (\($0))" } ?? ""
        return SystemError("netlink message \(type >> 8).\(type & 0xFF)\(said)", error)
    }
}
