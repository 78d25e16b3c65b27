/// The services that people run, one file a kind in `Catalogue/`.
package enum ServiceCatalogue {
    /// Every service, sorted by name.
    package static let all: [Service] = [
        web, mail, names, directory, databases, messaging, files, remote, vpn, clusters, monitoring, games,
        voice, media, home, network, desktop, development, peerToPeer,
    ].joined().sorted { $0.name < $1.name }

    /// The service of this name or alias.
    package static func named(_ name: some StringProtocol) -> Service? {
        byName[String(name)]
    }

    private static let byName: [String: Service] = Dictionary(
        all.flatMap { service in ([service.name] + service.aliases).map { ($0, service) } },
        uniquingKeysWith: { first, _ in first }
    )
}
