import Kernel
import Testing

@Suite struct ToolTests {
    @Test func giveBackStandardOutputAndReadStandardInput() async throws {
        #expect(try await Tool(named: "cat").run([], text: "one\ntwo\n") == "one\ntwo\n")
    }

    @Test func giveAProgramNothingButItsCleanEnvironment() async throws {
        let lines = try await Tool(named: "env").run([], text: "").split(separator: "\n").sorted()
        #expect(lines == ["LC_ALL=C", "PATH=/usr/sbin:/sbin:/usr/bin:/bin"])
    }

    @Test func passArgumentsWithoutAShell() async throws {
        #expect(try await Tool(named: "printf").run(["%s", "$HOME; `id`"], text: "") == "$HOME; `id`")
    }

    @Test func reportAFailureWithStatusAndMessage() async throws {
        let error = await #expect(throws: ToolError.self) {
            try await Tool(named: "ls").run(["/no such folder"])
        }
        guard case .failed("ls", let status, let message) = error else {
            Issue.record("\(String(describing: error)) is another error")
            return
        }
        #expect(status == 2)
        #expect(message.contains("/no such folder"))
    }

    @Test func aProgramThatIgnoresItsInputIsNoFailure() async throws {
        let input = [UInt8](repeating: 0x61, count: 1 << 20)
        #expect(try await Tool(named: "true").run([], input: input).isEmpty)
    }

    @Test func refuseMoreOutputThanTheLimit() async throws {
        let limits = Tool.Limits(output: 100)
        await #expect(throws: ToolError.outputTooLong(program: "head", limit: 100)) {
            try await Tool(named: "head").run(["-c", "101", "/dev/zero"], limits: limits)
        }
        #expect(try await Tool(named: "head").run(["-c", "100", "/dev/zero"], limits: limits).count == 100)
    }

    @Test func killAProgramAtTheTimeLimit() async throws {
        let limits = Tool.Limits(time: .milliseconds(100))
        await #expect(throws: ToolError.timedOut(program: "sleep", limit: limits.time)) {
            try await Tool(named: "sleep").run(["600"], limits: limits)
        }
    }

    @Test(arguments: ["no-such-program", "", "."])
    func findOnlyProgramsOfTheSystemFolders(_ name: String) {
        #expect(!Tool.isInstalled(name))
    }
}
