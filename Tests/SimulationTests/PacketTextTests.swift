import Netfilter
import PacketModel
import TestSupport
import Testing

/// Packets in words and in JSON.
@Suite struct PacketTextTests {
    @Test(arguments: [
        (
            "tcp 198.51.100.7:40000 > 192.0.2.2:22 in eth0 state new flags syn",
            #"{"protocol":"tcp","source":"198.51.100.7","sourcePort":40000,"destination":"192.0.2.2","destinationPort":22,"in":"eth0","state":"new","flags":"syn"}"#
        ),
        (
            "udp [2001:db8::1]:53 > 2001:db8::2 out lan0 ttl 3 dscp 46 mark 0x10 length 100",
            #"{ "protocol" : 17, "source":"2001:db8::1","sourcePort":53,"destination":"2001:db8::2","out":"lan0","ttl":3,"dscp":46,"mark":"0x10","length":100 }"#
        ),
        (
            "icmp type 3 code 1 in eth0 out eth1 fragment true mac 02:00:00:00:00:0a time 1.5",
            #"{"protocol":"icmp","icmpType":3,"icmpCode":1,"in":"eth0","out":"eth1","fragment":true,"mac":"02:00:00:00:00:0a","time":1.5}"#
        ),
        ("udp time 2026-12-01T18:30", #"{"protocol":"udp","time":"2026-12-01 18:30:00"}"#),
        ("tcp flags fin,ack", #"{"protocol":"tcp","flags":["fin","ack"]}"#),
        ("tcp flags none state invalid", #"{"protocol":"tcp","flags":[],"state":"INVALID","mark":null}"#),
        ("family ipv6 protocol 47", #"{"family":"ipv6","protocol":47}"#), ("", "{}"),
    ])
    func `words and JSON say the same`(words: String, json: String) throws {
        let bytes = Array(json.utf8)
        var scanner = PacketScanner(bytes)
        let (first, second) = (try PacketText.read(words), try scanner.read(0..<bytes.count))
        #expect(first.packet == second.packet)
        #expect(first.time == second.time)
    }

    @Test func `what is printed is read again as the same packet`() throws {
        for words in [
            "", "udp > 192.0.2.9:53 out eth1", "icmpv6 type 1",
            "tcp [2001:db8::5]:1 > [2001:db8::6]:2 in a out b",
            "47 fragment first state untracked", "tcp flags none", "tcp time 2026-12-01T18:30:05",
        ] {
            let whole = try PacketText.read(words).completed
            let again = try PacketText.read(whole.text)
            #expect(again.packet == whole.packet, "\(whole.text)")
            #expect(again.time == whole.time, "\(whole.text)")
        }
    }

    @Test(arguments: [
        ("tpc > 192.0.2.2", 0..<3, "tpc is not a protocol"),
        ("tcp 192.0.2.2:99999", 4..<19, "nothing that a packet has"),
        ("tcp >", 4..<5, "an address comes after >"), ("tcp ttl 300", 8..<11, "from 0 to 255"),
        ("tcp state now", 10..<13, "is not a state"), ("tcp in", 4..<6, "needs a value"),
        ("tcp flags syn,foo", 10..<17, "foo is not a flag"),
        ("tcp mac 02:00", 8..<13, "not a hardware address"),
        ("tcp 192.0.2.1 > 2001:db8::1", 0..<27, "is not an address of"),
        ("tcp dscp 64", 9..<11, "from 0 to 63"),
        ("icmp > 2001:db8::1", 0..<18, "is not a protocol of"), ("tcp time noon", 9..<13, "is not a time"),
    ])
    func `what makes no sense is refused at its place`(words: String, range: Range<Int>, message: String)
        throws
    {
        let error = #expect(throws: UnreadablePacket.self) { try PacketText.read(words) }
        #expect(error?.range == range)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test(arguments: [
        "{", "{}x", "[]", #"{"soruce":"192.0.2.1"}"#, #"{"source":"192.0.2"}"#, #"{"source":192}"#,
        #"{"in":"#,
        #"{"in":"eth0}"#, #"{"sourcePort":70000}"#, #"{"sourcePort":-1}"#, #"{"flags":["syn"}"#,
        #"{"in":"a\u0041"}"#,
        #"{"sourcePort":99999999999999999999999}"#, #"{"state":"new",}"#, #"{"mark":nul}"#,
    ])
    func `JSON that is no packet is refused`(json: String) {
        let bytes = Array(json.utf8)
        var scanner = PacketScanner(bytes)
        let error = #expect(throws: UnreadablePacket.self) { try scanner.read(0..<bytes.count) }
        #expect(error?.range != nil)
    }

    @Test func `no bytes crash the reader`() throws {
        var random = SplitMix64(state: 7)
        let alphabet = Array(#"{}[]":,.0123456789truefalsnul \sourceprtinhk"#.utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            var scanner = PacketScanner(bytes)
            _ = try? scanner.read(0..<bytes.count)
            _ = try? PacketText.read(String(decoding: bytes, as: UTF8.self))
        }
    }
}
