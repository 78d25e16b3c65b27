import Kernel
import Testing

@testable import Deployment

/// A folder in the place of a file cannot be read, not even by root: that is not the same as no file.
@Suite struct SeenFilesTests {
    @Test func whatCannotBeReadIsNoted() {
        let root = RootFolder("/")
        #expect(root.files.text(of: "/there-is-nothing") == nil)
        #expect(root.files.problems == [])
        #expect(root.files.text(of: "/proc") == nil)
        #expect(root.files.problems.count == 1)
        #expect(root.files.problems.allSatisfy { $0.contains("/proc") })
    }
}
