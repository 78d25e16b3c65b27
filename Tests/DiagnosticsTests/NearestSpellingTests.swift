import Diagnostics
import Testing

@Suite struct NearestSpellingTests {
    @Test(arguments: [
        ("inbuond", ["inbound"]), ("INBOUND", ["inbound"]), ("outbond", ["outbound"]), ("zzz", []), ("", []),
        ("htt", ["http"]),
    ])
    func findsWhatWasMeant(_ word: String, _ expected: [String]) {
        #expect(NearestSpelling.candidates(for: word, among: ["inbound", "outbound", "http"]) == expected)
    }

    @Test func aSwapIsOneSlip() {
        #expect(NearestSpelling.candidates(for: "shs", among: ["ssh", "dns"]) == ["ssh"])
    }

    @Test func severalThatAreAsNearAreAllNamed() {
        #expect(
            NearestSpelling.fix(for: "imap5", among: ["imaps", "imap", "pop3"])?.words
                == "write imap or imaps"
        )
    }

    @Test func aNearerOneSilencesTheOthers() {
        #expect(NearestSpelling.candidates(for: "services", among: ["service", "services"]) == ["services"])
    }
}
