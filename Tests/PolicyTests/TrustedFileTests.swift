import Diagnostics
import Foundation
import Testing

@testable import Policy

@Suite struct TrustedFileTests {
    private let place: TemporaryFolder
    private let file: String

    init() throws {
        place = try TemporaryFolder()
        file = try place.write("policy.yaml", "wallwright: 1\n")
    }

    private func problem(_ path: String, owners: TrustedOwners = .current, largest: Int = 1_000)
        -> FileProblem?
    {
        do {
            _ = try TrustedFile(path, owners: owners, largest: largest).read(path, largest: largest)
            return nil
        } catch {
            return error
        }
    }

    private func setMode(_ mode: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    @Test func aFileOfOnesOwnIsReadWhole() throws {
        let bytes = try TrustedFile(file, owners: .current, largest: 1_000).read(file, largest: 1_000)
        #expect(bytes == Array("wallwright: 1\n".utf8))
    }

    private static let callers: [(UInt32, String?, Set<UInt32>)] = [
        (0, "1000", [0, 1000]), (0, nil, [0]), (0, "root", [0]), (1000, "1001", [0, 1000]),
    ]

    @Test(arguments: callers)
    func whoBecameRootBySudoIsTrusted(user: UInt32, sudoUser: String?, trusted: Set<UInt32>) {
        #expect(TrustedOwners.of(user: user, sudoUser: sudoUser).users == trusted)
    }

    @Test func dotsOnTheWayAreFollowed() throws {
        let name = URL(fileURLWithPath: place.path).lastPathComponent
        #expect(problem(place.path + "/./../\(name)/policy.yaml") == nil)
    }

    @Test(arguments: [0o602, 0o622, 0o660]) func aFileThatOthersCanWriteIsRefused(_ mode: Int) throws {
        if mode == 0o660 {
            // Root may give the file to a group that is nobody's own.
            guard geteuid() == 0 else { return }
            try FileManager.default.setAttributes([.groupOwnerAccountID: 54_321], ofItemAtPath: file)
        }
        try setMode(mode, file)
        let by = mode & 0o002 != 0 ? "everybody" : "group 54321"
        #expect(problem(file) == .writable(file, by: by))
    }

    @Test func aFolderThatOthersCanWriteIsRefused() throws {
        try setMode(0o777, place.path)
        #expect(problem(file) == .writable(place.path, by: "everybody"))
    }

    @Test func aFolderFurtherUpIsLookedAtToo() throws {
        let inner = place.path + "/inner"
        try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
        try setMode(0o755, inner)
        try FileManager.default.copyItem(atPath: file, toPath: inner + "/policy.yaml")
        #expect(problem(inner + "/policy.yaml") == nil)
        try setMode(0o777, place.path)
        #expect(problem(inner + "/policy.yaml") == .writable(place.path, by: "everybody"))
    }

    @Test func inAStickyFolderAFileOfOnesOwnIsReadUnlessItHasASecondName() throws {
        try setMode(0o1777, place.path)
        #expect(problem(file) == nil)
        try FileManager.default.linkItem(atPath: file, toPath: place.path + "/second")
        #expect(problem(file) == .secondName(file))
    }

    @Test func aLinkAtTheEndIsRefused() throws {
        let link = place.path + "/link.yaml"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
        #expect(problem(link) == .system(link, ELOOP))
    }

    @Test func aLinkOnTheWayIsFollowedToTrustedFolders() throws {
        let inner = place.path + "/inner"
        try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
        try setMode(0o755, inner)
        try FileManager.default.copyItem(atPath: file, toPath: inner + "/policy.yaml")
        try FileManager.default.createSymbolicLink(
            atPath: place.path + "/relative",
            withDestinationPath: "inner"
        )
        try FileManager.default.createSymbolicLink(
            atPath: place.path + "/absolute",
            withDestinationPath: inner
        )
        #expect(problem(place.path + "/relative/policy.yaml") == nil)
        #expect(problem(place.path + "/absolute/policy.yaml") == nil)
        try setMode(0o777, inner)
        #expect(problem(place.path + "/absolute/policy.yaml") == .writable(inner, by: "everybody"))
    }

    @Test func linksThatGoInCirclesEnd() throws {
        try FileManager.default.createSymbolicLink(atPath: place.path + "/a", withDestinationPath: "b")
        try FileManager.default.createSymbolicLink(atPath: place.path + "/b", withDestinationPath: "a")
        let found = problem(place.path + "/a/policy.yaml")
        #expect(found?.diagnostic("the policy").code == "policy.file.link")
    }

    @Test func foldersPipesAndDevicesAreRefused() throws {
        let pipe = place.path + "/pipe"
        let made = unsafe mkfifo(pipe, 0o600)
        #expect(made == 0)
        #expect(problem(pipe) == .kind(pipe))
        #expect(problem(place.path) == .kind(place.path))
        #expect(problem(file + "/") == .kind(file + "/"))
        #expect(problem("/dev/null") == .kind("/dev/null"))
    }

    @Test func aMissingFileIsNamed() {
        let missing = place.path + "/no.yaml"
        #expect(problem(missing) == .system(missing, ENOENT))
        #expect(problem(missing)?.diagnostic("the policy").code == "policy.file.missing")
    }

    @Test func aLargeFileIsRefused() {
        #expect(problem(file, largest: 13) == .size(file, 13))
        #expect(problem(file, largest: 14) == nil)
    }

    @Test func aFileOfAnotherUserIsRefused() throws {
        guard geteuid() == 0 else { return }
        try FileManager.default.setAttributes([.ownerAccountID: 54_321], ofItemAtPath: file)
        #expect(problem(file) == .owner(file, 54_321))
        #expect(problem(file, owners: TrustedOwners(users: [54_321])) == nil)
    }

    @Test func aPolicyThatIsNotTrustedIsNotRead() throws {
        try setMode(0o666, file)
        let (policy, diagnostics) = PolicyReader.read(path: file)
        #expect(policy == nil)
        #expect(diagnostics.map(\.code) == ["policy.file.writable"])
    }
}
