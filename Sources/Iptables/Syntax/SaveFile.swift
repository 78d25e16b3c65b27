package import Diagnostics

/// A file of iptables-save: its tables in the order in which they stand, each loaded by its own COMMIT.
package struct SaveFile: Sendable {
    package var tables: [SaveTable] = []
    /// The lines of comment after the last table.
    package var trailingComments: [SourceRange] = []
}

/// From `*NAME` to `COMMIT`.
package struct SaveTable: Sendable {
    package var table: BuiltInTable
    /// The lines of comment before it.
    package var comments: [SourceRange]
    package var commands: [Command] = []
    /// From its first line to that of COMMIT.
    package var range: SourceRange
}
