extension FixedWidthInteger {
    /// The bytes in network order.
    package var bytes: [UInt8] {
        stride(from: bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: self >> Self($0)) }
    }

    /// The bytes in the order of this machine.
    package var hostBytes: [UInt8] { bigEndian.bytes }

    /// Reads as many bytes as the integer has, in network order.
    package init(_ bytes: ArraySlice<UInt8>) {
        self = bytes.prefix(Self.bitWidth / 8).reduce(0) { $0 << 8 | Self($1) }
    }
}

extension ArraySlice<UInt8> {
    /// An integer in the order of this machine, at an offset that the caller knows to be inside.
    package func hostOrder<Integer: FixedWidthInteger & BitwiseCopyable>(
        _: Integer.Type,
        at offset: Int
    ) -> Integer {
        unsafe withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: offset, as: Integer.self) }
    }
}
