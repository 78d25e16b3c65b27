import CYaml
import Diagnostics

/// The events of libyaml, one by one, with places in bytes.
///
/// Safe: the parser and its input are owned here alone and freed together.
@safe struct YAMLEvents: ~Copyable {
    enum Event {
        case scalar(YAMLScalar)
        case sequenceStart
        case sequenceEnd
        case mappingStart
        case mappingEnd
        case streamStart
        case documentStart
        case documentEnd
        case streamEnd
        /// An alias, or a node that carries an anchor or a tag; the word says which.
        case refused(String)
    }

    struct Located {
        let event: Event
        let range: SourceRange
    }

    /// What libyaml says about a text that is no YAML.
    struct SyntaxError: Error {
        let problem: String
        let offset: Int
        /// What it was reading then, and where that began.
        let context: (text: String, offset: Int)?
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    /// libyaml reads from this copy, which lives as long as the parser.
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let offsets: CharacterOffsets

    init(_ bytes: [UInt8]) {
        offsets = CharacterOffsets(bytes)
        unsafe input = UnsafeMutableBufferPointer.allocate(capacity: max(1, bytes.count))
        _ = unsafe input.initialize(from: bytes)
        unsafe parser = UnsafeMutablePointer.allocate(capacity: 1)
        unsafe yaml_parser_initialize(parser)
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe input.deallocate()
    }

    mutating func next() throws(SyntaxError) -> Located {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
        defer { unsafe yaml_event_delete(&event) }
        let range = unsafe SourceRange(offset(event.start_mark), offset(event.end_mark))
        return unsafe Located(event: Self.read(event), range: range)
    }

    private func offset(_ mark: yaml_mark_t) -> Int {
        offsets.byteOffset(ofCharacter: Int(mark.index))
    }

    private func syntaxError() -> SyntaxError {
        let parser = unsafe self.parser.pointee
        let problem = unsafe parser.problem.map { unsafe String(cString: $0) } ?? "out of memory"
        if unsafe parser.error == YAML_READER_ERROR {
            return unsafe SyntaxError(problem: problem, offset: Int(parser.problem_offset), context: nil)
        }
        let context = unsafe parser.context.map {
            unsafe (text: String(cString: $0), offset: offset(parser.context_mark))
        }
        return unsafe SyntaxError(problem: problem, offset: offset(parser.problem_mark), context: context)
    }

    private static func read(_ event: yaml_event_t) -> Event {
        switch unsafe event.type {
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            if unsafe scalar.anchor != nil { return .refused("anchor") }
            if unsafe scalar.tag != nil { return .refused("tag") }
            let text = unsafe String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length),
                as: UTF8.self
            )
            return unsafe .scalar(YAMLScalar(text, style(scalar.style)))
        case YAML_SEQUENCE_START_EVENT:
            let start = unsafe event.data.sequence_start
            return unsafe refusal(anchor: start.anchor, tag: start.tag) ?? .sequenceStart
        case YAML_MAPPING_START_EVENT:
            let start = unsafe event.data.mapping_start
            return unsafe refusal(anchor: start.anchor, tag: start.tag) ?? .mappingStart
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        case YAML_STREAM_START_EVENT: return .streamStart
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_ALIAS_EVENT: return .refused("alias")
        case YAML_STREAM_END_EVENT, YAML_NO_EVENT: return .streamEnd
        default: return .refused("event of an unknown kind")
        }
    }

    private static func refusal(
        anchor: UnsafeMutablePointer<yaml_char_t>?,
        tag: UnsafeMutablePointer<yaml_char_t>?
    ) -> Event? {
        if unsafe anchor != nil { return .refused("anchor") }
        return unsafe tag != nil ? .refused("tag") : nil
    }

    private static func style(_ style: yaml_scalar_style_t) -> YAMLScalar.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE, YAML_DOUBLE_QUOTED_SCALAR_STYLE: .quoted
        case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
        default: .plain
        }
    }
}
