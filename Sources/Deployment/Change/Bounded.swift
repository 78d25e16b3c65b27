/// Work that may not end.
enum Bounded {
    /// What the work gives; when it takes longer it is cancelled, and that is thrown.
    static func work<Value: Sendable>(
        _ limit: Duration,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() ?? nil else {
                throw ChangeError.failed("it took longer than \(limit)")
            }
            return value
        }
    }
}
