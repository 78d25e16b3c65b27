extension ServiceCatalogue {
    /// Queues, brokers and chat.
    ///
    /// Ports: IANA registry of service names and ports for the open protocols; the defaults of each
    /// project's own documentation for the rest.
    static let messaging: [Service] = [
        .service("kafka", [.tcp(9092)], "Apache Kafka, clients and brokers"),
        .service("kafka-controller", [.tcp(9093)], "Apache Kafka, KRaft controllers"),
        .service("amqp", [.tcp(5672)], "AMQP message queues"),
        .service("amqps", [.tcp(5671)], "AMQP message queues over TLS"),
        .service("rabbitmq", [.tcp(5671, 5672)], "RabbitMQ for clients, AMQP plain and TLS"),
        .service("rabbitmq-management", [.tcp(15671, 15672)], "RabbitMQ web interface, TLS and plain"),
        .service(
            "rabbitmq-cluster",
            [.tcp(4369, 25672)],
            "RabbitMQ between nodes, with the Erlang port mapper"
        ),
        .service("rabbitmq-stream", [.tcp(5551, 5552)], "RabbitMQ streams, TLS and plain"),
        .service("epmd", [.tcp(4369)], "Erlang port mapper"),
        .service("mqtt", [.tcp(1883)], "MQTT telemetry"),
        .service("mqtts", [.tcp(8883)], "MQTT telemetry over TLS"),
        .service("nats", [.tcp(4222)], "NATS for clients"),
        .service("nats-cluster", [.tcp(6222)], "NATS between servers"),
        .service("nats-monitoring", [.tcp(8222)], "NATS, HTTP monitoring"),
        .service("zookeeper", [.tcp(2181)], "Apache ZooKeeper for clients"),
        .service("zookeeper-cluster", [.tcp(2888, 3888)], "Apache ZooKeeper between servers"),
        .service("activemq", [.tcp(61616)], "ActiveMQ, OpenWire"),
        .service("activemq-console", [.tcp(8161)], "ActiveMQ web console"),
        .service("stomp", [.tcp(61613)], "STOMP messages"),
        .service("pulsar", [.tcp(6650)], "Apache Pulsar"),
        .service("pulsar-tls", [.tcp(6651)], "Apache Pulsar over TLS"),
        .service("nsq", [.tcp(4150, 4151)], "NSQ daemon: TCP and HTTP"),
        .service("beanstalkd", [.tcp(11300)], "Beanstalk work queue"),
        .service("gearman", [.tcp(4730)], "Gearman job server"),
        .service("coap", [.udp(5683)], "CoAP for small devices"),
        .service("coaps", [.udp(5684)], "CoAP for small devices over DTLS"),
        .service("xmpp-client", [.tcp(5222)], "XMPP chat, from clients"),
        .service("xmpp-server", [.tcp(5269)], "XMPP chat, between servers"),
        .service("irc", [.tcp(6667)], "Internet relay chat"),
        .service("ircs", [.tcp(6697)], "Internet relay chat over TLS"),
        .service("matrix-federation", [.tcp(8448)], "Matrix chat, between servers"),
        .service("mattermost", [.tcp(8065)], "Mattermost team chat"),
    ]
}
