import Diagnostics
import PacketModel

extension Form where Value == ServiceSet {
    /// One service or a list of them.
    static var services: Form {
        let many = Form<[ServiceSet]>.oneOrMany(.service)
        return Form(schema: .reference(to: "services")) { node, reading in
            many.read(node, &reading).map { $0.reduce(ServiceSet()) { $0.union($1) } }
        }
    }

    static var servicesSchema: JSONValue { Form<[ServiceSet]>.oneOrMany(.service).schema }

    /// A form such as `tcp/8443`, a name under `services:`, or a name of the catalogue.
    static var service: Form {
        Form(schema: .reference(to: "service")) { node, reading in
            guard let scalar = node.scalar, scalar.kind == .string, !scalar.text.isEmpty else {
                reading.reportType(
                    node,
                    expected: "a service such as `ssh` or `tcp/8443`",
                    fix: reading.valueFix(node)
                )
                return nil
            }
            return reading.service(scalar.text, at: node)
        }
    }

    /// The names of the catalogue are in it so that editors complete them.
    static var serviceSchema: JSONValue {
        let names = ["any"] + ServiceCatalogue.all.map(\.name)
        return [
            "anyOf": [["enum": .array(names.map(JSONValue.string))], ["type": "string", "minLength": 1]]
        ]
    }

    /// Services that are asked for by port.
    static var portServices: Form {
        let services = Form.services
        return Form(schema: services.schema) { node, reading in
            guard let set = services.read(node, &reading) else { return nil }
            if !set.isAny, set.members.keys.allSatisfy(\.hasPorts) { return set }
            reading.report(
                "policy.service.ports",
                "only services with ports can be used here",
                at: node.range,
                notes: ["ports: tcp, udp, sctp, dccp, udplite"]
            )
            return nil
        }
    }

    /// What `deny:` takes: services, or nothing for all of them.
    static var servicesOrNothing: Form {
        let services = Form.services
        return Form(schema: ["anyOf": [["type": "null"], services.schema]]) { node, reading in
            node.isNull ? .any : services.read(node, &reading)
        }
    }
}

extension Reading {
    fileprivate mutating func service(_ text: String, at node: YAMLNode) -> ServiceSet? {
        do {
            if let form = try ServiceText.read(text) { return form }
        } catch {
            report(error, in: node, fix: error.fix == nil ? serviceFix(text, of: node) : nil)
            return nil
        }
        if services.states[text] != nil {
            return value(of: text, in: \.services, at: node.range) { Form.services.read($0, &$1) }
        }
        if let known = ServiceCatalogue.named(text) { return known.members }
        let fix = serviceFix(text, of: node)
        report(
            "policy.service.unknown",
            "no service is called `\(text)`",
            at: node.range,
            notes: fix == nil
                ? ["`wallwright services` lists the known ones; your own are defined under `services:`"] : [],
            fix: fix
        )
        return nil
    }

    /// What to write where a value is no text: `80`, `{ssh, http}`, `{service: ssh}`.
    fileprivate func valueFix(_ node: YAMLNode) -> Fix? {
        switch node.content {
        case .scalar(let scalar):
            return scalar.kind == .null ? nil : serviceFix(scalar.text, of: node)
        case .sequence: return nil
        case .mapping(let entries):
            let names = entries.map { entry in
                ["service", "name", "port", "ports", "proto", "protocol"].contains(entry.key)
                    ? Self.words(of: entry.value) : entry.value.isNull ? entry.key : "…"
            }
            return serviceFix(names.joined(separator: " "), of: node)
        }
    }

    /// What to write where a text is no service; nothing is looked for when nobody would see it.
    func serviceFix(_ text: String, of node: YAMLNode) -> Fix? {
        guard diagnostics.count < Self.mostDiagnostics, text.utf8.count <= 256 else { return nil }
        let meanings = ServiceRepair.meanings(of: text, own: services.states.keys.sorted())
        return TextRepair(meanings).map { fix($0, of: node) }
    }
}
