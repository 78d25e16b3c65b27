import Glibc

/// How the time of some work grows with the size of what it is given: the exponent of a power law, 1 for linear.
///
/// It is the time of the processor in this thread that counts, and of each size the least of several runs: what else the
/// machine does takes part in neither. A slope that is too steep is measured again, a few times.
package enum Slope {
    /// Steeper is not linear any more: sorting comes to a little more than 1.
    package static let steepest = 1.2

    /// Of work on inputs of a size, of twice and of four times as much.
    package static func of<Input>(
        _ size: Int,
        input: (Int) throws -> Input,
        work: (Input) throws -> Void
    ) rethrows -> Double {
        let inputs = [try input(size), try input(2 * size), try input(4 * size)]
        var least = [Double](repeating: .infinity, count: inputs.count)
        var slope = Double.infinity
        for attempt in 0..<6 where attempt < 2 || slope > steepest {
            for (index, input) in inputs.enumerated() {
                let start = seconds()
                try work(input)
                least[index] = min(least[index], seconds() - start)
            }
            // Below a millisecond it is the clock that is measured.
            slope = log2(max(least[2], 0.001) / max(least[0], 0.001)) / 2
        }
        return slope
    }

    /// The exponent of a growth by `ratio` over an input so many times as long.
    package static func exponent(of ratio: Double, over times: Double) -> Double { log2(ratio) / log2(times) }

    private static func seconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
