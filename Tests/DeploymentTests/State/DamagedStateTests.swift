import Compiler
import Diagnostics
import Foundation
import Glibc
import Kernel
import PacketModel
import TestSupport
import Testing

@testable import Deployment

/// A file of the state may hold anything, for disks fail: it is read, or it is an error. It never ends the program, and it
/// is never taken for a file that is not there.
@Suite struct DamagedStateTests {
    /// A file with what is made of it when it is read; nil of what is not there.
    struct Record: Sendable, CustomTestStringConvertible {
        var name: String
        var sample: String
        var read: @Sendable (StateFolder) throws -> Any?

        init(_ name: String, _ sample: String, _ read: @escaping @Sendable (StateFolder) throws -> Any?) {
            (self.name, self.sample, self.read) = (name, sample, read)
        }

        var testDescription: String { name }
    }

    private static let generation = """
        {
          "author" : { "address" : "192.0.2.9", "user" : "root" },
          "backend" : "nftables",
          "code" : "k4qx",
          "contents" : { "after/nftables.nft" : "ab12", "policy.yaml" : "cd34", "sets/0" : "ef56" },
          "created" : "2026-11-30T11:18:04Z",
          "digestBefore" : "7b120e46827b6d47",
          "host" : { "boot" : "0c6c1d3e-4a5b-4c6d-8e7f-90a1b2c3d4e5", "namespace" : 4026531833 },
          "kind" : { "rollback" : { "to" : 3 } },
          "managementAddresses" : [ "192.0.2.0/24", "2001:db8::1" ],
          "managementPorts" : [ 22, 2222 ],
          "names" : [ { "addresses" : [ "192.0.2.7" ], "allowsPrivate" : false, "name" : "db.example.net" } ],
          "number" : 1,
          "policyPath" : "/etc/wallwright/policy.yaml",
          "setFiles" : [ "/etc/wallwright/bad" ]
        }
        """

    static let records = [
        Record("generations/1/generation.json", generation) { folder in
            let generation = try folder.generation(1)
            _ = (
                generation.ticket, generation.isMeant(by: "k4qx"), generation.answers,
                generation.author.description
            )
            _ = (try? folder.texts(1), try? folder.rules(1, .after), try? folder.policy(1))
            _ = (try? folder.difference(from: nil, to: 1), try? folder.change(from: nil, to: 1))
            _ = try HostStatus.standing(1, in: folder)
            return generation
        },
        Record(
            "generations/1/commitment.json",
            #"{"committed" : 29858.792295451, "deadline" : 1e9, "digest" : "7b", "time" : "2026-11-30T11:18:04Z"}"#
        ) { folder in
            _ = try folder.waitingDiagnostics()
            let commitment = try folder.commitment(1)
            _ = (folder.secondsLeft(of: 1), folder.isOver(1, deadline: commitment?.deadline ?? 0))
            _ = ConfirmationNotice(ticket: "k4qx", began: .zero, in: folder)?.patience
            _ = try HostStatus.standing(1, in: folder)
            let host = HostIdentity(boot: "0c6c1d3e-4a5b-4c6d-8e7f-90a1b2c3d4e5", namespace: 4_026_531_833)
            _ = try? MoreTime(.seconds(60), began: .zero).perform(in: folder, host: host)
            return commitment
        },
        Record(
            "generations/1/placement.json",
            #"{"digest" : "7b12", "host" : {"boot" : "0c6c", "namespace" : 7}, "time" : "2026-11-30T11:18:04+01:00"}"#
        ) { try $0.placement(1) },
        Record(
            "generations/1/decision.json",
            #"{"author" : {"user" : "root"}, "reason" : "the time was over", "time" : "1999-12-31 23:59"}"#
        ) { try $0.decision(1) },
        Record("generations/1/connections", "3 cookies of ports 22 443\n0\nffffffffffffffff\n1f\n") {
            try $0.earlierConnections(of: 1)
        },
        Record(
            "bans.json",
            #"{"backend" : "iptables-nft", "entries" : [{"addresses" : "192.0.2.0/24", "author" : {"user" : "root"}, "#
                + #""since" : "2026-11-30T11:18:04Z", "until" : "2036-11-30"}]}"#
        ) { folder in
            let list = try folder.decodeIfThere(BanList.self, "bans.json")
            _ = list?.bans()
            _ = list?.entries.map(\.json.prettyPrinted)
            return list
        },
        Record(
            "fight.json",
            #"{"backend" : "nftables", "count" : 5, "last" : "2036-11-30", "owner" : "x", "since" : "1970-01-01", "what" : "y"}"#
        ) { folder in
            _ = try Fight.read(from: folder).map { Fight.adding($0, to: $0) }
            return try folder.decodeIfThere(Fight.self, "fight.json").map { ($0.sentence, $0.advice) }
        },
        Record(
            "enabled.json",
            #"{"boot" : "0c", "copied" : 3, "folders" : ["/etc/x"], "parts" : [{"content" : "ab", "kept" : "k", "#
                + #""kind" : "line", "madeFile" : true, "path" : "/etc/x/y"}], "program" : "/usr/sbin/wallwright", "#
                + #""since" : "2026-11-30", "state" : "/var/lib/wallwright", "way" : "systemd"}"#
        ) { folder in
            try PersistenceRecord.read(from: folder).map { ($0.root(of: folder), $0.part(at: "/etc/x/y")) }
        },
        Record("lock", "wallwright apply by root, process 700\n") { ChangeLock.holder(in: $0) ?? "" },
        Record("watch.log", "2026-11-30T11:18:04Z put back\n    and more\n") {
            try EventLog.ofWatch(in: $0).last(3)
        },
    ]

