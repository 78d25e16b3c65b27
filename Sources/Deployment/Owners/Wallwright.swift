import Kernel

extension RuleOwner {
    /// What is confirmed is on the disk already, and no file of others is to bring an older one back.
    static let wallwright = RuleOwner(
        name: "Wallwright",
        renewal: .ours,
        chains: ["WALLWRIGHT-*", "WALLWRIGHT_*"],
        sets: ["ww-*"],
        tables: ["wallwright", "wallwright_*"]
    )
}
