/// A packet in words: `tcp 198.51.100.7:40000 > 192.0.2.2:22 in eth0 state new flags syn`.
package enum PacketText {
    package static func read(_ text: String) throws(UnreadablePacket) -> PacketDescription {
        var packet = PacketDescription()
        var words = words(of: text)[...]
        var isFirst = true
        while let word = words.popFirst() {
            do throws(UnreadablePacket) {
                try read(word.text, isFirst: isFirst, &words, into: &packet)
            } catch {
                throw error.at(word.range)
            }
            isFirst = false
        }
        if let contradiction = packet.contradiction {
            throw UnreadablePacket(contradiction, at: 0..<text.utf8.count)
        }
        return packet
    }

    private static func read(
        _ word: String,
        isFirst: Bool,
        _ words: inout ArraySlice<(text: String, range: Range<Int>)>,
        into packet: inout PacketDescription
    ) throws(UnreadablePacket) {
        if let key = PacketKey(name: word) {
            guard let value = words.popFirst() else {
                throw UnreadablePacket("\(word) needs a value after it")
            }
            do throws(UnreadablePacket) {
                try key.read(value.text, into: &packet)
            } catch {
                throw error.at(value.range)
            }
        } else if word == ">" || word == "->" {
            guard let value = words.popFirst() else {
                throw UnreadablePacket("an address comes after \(word)")
            }
            guard let (address, port) = endpoint(value.text) else {
                throw UnreadablePacket("\(value.text) is not an address", at: value.range)
            }
            (packet.destination, packet.destinationPort) = (address, port)
        } else if let (address, port) = endpoint(word) {
            (packet.source, packet.sourcePort) = (address, port)
        } else if isFirst {
            packet.transportProtocol = try PacketKey.transportProtocol(word)
        } else {
            throw UnreadablePacket("\(word) is nothing that a packet has")
        }
    }

    /// `192.0.2.2`, `192.0.2.2:22`, `2001:db8::1`, `[2001:db8::1]:22`.
    private static func endpoint(_ text: String) -> (IPAddress, UInt16?)? {
        if let address = IPAddress(text) { return (address, nil) }
        if let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) {
            var host = text[..<colon]
            if host.first == "[", host.last == "]" { host = host.dropFirst().dropLast() }
            if let address = IPAddress(host) { return (address, port) }
        }
        return nil
    }

    private static func words(of text: String) -> [(text: String, range: Range<Int>)] {
        let bytes = Array(text.utf8)
        return bytes.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A }).map {
            (String(decoding: $0, as: UTF8.self), $0.startIndex..<$0.endIndex)
        }
    }
}

extension PacketTime {
    fileprivate var text: String {
        isDate
            ? CalendarTime(seconds: nanoseconds / 1_000_000_000).dateAndTime : "\(Double(nanoseconds) / 1e9)"
    }
}

extension PacketDescription {
    /// In the words that ``PacketText`` reads, with everything that it has.
    package var text: String {
        func end(_ address: IPAddress?, _ port: UInt16?) -> String {
            let host = address.map { "\($0)" } ?? "?"
            guard let port else { return host }
            return address?.family == .ipv6 ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
        var words = ["\(transportProtocol.map { "\($0)" } ?? "ip")"]
        words += [end(source, sourcePort), ">", end(destination, destinationPort)]
        func say(_ key: PacketKey, _ value: String?) {
            if let value { words += [key.rawValue, value] }
        }
        say(.in, inputInterface)
        say(.out, outputInterface)
        say(.state, state.map { "\($0)" })
        say(.flags, flags.map { $0.isEmpty ? "none" : $0.names.joined(separator: ",") })
        say(.icmpType, icmpType.map(String.init))
        say(.icmpCode, icmpCode.map(String.init))
        say(.length, length.map(String.init))
        say(.ttl, hopLimit.map(String.init))
        say(.dscp, dscp.map(String.init))
        say(.mark, mark.map(String.init))
        say(.fragment, fragment.map { "\($0)" })
        say(.time, time?.text)
        return words.joined(separator: " ")
    }
}
