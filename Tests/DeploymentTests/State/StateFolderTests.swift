import Foundation
import Glibc
import Testing

@testable import Deployment

@Suite struct StateFolderTests {
    let state = TemporaryState()

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test func theFolderIsForItsOwnerAlone() throws {
        let folder = try state.open()
        #expect(try mode(state.path) == 0o700)
        try folder.write([1, 2, 3], to: "file")
        #expect(try mode(state.path + "/file") == 0o600)
        #expect(try folder.read("file") == [1, 2, 3])
        #expect(try folder.read("other") == nil)
    }

    @Test func aFolderThatIsOpenToOthersIsRefused() throws {
        _ = try state.open()
        #expect(unsafe chmod(state.path, 0o755) == 0)
        #expect(throws: ChangeError.self) { _ = try state.open() }
        #expect(throws: ChangeError.self) { _ = try StateFolder.existing(at: state.path) }
    }

    @Test func aLinkIsRefused() throws {
        _ = try state.open()
        let link = state.path + "-link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: state.path)
        #expect(throws: ChangeError.self) { _ = try StateFolder.existing(at: link) }
    }

    @Test func nothingIsNoState() throws {
        #expect(try StateFolder.existing(at: state.path) == nil)
    }

    @Test func writingTakesThePlaceOfWhatWasThere() throws {
        let folder = try state.open()
        try folder.write(Array("long content".utf8), to: "file")
        try folder.write(Array("short".utf8), to: "file")
        #expect(try folder.read("file") == Array("short".utf8))
        #expect(try folder.names(in: ".") == ["file", "generations"])
    }

    @Test func whatAKilledWriterLeftIsNoHindrance() throws {
        let folder = try state.open()
        try folder.create("file.new", holding: [9])
        try folder.write([1], to: "file")
        #expect(try folder.read("file") == [1])
        #expect(try folder.names(in: ".") == ["file", "generations"])
    }

    @Test func ofSeveralMovesOneWins() throws {
        let folder = try state.open()
        try folder.create("pending", holding: [])
        #expect(try folder.rename("pending", to: "confirmed"))
        #expect(try !folder.rename("pending", to: "rolled-back"))
        #expect(folder.has("confirmed"))
        #expect(!folder.has("rolled-back"))
    }

    @Test func aTreeGoesWithAllThatIsInIt() throws {
        let folder = try state.open()
        try folder.makeFolder("a")
        try folder.makeFolder("a/b")
        try folder.create("a/b/c", holding: [1])
        try folder.removeTree("a")
        #expect(!folder.has("a"))
        try folder.removeTree("a")
    }

    @Test func theLockHasOneHolderWhoIsNamed() async throws {
        let folder = try state.open()
        let lock = try await ChangeLock.acquire(in: folder, for: "wallwright apply by root", waiting: .zero)
        let error = await #expect(throws: ChangeError.self) {
            _ = try await ChangeLock.acquire(in: folder, for: "another", waiting: .milliseconds(60))
        }
        #expect(error?.description.contains("wallwright apply by root, process \(getpid())") == true)
        withExtendedLifetime(lock) {}
        #expect(try ChangeLock.attempt(in: folder, for: "another") == nil)
    }

    @Test func theLockEndsWithItsValue() async throws {
        let folder = try state.open()
        _ = try await ChangeLock.acquire(in: folder, for: "one", waiting: .zero)
        #expect(try ChangeLock.attempt(in: folder, for: "two") != nil)
    }

    @Test func aSeatIsTakenWhileItsTakerLives() throws {
        let folder = try state.open()
        let watching = try #require(Seat.watching(folder))
        do {
            let seat = try #require(Seat.watching(folder))
            #expect(seat.take())
            #expect(watching.isTaken)
            #expect(!watching.take())
        }
        #expect(!watching.isTaken)
    }

    @Test func aLogKeepsItsLastLinesAndNoMoreThanAMebibyteTwice() throws {
        let folder = try state.open()
        let log = EventLog.ofWatch(in: folder)
        for number in 0..<3 { log.say("line \(number)") }
        #expect(try log.last(2).map { $0.suffix(6) } == ["line 1", "line 2"])
        try folder.write([UInt8](repeating: 10, count: 2 << 20), to: "watch.log")
        log.say("the last of the old")
        log.say("the first of the new")
        #expect(try log.last(5).map { $0.hasSuffix("the first of the new") } == [true])
        #expect(folder.has("watch.log.old"))
    }
}