    private let state = TemporaryState()

    /// With every record as it should be.
    private func folder() throws -> StateFolder {
        let folder = try state.open()
        try folder.makeFolder("generations/1")
        for record in Self.records { try folder.create(record.name, holding: Array(record.sample.utf8)) }
        try folder.create("generations/1/pending", holding: [])
        return folder
    }

    @Test(arguments: records) func whatIsDamagedEndsNothing(_ record: Record) throws {
        let folder = try folder()
        #expect(try record.read(folder) != nil)
        let path = folder.place(record.name)
        var count = (read: 0, refused: 0)
        for text in DamagedTexts(of: [record.sample], pieces: ["1e300", "-1e9", "null", "\"\""]) {
            try text.write(toFile: path, atomically: false, encoding: .utf8)
            do {
                #expect(try record.read(folder) != nil, "\(text)")
                count.read += 1
            } catch is ChangeError {
                count.refused += 1
            }
        }
        #expect(count.read > 0)
    }

    /// Rules are found by their digest, so that damage shows before they are read; a digest may be right by chance.
    @Test func damagedRulesEndNothing() throws {
        let family =
            #"{"text" : "*filter\nCOMMIT\n", "jumps" : [{"table" : "filter", "chain" : "INPUT", "words" : ["-j"]}]}"#
        let ours = #"{"ipv4" : \#(family), "ipv6" : \#(family), "ipset" : "create s hash:net\n"}"#
        #expect((try? StateJSON.decode(IptablesProgram.self, Array(ours.utf8))) != nil)
        let others = #"""
            {"chains" : [{"family" : "ipv4", "name" : "INPUT", "policy" : "DROP", "rules" : [
            {"bytes" : 7, "packets" : 9, "text" : "-p tcp -m comment --comment \"a\" -j X"}], "table" : "filter"}],
            "everyone" : true, "sets" : [{"name" : "s", "text" : "create s hash:net\nadd s 10.0.0.0/8\n"}],
            "tables" : [{"name" : "inet x"}], "variant" : "legacy"}
            """#
        #expect((try? StateJSON.decode(OthersRules.self, Array(others.utf8))) != nil)
        for text in DamagedTexts(of: [ours, others]) {
            _ = try? StateJSON.decode(IptablesProgram.self, Array(text.utf8))
            guard let rules = try? StateJSON.decode(OthersRules.self, Array(text.utf8)) else { continue }
            _ = rules.chains.map { ($0.writableRules, $0.place, $0.rules.map { $0.target(in: "INPUT") }) }
        }
    }

    enum Obstacle: CaseIterable, Sendable {
        case folder, link, pipe, writable, secondName, half
    }

    @Test(arguments: records, Obstacle.allCases)
    func whatCannotBeReadIsNotAbsent(_ record: Record, _ obstacle: Obstacle) throws {
        // Who held the lock, and what happened lately, is only told.
        guard record.name.hasSuffix(".json") || record.name.hasSuffix("connections") else { return }
        let folder = try folder()
        let path = folder.place(record.name)
        switch obstacle {
        case .folder:
            try folder.removeFile(record.name)
            try folder.makeFolder(record.name)
        case .link:
            #expect(try folder.rename(record.name, to: "elsewhere"))
            #expect(unsafe symlink(folder.place("elsewhere"), path) == 0)
        case .pipe:
            try folder.removeFile(record.name)
            #expect(unsafe mkfifo(path, 0o600) == 0)
        case .writable: #expect(unsafe chmod(path, 0o622) == 0)
        case .secondName: #expect(unsafe link(path, folder.place("elsewhere")) == 0)
        case .half: #expect(unsafe truncate(path, off_t(record.sample.utf8.count / 2)) == 0)
        }
        #expect(throws: ChangeError.self) { _ = try record.read(folder) }
        try folder.removeTree(record.name)
        // Where a generation was loaded is told by its commitment too; without its record there is none.
        let isTold = ["generation.json", "placement.json"].contains { record.name.hasSuffix($0) }
        if !isTold { #expect(try record.read(folder) == nil) }
    }

    /// What waits may be in there, and the one before is not taken for the last.
    @Test func aGenerationThatCannotBeLookedIntoIsNotAbsent() throws {
        let folder = try folder()
        #expect(try folder.undecided() == 1)
        let path = folder.place("generations/1")
        #expect(unsafe chmod(path, 0o770) == 0)
        #expect(throws: ChangeError.self) { try folder.undecided() }
        #expect(throws: ChangeError.self) { try folder.current() }
        // Nothing that waits is older than what is decided.
        try folder.makeFolder("generations/2")
        try folder.create("generations/2/confirmed", holding: [])
        #expect(try folder.undecided() == nil)
        #expect(try folder.confirmed() == 2)
    }

    /// A folder whose name only looks like a number counts for nothing, and the next number can always be had.
    @Test func onlyOurNamesAreGenerations() throws {
        let folder = try state.open()
        for name in ["9223372036854775807", "9999999999", "-1", "0", "+5", "007", "1e3", "٣", "8", ".9.new"] {
            try folder.makeFolder("generations/\(name)")
        }
        #expect(try folder.generationNumbers() == [8])
    }
}
