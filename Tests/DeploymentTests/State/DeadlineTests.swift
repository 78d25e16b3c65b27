import Kernel
import Testing

@testable import Deployment

/// When a generation may be taken back, and for whom it is waited.
@Suite struct DeadlineTests {
    private let state = TemporaryState()

    private func folder() throws -> StateFolder {
        let folder = try state.open()
        try folder.makeFolder(StateFolder.folder(1))
        return folder
    }

    @Test func whoBeganInTimeIsWaitedForAndNotForEver() throws {
        let folder = try folder()
        let now = BootClock.now.inSeconds
        let (soon, past, longPast) = (now + 60, now - 1, now - StateFolder.courtesy)
        #expect(!folder.isOver(1, deadline: soon))
        #expect(folder.isOver(1, deadline: past))
        do {
            let (one, other) = (Seat.confirming(1, in: folder), Seat.confirming(1, in: folder))
            #expect(one?.share() == true)
            #expect(other?.share() == true)
            #expect(!folder.isOver(1, deadline: past))
            #expect(folder.isOver(1, deadline: longPast))
            withExtendedLifetime((one, other)) {}
        }
        #expect(folder.isOver(1, deadline: past))
    }

    /// A state that is gone keeps nobody from taking it back.
    @Test func withoutAStateTheDeadlineCounts() throws {
        let folder = try folder()
        try folder.removeTree("generations")
        #expect(folder.isOver(1, deadline: BootClock.now.inSeconds - 1))
    }

    @Test func connectionsAreReadAsTheyWereNoted() throws {
        let folder = try folder()
        #expect(try folder.earlierConnections(of: 1) == nil)
        for noted in [
            EarlierConnections(keys: [], haveCookies: true, knownPorts: nil),
            EarlierConnections(keys: [1, 0xFFFF_FFFF_FFFF_FFFF, 77], haveCookies: false, knownPorts: nil),
            EarlierConnections(keys: [5], haveCookies: true, knownPorts: [22, 2_222]),
            EarlierConnections(keys: [5], haveCookies: true, knownPorts: []),
        ] {
            try folder.note(noted, of: 1)
            #expect(try folder.earlierConnections(of: 1) == noted)
        }
        for damage in ["", "x\n", "cookies\nzz\n", "cookies of\n", "cookies of ports x\n", "cookies\n1\n-\n"]
        {
            try folder.write(Array(damage.utf8), to: "\(StateFolder.folder(1))/connections")
            #expect(throws: ChangeError.self) { try folder.earlierConnections(of: 1) }
        }
    }
}
