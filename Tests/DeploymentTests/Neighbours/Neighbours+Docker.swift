import PacketModel

extension Neighbours {
    /// Docker's chains (docs.docker.com, "Packet filtering and firewalls"; moby's libnetwork/drivers/bridge): one
    /// container that publishes its port 80 as 8080, a second bridge, and FORWARD shut.
    static func docker(_ family: IPFamily) -> String {
        let (network, container, host, reached) =
            switch family {
            case .ipv4: ("172.17.0.0/16", "172.17.0.2", "127.0.0.0/8", "172.17.0.2:80")
            case .ipv6: ("fd00:d0c::/64", "fd00:d0c::2", "::1", "[fd00:d0c::2]:80")
            }
        return """
            *nat
            :DOCKER - [0:0]
            [7:420] -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
            -A OUTPUT ! -d \(host) -m addrtype --dst-type LOCAL -j DOCKER
            [31:1900] -A POSTROUTING -s \(network) ! -o docker0 -j MASQUERADE
            -A POSTROUTING -s \(container) -d \(container) -p tcp -m tcp --dport 80 -j MASQUERADE
            -A DOCKER -i docker0 -j RETURN
            -A DOCKER -i br-4ae1b6c2a7d0 -j RETURN
            [7:420] -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination \(reached)
            COMMIT
            *filter
            :FORWARD DROP [5:300]
            :DOCKER - [0:0]
            :DOCKER-ISOLATION-STAGE-1 - [0:0]
            :DOCKER-ISOLATION-STAGE-2 - [0:0]
            :DOCKER-USER - [0:0]
            [1204:96320] -A FORWARD -j DOCKER-USER
            [1204:96320] -A FORWARD -j DOCKER-ISOLATION-STAGE-1
            [602:48160] -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            [7:420] -A FORWARD -o docker0 -j DOCKER
            [595:47740] -A FORWARD -i docker0 ! -o docker0 -j ACCEPT
            -A FORWARD -i docker0 -o docker0 -j ACCEPT
            -A FORWARD -o br-4ae1b6c2a7d0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            -A FORWARD -o br-4ae1b6c2a7d0 -j DOCKER
            -A FORWARD -i br-4ae1b6c2a7d0 ! -o br-4ae1b6c2a7d0 -j ACCEPT
            [7:420] -A DOCKER -d \(container) ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
            -A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
            -A DOCKER-ISOLATION-STAGE-1 -i br-4ae1b6c2a7d0 ! -o br-4ae1b6c2a7d0 -j DOCKER-ISOLATION-STAGE-2
            [1204:96320] -A DOCKER-ISOLATION-STAGE-1 -j RETURN
            -A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
            -A DOCKER-ISOLATION-STAGE-2 -o br-4ae1b6c2a7d0 -j DROP
            -A DOCKER-ISOLATION-STAGE-2 -j RETURN
            -A DOCKER-USER -s 192.0.2.66 -m comment --comment "what the admin wrote; not WALLWRIGHT-" -j DROP
            [1204:96320] -A DOCKER-USER -j RETURN
            COMMIT

            """.replacing("192.0.2.66", with: family == .ipv4 ? "192.0.2.66" : "2001:db8::66")
    }
}
