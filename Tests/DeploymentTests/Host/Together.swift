/// Does the same for all of them, at most some at a time; throws the first error when all have ended.
func together<Element: Sendable>(
    _ elements: [Element],
    atMost limit: Int = 6,
    _ work: @escaping @Sendable (Element) async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for (number, element) in elements.enumerated() {
            if number >= limit { try await group.next() }
            group.addTask { try await work(element) }
        }
        try await group.waitForAll()
    }
}
