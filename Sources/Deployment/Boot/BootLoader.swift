import FoundationEssentials
import Kernel
import PacketModel

/// Loads what was confirmed, before the network comes up: reads no policy, resolves no name, needs no network.
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

    private let folder: StateFolder
    private let host: HostIdentity
    private let lock: ChangeLock

    /// The caller holds the lock.
    package init(folder: StateFolder, host: HostIdentity, holding lock: ChangeLock) {
        self.folder = folder
        self.host = host
        self.lock = lock
    }

    /// Loads the newest generation that was confirmed and can be loaded, or the minimum. Throws when not even that is
    /// taken: then nothing guards this host.
    package func run() async throws -> Result {
        var reasons = await discardUndecided()
        var ports: [UInt16] = []
        var sources: [Prefix] = []
        for number in confirmed(&reasons) {
            do {
                let generation = try folder.generation(number)
                if ports.isEmpty {
                    ports = generation.managementPorts
                    sources = generation.managementAddresses.compactMap(Prefix.init(text:))
                }
                if generation.kind == .remove {
                    // A removal that something newer took the place of is nothing to fall back to.
                    guard reasons.isEmpty else { continue }
                    return .removed(number)
                }
                try await load(number)
                await loadBans(&reasons)
                return .generation(number, passedOver: reasons)
            } catch {
                reasons.append("generation \(number): \(error)")
            }
        }
        // Where no generation tells the ports of SSH, this host is asked after all.
        if ports.isEmpty { ports = await SSHDaemon.listeningPorts() ?? [SSHDaemon.standardPort] }
        try await loadMinimum(ports, sources, &reasons)
        await loadBans(&reasons)
        return .minimum(ports: ports, reasons: reasons)
    }

    /// What was never confirmed counts for nothing; a state that cannot be written keeps no generation from being loaded.
    private func discardUndecided() async -> [String] {
        do {
            _ = try await Recovery.perform(
                in: folder,
                host: host,
                guards: GuardLauncher(folder: folder),
                holding: lock
            )
            return []
        } catch {
            return ["\(error)"]
        }
    }

    /// Newest first.
    private func confirmed(_ reasons: inout [String]) -> [Int] {
        do {
            return try folder.confirmedNumbers().reversed()
        } catch {
            reasons.append("\(error)")
            return []
        }
    }

    private func load(_ number: Int) async throws {
        let firewall = try folder.firewall(number, .after)
        let live = HostFirewall(holding: lock.descriptor)
        try await live.install(firewall, isTested: true)
        var digest = try await live.listing().digest
        if digest != (try folder.placement(number)?.digest) {
            // Another kernel may list the same rules otherwise.
            let expected = try await HostFirewall.expectedListing(of: firewall)
            let listing = try await live.listing(expecting: expected.digest)
            if let first = listing.differences(from: expected).first {
                throw ChangeError.failed("the kernel does not hold what was meant: \(first)")
            }
            digest = listing.digest
        }
        do {
            try folder.place(number, Placement(time: .now, host: host, digest: digest))
        } catch {
            EventLog.ofWatch(in: folder).say(
                "generation \(number) is loaded, but that cannot be written down: \(error)"
            )
        }
    }

    private func loadMinimum(_ ports: [UInt16], _ sources: [Prefix], _ reasons: inout [String]) async throws {
        let policy = MinimumPolicy.policy(ports: ports, sources: sources)
        for backend in BackendKind.inOrder where backend.isInstalled {
            do {
                let firewall = try Firewall(policy, backend, usesIpset: false)
                return try await HostFirewall(holding: lock.descriptor).install(firewall)
            } catch {
                reasons.append("the minimum on \(backend.rawValue): \(error)")
            }
        }
        throw ChangeError.failed(
            (["NOTHING GUARDS THIS HOST: no firewall could be loaded"] + reasons).joined(separator: "\n")
        )
    }

    private func loadBans(_ reasons: inout [String]) async {
        do {
            let list = try BanList.read(from: folder)
            if !list.entries.isEmpty { try await list.load(holding: lock) }
        } catch {
            reasons.append("the bans: \(error)")
        }
    }
}
