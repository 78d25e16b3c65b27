import Diagnostics
import PacketModel

/// `inbound:`, `outbound:` and `forward:`, lists of lines.
enum LineSection {
    static func form(_ direction: Direction) -> Form<[PolicyLine?]> {
        let keys = LineDraft.keys(for: direction)
        let line = Form<PolicyLine?>(schema: .reference(to: definition(direction))) { node, reading in
            if reading.reportSpokenLine(node, direction: direction, noun: keys.noun)
                || reading.reportForeignLine(node, direction: direction, keys: keys)
                || reading.reportStateLine(node)
                || reading.reportPortKeys(node, noun: keys.noun)
            {
                return nil
            }
            var draft = LineDraft()
            let mentions = reading.hostMentions
            let isRead = keys.read(node, into: &draft, &reading)
            guard draft.checkAction(node, keys, &reading), isRead else { return nil }
            draft.followsNames = reading.hostMentions > mentions
            return draft.line(direction, node, &reading)
        }
        return .lines(of: line, direction)
    }

    /// The name of a line's schema.
    static func definition(_ direction: Direction) -> String { "\(direction.rawValue)-line" }
}

extension LineDraft {
    /// The line, with its exceptions carved out. Nil inside when it speaks of nothing; nil after an error.
    fileprivate func line(_ direction: Direction, _ node: YAMLNode, _ reading: inout Reading) -> PolicyLine??
    {
        guard let services = allow ?? deny else { return nil }
        let errors = reading.errorCount
        var line = PolicyLine(
            direction: direction,
            action: allow == nil ? .deny : .allow,
            services: services,
            source: from,
            destination: to,
            inputInterfaces: inputInterfaces,
            outputInterfaces: outputInterfaces,
            users: users,
            limit: limit,
            log: log?.rate,
            rejects: rejects ?? false,
            until: until,
            followsNames: followsNames,
            comment: comment,
            origin: reading.origin(node, LineTitle.title(of: node))
        )
        if !followsNames, line.source?.isEmpty == true || line.destination?.isEmpty == true {
            reading.warn(
                "policy.line.empty",
                "this line matches nothing, because its set is empty",
                at: reading.firstLine(of: node)
            )
            return .some(nil)
        }
        if let until, until <= reading.environment.now {
            reading.warn(
                "policy.until.over",
                "this line ended on \(until): it no longer has any effect",
                at: reading.firstLine(of: node.entry("until")?.value ?? node),
                fix: reading.removal(ofElement: node).map {
                    Fix("take the line out, or give it a later end", [$0])
                }
                    ?? "take the line out, or give it a later end"
            )
            return .some(nil)
        }
        carve(&line, node, &reading)
        if !followsNames { FamilyCheck.check(line, node, &reading) }
        return reading.errorCount == errors ? line : nil
    }

    /// Whether the line does one thing, and has only what belongs to that.
    fileprivate func checkAction(
        _ node: YAMLNode,
        _ keys: KeyTable<LineDraft>,
        _ reading: inout Reading
    ) -> Bool {
        guard case .mapping(let entries) = node.content else { return false }
        let errors = reading.errorCount
        let (allowEntry, denyEntry) = (node.entry("allow"), node.entry("deny"))
        switch (allowEntry, denyEntry) {
        case (nil, nil):
            // Said at the key that was meant for it.
            if entries.contains(where: { ["allow", "deny"].contains(keys.meant($0.key)) }) { return false }
            let place = reading.firstLine(of: node)
            let fix = reading.strayDashFix(node) ?? reading.actionFix(node)
            reading.report("policy.key.missing", "a line needs `allow` or `deny`", at: place, fix: fix)
        case (let allowEntry?, let denyEntry?):
            reading.report(
                "policy.key.conflict",
                "a line has either `allow` or `deny`",
                at: denyEntry.keyRange,
                also: [(allowEntry.keyRange, "the other")],
                fix: reading.conflictFix(node, allowEntry, denyEntry, allow, deny)
            )
        case (_?, nil):
            if let entry = node.entry("reject") {
                let message = "`reject` belongs to a deny; an allow answers nobody"
                reading.report(
                    "policy.reject.allow",
                    message,
                    at: entry.keyRange,
                    fix: reading.removalFix(entry)
                )
            }
        case (nil, let denyEntry?):
            if let entry = node.entry("limit") {
                let notes = ["a limit belongs to the allow that it limits"]
                let message = "a deny has no limit"
                let fix = reading.removalFix(entry)
                reading.report("policy.limit.deny", message, at: entry.keyRange, notes: notes, fix: fix)
            }
            let parts = ["from", "to", "in", "out", "user"]
            if deny?.isAny == true, except?.services == nil, parts.allSatisfy({ node.entry($0) == nil }) {
                reading.report(
                    "policy.deny.everything",
                    "this line denies everything",
                    at: denyEntry.keyRange,
                    notes: ["what no line allows is dropped anyway; a ban names addresses or interfaces"],
                    fix: reading.removal(ofElement: node).map { Fix("remove the line", [$0]) }
                )
            }
        }
        return reading.errorCount == errors
    }

    /// Carves `except` out; reports a part of which nothing is left.
    private func carve(_ line: inout PolicyLine, _ node: YAMLNode, _ reading: inout Reading) {
        guard let except, let entry = node.entry("except") else { return }
        let isOutbound = line.direction == .outbound
        if let addresses = isOutbound ? except.from : except.from ?? except.remote {
            line.source = (line.source ?? .full).subtracting(addresses)
        }
        if let addresses = isOutbound ? except.to ?? except.remote : except.to {
            line.destination = (line.destination ?? .full).subtracting(addresses)
        }
        if let services = except.services { line.services = line.services.subtracting(services) }
        let areGone = line.source?.isEmpty == true || line.destination?.isEmpty == true
        guard areGone && !followsNames || line.services.isEmpty else { return }
        let message = "the exception leaves nothing of this line"
        let notes = ["take the exception out, or let it name less than the line"]
        reading.report(
            "policy.except.everything",
            message,
            at: reading.firstLine(of: entry.value),
            notes: notes
        )
    }
}
