import Diagnostics
import PacketModel

/// `sets:`, names for addresses.
enum SetsSection {
    static let localNetworksName = "local-networks"

    /// Private and link-local addresses: RFC 1918, RFC 3927, RFC 4193, RFC 4291 section 2.5.6.
    static let localNetworks: AddressSet = {
        let written = [
            ("10.0.0.0", 8), ("172.16.0.0", 12), ("192.168.0.0", 16), ("169.254.0.0", 16), ("fc00::", 7),
            ("fe80::", 10),
        ]
        return AddressSet(
            written.compactMap { text, length in
                IPAddress(text).flatMap { Prefix(of: $0, length: length) }
            }
        )
    }()

    /// Gives nothing: the sets are found by name in ``Reading/sets``.
    static var form: Form<Defined> {
        let entries = Form<[YAMLEntry]>.definitions(of: definition.schema, noun: "names with their addresses")
        return Form(schema: entries.schema) { node, reading in
            guard let entries = entries.read(node, &reading) else { return nil }
            for entry in entries {
                if entry.key == localNetworksName {
                    let message = "`\(localNetworksName)` is built in and cannot be redefined"
                    reading.report("policy.set.reserved", message, at: entry.keyRange)
                } else {
                    reading.sets.define(entry)
                }
            }
            for entry in entries {
                let set = reading.set(named: entry.key, at: entry.keyRange)
                if set?.isEmpty == true, !reading.setsOfHosts.contains(entry.key) {
                    reading.warn("policy.set.empty", "the set `\(entry.key)` is empty", at: entry.keyRange)
                }
            }
            return Defined()
        }
    }

    /// Addresses and DNS names, `{file: PATH}`, or `{dns: NAMES, private: true}`.
    static let definition: Form<AddressSet> = {
        let addresses = Form.addresses(takingHosts: true)
        let schema: JSONValue = [
            "anyOf": [addresses.schema, FileReference.keys.schema, HostReference.keys.schema]
        ]
        return Form(schema: schema) { node, reading in
            guard case .mapping(let entries) = node.content, entries.first?.value.isNull != true else {
                return addresses.read(node, &reading)
            }
            if node.entry("dns") != nil || node.entry("private") != nil {
                return HostReference.addresses(node, &reading)
            }
            var reference = FileReference()
            guard FileReference.keys.read(node, into: &reference, &reading), let path = reference.path,
                let entry = node.entry("file")
            else { return nil }
            return reading.addresses(inFile: path, at: entry.value)
        }
    }()
}

private struct HostReference {
    var names: [String]?
    var allowsPrivate: Bool?

    static let keys = KeyTable<HostReference>(
        "a set from DNS names",
        [
            Key("dns", "DNS names: one or a list.", .oneOrMany(.hostName), \.names, isRequired: true),
            Key("private", "Whether private addresses are taken for an answer.", .boolean, \.allowsPrivate),
        ]
    )

    static func addresses(_ node: YAMLNode, _ reading: inout Reading) -> AddressSet? {
        var reference = HostReference()
        guard keys.read(node, into: &reference, &reading), let names = reference.names else { return nil }
        return names.reduce(AddressSet()) { set, name in
            let host = HostName(name: name, allowsPrivate: reference.allowsPrivate ?? false)
            return set.union(reading.addresses(of: host, at: node.entry("dns")?.value.range ?? node.range))
        }
    }
}

extension Form where Value == String {
    fileprivate static var hostName: Form {
        Form(schema: ["type": "string", "pattern": "\\."]) { node, reading in
            if let scalar = node.scalar, scalar.kind == .string, let name = HostName.name(in: scalar.text) {
                return name
            }
            reading.reportType(node, expected: "a DNS name with a dot, such as `vpn.example.net`")
            return nil
        }
    }
}

private struct FileReference {
    var path: String?

    static let keys = KeyTable<FileReference>(
        "a set from a file",
        [
            Key(
                "file",
                "A file with one address, prefix or range a line; the path is relative to the policy.",
                .text("the path of a file"),
                \.path,
                isRequired: true
            )
        ]
    )
}

extension Reading {
    fileprivate mutating func addresses(inFile path: String, at node: YAMLNode) -> AddressSet? {
        let place = Diagnostic.Label(source, node.range)
        let full = path.hasPrefix("/") ? path : environment.folder + "/" + path
        let bytes: [UInt8]
        if let known = environment.setFiles[full] {
            bytes = known
        } else {
            do {
                bytes = try TrustedFile(full, owners: environment.owners, largest: SetFile.largest)
                    .read(full, largest: SetFile.largest)
            } catch {
                report(error.diagnostic("the set file", at: place))
                return nil
            }
        }
        setFiles.append(SourceFile(name: full, bytes: bytes))
        let file = SetFile.read(SourceFile(name: path, bytes: bytes))
        file.diagnostics.forEach { report($0) }
        return file.diagnostics.isEmpty ? file.addresses : nil
    }
}
