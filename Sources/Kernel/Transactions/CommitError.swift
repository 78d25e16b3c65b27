package import PacketModel

/// Why a commit did not happen, and what stands now.
package enum CommitError: Error, Hashable, Sendable {
    /// A tool refused or is missing; nothing was changed.
    case refused(ToolError)
    /// One family failed; the other, loaded before it, was put back: the old firewall stands.
    case restored(failed: IPFamily, ToolError)
    /// One family failed, and so did putting the other back: that one has the new rules.
    case halfDone(failed: IPFamily, ToolError, restoring: ToolError)
}

extension CommitError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .refused(let error):
            "\(error); nothing was changed"
        case .restored(let family, let error):
            "\(family): \(error); the firewall from before was put back"
        case .halfDone(let family, let error, let restoring):
            "\(family): \(error); the other family has the new rules, for they could not be taken back: \(restoring)"
        }
    }
}
