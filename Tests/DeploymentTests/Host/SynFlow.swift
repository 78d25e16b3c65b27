import Glibc
import Netlink
import PacketModel
import Synchronization
import SystemPackage

@testable import Kernel

/// Knocks at a port from outside every millisecond and notes when a knock got in: a SYN that the rules let pass reaches
/// the host's TCP, which counts no listener and refuses it.
final class SynFlow: Sendable {
    private let target: SocketAddress
    private let isOver = Mutex(false)
    private let passed = Mutex<[ContinuousClock.Instant]>([])

    init(to address: IPAddress, port: UInt16) {
        target = SocketAddress(address, port: port)
    }

    /// Knocks while the work runs; from the namespace, whose loopback may be down.
    func run(from namespace: NetworkNamespace, during work: @Sendable () async throws -> Void) async throws {
        async let knocking: Void = namespace.run { try self.knock() }
        do {
            try await work()
        } catch {
            isOver.withLock { $0 = true }
            throw error
        }
        isOver.withLock { $0 = true }
        try await knocking
    }

    /// A knock that is dropped leaves a socket that waits; it is given up soon.
    private func knock() throws {
        var waiting: [Socket] = []
        while !isOver.withLock({ $0 }) {
            let socket = try Socket(SocketAddress.domain(of: target.address.family), SOCK_STREAM)
            let refused = socket.connect(to: target) == .connectionRefused
            waiting.append(socket)
            usleep(1_000)
            let now = ContinuousClock().now
            var rest: [Socket] = []
            var hasPassed = refused
            for socket in waiting {
                let error = try socket.value(SOL_SOCKET, SO_ERROR)
                if error == ECONNREFUSED { hasPassed = true } else { rest.append(socket) }
            }
            if hasPassed { passed.withLock { $0.append(now) } }
            waiting = rest.suffix(20)
        }
    }

    /// From the first knock that got in to the last one; nil where none did.
    var hole: Duration? {
        passed.withLock { passed in
            guard let first = passed.first, let last = passed.last else { return nil }
            return last - first
        }
    }
}
