import PacketModel
import Policy

/// Packets of a box in words: `ssh from 192.0.2.5 on eth0`.
struct BoxWords {
    let direction: Direction
    let interfaces: InterfaceWords
    /// What the baseline passes under both policies: nobody needs to hear of it.
    private let baselineServices: IntervalSet<UInt64>
    private let baselineInterfaces: IntervalSet<UInt64>

    /// `baseline` are the parts that are on in both policies.
    init(_ direction: Direction, _ interfaces: InterfaceWords, _ baseline: Baseline) {
        self.direction = direction
        self.interfaces = interfaces
        var types: IntervalSet<UInt16> = []
        if direction != .forward {
            if baseline.has(.neighbourDiscovery) { types = types.union(ICMPKinds.neighbourDiscovery) }
            if baseline.has(.multicastListener) { types = types.union(ICMPKinds.multicastListener) }
        }
        baselineServices = IntervalSet(ServiceSet(.icmpv6, types))
        baselineInterfaces = baseline.has(.loopback) ? interfaces.loopback : []
    }

    /// Says a cell of a line's box; what the baseline takes out of the box is not mentioned.
    func text(_ cell: PacketBox, of box: PacketBox, title: String = "") -> String {
        text(filled(cell, of: box), title: title)
    }

    /// The cells are the whole of the box, the baseline left aside.
    func isWhole(_ cells: [PacketBox], of box: PacketBox) -> Bool {
        cells.count == 1 && cells.allSatisfy { filled($0, of: box) == box }
    }

    /// What a line adds to the baseline; all of it where it adds nothing.
    func beyondBaseline(_ box: PacketBox) -> PacketBox {
        var rest = box
        rest.services = box.services.subtracting(baselineServices)
        switch direction {
        case .inbound: rest.inputs = box.inputs.subtracting(baselineInterfaces)
        case .outbound: rest.outputs = box.outputs.subtracting(baselineInterfaces)
        case .forward: break
        }
        return rest.isEmpty ? box : rest
    }

    private func filled(_ cell: PacketBox, of box: PacketBox) -> PacketBox {
        var cell = cell
        cell.services = filled(cell.services, baselineServices, of: box.services)
        switch direction {
        case .inbound: cell.inputs = filled(cell.inputs, baselineInterfaces, of: box.inputs)
        case .outbound: cell.outputs = filled(cell.outputs, baselineInterfaces, of: box.outputs)
        case .forward: break
        }
        return cell
    }

    /// With what nobody needs to hear of, where the words get shorter by it.
    private func filled(
        _ set: IntervalSet<UInt64>,
        _ extra: IntervalSet<UInt64>,
        of whole: IntervalSet<UInt64>
    ) -> IntervalSet<UInt64> {
        if set == whole { return set }
        let both = set.union(extra.intersection(whole))
        // Sets with 0 in them are told by what is not in them.
        return both == whole || set.contains(0) ? both : set
    }

    func text(_ box: PacketBox, title: String = "") -> String {
        let (isFar, isNear) = direction == .outbound ? ("to", "from") : ("from", "to")
        var words = [ServiceWords(box.services, title: title).text]
        words.append("\(isFar) \(AddressWords.text(box.remote.said(with: box.local)))")
        let local = box.local.said(with: box.remote)
        if local != .everywhere, !Self.isWholeFamily(local) {
            words.append("\(isNear) \(AddressWords.text(local))")
        }
        words += [input(box)].compactMap(\.self)
        if direction == .forward, box.translation == [1], interfaces.isBridges(box.outputs) {
            words.append("to published ports")
        } else {
            words += [translation(box), output(box)].compactMap(\.self)
        }
        words += [users(box.users)].compactMap(\.self)
        return words.joined(separator: " ")
    }

    /// The remote addresses tell the family already.
    private static func isWholeFamily(_ addresses: AddressSet) -> Bool {
        IPFamily.allCases.allSatisfy { addresses[$0].isEmpty || addresses[$0] == AddressSet.everywhere[$0] }
    }

    private func translation(_ box: PacketBox) -> String? {
        guard direction == .forward, box.translation != PacketBox.everyTranslation else { return nil }
        return box.translation.contains(1) ? "to published ports" : "to ports not published"
    }

    private func input(_ box: PacketBox) -> String? {
        interfaces.text(box.inputs).map { direction == .forward ? "in by \($0)" : "on \($0)" }
    }

    private func output(_ box: PacketBox) -> String? {
        interfaces.text(box.outputs).map { direction == .forward ? "out by \($0)" : "on \($0)" }
    }

    private func users(_ users: IntervalSet<UInt64>) -> String? {
        if users == PacketBox.everyUser { return nil }
        if users == [0] { return "by the kernel" }
        let isBut = users.contains(0)
        let named = isBut ? PacketBox.everyUser.subtracting(users) : users
        let words = named.intervals.map { user in
            user.isSingle ? "\(user.lower - 1)" : "\(user.lower - 1)-\(user.upper - 1)"
        }
        let noun = named.intervals.count == 1 && words.first?.contains("-") == false ? "user" : "users"
        return "by \(isBut ? "anyone but " : "")\(noun) \(WordList.text(words))"
    }
}

extension AddressSet {
    /// Only what pairs with addresses of the other side, whose family is the same.
    fileprivate func said(with other: AddressSet) -> AddressSet { inFamilies(of: other) }
}
