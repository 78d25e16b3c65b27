extension ServiceCatalogue {
    /// Houses and machines.
    ///
    /// Ports: IANA registry of service names and ports for the field buses; the defaults of each project's
    /// own documentation for the rest.
    static let home: [Service] = [
        .service("home-assistant", [.tcp(8123)], "Home Assistant"),
        .service("homebridge", [.tcp(8581)], "Homebridge web interface"),
        .service("node-red", [.tcp(1880)], "Node-RED flows"),
        .service("esphome", [.tcp(6053)], "ESPHome devices"),
        .service("matter", [.udp(5540)], "Matter devices"),
        .service("knxnet", [.udp(3671)], "KNX over IP"),
        .service("modbus", [.tcp(502)], "Modbus over TCP"),
        .service("bacnet", [.udp(47808)], "BACnet over IP"),
        .service("opc-ua", [.tcp(4840)], "OPC Unified Architecture"),
        .service("moonraker", [.tcp(7125)], "Klipper printers, API"),
        .service(
            "unifi",
            [.tcp(8080, 8443), .udp(3478, 10001)],
            "UniFi network application: devices, web, discovery"
        ),
    ]
}
