import PacketModel

/// `REDIRECT`: to a port of this host (iptables-extensions(8)).
enum RedirectTarget {
    static func words(port: UInt16, in context: RuleContext) throws(Inexpressible) -> [String] {
        try context.checkTranslatesPorts()
        return ["-j", "REDIRECT", "--to-ports", "\(port)"]
    }
}

extension RuleContext {
    /// The targets that change a port refuse UDP-Lite (iptables 1.8.9: "Need TCP, UDP, SCTP or DCCP").
    func checkTranslatesPorts() throws(Inexpressible) {
        guard transportProtocol == .udplite else { return }
        throw Inexpressible("the port of udplite cannot be translated")
    }
}
