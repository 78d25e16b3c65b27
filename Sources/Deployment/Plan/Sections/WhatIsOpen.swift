package import Policy

/// What a policy lets pass now, in words: services, where from, by which interfaces, under which limits.
package enum WhatIsOpen {
    /// In the order of the directions; what is denied comes after what is allowed, then the baseline and the rest.
    package static func sentences(of policy: Policy) -> [PlanSentence] {
        let pair = PolicyPair(from: nil, to: policy)
        let ends = Dictionary(
            policy.lines.map { ([$0.direction.rawValue, "\($0.origin.line)"], $0.until) },
            uniquingKeysWith: { first, _ in first }
        )
        let lines = FirstApply.sentences(pair).filter { $0.kind != .note }.map { sentence in
            var sentence = sentence
            if let direction = sentence.direction, let place = sentence.place,
                let end = ends[[direction.rawValue, "\(place.line)"]] ?? nil
            {
                sentence.text += ", until \(end)"
            }
            return sentence
        }
        return lines + TranslationChanges.sentences(pair)
    }
}
