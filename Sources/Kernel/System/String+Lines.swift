/// Long listings are split by bytes: to split by characters, each character is looked at for what may combine with it.
extension StringProtocol where SubSequence == Substring {
    /// The lines that are not empty.
    var listedLines: [Substring] { split(at: UInt8(ascii: "\n")) }

    /// The words between spaces.
    var listedWords: [Substring] { split(at: UInt8(ascii: " ")) }

    private func split(at separator: UInt8) -> [Substring] {
        let text = Substring(self)
        return text.utf8.split(separator: separator).map { text[$0.startIndex..<$0.endIndex] }
    }
}
