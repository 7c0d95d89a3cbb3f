package dev.concert.testing.chatserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import dev.concert.testing.FreePort;
import dev.concert.testing.InstalledOnce;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Synapse from PyPI: a real homeserver of Matrix with one application service. */
public final class Synapse implements AutoCloseable {
  public static final String NAME = "synapse.test";
  private static final Path FOLDER = Path.of("target", "synapse").toAbsolutePath();
  private static final String VERSIONS = "synapse-requirements.txt";
  private static final int SEED_BYTES = 32;
  private static final long INSTALL_MINUTES = 10;

  private final Path data;
  private final int port = FreePort.find();
  private Optional<Process> process = Optional.empty();

  /**
   * Installs it; it does not run yet.
   *
   * @param data its folder, which is there
   */
  public Synapse(Path data) throws IOException, InterruptedException {
    this.data = data;
    install();
  }

  /** Whether the Python here is one that Synapse runs on. */
  public static boolean isInstallable() throws IOException, InterruptedException {
    return new ProcessBuilder("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 10))")
            .start()
            .waitFor()
        == 0;
  }

  private static void install() throws IOException, InterruptedException {
    byte[] versions;
    try (InputStream in = Synapse.class.getResourceAsStream(VERSIONS)) {
      versions = in.readAllBytes();
    }
    InstalledOnce.in(
        FOLDER,
        versions,
        () -> {
          Files.write(FOLDER.resolve("requirements.txt"), versions);
          run("python3", "-m", "venv", ".");
          run(
              "bin/pip",
              "install",
              "--quiet",
              "--no-compile",
              "--no-deps",
              "-r",
              "requirements.txt");
        });
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Path out = FOLDER.resolve("install.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(out)).isZero();
  }

  private JsonObject configuration() {
    JsonObject listener =
        new JsonObject()
            .put("port", port)
            .put("type", "http")
            .put("bind_addresses", new JsonArray().add("127.0.0.1"))
            .put(
                "resources",
                new JsonArray()
                    .add(
                        new JsonObject().put("names", new JsonArray().add("client").add("media"))));
    JsonObject database =
        new JsonObject()
            .put("name", "sqlite3")
            .put("args", new JsonObject().put("database", data.resolve("synapse.db").toString()));
    JsonObject often = new JsonObject().put("per_second", 1000).put("burst_count", 1000);
    return new JsonObject()
        .put("server_name", NAME)
        .put("report_stats", false)
        .put("pid_file", data.resolve("synapse.pid").toString())
        .put("listeners", new JsonArray().add(listener))
        .put("database", database)
        .put("signing_key_path", data.resolve("signing.key").toString())
        .put("media_store_path", data.resolve("media").toString())
        .put("trusted_key_servers", new JsonArray())
        .put("app_service_config_files", new JsonArray().add(data + "/service.yaml"))
        .put("enable_registration", true)
        .put("enable_registration_without_verification", true)
        .put("macaroon_secret_key", "played")
        .put("form_secret", "played")
        .put("rc_registration", often)
        .put("rc_message", often)
        .put("rc_joins", new JsonObject().put("local", often).put("remote", often))
        .put(
            "rc_invites",
            new JsonObject().put("per_room", often).put("per_user", often).put("per_issuer", often))
        .put("rc_room_creation", often)
        .put("user_directory", new JsonObject().put("enabled", false))
        .put("presence", new JsonObject().put("enabled", false));
  }

  public String address() {
    return "http://127.0.0.1:" + port;
  }

  /**
   * Starts with one application service.
   *
   * @param registration of that service, in YAML or JSON
   */
  public void start(String registration) throws IOException {
    Files.writeString(data.resolve("service.yaml"), registration);
    Files.writeString(
        data.resolve("signing.key"),
        "ed25519 a_test "
            + Base64.getEncoder().withoutPadding().encodeToString(new byte[SEED_BYTES]));
    Files.writeString(data.resolve("homeserver.yaml"), configuration().encode());
    Process started =
        new ProcessBuilder(
                FOLDER.resolve("bin/python").toString(),
                "-m",
                "synapse.app.homeserver",
                "-c",
                data.resolve("homeserver.yaml").toString())
            .directory(data.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("log.txt").toFile()))
            .start();
    process = Optional.of(started);
    Await.until(
        "Synapse",
        () -> {
          assertThat(started.isAlive()).as(this::log).isTrue();
          return answers();
        });
  }

  private boolean answers() {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** What it has logged. */
  public String log() {
    try {
      List<String> lines = Files.readAllLines(data.resolve("log.txt"));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** As if its host lost power. */
  @Override
  public void close() {
    process.ifPresent(
        running -> {
          running.destroyForcibly();
          running.onExit().join();
        });
  }
}
