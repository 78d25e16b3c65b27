import Glibc

/// What the reader needs of the machine.
package struct PolicyEnvironment: Sendable {
    /// Paths of set files begin here.
    package var folder: String
    /// Whose files are believed.
    package var owners: TrustedOwners
    /// Where names of users are looked up, in the form of passwd(5).
    package var accounts: String

    package init(folder: String, owners: TrustedOwners = .current, accounts: String = "/etc/passwd") {
        self.folder = folder
        self.owners = owners
        self.accounts = accounts
    }
}

/// The users whose files and folders are believed: root, and whoever runs this.
package struct TrustedOwners: Sendable {
    package let users: Set<UInt32>
    /// Groups that may write: root's, and a group that bears the number of a trusted user, as each user's own does.
    package let groups: Set<UInt32>

    package init(users: Set<UInt32>) {
        self.users = users.union([0])
        groups = self.users
    }

    package static var current: TrustedOwners { TrustedOwners(users: [geteuid()]) }
}
