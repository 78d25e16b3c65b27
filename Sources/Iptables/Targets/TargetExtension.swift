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
        AuditTarget.self,
        ChecksumTarget.self,
        ClassifyTarget.self,
        ClusterIPTarget.self,
        ConnmarkTarget.self,
        CTTarget.self,
        DNATTarget.self,
        DSCPTarget.self,
        ECNTarget.self,
        HMARKTarget.self,
        HopLimitTarget.self,
        IdleTimerTarget.self,
        LEDTarget.self,
        LogTarget.self,
        MarkTarget.self,
        MasqueradeTarget.self,
        NetmapTarget.self,
        NFQueueTarget.self,
        PlainTarget.self,
        PrefixTranslationTarget.self,
        RateEstimatorTarget.self,
        RedirectTarget.self,
        RejectTarget.self,
        SecurityMarkTarget.self,
        SetTarget.self,
        SNATTarget.self,
        SYNPROXYTarget.self,
        TCPMSSTarget.self,
        TCPOPTSTRIPTarget.self,
        TEETarget.self,
        TOSTarget.self,
        TPROXYTarget.self,
        ULOGTarget.self,
    ]
}
