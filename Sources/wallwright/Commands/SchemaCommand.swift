import ArgumentParser
import Policy

/// `wallwright schema`
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of the policy, for editors.",
        discussion: """
            The first line of a policy tells an editor where it is:
            # yaml-language-server: $schema=policy.schema.json

            Example: wallwright schema > policy.schema.json
            """
    )

    func run() {
        Terminal.output.write(PolicySchema.json())
    }
}
