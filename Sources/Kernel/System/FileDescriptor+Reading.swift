package import SystemPackage

extension FileDescriptor {
    /// What is left to read. Where there are more bytes than `most` it ends soon after, with more than so many.
    package func bytes(upTo most: Int = .max) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= most {
            let count = try unsafe buffer.withUnsafeMutableBytes { unsafe try read(into: $0) }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return bytes
    }
}
