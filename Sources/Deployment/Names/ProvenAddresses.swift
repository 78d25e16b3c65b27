import PacketModel
import Policy

/// The addresses that confirmed generations came from: nobody else shows as well from where the host is looked after.
struct ProvenAddresses {
    /// With the last generation that came from there.
    private(set) var generations: [IPAddress: Int] = [:]

    /// Of the generations that the state remembers; what cannot be read is an error, for it may be the one that counts.
    init(in folder: StateFolder) throws {
        for number in try folder.generationNumbers() where folder.outcome(number) == .confirmed {
            let authors = [try folder.generation(number).author, try folder.decision(number)?.author]
            for address in authors.compactMap({ $0?.address }).compactMap({ IPAddress($0) }) {
                generations[address] = number
            }
        }
    }
}
