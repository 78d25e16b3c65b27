import Diagnostics
import PacketModel
import Testing

@testable import Iptables

/// The real tools and Wallwright take and refuse the same, and print the same.
///
/// For each extension: every option alone, negated and beside every other, with values at the ends of what it takes
/// and beyond, all from its own table.
@Suite(.enabled(if: Sandbox.isAvailable, Sandbox.unavailable), .serialized)
struct OracleIptablesTests {
    @Test(arguments: IPFamily.allCases)
    func `every combination of options is taken or refused alike, and printed alike`(family: IPFamily) throws
    {
        try compare(OracleCase.extensions(family), family)
    }

    @Test(arguments: IPFamily.allCases)
    func `rules as people write them are taken or refused alike, and printed alike`(family: IPFamily) throws {
        try compare(try OracleCase.written(family), family)
    }

    private func compare(_ cases: [OracleCase], _ family: IPFamily) throws {
        let answers = try Oracle.answers(to: cases, family)
        var lines: [String] = []
        for (name, group) in Dictionary(grouping: zip(cases, answers), by: \.0.name).sorted(by: {
            $0.key < $1.key
        }) {
            let odd = group.filter { $0.1 != Oracle.ours($0.0, family) }
            // A family that is refused for another reason than the one that is tried shows here.
            let taken = group.filter { $0.1 != .refused }.count
            lines.append("\(name) \(group.count - odd.count)/\(group.count), \(taken) taken")
            for (oracleCase, answer) in odd {
                let ours = Oracle.ours(oracleCase, family)
                Issue.record("\(oracleCase.text): the tool \(answer.shown), Wallwright \(ours.shown)")
            }
        }
        print("oracle \(family.rawValue): \(cases.count) cases; agree: \(lines.joined(separator: "; "))")
    }

    @Test(arguments: IPFamily.allCases)
    func `what the kernel has no part for is taken or refused as the tool does`(family: IPFamily) throws {
        let cases = OracleCase.ofToolAlone(family)
        let taken = try Oracle.takenByTool(cases, family)
        try #require(taken.count == cases.count)
        for (oracleCase, isTaken) in zip(cases, taken) {
            #expect((Oracle.ours(oracleCase, family) != .refused) == isTaken, "\(oracleCase.text)")
        }
        print("oracle \(family.rawValue): \(cases.count) cases of the tool alone")
    }

    @Test(arguments: SaveCase.all)
    func `files of commands leave the same rules`(file: SaveCase) throws {
        let answer = try Oracle.answer(toFile: file.text, file.family)
        #expect(Oracle.ours(file: file.text, file.family) == answer, "\(file.text)")
    }
}
