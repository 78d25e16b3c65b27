import Glibc
import Netlink
import Synchronization
import SystemPackage

/// A thread that runs one piece of work and ends.
///
/// Namespaces and file system users belong to a thread; on a thread of Swift's pool they would leak into
/// whatever runs there next.
enum OwnThread {
    /// Runs the work on a fresh thread and returns its value when that thread is done.
    ///
    /// Another thread waits for that one and tells. Whoever tells may wake the pool, and what the pool makes threads from
    /// is where they are born: after a few idle seconds it has none, and the next ones would live in the namespace of the
    /// work (clone(2)).
    static func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            do {
                let teller = try start { continuation.resume(with: outcome(of: work)) }
                pthread_detach(teller)
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    private final class Outcome<Value: Sendable>: Sendable {
        let result = Mutex<Result<Value, any Error>>(.failure(SystemError("pthread_join", .interrupted)))
    }

    /// Runs the work on a thread that does nothing else, and waits for its end.
    private static func outcome<Value: Sendable>(
        of work: @escaping @Sendable () throws -> Value
    ) -> Result<Value, any Error> {
        let outcome = Outcome<Value>()
        do {
            let worker = try start {
                let result = Result(catching: work)
                outcome.result.withLock { $0 = result }
            }
            pthread_join(worker, nil)
        } catch {
            return .failure(error)
        }
        return outcome.result.withLock { $0 }
    }

    private final class Work: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    private static func start(_ work: @escaping @Sendable () -> Void) throws(SystemError) -> pthread_t {
        let argument = unsafe Unmanaged.passRetained(Work(work))
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread,
            nil,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
                }
                return nil
            },
            argument.toOpaque()
        )
        guard status == 0 else {
            unsafe argument.release()
            throw SystemError("pthread_create", Errno(rawValue: status))
        }
        return thread
    }
}
