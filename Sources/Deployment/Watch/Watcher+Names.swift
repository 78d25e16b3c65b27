import Diagnostics

extension Watcher {
    /// How often DNS names are asked for, and how soon again where one is not answered: at a boot no network is there yet.
    private static let namesInterval = Duration.seconds(300)
    private static let unansweredInterval = Duration.seconds(30)

    /// Beside the looks, which must not wait for a name server.
    static func followNames(in folder: StateFolder, _ log: EventLog) -> Task<Void, Never> {
        Task.detached {
            var lastWords = ""
            while !Task.isCancelled {
                var interval = namesInterval
                var words: [String]
                do {
                    let refresh = try await NameRefresh.perform(state: folder.path)
                    words = refresh.diagnostics.map(\.message)
                    if !words.isEmpty { interval = unansweredInterval }
                    if case .changed(let number, let changes) = refresh.result {
                        log.say("generation \(number) follows DNS: \(changes.joined(separator: "; "))")
                    }
                } catch {
                    words = ["\(error)"]
                }
                // The same words every half a minute would tell nothing.
                let text = words.joined(separator: "; ")
                if !text.isEmpty, text != lastWords { log.say(text) }
                lastWords = text
                do { try await Task.sleep(for: interval) } catch { return }
            }
        }
    }
}
