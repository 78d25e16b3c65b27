extension ServiceCatalogue {
    /// Source code, builds, packages and the machines that learn.
    ///
    /// Ports: IANA registry of service names and ports for `git`, `svn`, `cvs` and `distcc`; the defaults
    /// of each project's own documentation for the rest.
    static let development: [Service] = [
        .service("git", [.tcp(9418)], "Git daemon, read only"),
        .service("svn", [.tcp(3690)], "Subversion server"),
        .service("cvs", [.tcp(2401)], "CVS password server"),
        .service("perforce", [.tcp(1666)], "Perforce server"),
        .service("gerrit-ssh", [.tcp(29418)], "Gerrit code review over SSH"),
        .service("gitea", aliases: ["forgejo"], [.tcp(3000)], "Gitea and Forgejo web interface"),
        .service("jenkins", [.tcp(8080)], "Jenkins web interface"),
        .service("jenkins-agent", [.tcp(50000)], "Jenkins, from agents"),
        .service("teamcity", [.tcp(8111)], "TeamCity server"),
        .service("buildbot-worker", [.tcp(9989)], "Buildbot, from workers"),
        .service("sonarqube", [.tcp(9000)], "SonarQube web interface"),
        .service("nexus", [.tcp(8081)], "Nexus repository of packages"),
        .service("artifactory", [.tcp(8082)], "Artifactory repository of packages"),
        .service("verdaccio", [.tcp(4873)], "Verdaccio registry of npm packages"),
        .service("distcc", [.tcp(3632)], "Distributed compilation"),
        .service("jupyter", [.tcp(8888)], "Jupyter notebooks"),
        .service("rstudio", [.tcp(8787)], "RStudio server"),
        .service("n8n", [.tcp(5678)], "n8n workflows"),
        .service("temporal", [.tcp(7233)], "Temporal workflows"),
        .service("spark", [.tcp(7077)], "Apache Spark master"),
        .service("ollama", [.tcp(11434)], "Ollama language models"),
        .service("mlflow", [.tcp(5000)], "MLflow tracking server"),
        .service("xdebug", [.tcp(9003)], "PHP debugger, to the editor"),
    ]
}
