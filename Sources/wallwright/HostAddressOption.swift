import ArgumentParser
import Netfilter
import Simulation

extension HostAddress: ExpressibleByArgument {
    /// `eth0=192.0.2.2/24`, as a person writes it.
    public init?(argument: String) { self.init(argument) }
}
