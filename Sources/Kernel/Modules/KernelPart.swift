import Compiler

/// A part of the kernel that a firewall needs and that may not be there, with the smallest rules that need it, too.
package struct KernelPart: Hashable, Sendable {
    /// What has it, for modprobe(8).
    package var module: String
    /// The run of a tool that the kernel refuses where the part is missing.
    var program: String
    var arguments: [String]
    var text: String
    /// What keeps the run from changing anything, where no namespace can be made for it.
    var dryOption: String?

    /// Whether the kernel has not got it; the tool itself is there.
    package var isMissing: Bool {
        get async {
            do {
                let scratch = try await NetworkNamespace.makeIfPossible()
                let dry = scratch == nil ? [dryOption].compactMap(\.self) : []
                try await Tool(named: program).run(arguments + dry, text: text, in: scratch)
                return false
            } catch let error as ToolError {
                if case .failed = error { return true }
                return false
            } catch {
                return false
            }
        }
    }
}

extension Firewall {
    /// What of the kernel it needs that may be a module of its own, each part once.
    package var kernelParts: [KernelPart] {
        var parts = nftables?.kernelParts ?? []
        for (variant, program) in iptables.sorted(by: { $0.key.rawValue > $1.key.rawValue }) {
            parts += program.kernelParts(variant)
        }
        return parts
    }

    /// The modules that this kernel lacks of those; empty where it has them all.
    package var missingModules: [String] {
        get async {
            var result: [String] = []
            for part in kernelParts where !result.contains(part.module) {
                if await part.isMissing { result.append(part.module) }
            }
            return result
        }
    }
}
