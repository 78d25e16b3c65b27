import Foundation
import Testing

extension PersistentHost {
    /// All that is in the root but the state: by its path its kind, mode and content.
    func tree() throws -> [String: String] {
        var tree: [String: String] = [:]
        let paths = try #require(FileManager.default.enumerator(atPath: root))
        for case let path as String in paths where !path.hasPrefix("var/lib/wallwright/") {
            let full = "\(root)/\(path)"
            let attributes = try FileManager.default.attributesOfItem(atPath: full)
            let mode = attributes[.posixPermissions] as? Int ?? 0
            switch attributes[.type] as? FileAttributeType {
            case .typeSymbolicLink?:
                tree[path] = "-> " + (try FileManager.default.destinationOfSymbolicLink(atPath: full))
            case .typeDirectory?:
                tree[path] = "folder \(mode)"
            default:
                tree[path] =
                    "\(mode) \(try Data(contentsOf: URL(fileURLWithPath: full)).base64EncodedString())"
            }
        }
        return tree
    }
}
