import FoundationEssentials
import PacketModel

/// Records, as JSON that a person can read.
extension StateFolder {
    func encode(_ value: some Encodable) throws -> [UInt8] { try StateJSON.encode(value) }

    func decode<Value: Decodable>(_: Value.Type, _ name: String) throws -> Value {
        guard let value = try decodeIfThere(Value.self, name) else {
            throw ChangeError.failed("\(place(name)) is missing")
        }
        return value
    }

    /// Nil when there is no such file; what is there and cannot be read, or not understood, is an error.
    func decodeIfThere<Value: Decodable>(_: Value.Type, _ name: String) throws -> Value? {
        guard let bytes = try read(name) else { return nil }
        do {
            return try StateJSON.decode(Value.self, bytes)
        } catch {
            throw ChangeError.failed("\(place(name)) is damaged, or of another version")
        }
    }
}

/// The JSON of the state: sorted keys, a line each, times as ISO 8601.
///
/// Times go by our own calendar: that of Foundation takes a boot milliseconds to get ready.
enum StateJSON {
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            let time = CalendarTime(seconds: UInt64(max(0, date.timeIntervalSince1970)))
            var container = encoder.singleValueContainer()
            try container.encode(time.dateAndTime + "Z")
        }
        return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }

    static func decode<Value: Decodable>(_: Value.Type, _ bytes: [UInt8]) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            guard let time = CalendarTime(try container.decode(String.self)) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "no time")
            }
            return Date(timeIntervalSince1970: TimeInterval(time.seconds))
        }
        return try decoder.decode(Value.self, from: Data(bytes))
    }
}
