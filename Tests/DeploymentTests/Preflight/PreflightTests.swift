import Diagnostics
import Kernel
import SystemPackage
import Testing

@testable import Deployment

@Suite struct PreflightTests {
    @Test(arguments: PreflightRequest.Backend.all)
    func aHostOfItsOwnRightHasNothingToSay(_ backend: PreflightRequest.Backend) async throws {
        let said = await Preflight.diagnostics(of: try PreflightSample().host(backend))
        #expect(said.map(\.code) == [])
    }

    @Test func whoMayDoNothingHearsOnlyThat() async throws {
        var sample = try PreflightSample()
        try sample.write("/proc/self/status", "Uid:\t1000\t1000\t1000\t1000\nCapEff:\t0000000000000000\n")
        try sample.write("/etc/ufw/ufw.conf", "ENABLED=yes\n")
        sample.missing = ["nft"]
        let said = await Preflight.diagnostics(of: sample.host())
        #expect(said.map(\.code) == ["preflight.capability.missing"])
    }

    @Test func whatIsSaidStandsInTheOrderOfTheChecks() async throws {
        var sample = try PreflightSample()
        sample.missing = ["nft", "tc"]
        sample.stateFolder = "/dev/shm/wallwright"
        try sample.write("/etc/ufw/ufw.conf", "ENABLED=yes\n")
        try sample.write("/proc/sys/kernel/osrelease", "5.15.167.4-microsoft-standard-WSL2\n")
        try sample.write(
            "/proc/self/mountinfo",
            try #require(await HostTree().text(of: "/proc/self/mountinfo"))
        )
        let said = await Preflight.diagnostics(of: sample.host())
        #expect(
            said.map(\.code) == [
                "preflight.wsl.two", "preflight.tool.missing", "preflight.state.volatile",
                "preflight.manager.ufw",
                "preflight.unread",
            ]
        )
        #expect(said.hasErrors)
        #expect(said.allSatisfy { $0.fix != nil })
    }

    /// One word of a tool serves every check.
    @Test func eachQuestionIsAskedOnce() async throws {
        let asked = Counts()
        let answers = ToolAnswers { question in
            await asked.add(question.program)
            return .success(question.program)
        }
        let question = ToolQuestion(program: "nft", arguments: [], input: "", isIsolated: false)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = await answers.answer(to: question) } }
        }
        #expect(await asked.values == ["nft": 1])
    }
}

private actor Counts {
    private(set) var values: [String: Int] = [:]

    func add(_ name: String) { values[name, default: 0] += 1 }
}
