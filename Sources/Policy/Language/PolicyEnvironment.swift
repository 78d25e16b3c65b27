import Glibc
package import PacketModel

/// What the reader needs of the machine.
package struct PolicyEnvironment: Sendable {
    /// Paths of set files begin here.
    package var folder: String
    /// Whose files are believed.
    package var owners: TrustedOwners
    /// Where names of users are looked up, in the form of passwd(5).
    package var accounts: String
    /// Set files that are not read again, by path: what they held when the policy was applied.
    package var setFiles: [String: [UInt8]]

    /// What DNS names stand for; names that are not here stand for nothing yet.
    package var hosts: [String: [IPAddress]]
    /// Lines that ended before are left out.
    package var now: CalendarTime

    package init(
        folder: String,
        owners: TrustedOwners = .current,
        accounts: String = "/etc/passwd",
        setFiles: [String: [UInt8]] = [:],
        hosts: [String: [IPAddress]] = [:],
        now: CalendarTime = .now
    ) {
        self.folder = folder
        self.owners = owners
        self.accounts = accounts
        self.setFiles = setFiles
        self.hosts = hosts
        self.now = now
    }

    /// The environment of a policy at this path.
    package init(
        ofPolicyAt path: String,
        owners: TrustedOwners = .current,
        setFiles: [String: [UInt8]] = [:],
        hosts: [String: [IPAddress]] = [:]
    ) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        self.init(folder: folder, owners: owners, setFiles: setFiles, hosts: hosts)
    }
}

/// The users whose files and folders are believed: root, whoever runs this, and who became root by sudo.
package struct TrustedOwners: Sendable {
    package let users: Set<UInt32>
    /// Groups that may write: root's, and a group that bears the number of a trusted user, as each user's own does.
    package let groups: Set<UInt32>

    package init(users: Set<UInt32>) {
        self.users = users.union([0])
        groups = self.users
    }

    package static var current: TrustedOwners {
        of(
            user: geteuid(),
            sudoUser: unsafe getenv("SUDO_UID").flatMap { unsafe String(validatingCString: $0) }
        )
    }

    /// Who typed sudo could have done all of it anyway; what the variable says counts for root alone, because anybody
    /// can set it.
    static func of(user: UInt32, sudoUser: String?) -> TrustedOwners {
        guard user == 0, let typist = sudoUser.flatMap({ UInt32($0) }) else {
            return TrustedOwners(users: [user])
        }
        return TrustedOwners(users: [user, typist])
    }
}
