/// One of the ways by which the next boot loads what was confirmed.
protocol PersistenceWay: Sendable {
    /// What stands after `--using`.
    var name: String { get }
    /// Whose it is, for people.
    var title: String { get }
    /// Whether what it loads is a copy that is made anew with each confirmation, and no call of `wallwright boot`.
    var isCopy: Bool { get }
    /// Findings of the preflight that speak of this very way.
    var ownFindings: Set<String> { get }

    /// What the root lacks for it, as a clause; nil when it can be used.
    func lack(in root: RootFolder) -> String?

    /// All that must be in the root.
    func parts(for setting: PersistenceSetting) throws -> [PersistedPart]

    /// What a person should know of it, in sentences.
    func notes(for setting: PersistenceSetting) -> [String]
}

extension PersistenceWay {
    var isCopy: Bool { false }
    var ownFindings: Set<String> { [] }

    func notes(for setting: PersistenceSetting) -> [String] { [] }
}

/// What the files of a way speak of.
struct PersistenceSetting: Sendable {
    let root: RootFolder
    /// The program and the state folder, as the next boot sees them.
    let program: String
    let state: String
    /// The generation that was confirmed last; nil before there is one.
    let confirmed: ConfirmedFirewall?

    /// What calls for the firewall at boot.
    var boot: String { "\(program) boot --state \(state)" }
}

/// Something that a way puts into the root.
enum PersistedPart: Hashable, Sendable {
    /// A file that is wholly ours; what was there is kept beside it.
    case file(path: String, text: String, mode: UInt32)
    /// A symbolic link; one that is there already is the person's, and stays.
    case link(path: String, target: String)
    /// A line at the end of a file of the person's.
    case line(path: String, text: String)

    var path: String {
        switch self {
        case .file(let path, _, _), .link(let path, _), .line(let path, _): path
        }
    }
}
