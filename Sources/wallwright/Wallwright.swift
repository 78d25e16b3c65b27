import ArgumentParser
@main struct Wallwright: ParsableCommand {}
