import Kernel

/// Asks each question once, however many checks want the answer.
actor ToolAnswers {
    typealias Answer = Result<String, ToolError>

    private let ask: @Sendable (ToolQuestion) async -> Answer
    private var tasks: [ToolQuestion: Task<Answer, Never>] = [:]

    init(_ ask: @escaping @Sendable (ToolQuestion) async -> Answer) {
        self.ask = ask
    }

    func answer(to question: ToolQuestion) async -> Answer {
        if let task = tasks[question] { return await task.value }
        let task = Task { [ask] in await ask(question) }
        tasks[question] = task
        return await task.value
    }
}

extension Result<String, ToolError> {
    /// Nil when the tool gave none.
    var text: String? {
        switch self {
        case .success(let text): text
        case .failure: nil
        }
    }

    /// Why a tool that is installed gave no answer.
    var refusal: ToolError? {
        switch self {
        case .success, .failure(.notFound): nil
        case .failure(let error): error
        }
    }
}
