import Diagnostics
import PacketModel

extension Ipsets {
    /// `add`, `del` and `test`.
    mutating func changeElement(_ command: IpsetCommand, _ outcome: inout Outcome) throws(Refusal) {
        let name = command.words[0]
        // Only the head, so that the elements have one owner while they change.
        let set = try set(name).head
        if set.kind.storage == .list { return try changeList(command, set, &outcome) }
        let words = try IpsetElementWords(command.words[1], set, names)
        let isAdding = command.verb == .add
        var attributes = IpsetAttributes()
        if isAdding {
            attributes = try IpsetAttributes(command.words[2...], set)
        } else if command.words.count > 2, !(command.verb == .test && command.words[2...] == ["nomatch"]) {
            throw Refusal(
                "ipset.option.unknown",
                "an element that is looked for has no option \(command.words[2])"
            )
        }
        let layout = try IpsetLayout(words, of: set)
        attributes.mac = layout.mac
        // Taken out while it changes, so that nothing is copied.
        guard var changed = named.removeValue(forKey: name) else { return }
        defer { named[name] = changed }
        guard command.verb != .test else { return try test(layout, words, command, changed) }
        try layout.forEach { element throws(Refusal) in
            outcome.cost += 1
            if command.verb == .add {
                return try add(element, attributes, to: &changed, command.ignoresExisting, &outcome)
            }
            guard changed.elements[element] != nil else {
                if command.ignoresExisting || changed.isOpen { return }
                throw absent(element, changed)
            }
            changed.remove(element)
            outcome.hasChanged = true
        }
    }

    /// The kernel looks for the first element alone.
    private func test(
        _ layout: IpsetLayout,
        _ words: IpsetElementWords,
        _ command: IpsetCommand,
        _ set: Ipset
    )
        throws(Refusal)
    {
        guard let element = layout.first, !set.isOpen else { return }
        if words.hasRange || !set.kind.hasNets && command.words[1].contains("/") {
            // What a range asks is another thing from type to type.
            throw Refusal("ipset.open", "whether all of \(command.words[1]) is in the set is not known")
        }
        let found = set.found(element)
        let isException = found?.isException ?? false
        guard let found, isException == command.words[2...].contains("nomatch"),
            layout.mac == nil || found.mac == nil || found.mac == layout.mac
        else { throw absent(element, set) }
    }

    private func absent(_ element: IpsetElement, _ set: Ipset) -> Refusal {
        Refusal("ipset.absent", "\(element.text(set.options, names)) is not in the set")
    }

    private func add(
        _ element: IpsetElement,
        _ attributes: IpsetAttributes,
        to set: inout Ipset,
        _ ignoresExisting: Bool,
        _ outcome: inout Outcome
    ) throws(Refusal) {
        if set.kind.name == "bitmap:ip,mac", set.options.timeout != nil, attributes.mac == nil {
            // The kernel takes the time of an address without a hardware address for one that is over.
            set.isOpen = true
        }
        if let before = set.elements[element] {
            let learnsAddress = attributes.mac != nil && before.mac == nil
            guard ignoresExisting || learnsAddress else {
                if set.isOpen { return }
                throw Refusal("ipset.exists", "\(element.text(set.options, names)) is in the set already")
            }
            var new = attributes.taking(over: before)
            new.mac = attributes.mac ?? before.mac
            // What is learnt of an element leaves its time alone.
            if learnsAddress, !ignoresExisting, attributes.timeout == nil { new.timeout = before.timeout }
            set.set(element, new)
            outcome.hasChanged = true
            return
        }
        if set.kind.storage == .hash, UInt64(set.count) >= set.options.most, !set.isOpen {
            guard set.options.replaces, set.count > 0 else {
                throw Refusal("ipset.full", "the set is full: it has \(set.options.most) elements at most")
            }
            // Which one is thrown out is a matter of chance.
            set.isOpen = true
        }
        set.set(element, set.left[element].map { attributes.taking(over: $0) } ?? attributes)
        outcome.hasChanged = true
    }

    // MARK: Lists

    private mutating func changeList(_ command: IpsetCommand, _ set: Ipset.Head, _ outcome: inout Outcome)
        throws(Refusal)
    {
        var words = command.words[2...]
        var place: (word: String, name: String)?
        if let index = words.firstIndex(where: { ["before", "after", "--before", "--after"].contains($0) }) {
            guard index + 1 < words.endIndex else {
                throw Refusal("ipset.words", "\(words[index]) needs a word after it")
            }
            place = (
                words[index].hasPrefix("--") ? String(words[index].dropFirst(2)) : words[index],
                words[index + 1]
            )
            words = words[..<index] + words[(index + 2)...]
        }
        let attributes = try IpsetAttributes(command.verb == .add ? ArraySlice(words) : [], set)
        if command.verb != .add, let word = words.first {
            throw Refusal("ipset.option.unknown", "an element that is looked for has no option \(word)")
        }
        let name = command.words[0]
        let member = IpsetElement(parts: [.set(command.words[1])])
        for other in [command.words[1], place?.name].compactMap({ $0 }) {
            guard let inner = named[other] else {
                throw Refusal("ipset.unknown", "there is no set \(other) that a list could name")
            }
            guard inner.kind.storage != .list || other == place?.name else {
                throw Refusal("ipset.list", "a list of sets is no member of a list")
            }
        }
        guard var changed = named.removeValue(forKey: name) else { return }
        defer { named[name] = changed }
        try change(&changed, member, place, attributes, command, &outcome)
    }

    private func change(
        _ set: inout Ipset,
        _ member: IpsetElement,
        _ place: (word: String, name: String)?,
        _ attributes: IpsetAttributes,
        _ command: IpsetCommand,
        _ outcome: inout Outcome
    ) throws(Refusal) {
        let there = set.order.firstIndex(of: member)
        let other = place.map { IpsetElement(parts: [.set($0.name)]) }
        let otherPlace = other.flatMap { set.order.firstIndex(of: $0) }
        if command.verb == .add {
            if there != nil {
                guard command.ignoresExisting else {
                    throw Refusal("ipset.exists", "\(command.words[1]) is in the list already")
                }
                if let place, otherPlace == nil || otherPlace == there { throw notInList(place.name) }
                if let before = set.elements[member] { set.set(member, attributes.taking(over: before)) }
            } else if let place {
                guard let otherPlace else { throw notInList(place.name) }
                set.insert(member, attributes, at: place.word == "before" ? otherPlace : otherPlace + 1)
            } else {
                set.set(member, attributes)
            }
            outcome.hasChanged = true
            return
        }
        guard let there else {
            if command.verb == .del, command.ignoresExisting { return }
            throw Refusal("ipset.absent", "\(command.words[1]) is not in the list")
        }
        if let place {
            guard let otherPlace, otherPlace == (place.word == "before" ? there + 1 : there - 1) else {
                throw notInList(place.name)
            }
        }
        guard command.verb == .del else { return }
        set.remove(member)
        outcome.hasChanged = true
    }

    private func notInList(_ name: String) -> Refusal {
        Refusal("ipset.absent", "\(name) is not at that place of the list")
    }
}
