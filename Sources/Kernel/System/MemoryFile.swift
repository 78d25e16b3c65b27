import CKernel
import Glibc
import Netlink
import SystemPackage

/// A file in memory that holds bytes for a program to read.
///
/// A program that stops reading early cannot break it, as it would break a pipe (SIGPIPE).
func memoryFile(holding bytes: [UInt8]) throws -> FileDescriptor {
    let descriptor = FileDescriptor(
        rawValue: try checked("memfd_create", unsafe kernel_memory_file("input"))
    )
    do {
        try descriptor.writeAll(bytes)
        try descriptor.seek(offset: 0, from: .start)
    } catch {
        try descriptor.close()
        throw error
    }
    return descriptor
}
