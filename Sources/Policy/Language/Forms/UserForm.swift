import Diagnostics
import PacketModel

extension Form where Value == IntervalSet<UInt32> {
    /// One user or a list of them: a name of the host's accounts, a number, or a range of numbers.
    static var users: Form {
        let user = Form<Interval<UInt32>>(schema: ["type": ["string", "integer"]]) { node, reading in
            guard let scalar = node.scalar, scalar.kind == .string || scalar.kind == .integer else {
                reading.reportType(node, expected: "the name or number of a user")
                return nil
            }
            do throws(TextProblem) {
                return try UserText.numbers(scalar.text) ?? reading.user(named: scalar.text, at: node)
            } catch {
                reading.report(error, in: node)
                return nil
            }
        }
        return Form<[Interval<UInt32>]>.oneOrMany(user).map { IntervalSet($0) }
    }
}

/// The numbers of users.
enum UserText {
    /// The kernel keeps the last number for "no user" (include/linux/uidgid.h).
    private static let largest = UInt32.max - 1

    /// Nil for a name.
    static func numbers(_ text: String) throws(TextProblem) -> Interval<UInt32>? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy(isNumber) else { return nil }
        var numbers: [UInt32] = []
        for part in parts {
            guard let number = UInt32(part), number <= largest else {
                throw TextProblem("policy.user.range", "there is no user \(part)", part, "0 to \(largest)")
            }
            numbers.append(number)
        }
        guard let interval = Interval(numbers[0], numbers[numbers.count - 1]) else {
            let label = "the upper bound is below the lower bound"
            let fix = TextRepair.write("\(parts[1])-\(parts[0])")
            throw TextProblem("policy.user.range", "the range of users is empty", nil, label, fix: fix)
        }
        return interval
    }

    private static func isNumber(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}

extension Reading {
    /// `root, nobody` is a list.
    private func usersFix(_ text: String, known: Accounts, of node: YAMLNode) -> Fix? {
        let names = text.split { ", ;".contains($0) }.map(String.init)
        guard names.count > 1, names.allSatisfy({ known.numbers[$0] != nil || UInt32($0) != nil }) else {
            return nil
        }
        return fix(.entries([names]), of: node)
    }

    fileprivate mutating func user(named name: String, at node: YAMLNode) -> Interval<UInt32>? {
        let accounts: Accounts
        if let known = self.accounts {
            accounts = known
        } else {
            do throws(FileProblem) {
                accounts = try Accounts(path: environment.accounts, owners: environment.owners)
            } catch {
                report(error.diagnostic("the host's accounts", at: .init(source, node.range)))
                return nil
            }
            self.accounts = accounts
        }
        if let number = accounts.numbers[name] { return Interval(number) }
        report(
            "policy.user.unknown",
            "no user of this host is called `\(name)`",
            at: node.range,
            notes: ["users are looked up in \(environment.accounts)"],
            fix: usersFix(name, known: accounts, of: node)
                ?? suggestion(for: name, among: accounts.numbers.keys)
        )
        return nil
    }
}
