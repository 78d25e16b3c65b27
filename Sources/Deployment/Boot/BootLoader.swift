import Compiler
import FoundationEssentials
import Kernel
import PacketModel

/// Loads what was confirmed, before the network comes up: reads no policy, resolves no name, needs no network, and writes
/// nothing that it needs. Rules that were loaded stay, whatever can be seen of them afterwards.
package struct BootLoader: Sendable {
    /// What a boot came to.
    package enum Result: Sendable {
        /// A generation is live. The reasons say why newer ones are not.
        case generation(Int, passedOver: [String])
        /// The firewall was removed, and stays so.
        case removed(Int)
        /// Nothing that was confirmed could be loaded: SSH gets in, everything else is dropped.
        case minimum(ports: [UInt16], reasons: [String])
    }

    /// The state, as far as it is to be had.
    let state: BootState
    /// How long a look at what stands may take.
    private static let patience = Duration.seconds(20)

    package init(_ state: BootState) {
        self.state = state
    }

    /// Loads the newest generation that was confirmed and can be loaded, or the minimum; `notes` are what went otherwise
    /// than it should and keeps nothing from being loaded. Throws when not even the minimum is taken: then nothing
    /// guards this host.
    package func run() async throws -> (result: Result, notes: [String]) {
        var attempt = Attempt(notes: state.notes)
        if let problem = await discardUndecided() { attempt.notes.append(problem) }
        let result = try await load(&attempt)
        return (result, attempt.notes)
    }

    /// What became of it so far.
    private struct Attempt {
        var notes: [String]
        /// Why nothing newer is loaded.
        var reasons: [String] = []
        var ports: [UInt16] = []
        var sources: [Prefix] = []
        /// Those whose tools do not end.
        var hanging: Set<BackendKind> = []
    }

    private func load(_ attempt: inout Attempt) async throws -> Result {
        if let folder = state.folder {
            for number in confirmed(in: folder, &attempt.reasons) {
                do {
                    if let result = try await load(number, of: folder, &attempt) {
                        await loadBans(of: folder, &attempt.reasons)
                        guard case .generation = result else { return result }
                        return .generation(number, passedOver: attempt.reasons)
                    }
                } catch {
                    attempt.reasons.append("generation \(number): \(error)")
                }
            }
        }
        // Where no generation tells the ports of SSH, this host is asked after all.
        if attempt.ports.isEmpty { attempt.ports = await sshPorts(&attempt.reasons) }
        try await loadMinimum(&attempt)
        if let folder = state.folder { await loadBans(of: folder, &attempt.reasons) }
        return .minimum(ports: attempt.ports, reasons: attempt.reasons)
    }

    /// Whatever cannot be read: the minimum is loaded.
    private func sshPorts(_ reasons: inout [String]) async -> [UInt16] {
        do {
            return try await SSHDaemon.listeningPorts() ?? [SSHDaemon.standardPort]
        } catch {
            reasons.append("the ports of SSH are not known, so it is the usual one: \(error)")
            return [SSHDaemon.standardPort]
        }
    }

    /// What was never confirmed counts for nothing; a state that cannot be written keeps no generation from being loaded.
    private func discardUndecided() async -> String? {
        guard let folder = state.folder, let host = state.host, let lock = state.lock else { return nil }
        do {
            _ = try await Recovery.perform(
                in: folder,
                host: host,
                guards: GuardLauncher(folder: folder),
                holding: lock
            )
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// Newest first.
    private func confirmed(in folder: StateFolder, _ reasons: inout [String]) -> [Int] {
        do {
            return try folder.confirmedNumbers().reversed()
        } catch {
            reasons.append("\(error)")
            return []
        }
    }

    /// Nil for a generation that is nothing to fall back to.
    private func load(
        _ number: Int,
        of folder: StateFolder,
        _ attempt: inout Attempt
    ) async throws -> Result? {
        let generation = try folder.generation(number)
        if attempt.ports.isEmpty {
            attempt.ports = generation.managementPorts
            attempt.sources = generation.managementAddresses.compactMap(Prefix.init(text:))
        }
        if generation.kind == .remove {
            // A removal that something newer took the place of is nothing to fall back to.
            return attempt.reasons.isEmpty ? .removed(number) : nil
        }
        let firewall = try folder.firewall(number, .after)
        if let backend = firewall.backends.intersection(attempt.hanging).first {
            throw ChangeError.failed("its tools do not end: \(backend.rawValue)")
        }
        try await put(firewall, &attempt)
        attempt.notes += await look(at: firewall, number, of: folder)
        return .generation(number, passedOver: [])
    }

    /// From memory, with nothing read before.
    private func put(_ firewall: Firewall, _ attempt: inout Attempt) async throws {
        do {
            try await HostFirewall(holding: state.lock?.descriptor, limits: .ofRecovery)
                .bringBack(firewall, over: nil)
        } catch {
            if error.isTimeout { attempt.hanging.formUnion(firewall.backends) }
            throw error
        }
    }

    /// Takes away what stands beside the firewall, looks at what stands, and writes down that it was loaded; returns what
    /// went wrong with that.
    private func look(at firewall: Firewall, _ number: Int, of folder: StateFolder) async -> [String] {
        let descriptor = state.lock?.descriptor
        var notes: [String] = []
        var digest: String?
        do {
            let known = try folder.placement(number)?.digest
            digest = known
            try await Bounded.work(Self.patience) {
                try await HostFirewall(holding: descriptor).tidy(firewall)
            }
            let found = try await Bounded.work(Self.patience) {
                let live = try await HostFirewall().listing()
                if live.digest == known { return (live.digest, [String]()) }
                // Another kernel may list the same rules otherwise.
                let expected = try await HostFirewall.expectedListing(of: firewall)
                let listing = try await HostFirewall().listing(expecting: expected.digest)
                return (listing.digest, listing.differences(from: expected))
            }
            digest = found.0
            if let first = found.1.first {
                notes.append("the kernel does not hold what was meant: \(first)")
            }
        } catch {
            notes.append("generation \(number) is loaded, but it could not be looked at: \(error)")
        }
        do {
            guard let host = state.host, let digest else { return notes }
            try folder.place(number, Placement(time: .now, host: host, digest: digest))
        } catch {
            notes.append("generation \(number) is loaded, but that cannot be written down: \(error)")
        }
        return notes
    }

    private func loadMinimum(_ attempt: inout Attempt) async throws {
        let policy = MinimumPolicy.policy(ports: attempt.ports, sources: attempt.sources)
        for backend in BackendKind.inOrder where backend.isInstalled && !attempt.hanging.contains(backend) {
            do {
                let firewall = try Firewall(policy, backend, usesIpset: false)
                try await put(firewall, &attempt)
                let descriptor = state.lock?.descriptor
                do {
                    try await Bounded.work(Self.patience) {
                        try await HostFirewall(holding: descriptor).tidy(firewall)
                    }
                } catch {
                    attempt.notes.append("what is loaded beside the minimum could not be removed: \(error)")
                }
                return
            } catch {
                attempt.reasons.append("the minimum on \(backend.rawValue): \(error)")
            }
        }
        throw ChangeError.failed(
            (["NOTHING GUARDS THIS HOST: no firewall could be loaded"] + attempt.notes + attempt.reasons)
                .joined(separator: "\n")
        )
    }

    private func loadBans(of folder: StateFolder, _ reasons: inout [String]) async {
        do {
            let list = try BanList.read(from: folder)
            if !list.entries.isEmpty { try await list.load(holding: state.lock) }
        } catch {
            reasons.append("the bans: \(error)")
        }
    }
}

extension Error {
    /// Whether a tool did not end in its time.
    fileprivate var isTimeout: Bool {
        if let error = self as? CommitError, case .refused(.timedOut) = error { return true }
        if let error = self as? ToolError, case .timedOut = error { return true }
        return false
    }
}
