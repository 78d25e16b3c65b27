// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// The rooms of the house, in order: each may import only those above it.
let package = Package(
    name: "wallwright",
    products: [
        .executable(name: "wallwright", targets: ["wallwright"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        .target(name: "Diagnostics", swiftSettings: settings),
        .target(name: "PacketModel", swiftSettings: settings),
        .target(name: "Netfilter", dependencies: ["PacketModel"], swiftSettings: settings),
        .target(name: "Simulation", dependencies: ["PacketModel", "Netfilter"], swiftSettings: settings),
        .target(name: "Shell", dependencies: ["Diagnostics"], swiftSettings: settings),
        .target(
            name: "Iptables",
            dependencies: ["Diagnostics", "PacketModel", "Netfilter", "Simulation", "Shell"],
            swiftSettings: settings
        ),
        // The few C calls that Swift's Glibc module lacks, and the kernel's structures for packets and logs.
        .target(name: "CKernel"),
        .target(
            name: "Netlink",
            dependencies: ["CKernel", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: settings
        ),
        .target(
            name: "Nftables",
            dependencies: [
                "CKernel", "Diagnostics", "PacketModel", "Netfilter", "Netlink",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Policy",
            dependencies: [
                "Diagnostics", "PacketModel", "Netfilter",
                .product(name: "Yams", package: "Yams"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Compiler",
            dependencies: [
                "Diagnostics", "PacketModel", "Netfilter", "Simulation", "Iptables", "Nftables", "Policy",
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Kernel",
            dependencies: [
                "CKernel", "Diagnostics", "PacketModel", "Netfilter", "Iptables", "Netlink", "Nftables",
                "Compiler",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Trial",
            dependencies: ["Diagnostics", "PacketModel", "Netfilter", "Policy", "Kernel"],
            swiftSettings: settings
        ),
        .target(
            name: "Deployment",
            dependencies: [
                "Diagnostics", "PacketModel", "Netfilter", "Netlink", "Policy", "Kernel",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "wallwright",
            dependencies: [
                "Diagnostics", "PacketModel", "Netfilter", "Simulation", "Shell", "Iptables", "Netlink",
                "Nftables", "Policy", "Compiler",
                "Kernel", "Trial", "Deployment",
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "TestSupport",
            dependencies: ["Diagnostics"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        .testTarget(name: "PacketModelTests", dependencies: ["PacketModel"], swiftSettings: settings),
        .testTarget(
            name: "NetlinkTests",
            dependencies: [
                "Netlink", "TestSupport", .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "NftablesTests",
            dependencies: ["PacketModel", "Netfilter", "Nftables"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ShellTests",
            dependencies: ["Diagnostics", "Shell", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"], swiftSettings: settings),
        .testTarget(
            name: "IptablesTests",
            dependencies: [
                "Diagnostics", "PacketModel", "Netfilter", "Simulation", "Shell", "Iptables", "Policy",
                "Compiler",
                "TestSupport",
            ],
            exclude: ["Golden", "Mistakes", "Rules", "Scripts"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PolicyTests",
            dependencies: [
                "CKernel", "Diagnostics", "PacketModel", "Netfilter", "Simulation", "Nftables", "Policy",
                "Compiler", "Netlink", "Kernel",
                "TestSupport",
            ],
            exclude: ["Golden"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "KernelTests",
            dependencies: [
                "CKernel", "Diagnostics", "Kernel", "Netlink", "Nftables", "PacketModel", "TestSupport",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: ["Nft/Rules"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "DeploymentTests",
            dependencies: [
                "Deployment", "Diagnostics", "PacketModel", "Netlink", "Policy", "Kernel", "TestSupport",
                "wallwright",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: ["Owners/Rules"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "CKernel", "Diagnostics", "PacketModel", "Netfilter", "Simulation", "Iptables", "Netlink",
                "Kernel", "TestSupport",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TrialTests",
            dependencies: ["Diagnostics", "Trial", "Kernel", "Policy", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "DocumentTests",
            dependencies: ["Policy", "Kernel", "TestSupport", "wallwright"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "FactTests",
            dependencies: [
                "Deployment", "Diagnostics", "PacketModel", "Netfilter", "Netlink", "Policy", "Kernel",
                "Trial",
                "TestSupport", .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
    ]
)
