/// The memory that this process and its tools can still get.
package enum AvailableMemory {
    /// In bytes; nil where the kernel does not say (proc_meminfo(5), "MemAvailable"; cgroups(7)).
    package static func read(_ files: HostFiles = HostFiles()) -> Int? {
        guard let text = text("/proc/meminfo", files) else { return nil }
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
        return rooms(in: files).reduce(whole, min)
    }

    /// What is left to each control group that this process is in, the inner ones first. Version 2 alone: where version 1
    /// is used, the machine counts.
    private static func rooms(in files: HostFiles) -> [Int] {
        let line = text("/proc/self/cgroup", files)?.split(separator: "\n").first { $0.hasPrefix("0::/") }
        guard var parts = line?.dropFirst("0::/".count).split(separator: "/") else { return [] }
        var rooms: [Int] = []
        while true {
            let folder = (["/sys/fs/cgroup"] + parts.map(String.init)).joined(separator: "/")
            func number(_ name: String) -> Int? {
                text("\(folder)/\(name)", files).flatMap { Int($0.prefix { $0 != "\n" }) }
            }
            // Without a limit it says `max`.
            if let most = number("memory.max"), let used = number("memory.current") {
                // Of what is cached as much as needed is let go.
                let cached = text("\(folder)/memory.stat", files).map(inactiveFile) ?? 0
                rooms.append(max(0, most &- used &+ cached))
            }
            if parts.popLast() == nil { return rooms }
        }
    }

    /// What cannot be read says as little as what is not there: how much memory there is, is not known then.
    private static func text(_ path: String, _ files: HostFiles) -> String? {
        do { return try files.text(of: path) } catch { return nil }
    }

    private static func inactiveFile(_ text: String) -> Int {
        let line = text.split(separator: "\n").first { $0.hasPrefix("inactive_file ") }
        return line.flatMap { $0.split(separator: " ").last.flatMap { Int($0) } } ?? 0
    }
}
