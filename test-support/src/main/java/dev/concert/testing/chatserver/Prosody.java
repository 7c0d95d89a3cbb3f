package dev.concert.testing.chatserver;

import dev.concert.testing.Await;
import dev.concert.testing.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** A real XMPP server: Prosody, of Debian's package. */
public final class Prosody implements AutoCloseable {
  public static final String DOMAIN = "played.test";
  public static final String ROOMS = "rooms." + DOMAIN;
  public static final String UPLOADS = "upload." + DOMAIN;
  public static final String PASSWORD = "a-played-password";
  private static final Optional<Path> PROGRAM =
      Stream.of("/usr/bin/prosody", "/usr/local/bin/prosody")
          .map(Path::of)
          .filter(Files::isExecutable)
          .findFirst();

  private final int port = FreePort.find();
  private final int httpPort = FreePort.find();
  private final Path folder;
  private Process process;

  public Prosody() {
    this(Optional.empty());
  }

  /**
   * @param certificate of the domain; without one the server has no TLS
   */
  public Prosody(Optional<TestCertificate> certificate) {
    try {
      folder = Files.createTempDirectory("prosody");
      Files.createDirectories(accounts());
      Files.writeString(folder.resolve("prosody.cfg.lua"), configuration(certificate));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start();
  }

  private Path accounts() {
    return folder.resolve("data").resolve(DOMAIN.replace(".", "%2e")).resolve("accounts");
  }

  private String configuration(Optional<TestCertificate> certificate) {
    String plain =
        """
        modules_disabled = { "s2s", "tls" }
        c2s_require_encryption = false
        allow_unencrypted_plain_auth = true
        """;
    String encrypted =
        certificate
            .map(
                one ->
                    """
                    modules_disabled = { "s2s" }
                    c2s_require_encryption = true
                    ssl = { certificate = "%s", key = "%s" }
                    """
                        .formatted(one.certificate(), one.key()))
            .orElse(plain);
    return encrypted
        + """
        run_as_root = true
        daemonize = false
        pidfile = "%1$s/prosody.pid"
        data_path = "%1$s/data"
        interfaces = { "127.0.0.1" }
        c2s_ports = { %2$d }
        modules_enabled = { "roster", "saslauth", "tls", "disco", "ping", "offline", "presence", "message" }
        authentication = "internal_plain"
        log = { info = "%1$s/log.txt" }
        http_ports = { %5$d }
        http_interfaces = { "127.0.0.1" }
        https_ports = { }
        VirtualHost "%3$s"
        Component "%4$s" "muc"
          muc_room_default_public_jids = true
          muc_room_locking = false
        Component "%6$s" "http_file_share"
          http_host = "127.0.0.1"
          http_external_url = "http://127.0.0.1:%5$d/"
          http_file_share_size_limit = 20 * 1024 * 1024
        """
            .formatted(folder, port, DOMAIN, ROOMS, httpPort, UPLOADS);
  }

  /** Whether it is installed here. */
  public static boolean isInstalled() {
    return PROGRAM.isPresent();
  }

  /** Makes a user, unless there is one of this name. */
  public void addUser(String name) {
    try {
      Files.writeString(
          accounts().resolve(name + ".dat"),
          "return {\n\t[\"password\"] = \"%s\";\n};\n".formatted(PASSWORD));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The address of a user for a bridge. */
  public String address(String name, String... rooms) {
    return "xmpp://%s@%s/%s?server=%s"
        .formatted(
            name,
            DOMAIN,
            String.join(",", Stream.of(rooms).map(one -> one + "@" + ROOMS).toList()),
            server());
  }

  public int port() {
    return port;
  }

  public String server() {
    return "127.0.0.1:" + port;
  }

  public void start() {
    try {
      process =
          new ProcessBuilder(
                  PROGRAM.orElseThrow().toString(),
                  "-F",
                  "--config",
                  folder.resolve("prosody.cfg.lua").toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("out.txt").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Await.until(
        "Prosody",
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError(text("out.txt") + text("log.txt"));
          }
          return answers();
        });
  }

  private String text(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private boolean answers() {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** As if its host lost power. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
