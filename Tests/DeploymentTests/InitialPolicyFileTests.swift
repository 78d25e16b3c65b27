import Deployment
import Glibc
import Kernel
import Netlink
import SystemPackage
import Testing

@Suite struct InitialPolicyFileTests {
    /// A folder that goes with this value.
    private final class Place {
        let path: String

        init() throws {
            var template = Array("/tmp/wallwright-test-XXXXXX\0".utf8CString)
            try #require(unsafe mkdtemp(&template) != nil)
            path = String(decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }

        deinit {
            unsafe unlink("\(path)/wallwright/policy.yaml")
            unsafe rmdir("\(path)/wallwright")
            unsafe rmdir(path)
        }
    }

    private let place: Place
    private let path: String

    init() throws {
        place = try Place()
        path = "\(place.path)/wallwright/policy.yaml"
    }

    private func text(_ path: String) throws -> String {
        let file = try FileDescriptor.open(FilePath(path), .readOnly)
        return try file.closeAfter {
            var bytes = [UInt8](repeating: 0, count: 1 << 20)
            let count = try unsafe bytes.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
            return String(decoding: bytes.prefix(count), as: UTF8.self)
        }
    }

    private func mode(_ path: String) throws -> mode_t {
        var information = stat()
        try #require(unsafe stat(path, &information) == 0)
        return information.st_mode & 0o7777
    }

    @Test(arguments: ["", "wallwright: 1\n", String(repeating: "#", count: 300_000)])
    func theFolderIsMadeAndTheFileIsWhole(_ content: String) throws {
        try InitialPolicyFile.write(content, to: path)
        #expect(try text(path) == content)
        #expect(try mode(path) & ~0o644 == 0)
        #expect(try mode("\(place.path)/wallwright") & ~0o755 == 0)
    }

    @Test func nothingIsOverwritten() throws {
        try InitialPolicyFile.write("mine\n", to: path)
        let error = #expect(throws: SystemError.self) { try InitialPolicyFile.write("other\n", to: path) }
        #expect(error?.errno == .fileExists)
        #expect(try text(path) == "mine\n")
    }

    @Test func aLinkIsNotFollowed() throws {
        try #require(unsafe mkdir("\(place.path)/wallwright", 0o755) == 0)
        try #require(unsafe symlink("\(place.path)/elsewhere", path) == 0)
        let error = #expect(throws: SystemError.self) { try InitialPolicyFile.write("x", to: path) }
        #expect(error?.errno == .fileExists)
        #expect(unsafe access("\(place.path)/elsewhere", F_OK) != 0)
    }

    @Test(arguments: [
        ("/dev/null/wallwright/policy.yaml", Errno.notDirectory),
        ("/proc/policy.yaml", .noSuchFileOrDirectory),
    ])
    func whatCannotBeWrittenIsSaid(_ path: String, errno: Errno) {
        let error = #expect(throws: SystemError.self) { try InitialPolicyFile.write("x", to: path) }
        #expect(error?.errno == errno)
    }
}
