import Compiler
import Foundation
import Kernel
import PacketModel
import Testing

@testable import Deployment

@Suite struct BanTests {
    private let author = Author(user: "root", address: nil)

    private func prefix(_ text: String) throws -> Prefix { try #require(Prefix(text: text)) }

    @Test(arguments: ["192.0.2.5", "192.0.2.0/24", "2001:db8::1", "2001:db8::/32", "0.0.0.0/0"])
    func addressesAreReadAndWritten(_ text: String) throws {
        #expect(try "\(prefix(text))" == text)
    }

    @Test(arguments: [
        "", "192.0.2", "192.0.2.5/24", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/+8", "a.example", "::/0/0",
    ])
    func whatIsNoAddressIsRefused(_ text: String) {
        #expect(Prefix(text: text) == nil)
    }

    @Test func aListComesBackFromTheDisk() throws {
        let state = TemporaryState()
        let folder = try state.open()
        #expect(try BanList.read(from: folder).entries.isEmpty)
        var list = try BanList.read(from: folder)
        list.add(try prefix("192.0.2.5"), until: .now.addingTimeInterval(60), by: author)
        list.add(try prefix("2001:db8::/32"), until: nil, by: author)
        try list.write(to: folder)
        let read = try BanList.read(from: folder)
        #expect(read.entries.map(\.addresses) == ["192.0.2.5", "2001:db8::/32"])
        let bans = read.bans()
        #expect(bans.map(\.prefix) == [try prefix("192.0.2.5"), try prefix("2001:db8::/32")])
        #expect(bans.last?.secondsLeft == nil)
        #expect(try (58...60).contains(#require(bans.first?.secondsLeft)))
    }

    @Test func bansWhoseTimeIsOverAreNotWritten() throws {
        let state = TemporaryState()
        let folder = try state.open()
        var list = try BanList.read(from: folder)
        list.add(try prefix("192.0.2.5"), until: .now.addingTimeInterval(-1), by: author)
        #expect(list.bans().isEmpty)
        try list.write(to: folder)
        #expect(try BanList.read(from: folder).entries.isEmpty)
    }

    @Test func theSameAddressesAreBannedOnce() throws {
        let state = TemporaryState()
        var list = try BanList.read(from: state.open())
        list.add(try prefix("192.0.2.5"), until: nil, by: author)
        list.add(try prefix("192.0.2.5"), until: .now.addingTimeInterval(60), by: author)
        #expect(list.entries.count == 1)
        #expect(list.entries.first?.until != nil)
        let other = try prefix("192.0.2.6")
        let wasThere = list.remove(other)
        #expect(!wasThere)
    }

    @Test func aDamagedListIsSaidWithItsPlace() throws {
        let state = TemporaryState()
        let folder = try state.open()
        try folder.write(Array("{".utf8), to: "bans.json")
        let error = #expect(throws: ChangeError.self) { _ = try BanList.read(from: folder) }
        #expect(error?.description.contains(folder.place("bans.json")) == true)
    }
}
