package import Diagnostics
import Kernel
import PacketModel
import Policy

extension ChangePlan {
    /// The plan for programs; the keys are stable.
    package var json: JSONValue {
        .object([
            .init("changesNothing", .boolean(changesNothing)),
            .init("sentences", PlanSentence.json(sentences)),
            .init("admitted", .array(connections.admitted.map(Self.object))),
            .init(
                "cut",
                .array(
                    connections.cut.map { cut in
                        .object([
                            .init("connection", Self.object(cut.connection)),
                            .init("suggestion", .string(cut.suggestion.description)),
                        ])
                    }
                )
            ),
        ])
    }

    private static func object(_ connection: LiveConnection) -> JSONValue {
        .object([
            .init("protocol", .string(connection.transportProtocol.description)),
            .init("local", .string(connection.local.description)),
            .init("localPort", .integer(Int(connection.localPort))),
            .init("remote", .string(connection.remote.description)),
            .init("remotePort", .integer(Int(connection.remotePort))),
            .init("inbound", .boolean(connection.isInbound)),
            .init("interface", connection.interface.map(JSONValue.string) ?? .null),
            .init("process", connection.process.map(JSONValue.string) ?? .null),
        ])
    }
}

extension PlanSentence {
    /// For programs; the keys are stable.
    package static func json(_ sentences: [PlanSentence]) -> JSONValue { .array(sentences.map(object)) }

    private static func object(_ sentence: PlanSentence) -> JSONValue {
        .object([
            .init("kind", .string(sentence.kind.rawValue)),
            .init("direction", sentence.direction.map { .string($0.rawValue) } ?? .null),
            .init("text", .string(sentence.text)),
            .init("place", sentence.place.map(object) ?? .null),
            .init("advice", .array(sentence.advice.map(JSONValue.string))),
        ])
    }

    private static func object(_ place: PlanPlace) -> JSONValue {
        .object([
            .init("file", .string(place.file)),
            .init("line", .integer(place.line)),
            .init("others", .integer(place.others)),
            .init("live", .boolean(place.isLive)),
        ])
    }
}
