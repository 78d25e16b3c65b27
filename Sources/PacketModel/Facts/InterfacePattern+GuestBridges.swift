extension [InterfacePattern] {
    /// The bridges that Docker, Podman, libvirt, LXD, Incus and CNI make for their guests.
    package static let guestBridges = [
        "docker0", "docker_gwbridge", "br-*", "podman*", "cni*", "cni-podman*", "virbr*", "lxdbr*", "lxcbr*",
        "incusbr*",
    ].compactMap(InterfacePattern.init)
}
