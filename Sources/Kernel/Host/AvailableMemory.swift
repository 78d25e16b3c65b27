package import Netlink

/// The memory that this process and its tools can still get.
package enum AvailableMemory {
    /// In bytes; nil where the kernel does not say (proc_meminfo(5), "MemAvailable"; cgroups(7)). Throws where it says so
    /// and cannot be read.
    package static func read(_ files: HostFiles = HostFiles()) throws(SystemError) -> Int? {
        guard let text = try files.text(of: "/proc/meminfo") else { return nil }
        var kibibytes: [Substring: Int] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(whereSeparator: { $0 == ":" || $0 == " " })
            guard words.count > 1, let number = Int(words[1]) else { continue }
            kibibytes[words[0]] = number
        }
        guard let free = kibibytes["MemAvailable"] else { return nil }
        let (sum, isTooLarge) = free.addingReportingOverflow(kibibytes["SwapFree"] ?? 0)
        let (machine, overflows) = sum.multipliedReportingOverflow(by: 1_024)
        let whole = isTooLarge || overflows ? Int.max : machine
        return try rooms(in: files).reduce(whole, min)
    }

    /// What is left to each control group that this process is in, the inner ones first. Version 2 alone: where version 1
    /// is used, the machine counts.
    private static func rooms(in files: HostFiles) throws(SystemError) -> [Int] {
        let groups = try files.text(of: "/proc/self/cgroup") ?? ""
        let line = groups.split(separator: "\n").first { $0.hasPrefix("0::/") }
        guard var parts = line?.dropFirst("0::/".count).split(separator: "/") else { return [] }
        var rooms: [Int] = []
        while true {
            let folder = (["/sys/fs/cgroup"] + parts.map(String.init)).joined(separator: "/")
            func number(_ name: String) throws(SystemError) -> Int? {
                let text = try files.text(of: "\(folder)/\(name)") ?? ""
                return Int(text.prefix { $0 != "\n" })
            }
            // Without a limit it says `max`.
            if let most = try number("memory.max"), let used = try number("memory.current") {
                // Of what is cached as much as needed is let go.
                let cached = inactiveFile(try files.text(of: "\(folder)/memory.stat") ?? "")
                rooms.append(max(0, most &- used &+ cached))
            }
            if parts.popLast() == nil { return rooms }
        }
    }

    private static func inactiveFile(_ text: String) -> Int {
        let line = text.split(separator: "\n").first { $0.hasPrefix("inactive_file ") }
        return line.flatMap { $0.split(separator: " ").last.flatMap { Int($0) } } ?? 0
    }
}
