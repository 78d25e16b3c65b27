import ArgumentParser
import Diagnostics
import Iptables
import Kernel

/// Which iptables rules are printed for.
enum ReleaseOption: ExpressibleByArgument, Hashable, CaseIterable {
    case named(IptablesRelease)
    /// The one of this host.
    case installed

    static var allCases: [ReleaseOption] { IptablesRelease.allCases.map { .named($0) } + [.installed] }

    static var allValueStrings: [String] { allCases.map(\.text) }

    init?(argument: String) {
        guard let option = Self.allCases.first(where: { $0.text == argument }) else { return nil }
        self = option
    }

    var defaultValueDescription: String { text }

    private var text: String {
        switch self {
        case .named(let release): release.rawValue
        case .installed: "installed"
        }
    }

    private static let advice = "do: name the release: --as \(IptablesRelease.v1_8_11.rawValue)"

    /// - Throws: what the tool of this host says instead of its version.
    func release() async throws(Failure) -> IptablesRelease {
        if case .named(let release) = self { return release }
        let answer: String
        do {
            answer = try await Tool(named: "iptables").run(["--version"], text: "")
        } catch {
            throw Failure(.systemFailed, "cannot tell which iptables is installed: \(error)\n\(Self.advice)")
        }
        guard let release = IptablesRelease(answer: answer) else {
            let answer = answer.split(whereSeparator: \.isNewline).first.map(String.init) ?? "nothing"
            throw Failure(
                .systemFailed,
                "iptables --version says \"\(DisplayText.line(of: answer))\", where no version is\n\(Self.advice)"
            )
        }
        return release
    }
}
