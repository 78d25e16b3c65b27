import Kernel
import PacketModel
import Policy

/// The bridges of containers: a link stands for one, and a table of our own for the engine that publishes ports.
extension TrialPlan {
    mutating func addContainers() {
        guard let containers = policy.containers,
            let bridge = containers.bridges.first.map(WitnessScene.instance)
        else { return }
        let title = Self.title(containers.origin)
        for family in IPFamily.allCases {
            guard let guest = guestAddress(family) else { continue }
            let stranger = scene[family].strangers[0]
            let out = approach(from: guest, to: stranger, bridge, scene.anyInterface)
            if !meaning.isTranslated(out) { add(title, out.text + "  (outbound)", out) }
            let straight = approach(from: stranger, to: guest, scene.anyInterface, bridge)
            if !meaning.isTranslated(straight) {
                add(title, straight.text + "  (straight to a guest)", straight)
            }
            for entry in containers.published { addPublished(entry, guest, bridge) }
        }
    }

    /// The guest that the engine's table sends published ports to.
    func guestAddress(_ family: IPFamily) -> IPAddress? {
        guard let bridge = policy.containers?.bridges.first.map(WitnessScene.instance) else { return nil }
        return links.first { $0.name == bridge }?.outsideAddress(family)
    }

    /// What an engine would add to the kernel: published ports of one client go to the guest.
    package var engineTable: String? {
        guard let containers = policy.containers else { return nil }
        var rules: [String] = []
        for family in IPFamily.allCases {
            guard let guest = guestAddress(family) else { continue }
            let header = family == .ipv4 ? "ip" : "ip6"
            for (transportProtocol, port) in containers.published.flatMap({ Self.ports($0) }) {
                rules.append(
                    "iifname \"\(scene.anyInterface)\" \(transportProtocol) dport \(port) \(header) daddr "
                        + "\(scene[family].host) dnat \(header) to \(guest)"
                )
            }
        }
        guard !rules.isEmpty else { return nil }
        let body = rules.map { "        \($0)\n" }.joined()
        return
            "table inet engine {\n    chain prerouting {\n        type nat hook prerouting priority dstnat - 1;\n"
            + body + "    }\n}\n"
    }

    private mutating func addPublished(_ entry: Containers.Published, _ guest: IPAddress, _ bridge: String) {
        let family = guest.family
        let title = Self.title(entry.origin)
        for (transportProtocol, port) in Self.ports(entry) {
            for source in [source(in: entry.source, family), scene[family].strangers[1]].compactMap(\.self) {
                var asked = approach(from: source, to: guest, scene.anyInterface, bridge)
                asked.transportProtocol = transportProtocol
                asked.member = port
                asked.isTranslated = true
                asked.askedDestination = scene[family].host
                addTranslated(asked, to: guest, title)
                (asked.isTranslated, asked.askedDestination) = (false, nil)
                if !meaning.isTranslated(asked) {
                    add(title, asked.text + "  (straight to a guest)", asked)
                }
            }
        }
    }

    private mutating func addTranslated(_ asked: Approach, to guest: IPAddress, _ title: String) {
        var packet = asked
        packet.destination = scene[guest.family].host
        let probe = Probe.forwarded(
            packet.packet(number: nextNumber()),
            on: scene.anyInterface,
            leaving: asked.outputInterface ?? "",
            destination: guest
        )
        add(title, packet.text + "  (published)", asked, by: probe, meaning.expectation(asked))
    }

    /// What engines publish: not every kernel translates the ports of other protocols.
    private static func ports(_ entry: Containers.Published) -> [(IPProtocol, UInt16)] {
        let translated = entry.services.members.filter { [.tcp, .udp].contains($0.key) }
        return translated.sorted { $0.key < $1.key }.flatMap { transportProtocol, ports in
            ports.intervals.prefix(2).map { (transportProtocol, max($0.lower, 1)) }
        }
    }

    private func approach(
        from source: IPAddress,
        to destination: IPAddress,
        _ input: String,
        _ output: String
    ) -> Approach {
        Approach(
            direction: .forward,
            transportProtocol: .tcp,
            member: 4_242,
            source: source,
            destination: destination,
            inputInterface: input,
            outputInterface: output
        )
    }
}
