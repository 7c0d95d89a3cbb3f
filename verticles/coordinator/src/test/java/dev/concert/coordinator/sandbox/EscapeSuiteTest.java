package dev.concert.coordinator.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tries to leave the sandbox in every way of {@code escape/attempts.py}, all of them in one real
 * sandbox that is started as an agent's is.
 */
class EscapeSuiteTest {
  private static final Path SCRIPTS = Path.of("src/test/resources/escape").toAbsolutePath();
  private static final Path PAGE = Path.of("../../docs/sandbox.md");
  private static final OptionalInt USER = OptionalInt.of(UserRange.DEFAULT.first() + 1);

  private static @TempDir Path root;
  private static HostTargets host;
  private static List<Attempt> attempts;

  /**
   * @param verdict {@code refused}, or what else became of it
   */
  private record Attempt(String name, String layer, String verdict, String detail) {
    static Attempt of(String line) {
      String[] parts = line.split("\t", 4);
      assertThat(parts).as(line).hasSize(4);
      return new Attempt(parts[0], parts[1], parts[2], parts[3]);
    }
  }

  @BeforeAll
  static void tryAllOfThem() throws Exception {
    assumeTrue(HostPrograms.find().bwrap().isPresent(), "bubblewrap is not installed");
    host = new HostTargets(root, SCRIPTS.resolve("host.py"));
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      Path path = root.resolve("out.sock");
      socket.bind(UnixDomainSocketAddress.of(path));
      SandboxedScript script =
          SandboxedScript.of(
              root,
              "agent",
              SCRIPTS.resolve("attempts.py"),
              List.of(new ForwardedPort(3128, path)),
              USER,
              host.variables());
      try (script) {
        plantSetUserIdProgram(script.workspace());
        attempts = script.run().stream().map(Attempt::of).toList();
      }
    }
  }

  private static void plantSetUserIdProgram(Path workspace) throws IOException {
    if ("root".equals(System.getProperty("user.name"))) {
      Path program = workspace.resolve("set-user-id");
      Files.copy(Path.of("/usr/bin/id"), program, StandardCopyOption.REPLACE_EXISTING);
      Files.setAttribute(program, "unix:mode", 04755);
    }
  }

  @AfterAll
  static void closeTheHostsSide() throws IOException {
    if (host != null) {
      host.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> everyAttemptIsRefused() {
    return attempts.stream()
        .map(
            attempt ->
                DynamicTest.dynamicTest(
                    attempt.name(),
                    () -> assertThat(attempt.verdict()).as(attempt.detail()).isEqualTo("refused")));
  }

  @Test
  void theHostIsUnharmed() {
    assertThat(host.isAlive()).isTrue();
    assertThat(attempts).hasSizeGreaterThanOrEqualTo(60);
  }

  /** {@code -Dconcert.golden=update} writes the table of the page anew. */
  @Test
  void thePageListsEachAttemptWithTheLayerThatRefusesIt() throws IOException {
    List<String> rows =
        attempts.stream()
            .map(attempt -> "| %s | %s |".formatted(attempt.name(), attempt.layer()))
            .toList();
    String page = Files.readString(PAGE);
    int start = page.indexOf("| attempt | layer |");
    String table = "| attempt | layer |\n|---|---|\n" + String.join("\n", rows) + "\n";
    if ("update".equals(System.getProperty("concert.golden"))) {
      Files.writeString(PAGE, page.substring(0, start) + table);
    }
    assertThat(Files.readString(PAGE).substring(start)).isEqualTo(table);
  }
}
