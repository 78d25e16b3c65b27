import Diagnostics
import Kernel
import Nftables

extension FmtCommand {
    /// Prints a file for nft, or says what nft or Wallwright has against it.
    func formatNftables(_ source: SourceFile) async throws {
        guard !fix, !noflush else {
            throw Failure(
                .refused,
                "--fix and --noflush are for rules of iptables, and \(source.name) is of nftables"
            )
        }
        let isInput = file == "-"
        let reading: NftFile.Reading
        do {
            reading = try await NftFile(source, path: isInput ? nil : file).read()
        } catch let refusal as NamespaceRefusal {
            guard OwnUserNamespace.isNeeded else { throw Failure(.systemFailed, "\(refusal)") }
            do {
                let arguments = Array(CommandLine.arguments.dropFirst())
                try OwnUserNamespace.startAgain(arguments, input: isInput ? source.bytes : nil)
            } catch {
                throw Failure(
                    .systemFailed,
                    "\(refusal)\ndo: run it as root; no user namespace can be made: \(error)"
                )
            }
            throw Failure(.systemFailed, "\(refusal)")
        } catch {
            throw Failure(.systemFailed, "\(source.name) is not read: \(error)")
        }
        let diagnostics: [Diagnostic]
        switch reading {
        case .text(let text):
            if json { return Terminal.output.answer(Self.document(of: [])) }
            return Terminal.output.write(file: text.utf8)
        case .refused(let refusals): diagnostics = refusals
        case .unread(let parts):
            diagnostics = parts.map {
                Diagnostic(code: "nftables.unread", "\($0.place) is not understood: \($0.name)")
            }
        }
        if json {
            Terminal.output.answer(Self.document(of: diagnostics))
        } else {
            RulesFile.report(diagnostics, in: file)
        }
        throw Failure(.refused, answer: .given)
    }
}
