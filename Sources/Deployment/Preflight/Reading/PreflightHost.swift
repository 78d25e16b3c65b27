import Kernel
import SystemPackage

/// What the checks read: files, and what tools say. Tests give both from samples.
struct PreflightHost: Sendable {
    let request: PreflightRequest
    let files: HostTree
    let isInstalled: @Sendable (String) -> Bool
    private let answers: ToolAnswers

    init(_ request: PreflightRequest) {
        self.init(request, isInstalled: Tool.isInstalled) { await $0.ask(on: request.namespace) }
    }

    init(
        _ request: PreflightRequest,
        isInstalled: @escaping @Sendable (String) -> Bool,
        asking: @escaping @Sendable (ToolQuestion) async -> ToolAnswers.Answer
    ) {
        self.request = request
        files = HostTree(root: request.root.string, namespace: request.namespace)
        self.isInstalled = isInstalled
        answers = ToolAnswers(asking)
    }

    /// Whether it is the machine that this process runs on, and no sample of one.
    var isThisMachine: Bool { request.root == "/" }

    /// What a tool says on its standard output; the words of a command.
    func answer(_ words: [String]) async -> ToolAnswers.Answer {
        await answers.answer(
            to: ToolQuestion(
                program: words.first ?? "",
                arguments: Array(words.dropFirst()),
                input: "",
                isIsolated: false
            )
        )
    }

    /// What a tool says on its standard output.
    func answer(
        _ program: String,
        _ arguments: String...,
        input: String = "",
        isolated: Bool = false
    ) async -> ToolAnswers.Answer {
        await answers.answer(
            to: ToolQuestion(program: program, arguments: arguments, input: input, isIsolated: isolated)
        )
    }
}
