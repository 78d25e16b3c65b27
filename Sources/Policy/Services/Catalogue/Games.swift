extension ServiceCatalogue {
    /// Game servers.
    ///
    /// Ports: the defaults of each game's server documentation or of its distributed configuration file.
    static let games: [Service] = [
        .service("minecraft", [.tcp(25565)], "Minecraft, Java edition"),
        .service("minecraft-bedrock", [.udp(19132, 19133)], "Minecraft, Bedrock edition over IPv4 and IPv6"),
        .service("minecraft-rcon", [.tcp(25575)], "Minecraft remote console"),
        .service("luanti", aliases: ["minetest"], [.udp(30000)], "Luanti, once Minetest"),
        .service("valheim", [.udp(range: 2456...2458)], "Valheim"),
        .service("factorio", [.udp(34197)], "Factorio"),
        .service("terraria", [.tcp(7777)], "Terraria"),
        .service("starbound", [.tcp(21025)], "Starbound"),
        .service(
            "source",
            aliases: ["steam"],
            [.tcp(27015), .udp(27015)],
            "Source engine servers: game and remote console"
        ),
        .service(
            "rust-game",
            [.tcp(28016), .udp(28015, 28017)],
            "Rust, the game: play, query, remote console"
        ),
        .service("ark", [.udp(7777, 7778, 27015)], "ARK: Survival Evolved"),
        .service("palworld", [.udp(8211)], "Palworld"),
        .service("satisfactory", [.tcp(7777, 8888), .udp(7777)], "Satisfactory"),
        .service("project-zomboid", [.udp(16261, 16262)], "Project Zomboid"),
        .service("seven-days-to-die", [.tcp(26900), .udp(range: 26900...26903)], "7 Days to Die"),
        .service("enshrouded", [.udp(15636, 15637)], "Enshrouded"),
        .service("v-rising", [.udp(9876, 9877)], "V Rising"),
        .service("vintage-story", [.tcp(42420), .udp(42420)], "Vintage Story"),
        .service("arma3", [.udp(range: 2302...2306)], "Arma 3"),
        .service("fivem", [.tcp(30120), .udp(30120)], "FiveM"),
        .service("openttd", [.tcp(3979), .udp(3979)], "OpenTTD"),
        .service("teeworlds", [.udp(8303)], "Teeworlds and DDNet"),
        .service("quake3", [.udp(27960)], "Quake III Arena and its kin"),
        .service("xonotic", [.udp(26000)], "Xonotic"),
        .service("veloren", [.tcp(14004), .udp(14004)], "Veloren"),
        .service("wesnoth", [.tcp(15000)], "The Battle for Wesnoth"),
        .service("mindustry", [.tcp(6567), .udp(6567)], "Mindustry"),
    ]
}
