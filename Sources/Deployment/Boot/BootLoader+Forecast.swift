extension BootLoader {
    /// What a boot would load now, as far as the disk decides, and why it passes newer generations over; in sentences.
    static func forecast(of folder: StateFolder) throws -> (PersistenceStatus.Next, passedOver: [String]) {
        var passedOver: [String] = []
        for number in try folder.confirmedNumbers().reversed() {
            do {
                if try folder.generation(number).kind == .remove {
                    if passedOver.isEmpty { return (.removed(number), []) }
                } else {
                    _ = try folder.firewall(number, .after)
                    return (.generation(number), passedOver)
                }
            } catch {
                passedOver.append("generation \(number) is passed over: \(error)")
            }
        }
        return (.minimum, passedOver)
    }
}
