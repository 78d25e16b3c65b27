import Kernel

extension PreflightHost {
    /// How much is in the sets of nftables, by `inet f2b-table addr-set-sshd`; none where the kernel does not count.
    func setCounts() async -> [String: Int] {
        do { return try await NftablesSetCounts.read(in: request.namespace) } catch { return [:] }
    }
}
