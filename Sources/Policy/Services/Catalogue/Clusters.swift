extension ServiceCatalogue {
    /// Kubernetes, container engines and what runs clusters.
    ///
    /// Ports: Kubernetes reference "Ports and Protocols"; the "required ports" pages of etcd, Docker Swarm,
    /// Consul, Vault, Nomad, Flannel, Calico, Cilium, RKE2, MicroK8s and Talos.
    static let clusters: [Service] = [
        .service("kubernetes-api", [.tcp(6443)], "Kubernetes API server"),
        .service("kubelet", [.tcp(10250)], "Kubernetes node agent"),
        .service("kube-scheduler", [.tcp(10259)], "Kubernetes scheduler"),
        .service("kube-controller-manager", [.tcp(10257)], "Kubernetes controller manager"),
        .service("kube-proxy-health", [.tcp(10256)], "Kubernetes service proxy, health check"),
        .service(
            "nodeports",
            [.tcp(range: 30000...32767), .udp(range: 30000...32767)],
            "Kubernetes node ports"
        ),
        .service("etcd", [.tcp(2379)], "etcd for clients"),
        .service("etcd-peer", [.tcp(2380)], "etcd between members"),
        .service("flannel", [.udp(8472)], "Flannel pod network over VXLAN"),
        .service("calico-typha", [.tcp(5473)], "Calico, nodes to Typha"),
        .service("cilium", [.udp(8472), .tcp(4240)], "Cilium pod network over VXLAN and its health checks"),
        .service("hubble", [.tcp(4244)], "Cilium flow observation"),
        .service("rke2-server", [.tcp(9345)], "RKE2 supervisor, where nodes join"),
        .service("microk8s", [.tcp(16443)], "MicroK8s API server"),
        .service("talos", [.tcp(50000, 50001)], "Talos Linux API and trust daemon"),
        .service("docker-api", [.tcp(2376)], "Docker engine API over TLS"),
        .service("docker-registry", [.tcp(5000)], "Registry of container images"),
        .service("docker-swarm", [.tcp(2377, 7946), .udp(4789, 7946)], "Docker Swarm between nodes"),
        .service("portainer", [.tcp(9443)], "Portainer web interface"),
        .service("consul", [.tcp(8500, 8501)], "Consul HTTP API, plain and TLS"),
        .service(
            "consul-cluster",
            [.tcp(range: 8300...8302), .udp(8301, 8302)],
            "Consul between agents: RPC and gossip"
        ),
        .service("consul-dns", [.tcp(8600), .udp(8600)], "Consul name service"),
        .service("vault", [.tcp(8200)], "Vault and OpenBao API"),
        .service("vault-cluster", [.tcp(8201)], "Vault and OpenBao between nodes"),
        .service("nomad", [.tcp(4646)], "Nomad HTTP API"),
        .service("nomad-cluster", [.tcp(4647, 4648), .udp(4648)], "Nomad between agents: RPC and gossip"),
        .service("slurm", [.tcp(range: 6817...6819)], "Slurm: controller, nodes and accounting"),
        .service("corosync", [.udp(range: 5404...5412)], "Corosync cluster messages"),
        .service("pacemaker-remote", [.tcp(3121)], "Pacemaker remote nodes"),
        .service("pcsd", [.tcp(2224)], "Pacemaker and Corosync configuration"),
    ]
}
