import Compiler
import Foundation
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// A fight is told, and a repair is for what is wrong: not for what only looks otherwise.
@Suite(.needsRoot) struct WatchFightKernelTests {
    /// Somebody puts a jump before ours again and again.
    @Test func aFightIsToldWithTheNameOfTheOther() async throws {
        try await together([BackendKind.iptablesNft, .iptablesLegacy]) { backend in
            let host = try await TestHost.make()
            try await host.settle(TestHost.ssh, on: backend)
            #expect(try await host.waits(.seconds(5)) { host.workers("watch", inner: true).count == 1 })
            let tool = try Tool(named: backend.rawValue)
            let inside = host.network.inside
            try await tool.run(["-w", "-N", "f2b-sshd"], text: "", in: inside)
            try await tool.run(["-w", "-A", "f2b-sshd", "-j", "ACCEPT"], text: "", in: inside)
            let calm = try await host.run("status")
            #expect(calm.status == 0 && !calm.output.contains("fight"), "\(calm)")
            for round in 1...6 {
                let hostile = ["-m", "comment", "--comment", "\u{1B}[2J\u{1B}]0;x\u{7}", "-j", "f2b-sshd"]
                try await tool.run(["-w", "-I", "INPUT", "1"] + hostile, text: "", in: inside)
                let isBehind = try await host.waits(.seconds(5)) {
                    try await host.firewall.listing().intruders.isEmpty
                        && host.text("watch.log").split(separator: "\n").count >= round
                }
                #expect(isBehind, "\(backend) \(round)")
            }
            let status = try await host.run("status")
            #expect(status.status == 1, "\(status)")
            for words in ["  fight ", "fail2ban", "put back 6 times", "backend: nftables"] {
                #expect(status.output.contains(words), "\(words) in \(status)")
            }
            #expect(!status.output.contains("\u{1B}") && !host.text("watch.log").contains("\u{1B}"))
            let json = try await host.run("status", "--json").output
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
            )
            #expect((object["fight"] as? [String: Any])?["owner"] as? String == "fail2ban")
        }
    }

    /// Other tools, and another /etc/protocols, list the same rules in other words.
    @Test(arguments: [BackendKind.iptablesNft, .iptablesLegacy])
    func whoListsMakesNoDifference(_ backend: BackendKind) async throws {
        let plain = try await TestHost.make()
        let script =
            "mount --make-rprivate /; : > '\(plain.folder)/none'; mount --bind '\(plain.folder)/none' /etc/protocols"
        let mounts = try #require(try await PrivateMounts.make(by: script, in: plain.folder))
        let bare = TestHost(plain.network, folder: plain.folder, mounts: mounts)
        try await bare.settle(
            "inbound:\n  - allow: ssh\n  - allow: [gre, igmp, ospf]\noutbound:\n  - allow: any\n",
            on: backend
        )
        #expect(try await plain.digest() != bare.opened().placement(1)?.digest)
        let status = try await plain.run("status")
        #expect(status.status == 0 && status.output.contains("holds what was applied"), "\(status)")
        // A watch of the new tools.
        #expect(try await plain.run("watch", "--end").status == 0)
        let again = try await plain.run("apply", "\(plain.folder)/policy.yaml")
        #expect(again.output.contains("nothing to do"), "\(again)")
        #expect(try await plain.waits(.seconds(5)) { plain.workers("watch", inner: true).count == 1 })
        try await Task.sleep(for: .seconds(2))
        #expect(plain.text("watch.log") == "")
        // It has learned what is right, and mends it.
        let tool = try Tool(named: backend.rawValue)
        let meant = try await plain.digest()
        try await tool.run(["-w", "-F"], text: "", in: plain.network.inside)
        #expect(try await plain.waits(.seconds(5)) { try await plain.digest() == meant })
        #expect(
            try await plain.waits(.seconds(2)) { plain.text("watch.log").contains("put generation 1 back") }
        )
        try await Task.sleep(for: .seconds(1))
        #expect(plain.text("watch.log").split(separator: "\n").count == 1, "\(plain.text("watch.log"))")
    }

    /// The cost of a watch does not grow with the rules of others, also while they change something all the time.
    @Test(arguments: [BackendKind.nftables, .iptablesNft])
    func othersCostNothing(_ backend: BackendKind) async throws {
        func cost(besides count: Int) async throws -> Int {
            let host = try await TestHost.make()
            let inside = host.network.inside
            let rules = (0..<count).map {
                "-A OTHER -s 10.\($0 >> 16).\($0 >> 8 & 255).\($0 & 255) -j DROP\n"
            }
            let text = "*filter\n:OTHER - [0:0]\n\(rules.joined())-A INPUT -j OTHER\nCOMMIT\n"
            try await Tool(named: "iptables-nft-restore").run(["--noflush"], text: text, in: inside)
            try await host.settle(TestHost.ssh, on: backend)
            #expect(try await host.waits(.seconds(5)) { host.workers("watch", inner: true).count == 1 })
            try await Task.sleep(for: .seconds(3))
            let worker = try #require(host.workers("watch", inner: true).first)
            let before = try host.ticks(of: worker)
            for number in 0..<30 {
                try await Tool(named: "nft").run(
                    ["add", "table", "ip", "other\(number)"],
                    text: "",
                    in: inside
                )
                try await Task.sleep(for: .milliseconds(100))
            }
            let spent = try host.ticks(of: worker) - before
            #expect(host.text("watch.log") == "")
            return spent
        }
        let (alone, beside) = (try await cost(besides: 1), try await cost(besides: 30_000))
        print(
            "watch on \(backend.rawValue), 30 changes of others: \(alone) ticks, beside 30,000 rules \(beside)"
        )
        #expect(beside <= 2 * alone + 10)
    }
}

extension TestHost {
    /// What a file of the state says; empty where it is not there.
    fileprivate func text(_ name: String) -> String { (try? HostFiles().text(of: "\(view)/\(name)")) ?? "" }

    /// What a process and the programs that it ran have taken of the processor, in ticks (proc_pid_stat(5)).
    fileprivate func ticks(of process: Int32) throws -> Int {
        let text = try #require(try HostFiles().text(of: "/proc/\(process)/stat"))
        let words = text.split(separator: " ")
        return words[13...16].compactMap { Int($0) }.reduce(0, +)
    }
}
