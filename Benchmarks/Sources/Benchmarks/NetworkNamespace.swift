import CTraffic
import Glibc

/// A network namespace that nobody else knows of: it ends with the last descriptor of it.
final class NetworkNamespace {
    let descriptor: Int32

    init() throws {
        let home = try SystemFailure.check("open the current namespace", traffic_current_namespace())
        defer { close(home) }
        descriptor = try SystemFailure.check("unshare", traffic_new_namespace())
        _ = try SystemFailure.check("setns", traffic_enter_namespace(home))
    }

    deinit { close(descriptor) }

    /// Does `body` in this namespace; the caller is back where it was afterwards.
    func run<Value>(_ body: () throws -> Value) throws -> Value {
        let home = try SystemFailure.check("open the current namespace", traffic_current_namespace())
        defer { close(home) }
        _ = try SystemFailure.check("setns", traffic_enter_namespace(descriptor))
        let result = Result(catching: body)
        _ = try SystemFailure.check("setns", traffic_enter_namespace(home))
        return try result.get()
    }

    /// The name by which `ip link … netns` finds it.
    var path: String { "/proc/\(getpid())/fd/\(descriptor)" }
}
