import Diagnostics
import Synchronization

/// One line on a person's screen that says how far a trial is, anew several times a second; nothing elsewhere.
final class TrialProgress: Sendable {
    private struct State {
        var text: Sentence = ""
        var isOver = false
    }

    private let state = Mutex(State())
    private static let pause = Duration.milliseconds(250)

    /// Says what is done now; it is shown while ``during(_:)`` runs.
    func say(_ text: Sentence) {
        state.withLock { $0.text = text }
    }

    /// Runs work that may keep silent for long, and shows that it goes on.
    func during<Value>(_ work: () async throws -> Value) async throws -> Value {
        state.withLock { $0.isOver = false }
        let ticking = Task { [self] in
            let start = ContinuousClock.now
            while !Task.isCancelled {
                do { try await Task.sleep(for: Self.pause) } catch { return }
                show(since: Int((ContinuousClock.now - start) / .seconds(1)))
            }
        }
        defer {
            ticking.cancel()
            clear()
        }
        return try await work()
    }

    private func show(since seconds: Int = 0) {
        state.withLock { state in
            guard !state.isOver else { return }
            Terminal.error.showStatus(seconds > 0 ? state.text + " (\(seconds) s)" : state.text)
        }
    }

    private func clear() {
        state.withLock { state in
            state.isOver = true
            Terminal.error.showStatus("")
        }
    }
}
