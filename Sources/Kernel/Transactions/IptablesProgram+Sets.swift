import Compiler

extension IptablesProgram {
    /// The sets that are made.
    var setNames: [String] {
        SavedSetLine.lines(of: ipset).filter { $0.command == "create" }.map { String($0.set) }
    }
}
