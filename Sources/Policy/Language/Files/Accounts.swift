/// The users of the host by name, as passwd(5) lists them.
struct Accounts: Sendable {
    let numbers: [String: UInt32]

    /// In bytes.
    private static let largest = 16 << 20

    init(path: String, owners: TrustedOwners) throws(FileProblem) {
        let bytes = try TrustedFile(path, owners: owners, largest: Self.largest).read(
            path,
            largest: Self.largest
        )
        self.init(bytes)
    }

    init(_ bytes: [UInt8]) {
        var numbers: [String: UInt32] = [:]
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count >= 3, let number = UInt32(String(decoding: fields[2], as: UTF8.self)) else {
                continue
            }
            // The first line of a name counts, as for getpwnam(3).
            let name = String(decoding: fields[0], as: UTF8.self)
            if numbers[name] == nil { numbers[name] = number }
        }
        self.numbers = numbers
    }
}
