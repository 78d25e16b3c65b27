import Compiler
import Kernel
import TestSupport
import Testing

@Suite(.needsRoot) struct NftablesBackendTests {
    @Test func commitLoadsAndCheckDoesNot() async throws {
        let namespace = try await NetworkNamespace.make()
        let program = NftablesProgram(text: "table inet wallwright { chain input {\n}\n}\n")
        try await NftablesBackend().check(program, in: namespace)
        #expect(try await rules(in: namespace) == "")
        try await NftablesBackend().commit(program, in: namespace)
        #expect(try await rules(in: namespace).contains("chain input"))
    }

    @Test func anErrorAtTheEndLoadsNothing() async throws {
        let namespace = try await NetworkNamespace.make()
        let program = NftablesProgram(
            text: "table inet wallwright { chain input {\n}\n}\nadd rule inet wallwright other accept\n"
        )
        await #expect(throws: CommitError.self) {
            try await NftablesBackend().commit(program, in: namespace)
        }
        #expect(try await rules(in: namespace) == "")
    }

    private func rules(in namespace: NetworkNamespace) async throws -> String {
        try await Tool(named: "nft").run(["list", "ruleset"], text: "", in: namespace)
    }
}
