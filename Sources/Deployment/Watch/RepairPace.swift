import Kernel

/// When the next repair may be tried: at once, but for one that did not help, and for one of very many.
struct RepairPace {
    /// What stood there after a repair that did not help, and how often that came.
    private var stuck: Glance?
    private var failures = 0
    private var earliest = Duration.zero
    /// When there were repairs, lately.
    private var repairs: [Duration] = []

    private static let longestPause = Duration.seconds(300)
    /// More than that in ten seconds are a fight of two machines, which nobody wins by being fast.
    private static let mostAtOnce = 20
    private static let pauseInFight = Duration.milliseconds(100)

    /// Something else than what a repair left behind is always repaired: somebody changed it since.
    func allows(_ seen: Glance, at now: Duration) -> Bool {
        now >= earliest || (stuck != nil && seen != stuck)
    }

    /// Whether nothing is to be tried but for what others change.
    func rests(at now: Duration) -> Bool { now < earliest }

    mutating func helped(at now: Duration) {
        (stuck, failures) = (nil, 0)
        repairs = repairs.filter { $0 > now - .seconds(10) } + [now]
        earliest = repairs.count > Self.mostAtOnce ? now + Self.pauseInFight : .zero
    }

    /// `left` is what stands there all the same. Returns how long it is left as it is.
    mutating func failed(leaving left: Glance, at now: Duration) -> Duration {
        stuck = left
        failures += 1
        let pause = min(Self.longestPause, .seconds(1 << min(failures, 10)))
        earliest = now + pause
        return pause
    }
}
