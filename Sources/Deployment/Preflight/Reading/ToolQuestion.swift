import Kernel

/// A run of a tool that changes nothing on the host.
struct ToolQuestion: Hashable, Sendable {
    var program: String
    var arguments: [String]
    var input: String
    /// Asked in a network namespace that is made for it and goes with it, where one can be made.
    var isIsolated: Bool

    /// A tool that takes longer is stuck; on a slow machine with many rules of others it needs some of this.
    private static let limits = Tool.Limits(time: .seconds(30))

    func ask(on namespace: NetworkNamespace?) async -> ToolAnswers.Answer {
        do throws(ToolError) {
            let tool = try Tool(named: program)
            let place = isIsolated ? try await scratch() ?? namespace : namespace
            return .success(try await tool.run(arguments, text: input, in: place, limits: Self.limits))
        } catch {
            return .failure(error)
        }
    }

    private func scratch() async throws(ToolError) -> NetworkNamespace? {
        do {
            return try await NetworkNamespace.makeIfPossible()
        } catch {
            throw .notRun(program: program, reason: "\(error)")
        }
    }
}
