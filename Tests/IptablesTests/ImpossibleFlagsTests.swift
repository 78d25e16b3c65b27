import Compiler
import PacketModel
import Policy
import Testing

@Suite struct ImpossibleFlagsTests {
    @Test("every combination of flags is either possible or in a pattern, never both")
    func patterns() {
        let every = (0...TCPFlags.all.rawValue).map(TCPFlags.init)
        let matched = every.filter { flags in
            TCPFlags.impossiblePatterns.contains { flags.intersection($0.mask) == $0.flags }
        }
        #expect(matched == every.filter { !TCPFlags.possible.contains($0) })
    }
}
