import CKernel
import Glibc
import Synchronization
import SystemPackage

/// A line to one part of the kernel: `NETLINK_NETFILTER`, `NETLINK_SOCK_DIAG` (netlink(7)).
///
/// It belongs to the network namespace of the thread that makes it. One thread at a time may ask.
package final class NetlinkSocket: Sendable {
    private let socket: Socket
    private let lastSequence = Atomic<UInt32>(0)

    /// How long the kernel may be silent before an answer counts as missing.
    package static let patience: Duration = .seconds(10)

    /// The kernel fills no more than 32 KiB at once (netlink_recvmsg, net/netlink/af_netlink.c).
    private static let longestDatagram = 1 << 16

    package init(protocol number: Int32) throws(SystemError) {
        socket = try Socket(AF_NETLINK, SOCK_RAW, protocol: number)
        // An error then holds the header of its request only, not all of it.
        try socket.set(SOL_NETLINK, NETLINK_CAP_ACK, to: 1)
        do throws(SystemError) {
            try socket.set(SOL_NETLINK, NETLINK_EXT_ACK, to: 1)
        } catch {
            // Kernels before 4.12 have numbers alone.
            guard error.errno == .protocolNotAvailable else { throw error }
        }
        // Without a number of its own it hears nothing that goes to a group (do_one_broadcast, af_netlink.c).
        try socket.bind(toStructure: Self.kernel)
    }

    /// The kernel as the one to send to; as an own address, whatever number is free.
    private static var kernel: sockaddr_nl {
        var address = sockaddr_nl()
        address.nl_family = UInt16(AF_NETLINK)
        return address
    }

    /// See ``Socket/makeRoom(bytes:)``.
    package func makeRoom(bytes: Int32) throws(SystemError) {
        try socket.makeRoom(bytes: bytes)
    }

    /// What came unasked: waits for the first of it, so long at most; empty when the time is over.
    ///
    /// Throws `noBufferSpace` when the kernel had to leave messages out because nobody read them in time.
    package func messages(within time: Duration) throws(SystemError) -> [NetlinkMessage] {
        let deadline = ContinuousClock().now + time
        while let datagram = try receive(until: deadline) {
            let unasked = datagram.messages.filter { datagram.isForMany || $0.sequence == 0 }
            if !unasked.isEmpty { return unasked }
        }
        return []
    }

    /// Sends a message and returns the number that its answers will have.
    package func send(type: UInt16, flags: UInt16, body: [UInt8]) throws(SystemError) -> UInt32 {
        try send([(type, flags, body)])
    }

    /// Sends messages as one; their answers have the same number.
    package func send(_ messages: [(type: UInt16, flags: UInt16, body: [UInt8])]) throws(SystemError)
        -> UInt32
    {
        // 0 is what nobody asked for; the number comes round after four billion requests.
        var sequence: UInt32 = 0
        while sequence == 0 { sequence = lastSequence.wrappingAdd(1, ordering: .relaxed).newValue }
        let bytes = messages.flatMap { type, flags, body in
            NetlinkMessage(type: type, flags: flags, sequence: sequence, body: body[...]).paddedBytes
        }
        if let error = socket.send(bytes, toStructure: Self.kernel) {
            throw SystemError("send to netlink", error)
        }
        return sequence
    }

    /// Some answers to a request, in order; what came unasked before them is left out.
    package func answers(to sequence: UInt32) throws(SystemError) -> [NetlinkMessage] {
        let deadline = ContinuousClock().now + Self.patience
        while let datagram = try receive(until: deadline) {
            guard !datagram.isForMany else { continue }
            let answers = datagram.messages.filter { $0.sequence == sequence }
            if !answers.isEmpty { return answers }
        }
        throw SystemError("no answer of netlink", .timedOut)
    }

    private struct Datagram {
        var messages: [NetlinkMessage]
        /// It went to a group.
        var isForMany: Bool
    }

    /// The next datagram of the kernel; nil when the time is over.
    private func receive(until deadline: ContinuousClock.Instant) throws(SystemError) -> Datagram? {
        while true {
            var from = sockaddr_nl()
            if let bytes = try receive(from: &from) {
                // Programs too can send to a socket; only the kernel has the number 0.
                guard from.nl_pid == 0 else { continue }
                do throws(NetlinkDamage) {
                    let messages = try NetlinkMessage.all(in: bytes)
                    return Datagram(messages: messages, isForMany: from.nl_groups != 0)
                } catch {
                    throw SystemError(error)
                }
            }
            let rest = deadline - ContinuousClock().now
            guard rest > .zero else { return nil }
            _ = Poll.ready([Poll.Interest(socket: socket)], within: rest)
        }
    }

    /// What waits; nil when nothing does.
    private func receive(from sender: inout sockaddr_nl) throws(SystemError) -> [UInt8]? {
        var length = socklen_t(MemoryLayout<sockaddr_nl>.size)
        var received = -1
        let limit = Self.longestDatagram
        let bytes = unsafe withUnsafeMutablePointer(to: &sender) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
                    // MSG_TRUNC: the length that it has, also where there is no room for it.
                    let flags = Int32(MSG_TRUNC)
                    let start = buffer.baseAddress
                    received = unsafe recvfrom(socket.descriptor, start, limit, flags, address, &length)
                    count = min(max(0, received), limit)
                }
            }
        }
        guard received >= 0 else {
            guard errno != EAGAIN, errno != EINTR else { return nil }
            throw SystemError("receive from netlink", Errno(rawValue: errno))
        }
        guard received <= limit else { throw SystemError("receive from netlink", .messageTooLong) }
        return bytes
    }
}
