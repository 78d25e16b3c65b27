import PacketModel

extension Neighbours {
    /// libvirt's chains for a network of mode `nat` (libvirt.org, "Firewall and network filtering in libvirt").
    static func libvirt(_ family: IPFamily) -> String {
        let (network, reject, multicast) =
            switch family {
            case .ipv4: ("192.168.122.0/24", "icmp-port-unreachable", "224.0.0.0/24")
            case .ipv6: ("fd00:71b::/64", "icmp6-port-unreachable", "ff02::/16")
            }
        let broadcast =
            family == .ipv4 ? "-A LIBVIRT_PRT -s \(network) -d 255.255.255.255/32 -j RETURN\n" : ""
        return """
            *mangle
            :LIBVIRT_PRT - [0:0]
            [9:700] -A POSTROUTING -j LIBVIRT_PRT
            -A LIBVIRT_PRT -o virbr0 -p udp -m udp --dport 68 -j CHECKSUM --checksum-fill
            COMMIT
            *nat
            :LIBVIRT_PRT - [0:0]
            [9:700] -A POSTROUTING -j LIBVIRT_PRT
            -A LIBVIRT_PRT -s \(network) -d \(multicast) -j RETURN
            \(broadcast)-A LIBVIRT_PRT -s \(network) ! -d \(network) -p tcp -j MASQUERADE --to-ports 1024-65535
            -A LIBVIRT_PRT -s \(network) ! -d \(network) -p udp -j MASQUERADE --to-ports 1024-65535
            -A LIBVIRT_PRT -s \(network) ! -d \(network) -j MASQUERADE
            COMMIT
            *filter
            :LIBVIRT_FWI - [0:0]
            :LIBVIRT_FWO - [0:0]
            :LIBVIRT_FWX - [0:0]
            :LIBVIRT_INP - [0:0]
            :LIBVIRT_OUT - [0:0]
            [512:40960] -A INPUT -j LIBVIRT_INP
            -A FORWARD -j LIBVIRT_FWX
            -A FORWARD -j LIBVIRT_FWI
            -A FORWARD -j LIBVIRT_FWO
            [498:39840] -A OUTPUT -j LIBVIRT_OUT
            -A LIBVIRT_FWI -d \(network) -o virbr0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            -A LIBVIRT_FWI -o virbr0 -j REJECT --reject-with \(reject)
            -A LIBVIRT_FWO -s \(network) -i virbr0 -j ACCEPT
            -A LIBVIRT_FWO -i virbr0 -j REJECT --reject-with \(reject)
            -A LIBVIRT_FWX -i virbr0 -o virbr0 -j ACCEPT
            -A LIBVIRT_INP -i virbr0 -p udp -m udp --dport 53 -j ACCEPT
            -A LIBVIRT_INP -i virbr0 -p tcp -m tcp --dport 53 -j ACCEPT
            -A LIBVIRT_INP -i virbr0 -p udp -m udp --dport 67 -j ACCEPT
            -A LIBVIRT_INP -i virbr0 -p tcp -m tcp --dport 67 -j ACCEPT
            -A LIBVIRT_OUT -o virbr0 -p udp -m udp --dport 53 -j ACCEPT
            -A LIBVIRT_OUT -o virbr0 -p udp -m udp --dport 68 -j ACCEPT
            COMMIT

            """
    }
}
