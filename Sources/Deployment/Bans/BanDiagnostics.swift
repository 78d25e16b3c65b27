import Compiler
import Diagnostics
import Kernel
import PacketModel
import Policy

extension Policy {
    /// What is wrong where bans hold management, or the person's own session, out: no line of a policy lifts a ban.
    func banDiagnostics(_ list: BanList, _ session: LoginSession) -> [Diagnostic] {
        list.bans().compactMap { ban in
            let banned = AddressSet(ban.prefix)
            let holdsSession = session.connection.map { banned.contains($0.remote) } ?? false
            let holdsManagement = !banned.intersection(management.exemptSources ?? AddressSet()).isEmpty
            guard holdsSession || holdsManagement else { return nil }
            return Diagnostic(
                code: "policy.management.banned",
                "\(ban.prefix) is banned, and \(holdsSession ? "you come" : "management comes") from there",
                fix: "wallwright unban \(ban.prefix)"
            )
        }
    }
}
