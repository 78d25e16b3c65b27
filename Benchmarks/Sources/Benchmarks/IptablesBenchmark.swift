/// What a packet costs on iptables. Reported only.
struct IptablesBenchmark {
    let bench: Workbench

    func run(_ report: inout Report) throws {}
}
