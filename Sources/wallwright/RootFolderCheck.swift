import ArgumentParser
import FoundationEssentials

/// A folder that `--root` names and that is not there is a slip of the pen: none is made, and nothing is read.
enum RootFolderCheck {
    static func run(_ root: String) throws {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: root, isDirectory: &isFolder), isFolder else {
            throw ValidationError("--root: there is no folder \(root)")
        }
    }
}
