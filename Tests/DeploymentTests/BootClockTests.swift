import Deployment
import Testing

@Suite struct BootClockTests {
    @Test func timeGoesOn() {
        let first = BootClock.now
        #expect(first > .zero)
        #expect(BootClock.now >= first)
    }
}
