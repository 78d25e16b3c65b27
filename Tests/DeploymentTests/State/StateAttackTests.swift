import Foundation
import Glibc
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// What somebody may have planted in or around the state, before or while it is used: it is refused, never followed, and
/// nothing waits for it.
@Suite(.needsRoot, .timeLimit(.minutes(1))) struct StateAttackTests {
    let state = TemporaryState()
    /// A folder of somebody's, with a file that must stay as it is.
    private var victim: String { "\(state.path)-victim" }
    private var precious: String { "\(victim)/precious" }
    private static let stranger: UInt32 = 54_321

    private func shell(_ text: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-ec", text]
        process.currentDirectoryURL = URL(fileURLWithPath: state.path)
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(text)")
    }

    private func makeVictim() throws {
        try FileManager.default.createDirectory(atPath: victim, withIntermediateDirectories: false)
        try Data("precious".utf8).write(to: URL(fileURLWithPath: precious))
    }

    private var isVictimWhole: Bool {
        let names = try? FileManager.default.contentsOfDirectory(atPath: victim)
        return names == ["precious"] && (try? String(contentsOfFile: precious, encoding: .utf8)) == "precious"
    }

    private static let around = [
        ("chmod 755 .", "is open to others"), ("chmod 770 .", "is open to others"),
        ("chmod 707 .", "is open to others"), ("chown 54321 .", "belongs to user 54321"),
        ("chmod 777 ..", "everybody can write"), ("chown 54321 ..", "belongs to user 54321"),
        ("chgrp 54321 ..; chmod 775 ..", "group 54321 can write"),
        ("mv ../state ../real; ln -s real ../state", "cannot be opened"),
        ("mv ../state ../real; chmod 755 ../real; ln -s real ../state", "cannot be opened"),
    ]

    @Test(arguments: around)
    func aFolderThatOthersDecideAboutIsRefused(_ plant: String, _ says: String) throws {
        _ = try state.open()
        try shell(plant)
        for open in [StateFolder.make, { try StateFolder.existing(at: $0) ?? StateFolder.make(at: $0) }] {
            let error = #expect(throws: ChangeError.self) { _ = try open(state.path) }
            #expect(error?.description.contains(says) == true, "\(String(describing: error))")
        }
    }

    /// There nobody can take away what root made.
    @Test func aStickyFolderAboveIsNoDanger() throws {
        _ = try state.open()
        try shell("chmod 1777 ..")
        _ = try state.open()
    }

    @Test func nothingIsMadeInAFolderOfOthers() throws {
        _ = try state.open()
        try shell("chmod 777 ..")
        #expect(throws: ChangeError.self) { _ = try StateFolder.make(at: "\(state.path)-other/deep") }
        #expect(!FileManager.default.fileExists(atPath: "\(state.path)-other"))
    }

    /// How a name is taken; `V` stands for the victim, `N` for the name.
    private static let plants = [
        ("ln -s V/precious N", "is a symbolic link"), ("ln V/precious N", "has a second name"),
        ("mkfifo -m 600 N", "is not a regular file"), ("mkdir -m 700 N", "is not a regular file"),
        ("cp V/precious N; chown 54321 N", "belongs to user 54321"),
        ("cp V/precious N; chmod 666 N", "can be written by others"),
    ]

    private static let files = [
        "generations/1/generation.json", "generations/1/after/nftables.nft", "bans.json",
    ]

    @Test(arguments: plants, files)
    func aPlantedFileIsNotRead(_ plant: (String, String), _ name: String) throws {
        let folder = try state.open()
        try makeVictim()
        try shell("umask 077; mkdir -p generations/1/after; " + command(plant.0, name))
        let error = #expect(throws: (any Error).self) { _ = try folder.read(name) }
        let said = error.map { "\($0)" } ?? ""
        #expect(said.contains("\(state.path)/\(name)"), "\(said)")
        #expect(said.contains(plant.1) || said.contains("Is a directory"), "\(plant.0): \(said)")
        #expect(isVictimWhole)
    }

    /// A file takes the place of what was planted at its name and at its temporary one.
    @Test(arguments: plants.map(\.0).filter { !$0.hasPrefix("mkdir") }, ["file", "file.new"])
    func writingWritesNowhereElse(_ plant: String, _ name: String) throws {
        let folder = try state.open()
        try makeVictim()
        try shell(command(plant, name))
        try folder.write(Array("own".utf8), to: "file")
        #expect(try folder.read("file") == Array("own".utf8))
        #expect(isVictimWhole)
    }

    @Test(arguments: plants, ["lock", "watch"])
    func aPlantedLockIsNotTaken(_ plant: (String, String), _ name: String) throws {
        let folder = try state.open()
        try makeVictim()
        try shell(command(plant.0, name))
        if name == "lock" {
            #expect(throws: ChangeError.self) { _ = try ChangeLock.attempt(in: folder, for: "a test") }
        } else {
            #expect(Seat.watching(folder) == nil)
        }
        #expect(isVictimWhole)
    }

    @Test(arguments: plants.map(\.0))
    func aPlantedLogIsNotWritten(_ plant: String) throws {
        let folder = try state.open()
        try makeVictim()
        try shell(command(plant, "watch.log"))
        EventLog.ofWatch(in: folder).say("a test of what is planted; nothing happened")
        #expect(isVictimWhole)
    }

    private static let folders = [
        "rm -r generations; ln -s V generations", "ln -s V generations/1", "mkdir -m 777 generations/1",
        "mkdir -m 700 generations/1; chown 54321 generations/1", "chmod 777 generations",
    ]

    /// A folder on the way that leads elsewhere, or that others can fill.
    @Test(arguments: folders)
    func aPlantedFolderIsNotEntered(_ plant: String) throws {
        let folder = try state.open()
        try makeVictim()
        try shell("umask 0; " + command(plant, ""))
        #expect(throws: (any Error).self) { _ = try folder.read("generations/1/precious") }
        #expect(throws: (any Error).self) { try folder.write([1], to: "generations/1/precious") }
        #expect(throws: (any Error).self) {
            _ = try folder.rename("generations/1/precious", to: "generations/1/x")
        }
        #expect(!folder.has("generations/1/precious"))
        #expect(folder.outcome(1) == nil)
        #expect(isVictimWhole)
    }

    /// Drafts are taken away with all that is in them, but not what they lead to.
    @Test(arguments: ["generations/.1.new", "generations/.1.old", "generations/.1.new/after"])
    func takingADraftAwayTakesNothingElse(_ name: String) throws {
        let folder = try state.open()
        try makeVictim()
        try shell("umask 077; mkdir -p $(dirname \(name)); " + command("ln -s V N", name))
        try folder.removeTree("generations/.1.new")
        try folder.removeTree("generations/.1.old")
        #expect(try folder.names(in: "generations") == [])
        #expect(isVictimWhole)
    }

    @Test func anOutcomeIsNoLink() throws {
        let folder = try state.open()
        try makeVictim()
        try shell(
            "umask 077; mkdir generations/1; " + command("ln -s V/precious N", "generations/1/confirmed")
        )
        #expect(folder.outcome(1) == nil)
        #expect(try folder.confirmed() == nil)
    }

    private func command(_ plant: String, _ name: String) -> String {
        plant.replacing("V", with: victim).replacing("N", with: name)
    }
}
