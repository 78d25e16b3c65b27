import Glibc
import Netlink
import SystemPackage
import Testing

@testable import Kernel

/// What is not there, what cannot be read and what is too long are three things.
@Suite struct HostFilesTests {
    @Test func whatIsNotThereIsAbsent() throws {
        let tree = try FileTree(["/a/file": "text"])
        for path in ["/b", "/a/b", "/a/file/b"] {
            #expect(try tree.files.text(of: path) == nil)
            #expect(try tree.files.names(in: path) == [])
            #expect(try tree.files.link(at: path) == nil)
            #expect(try !tree.files.exists(path))
            #expect(try !tree.files.visitLines(of: path) { _ in })
        }
        #expect(try tree.files.text(of: "/a/file") == "text")
        #expect(try tree.files.names(in: "/a") == ["file"])
        #expect(try tree.files.link(at: "/a/file") == nil)
        withExtendedLifetime(tree) {}
    }

    @Test func aProcessThatEndsMeanwhileIsAbsent() throws {
        let process = try TestProcess(["/bin/sleep", "60"])
        kill(process.identifier, SIGKILL)
        // It is a zombie now, and then gone.
        _ = try HostFiles().names(in: "/proc/\(process.identifier)/fd")
        process.wait()
        #expect(try ProcessStatus.read(process.identifier) == nil)
        #expect(try SocketOwners.sockets(of: process.identifier).inodes.isEmpty)
    }

    @Test func whatCannotBeReadIsAnError() throws {
        let tree = try FileTree(["/a/file": "text"])
        unsafe symlink("loop", "\(tree.path)/loop")
        for path in ["/loop", "/loop/x"] {
            #expect(throws: SystemError.self) { try tree.files.text(of: path) }
            #expect(throws: SystemError.self) { try tree.files.names(in: path) }
            #expect(throws: SystemError.self) { try tree.files.exists(path) }
            #expect(throws: SystemError.self) { try tree.files.visitLines(of: path) { _ in } }
        }
        #expect(throws: SystemError.self) { try tree.files.link(at: "/loop/x") }
        // A folder is no text, and a text no folder of something else.
        #expect(throws: SystemError.self) { try tree.files.text(of: "/a") }
        withExtendedLifetime(tree) {}
    }

    @Test func whatIsTooLongIsAnErrorAndItsLinesAreNot() throws {
        let tree = try FileTree(["/long": ""])
        let file = try FileDescriptor.open(FilePath("\(tree.path)/long"), .writeOnly)
        try file.closeAfter {
            _ = try file.writeAll("one\ntwo\n".utf8)
            _ = try file.writeAll(toAbsoluteOffset: 80 << 20, "\nlast".utf8)
        }
        #expect(throws: SystemError("read \(tree.path)/long", .fileTooLarge)) {
            try tree.files.text(of: "/long")
        }
        // A line of zeroes is longer than any line may be.
        #expect(throws: SystemError.self) { try tree.files.visitLines(of: "/long") { _ in } }
        let lines = try FileDescriptor.open(FilePath("\(tree.path)/long"), .writeOnly, options: .truncate)
        let text = [UInt8](repeating: UInt8(ascii: "x"), count: (1 << 16) + 5) + [UInt8(ascii: "\n")]
        try lines.closeAfter { for _ in 0..<1_100 { try lines.writeAll(text) } }
        var counts: [Int: Int] = [:]
        #expect(try tree.files.visitLines(of: "/long") { counts[$0.count, default: 0] += 1 })
        #expect(counts == [(1 << 16) + 5: 1_100])
        withExtendedLifetime(tree) {}
    }

    @Test func whoeverGoesOnKeepsWhatCouldNotBeRead() async throws {
        let tree = try FileTree(["/a/file": "text"])
        unsafe symlink("loop", "\(tree.path)/loop")
        let seen = HostTree(root: tree.path)
        #expect(await seen.text(of: "/a/file") == "text")
        #expect(await seen.text(of: "/b") == nil)
        #expect(seen.problems.isEmpty)
        #expect(await seen.text(of: "/loop") == nil)
        #expect(await !seen.exists("/loop"))
        #expect(seen.problems == ["read \(tree.path)/loop: Too many levels of symbolic links"])
        withExtendedLifetime(tree) {}
    }
}
