extension RuleOwner {
    /// Everybody who is known, one file each. The order decides where two could claim a rule.
    static let others: [RuleOwner] = [
        docker, podman, cni, kubeProxy, calico, cilium, flannel, libvirt, lxd, nspawn, networkManager,
        fail2ban,
        crowdSec, sshguard, tailscale, wgQuick, strongSwan, keepalived, miniupnpd, firewalld, ufw, csf,
        foomuuri,
    ]

    /// Those whose rules are left out.
    static func leftOut(everyone: Bool) -> [RuleOwner] { everyone ? [wallwright] : [wallwright] + others }
}
