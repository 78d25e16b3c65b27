import Foundation
import Testing

@testable import Deployment

/// A state folder of a test, on a disk, that goes with the value.
final class TemporaryState: Sendable {
    let path: String

    init() {
        // The folder for temporary files may be in memory, where no state may be kept.
        path = "/var/tmp/wallwright-\(UUID().uuidString)/state"
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent) } catch
        {}
    }

    func open() throws -> StateFolder { try StateFolder.make(at: path) }
}
