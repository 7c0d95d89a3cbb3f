package dev.concert.coordinator.egress;

import static dev.concert.coordinator.egress.NetworkHarness.await;
import static dev.concert.coordinator.egress.policy.SomePolicy.allowing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.coordinator.egress.policy.EgressPolicy;
import dev.concert.testing.TlsServer;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The programs that agents use, with the variables that their sandbox gives them, and a local TLS
 * server whose name only the proxy can resolve.
 */
@Timeout(300)
class ToolsThroughTheProxyTest {
  private static @TempDir Path shared;
  private static Vertx vertx;
  private static NetworkHarness network;
  private static TlsServer server;
  private static Map<String, String> variables;
  private @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    vertx = Vertx.vertx();
    server =
        TlsServer.start(
            vertx, Files.createDirectory(shared.resolve("tls")), "registry.test", "127.0.0.1");
    network =
        new NetworkHarness(shared)
            .name("registry.test", "127.0.0.1")
            .name("private.test", "10.0.0.1");
    EgressPolicy policy = allowing(server.authority(), "private.test", "127.0.0.1");
    variables = ProxyVariables.of(network.relay(network.proxy(policy)));
  }

  @AfterAll
  static void stop() {
    network.close();
    await(vertx.close());
  }

  private record Result(int exit, String output) {}

  private Result run(List<String> command, Map<String, String> more) throws Exception {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(place -> Files.isExecutable(Path.of(place, command.getFirst()))),
        command.getFirst() + " is not installed");
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().clear(); // as an agent's: nothing of this host configures the programs
    builder.environment().put("PATH", System.getenv("PATH"));
    builder.environment().putAll(variables);
    builder.environment().put("HOME", folder.toString());
    builder.environment().putAll(more);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(output).isTrue();
    return new Result(process.exitValue(), output);
  }

  private Result run(String... command) throws Exception {
    return run(List.of(command), Map.of());
  }

  @Test
  void curlFetchesOverHttps() throws Exception {
    server.file("/hello", "hello");

    Result result =
        run("curl", "-sS", "--cacert", server.certificate().toString(), server.url() + "/hello");

    assertThat(result).isEqualTo(new Result(0, "hello"));
  }

  @Test
  void curlIsRefusedWithASentenceWhereANameResolvesToAPrivateAddress() throws Exception {
    Result tunnel = run("curl", "-sSv", "https://private.test/");
    Result plain = run("curl", "-sS", "http://private.test/");

    assertThat(tunnel.exit()).isNotZero();
    assertThat(tunnel.output())
        .contains("403 private.test:443 resolves to 10.0.0.1 and is not on the public internet");
    assertThat(plain.output())
        .contains("private.test:80 resolves to 10.0.0.1 and is not on the public internet");
  }

  @Test
  void curlIsRefusedWithASentenceWhereARedirectLeadsToThisHost() throws Exception {
    var web =
        await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .response()
                            .setStatusCode(302)
                            .putHeader("Location", "http://127.0.0.1:%d/secret".formatted(1))
                            .end())
                .listen(0, "127.0.0.1"));
    int proxy =
        network.relay(network.proxy(allowing("registry.test:" + web.actualPort(), "127.0.0.1")));

    Result result =
        run(
            List.of("curl", "-sSL", "http://registry.test:%d/".formatted(web.actualPort())),
            Map.of("http_proxy", "http://127.0.0.1:" + proxy, "no_proxy", "", "NO_PROXY", ""));

    assertThat(result.output())
        .contains("127.0.0.1:1 is not on the public internet: agents may not reach");
  }

  @Test
  void gitClonesOverHttps() throws Exception {
    server.gitRepository("/repository.git", Files.createDirectory(folder.resolve("source")));

    Result clone =
        run(
            List.of("git", "clone", "-q", server.url() + "/repository.git", "copy"),
            Map.of("GIT_SSL_CAINFO", server.certificate().toString()));

    assertThat(clone.exit()).as(clone.output()).isZero();
    assertThat(folder.resolve("copy/readme")).hasContent("cloned");
  }

  @Test
  void gitShowsWhyItIsRefused() throws Exception {
    Result refused = run("git", "clone", "https://other.test/repository.git", "copy");

    assertThat(refused.exit()).isNotZero();
    assertThat(refused.output()).contains("403");
  }

  @Test
  void pipInstallsAPackage() throws Exception {
    server.pythonPackage();

    Result result =
        run(
            List.of(
                "python3",
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-cache-dir",
                "--disable-pip-version-check",
                "--cert",
                server.certificate().toString(),
                "--index-url",
                server.url() + "/simple",
                "--target",
                "site",
                "parcel"),
            Map.of());

    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(folder.resolve("site/parcel.py")).hasContent("answer = 42\n");
  }

  @Test
  void pipShowsTheSentenceOfARefusal() throws Exception {
    Result result =
        run(words("python3 -m pip download --retries 1 --index-url https://private.test/ parcel"));

    assertThat(result.output()).contains("resolves to 10.0.0.1 and is not on the public internet");
  }

  @Test
  void npmInstallsWhatItsLockFileNames() throws Exception {
    Path parcel = Files.createDirectories(folder.resolve("build/package"));
    Files.writeString(
        parcel.resolve("package.json"), "{\"name\":\"parcel\",\"version\":\"1.0.0\"}");
    assertThat(run("tar", "czf", "parcel.tgz", "-C", "build", "package").exit()).isZero();
    byte[] archive = Files.readAllBytes(folder.resolve("parcel.tgz"));
    server.file("/parcel/-/parcel-1.0.0.tgz", archive);
    Files.writeString(
        folder.resolve("package.json"),
        "{\"name\":\"mine\",\"version\":\"1.0.0\",\"dependencies\":{\"parcel\":\"1.0.0\"}}");
    Files.writeString(
        folder.resolve("package-lock.json"),
        """
        {"name": "mine", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": {
          "": {"name": "mine", "version": "1.0.0", "dependencies": {"parcel": "1.0.0"}},
          "node_modules/parcel": {"version": "1.0.0",
            "resolved": "%s/parcel/-/parcel-1.0.0.tgz", "integrity": "sha512-%s"}}}
        """
            .formatted(
                server.url(),
                Base64.getEncoder()
                    .encodeToString(
                        java.security.MessageDigest.getInstance("SHA-512").digest(archive))));

    Result result =
        run(
            List.of("npm", "ci", "--no-audit", "--no-fund", "--no-update-notifier"),
            Map.of(
                "npm_config_registry",
                server.url() + "/",
                "npm_config_cafile",
                server.certificate().toString()));

    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(folder.resolve("node_modules/parcel/package.json")).exists();
  }

  @Test
  void mavenFetchesAParentFromItsRepository() throws Exception {
    String parent =
        """
        <project><modelVersion>4.0.0</modelVersion><groupId>test.parcel</groupId>
          <artifactId>parent</artifactId><version>1</version><packaging>pom</packaging></project>
        """;
    server.file("/maven/test/parcel/parent/1/parent-1.pom", parent);
    Files.writeString(
        folder.resolve("pom.xml"),
        """
        <project><modelVersion>4.0.0</modelVersion>
          <parent><groupId>test.parcel</groupId><artifactId>parent</artifactId>
            <version>1</version><relativePath/></parent>
          <artifactId>mine</artifactId><packaging>pom</packaging></project>
        """);
    Files.writeString(
        folder.resolve("settings.xml"),
        """
        <settings><mirrors><mirror><id>test</id><mirrorOf>*</mirrorOf>
          <url>%s/maven</url></mirror></mirrors></settings>
        """
            .formatted(server.url()));

    Result result =
        run(
            words("mvn -B -q -s settings.xml -Dmaven.repo.local=repository validate"),
            Map.of(
                "MAVEN_OPTS",
                variables.get("MAVEN_OPTS") + " " + server.javaOptions(),
                "JAVA_HOME",
                System.getProperty("java.home")));

    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(folder.resolve("repository/test/parcel/parent/1/parent-1.pom")).exists();
  }

  private Result run(List<String> command) throws Exception {
    return run(command, Map.of());
  }

  private static List<String> words(String command) {
    return List.of(command.split(" "));
  }
}
