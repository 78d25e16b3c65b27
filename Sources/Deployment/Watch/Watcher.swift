import Diagnostics
import FoundationEssentials
import Glibc
import Kernel

/// Puts back what somebody else took away of ours: `iptables -F INPUT`, `nft flush ruleset`, the restart of another
/// firewall. It looks whenever nf_tables tells of a change, and every few seconds.
package final class Watcher {
    private let folder: StateFolder
    private let host: HostIdentity
    private let guards: GuardLauncher
    private let log: EventLog
    private var changes: NftablesChanges?
    /// The ruleset of nf_tables that was looked at last and found right.
    private var seen: UInt32?
    /// How many bans held at the last look.
    private var lastBans = 0

    /// How often it looks where nothing tells of changes.
    package static let interval = Duration.seconds(5)

    package init(folder: StateFolder) throws {
        self.folder = folder
        host = try HostIdentity.current()
        guards = GuardLauncher(folder: folder)
        log = EventLog.ofWatch(in: folder)
    }

    /// Works until nothing of ours is to be kept in the kernel; returns at once when another one watches.
    package func run() async throws {
        for signal in [SIGHUP, SIGINT, SIGQUIT, SIGPIPE] { CaughtSignals.ignore(signal) }
        CaughtSignals.note(SIGTERM)
        guard let seat = Seat.watching(folder), seat.take() else { return }
        defer { withExtendedLifetime(seat) {} }
        seat.sign()
        let namespaceSeat = NamespaceSeat(host, for: folder)
        defer { withExtendedLifetime(namespaceSeat) {} }
        let names = Self.followNames(in: folder, log)
        defer { names.cancel() }
        changes = try await NftablesChanges.open()
        var isNeeded = true
        while isNeeded && !CaughtSignals.hasCome(SIGTERM) {
            do {
                isNeeded = try await look()
            } catch {
                log.say("\(error)")
            }
            if isNeeded { await rest() }
        }
    }

    /// How often DNS names are asked for, and how soon again where one is not answered: at a boot no network is there yet.
    private static let namesInterval = Duration.seconds(300)
    private static let unansweredInterval = Duration.seconds(30)

    /// Beside the looks, which must not wait for a name server.
    private static func followNames(in folder: StateFolder, _ log: EventLog) -> Task<Void, Never> {
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

    /// Until the next look.
    private func rest() async {
        let end = BootClock.now + Self.interval
        do {
            while BootClock.now < end, !CaughtSignals.hasCome(SIGTERM) {
                if let changes {
                    // Others often change more than one thing.
                    if try await changes.came(within: .milliseconds(500)) {
                        try await Task.sleep(for: .milliseconds(50))
                        return
                    }
                } else {
                    try await Task.sleep(for: .milliseconds(500))
                }
            }
        } catch {
            log.say("\(error)")
            changes = nil
        }
    }

    /// Looks once and puts right what is wrong; false when there is nothing to watch any more.
    func look() async throws -> Bool {
        guard folder.has("generations") else { return false }
        // While somebody changes the firewall, they look after it themselves.
        guard let lock = try ChangeLock.attempt(in: folder, for: "wallwright watch") else { return true }
        for finding in try await Recovery.perform(in: folder, host: host, guards: guards, holding: lock) {
            log.say(finding.sentence)
        }
        let generation = try current()
        let bans = try BanList.read(from: folder)
        // Whatever is undecided may come back.
        let isUndecided = try folder.undecided() != nil
        if generation == nil && bans.entries.isEmpty { return isUndecided }
        let ruleset = try await NftablesChanges.rulesetNumber()
        // The older tables and ipsets change without a word, and rules have no clock.
        let tellsChanges = generation?.backend ?? .nftables == .nftables && bans.backend == .nftables
        if let ruleset, ruleset == seen, tellsChanges { return true }
        var isRight = true
        if let generation, let placement = try folder.placement(generation.number) {
            isRight = try await mend(generation, placement, holding: lock)
        }
        let areBansRight = try await mend(bans, holding: lock)
        // What changed after the number was asked for is looked at again.
        seen = isRight && areBansRight ? ruleset : nil
        return true
    }

    /// The generation that is to be in this kernel; nil when none is. What another boot had is for the next boot to load.
    private func current() throws -> Generation? {
        guard let number = try folder.current() else { return nil }
        let generation = try folder.generation(number)
        let isHere = try folder.placement(number)?.host == host
        return isHere && generation.kind != .remove ? generation : nil
    }

    /// Whether there was nothing to mend.
    private func mend(
        _ generation: Generation,
        _ placement: Placement,
        holding lock: ChangeLock
    ) async throws -> Bool {
        let number = generation.number
        let live = try await HostFirewall().listing(expecting: placement.digest)
        guard !live.holds(placement.digest) else { return true }
        let firewall = try folder.firewall(number, .after)
        let differences = live.faults(against: try await HostFirewall.expectedListing(of: firewall))
        try await HostFirewall(holding: lock.descriptor).install(firewall)
        let what = differences.isEmpty ? "" : ": \(differences.prefix(3).joined(separator: "; "))"
        let more = differences.count > 3 ? "; and \(differences.count - 3) more" : ""
        log.say("put generation \(number) back, somebody had changed it\(what)\(more)")
        if try await !HostFirewall().listing().holds(placement.digest) {
            log.say("it does not stay as it was meant; `wallwright status` says more")
        }
        return false
    }

    /// Whether there was nothing to mend. Rules of iptables have no clock: there the watch ends bans whose time is over.
    private func mend(_ list: BanList, holding lock: ChangeLock) async throws -> Bool {
        let bans = list.bans()
        let differences = try await HostBans().differences(from: bans, on: list.backend)
        defer { lastBans = bans.count }
        guard let first = differences.first else { return true }
        try await list.load(holding: lock)
        // Where the time of one is over, the list is shorter than at the last look.
        if bans.count == lastBans {
            log.say("loaded \(bans.count) bans again, somebody had changed them: \(first)")
        }
        return false
    }
}

extension Recovery.Finding {
    /// For logs and terminals.
    package var sentence: String {
        switch self {
        case .takenBack(let number, let reason):
            "generation \(number) was taken back: \(reason); the firewall from before is live"
        case .discarded(let number, let reason): "generation \(number) counts for nothing: \(reason)"
        }
    }
}
