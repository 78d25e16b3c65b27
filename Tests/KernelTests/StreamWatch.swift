import Glibc
import Netlink
import PacketModel
import Synchronization

@testable import Kernel

/// Sends some bytes over each of its connections every 20 ms, and notes when they arrive.
final class StreamWatch: Sendable {
    struct Stream: Sendable {
        var from: Socket
        var to: Socket
    }

    private let streams: [Stream]
    private let isOver = Mutex(false)
    private let arrivals: Mutex<[[ContinuousClock.Instant]]>

    init(_ streams: [Stream]) {
        self.streams = streams
        arrivals = Mutex(streams.map { _ in [] })
    }

    /// Streams while the work runs.
    func run(during work: @Sendable () async throws -> Void) async throws {
        async let streaming: Void = OwnThread.run { self.stream() }
        do {
            try await work()
        } catch {
            isOver.withLock { $0 = true }
            throw error
        }
        isOver.withLock { $0 = true }
        try await streaming
    }

    private func stream() {
        while !isOver.withLock({ $0 }) {
            for stream in streams { _ = stream.from.send([UInt8](repeating: 7, count: 100)) }
            usleep(20_000)
            let now = ContinuousClock().now
            for (index, stream) in streams.enumerated() where !(stream.to.receive() ?? []).isEmpty {
                arrivals.withLock { $0[index].append(now) }
            }
        }
    }

    /// For each connection the longest time without an arrival, between two moments.
    func longestGaps(from start: ContinuousClock.Instant, to end: ContinuousClock.Instant) -> [Duration] {
        arrivals.withLock { all in
            all.map { arrivals in
                let moments = [start] + arrivals.filter { $0 > start && $0 < end } + [end]
                return zip(moments, moments.dropFirst()).map { $1 - $0 }.max() ?? end - start
            }
        }
    }
}
