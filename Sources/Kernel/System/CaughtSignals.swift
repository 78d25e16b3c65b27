import Glibc
import Synchronization

/// Signals that are noted instead of ending the process (signal(7)).
package enum CaughtSignals {
    /// A bit for each signal that came.
    private static let came = Atomic<UInt64>(0)

    /// From now on the signal is only noted.
    package static func note(_ signal: Int32) {
        // The handler may only touch what is there already.
        _ = came.load(ordering: .relaxed)
        _ = Glibc.signal(signal) { number in
            _ = CaughtSignals.came.bitwiseOr(1 << UInt64(number), ordering: .relaxed)
        }
    }

    /// From now on the signal does nothing, here and in programs that are started from here.
    package static func ignore(_ signal: Int32) {
        _ = Glibc.signal(signal, SIG_IGN)
    }

    package static func hasCome(_ signal: Int32) -> Bool {
        came.load(ordering: .relaxed) & 1 << UInt64(signal) != 0
    }
}
