import Compiler
import PacketModel

extension IptablesBackend {
    /// Fills the sets and chains of the program and puts its jumps first, and empties the chains of the other program
    /// that this one has not got: all from memory. Each family is tried; throws the first error.
    func bringBack(
        _ program: IptablesProgram,
        over other: IptablesProgram?,
        in namespace: NetworkNamespace?
    ) async throws(ToolError) {
        if !program.ipset.isEmpty {
            guard let ipset = tools.ipset else { throw ToolError.notFound(program: "ipset") }
            try await ipset.run(
                ["restore", "-exist"],
                text: program.ipset,
                in: namespace,
                holding: tools.lock,
                limits: tools.limits
            )
        }
        var first: ToolError?
        for family in IPFamily.allCases {
            let text = program[family].text(emptying: other?[family])
            if text.isEmpty { continue }
            do throws(ToolError) {
                try await tools.add(text, family, in: namespace)
            } catch {
                first = first ?? error
            }
        }
        if let first { throw first }
    }

    /// Makes the jumps of the program the first rules, each once, and takes away the chains, jumps and sets that it has
    /// not got. The chains that it has stay as they are.
    func tidy(_ program: IptablesProgram, in namespace: NetworkNamespace?) async throws(ToolError) {
        for family in IPFamily.allCases {
            let text = program[family].tidying(try await tools.state(family, in: namespace))
            if !text.isEmpty { try await tools.add(text, family, in: namespace) }
        }
        await destroyUnusedSets(besides: program, in: namespace)
    }
}
