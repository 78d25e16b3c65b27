import Foundation
import Testing

/// A library that every program of one host loads (ld.so(8), "/etc/ld.so.preload"), in mounts that only its commands see.
enum PreloadedLibrary {
    /// Nil where the compiler, or a file system that lies over another, is missing.
    static func mounts(_ source: String, in folder: String) async throws -> PrivateMounts? {
        try source.write(toFile: "\(folder)/library.c", atomically: true, encoding: .utf8)
        let script = """
            cd '\(folder)'
            clang -shared -fPIC -o library.so library.c
            mkdir over work
            mount -t overlay -o lowerdir=/etc,upperdir=over,workdir=work overlay /etc
            echo '\(folder)/library.so' >/etc/ld.so.preload
            [ ! -d /run/systemd/system ] || mount -t tmpfs tmpfs /run/systemd
            """
        return try await PrivateMounts.make(by: script, in: folder)
    }
}
