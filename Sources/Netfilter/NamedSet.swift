package import PacketModel

/// A set of tuples of field values, or a map from them to verdicts.
///
/// The elements of a set of a million prefixes are two numbers each: what most of them share (a verdict, a
/// comment) stands once in ``attributes``.
package struct NamedSet: Sendable {
    /// What an element carries besides its key.
    package struct Attributes: Hashable, Sendable {
        package var verdict: Verdict?
        package var comment: String?
        /// The element is forgotten after so long; nil for never.
        package var secondsLeft: Int?

        package init(verdict: Verdict? = nil, comment: String? = nil, secondsLeft: Int? = nil) {
            self.verdict = verdict
            self.comment = comment
            self.secondsLeft = secondsLeft
        }
    }

    /// A set that rules fill at run time.
    package struct Dynamic: Hashable, Sendable {
        /// Elements are forgotten when they were not touched for so long.
        package var timeoutSeconds: Int
        /// When so many are in it, the kernel refuses new ones.
        package var size: Int

        package init(timeoutSeconds: Int, size: Int) {
            self.timeoutSeconds = timeoutSeconds
            self.size = size
        }
    }

    package let name: String
    /// The family of the addresses among the fields; nil when there are none.
    package let family: IPFamily?
    package let fields: [Field]
    /// The elements are looked up for their verdict.
    package let isMap: Bool
    /// Every element counts what it matches.
    package let hasCounters: Bool
    /// Elements may end by themselves.
    package let hasTimeouts: Bool
    package let dynamic: Dynamic?
    /// Addresses are looked up by this many of their leading bits; nil for all of them.
    package let prefixLength: Int?
    /// Elements come to it while it is live, so that it has no size.
    package let mayGrow: Bool
    package var comment: String?

    /// The keys, one interval for each field, element after element.
    package private(set) var bounds: [Interval<UInt128>] = []
    package private(set) var attributes: [Attributes] = []
    /// For each element, its place in ``attributes``.
    package private(set) var attributeIndices: [Int32] = []
    /// An element spans, or may come to span, more than one value of some field.
    package private(set) var hasIntervals: Bool

    package init(
        _ name: String,
        family: IPFamily?,
        fields: [Field],
        isMap: Bool = false,
        hasCounters: Bool = false,
        hasTimeouts: Bool = false,
        dynamic: Dynamic? = nil,
        prefixLength: Int? = nil,
        hasIntervals: Bool = false,
        mayGrow: Bool = false,
        comment: String? = nil
    ) {
        self.name = name
        self.family = family
        self.fields = fields
        self.isMap = isMap
        self.hasCounters = hasCounters
        self.hasTimeouts = hasTimeouts
        self.dynamic = dynamic
        self.prefixLength = prefixLength
        self.hasIntervals = hasIntervals
        self.mayGrow = mayGrow
        self.comment = comment
    }

    package var count: Int { attributeIndices.count }
    package var isEmpty: Bool { attributeIndices.isEmpty }

    /// Adds an element with one interval for each field.
    package mutating func append(_ key: [Interval<UInt128>], _ attributes: Attributes) {
        append(key, attributeIndex: register(attributes))
    }

    /// Adds an element whose attributes were registered before; for many that share theirs.
    package mutating func append(_ key: [Interval<UInt128>], attributeIndex: Int32) {
        assert(key.count == fields.count)
        bounds.append(contentsOf: key)
        attributeIndices.append(attributeIndex)
        hasIntervals = hasIntervals || !key.allSatisfy(\.isSingle)
    }

    /// The place of these attributes; the same as before when they are those last registered.
    package mutating func register(_ attributes: Attributes) -> Int32 {
        if self.attributes.last != attributes { self.attributes.append(attributes) }
        return Int32(self.attributes.count - 1)
    }

    /// The key of an element: one interval for each field.
    package func key(_ index: Int) -> ArraySlice<Interval<UInt128>> {
        bounds[index * fields.count..<(index + 1) * fields.count]
    }

    package func attributes(_ index: Int) -> Attributes {
        attributes[Int(attributeIndices[index])]
    }
}
