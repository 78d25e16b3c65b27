/// The files of a policy that was read before, without a look at what they mean.
extension PolicyReader {
    /// What a policy file holds, judged by its owners as when it is read.
    package static func contents(
        ofPolicyAt path: String,
        owners: TrustedOwners = .current
    ) throws(FileProblem) -> [UInt8] {
        try contents(of: path, owners)
    }

    /// What a file of a set holds.
    package static func contents(
        ofSetFileAt path: String,
        owners: TrustedOwners = .current
    ) throws(FileProblem) -> [UInt8] {
        try TrustedFile(path, owners: owners, largest: SetFile.largest).read(path, largest: SetFile.largest)
    }
}
