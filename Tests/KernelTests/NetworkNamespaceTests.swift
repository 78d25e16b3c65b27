import Glibc
import Kernel
import Netlink
import SystemPackage
import TestSupport
import Testing

@Suite(.needsRoot) struct NetworkNamespaceTests {
    @Test func aNewNamespaceHoldsOnlyItsLoopback() async throws {
        let namespace = try await NetworkNamespace.make()
        let links = try await Tool(named: "ip").run(["-brief", "link"], text: "", in: namespace)
        #expect(links.split(separator: "\n").map { $0.prefix { $0 != " " } } == ["lo"])
    }

    @Test func workRunsInsideAndTheCallerStaysOutside() async throws {
        let namespace = try await NetworkNamespace.make()
        let before = try identityOfThread()
        let inside = try await namespace.run { try identityOfThread() }
        #expect(inside != before)
        #expect(try identityOfThread() == before)
        #expect(try await NetworkNamespace.make().run { try identityOfThread() } != inside)
    }

    @Test func errorsOfTheWorkReachTheCaller() async throws {
        let namespace = try await NetworkNamespace.make()
        await #expect(throws: Errno.ioError) {
            try await namespace.run { throw Errno.ioError }
        }
    }

    @Test func settingsChangeInsideOnly() async throws {
        let namespace = try await NetworkNamespace.make()
        let setting = "net/ipv4/ip_default_ttl"
        let before = try read("/proc/sys/\(setting)")
        try await namespace.run { try NetworkNamespace.set(setting, to: "77") }
        #expect(try await namespace.run { try read("/proc/sys/\(setting)") } == "77\n")
        #expect(try read("/proc/sys/\(setting)") == before)
    }

    @Test func noDescriptorHoldsANamespaceAfterItsValueIsGone() async throws {
        let identity: String
        do {
            let namespace = try await NetworkNamespace.make()
            identity = try await namespace.run { try identityOfThread() }
            #expect(try openDescriptors().contains(identity))
        }
        #expect(try !openDescriptors().contains(identity))
    }

    @Test func aKeptNamespaceCanBeEnteredByNameUntilDiscarded() async throws {
        let name = "wallwright-test-\(getpid())"
        let ip = try Tool(named: "ip")
        do {
            let namespace = try await NetworkNamespace.make()
            try await ip.run(["link", "add", "marker0", "type", "veth"], in: namespace)
            try namespace.keep(as: name)
        }
        let links = try await ip.run(["-brief", "-n", name, "link"], text: "")
        #expect(links.contains("marker0"))
        try NetworkNamespace.discard(name)
        #expect(unsafe access("\(NetworkNamespace.namesFolder)/\(name)", F_OK) != 0)
    }

    @Test(arguments: ["", ".", "..", "a/b", "a b"])
    func namesThatAreNotOneFileAreRefused(_ name: String) async throws {
        let namespace = try await NetworkNamespace.make()
        #expect(throws: SystemError.self) { try namespace.keep(as: name) }
    }
}

/// `net:[…]` of the calling thread.
private func identityOfThread() throws -> String {
    try #require(target(of: "/proc/thread-self/ns/net"))
}

/// What the descriptors of this process point to.
private func openDescriptors() throws -> Set<String> {
    Set((0..<1_024).compactMap { target(of: "/proc/self/fd/\($0)") })
}

private func target(of link: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 256)
    guard unsafe readlink(link, &buffer, buffer.count - 1) > 0 else { return nil }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

private func read(_ path: String) throws -> String {
    let file = try FileDescriptor.open(FilePath(path), .readOnly)
    return try file.closeAfter {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = try unsafe bytes.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
