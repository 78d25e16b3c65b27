import Diagnostics
import PacketModel

/// A set as commands of ipset make it (ipset(8)).
package struct Ipset: Sendable {
    /// What was said when it was made.
    struct Head: Sendable {
        let kind: IpsetKind
        let options: IpsetOptions
    }

    let head: Head
    private(set) var elements: [IpsetElement: IpsetAttributes] = [:]
    /// In their order, which only lists of sets have.
    private(set) var order: [IpsetElement] = []
    /// What counters a bitmap had for elements that are gone: it goes on from there.
    private(set) var left: [IpsetElement: IpsetAttributes] = [:]
    /// It may hold others than these.
    package var isOpen = false

    init(_ kind: IpsetKind, _ options: IpsetOptions) {
        head = Head(kind: kind, options: options)
    }

    var kind: IpsetKind { head.kind }

    var options: IpsetOptions { head.options }

    /// `hash:net`
    package var type: String { kind.name }

    package var count: Int { elements.count }

    mutating func set(_ element: IpsetElement, _ attributes: IpsetAttributes) {
        if elements.updateValue(attributes, forKey: element) == nil, kind.storage == .list {
            order.append(element)
        }
    }

    mutating func insert(_ element: IpsetElement, _ attributes: IpsetAttributes, at place: Int) {
        elements[element] = attributes
        order.insert(element, at: place)
    }

    mutating func remove(_ element: IpsetElement) {
        if kind.storage == .bitmap, options.hasCounters { left[element] = elements[element] }
        elements[element] = nil
        if kind.storage == .list { order.removeAll { $0 == element } }
    }

    mutating func removeAll() {
        if kind.storage == .bitmap, options.hasCounters { left.merge(elements) { $1 } }
        (elements, order, isOpen) = ([:], [], false)
    }

    /// The element itself; for a single address that where nets are, the one with the longest prefix that it is in.
    func found(_ element: IpsetElement) -> IpsetAttributes? {
        if let own = elements[element] { return own }
        let width = options.family?.addressWidth ?? 32
        var wider = element
        guard kind.hasNets,
            let place = kind.dimensions.lastIndex(where: { if case .net = $0 { true } else { false } }),
            case .prefix(let address, width) = element.parts[place]
        else { return nil }
        for length in (0..<width).reversed() {
            wider.parts[place] = .prefix(address & IpsetAddress.mask(length, width), length: length)
            if let found = elements[wider] { return found }
        }
        return nil
    }

    /// The sets of a list.
    var members: [String] {
        order.compactMap { element in
            guard case .set(let name) = element.parts.first else { return nil }
            return name
        }
    }
}
