package import PacketModel

/// A target of iptables: its syntax, and what it does.
package protocol TargetExtension: SendableMetatype {
    static var syntaxes: [ExtensionSyntax] { get }

    /// What becomes of a packet; nil for what the model does not know.
    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect?
}

extension TargetExtension {
    package static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? { nil }
}

/// Every target that Wallwright reads; a new one is a file of its own and a line here.
enum TargetRegistry {
    static let all: [any TargetExtension.Type] = [
        ChecksumTarget.self,
        ClassifyTarget.self,
        ConnmarkTarget.self,
        CTTarget.self,
        DNATTarget.self,
        DSCPTarget.self,
        HopLimitTarget.self,
        LogTarget.self,
        MarkTarget.self,
        MasqueradeTarget.self,
        NetmapTarget.self,
        NFQueueTarget.self,
        PlainTarget.self,
        RedirectTarget.self,
        RejectTarget.self,
        SNATTarget.self,
        TCPMSSTarget.self,
        TEETarget.self,
        TOSTarget.self,
    ]
}
