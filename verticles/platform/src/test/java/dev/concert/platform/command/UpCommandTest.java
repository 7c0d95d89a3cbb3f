package dev.concert.platform.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.ProgramRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What is in the way of {@code concert up} is one clear sentence. */
class UpCommandTest {
  @TempDir Path folder;

  @Test
  void aTakenPort() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());

      up("--port", port).expectOneSentence("Port " + port, "--port");
    }
  }

  @Test
  void aFileWhereTheDataFolderShouldBe() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    ProgramRun.of("up", "--port", "0", "--data", file.toString())
        .expectOneSentence(file.toString(), "--data");
  }

  @Test
  void aFolderThatNobodyCanWrite() {
    ProgramRun.of("up", "--port", "0", "--data", "/proc/concert")
        .expectOneSentence("/proc/concert", "--data");
  }

  @Test
  void anAddressThatIsNotOfThisMachine() throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("open.yaml"), "gateway: {origins: ['http://192.0.2.1:8080']}");

    up("--port", "0", "--host", "192.0.2.1", "--insecure", "--config", config.toString())
        .expectOneSentence("no address '192.0.2.1'", "--host");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
  void anAddressThatOthersReachWithoutAuthentication(String host) {
    assertThat(upHere("--host", host)).contains("--host " + host, "--insecure");
    assertThat(upHere("--host", host, "--insecure")).contains(host, "gateway.origins");
  }

  @Test
  void aConfigurationThatIsNotThere() {
    up("--config", folder.resolve("none.yaml").toString())
        .expectOneSentence("none.yaml", "does not exist");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          chronicle:\\n  mode: auto\\n  broken: [  | line 3
          - a\\n- b                               | mapping of names
          kitchen:\\n  sink: 1                    | concert.yaml line 1: kitchen is not known; the known keys are: automations, backup, bridges, chronicle, cluster, coordinator, ensemble, forges, gateway, github, logging, mode, projects, tracing.
          chronicle:\\n  mode: magic              | chronicle.mode
          chronicle: 7                            | chronicle
          coordinator:\\n  sandbox: cardboard     | concert.yaml line 2: coordinator.sandbox must be one of: auto, bubblewrap, process.
          coordinator:\\n  maxTokens: 1\\n  maxProceses: 5 | concert.yaml line 3: coordinator.maxProceses is not known
          chronicle:\\n  retension: all          | concert.yaml line 2: chronicle.retension is not known
          tracing:\\n  sampleRatio: 2           | concert.yaml line 2: tracing.sampleRatio must be a number
          coordinator:\\n  maxTokens: -1          | coordinator.maxTokens
          ensemble:\\n  host: h\\n  prot: 80      | concert.yaml line 3: ensemble.prot is not known
          ensemble:\\n  providers:\\n    - name: a\\n      type: xai\\n      models:\\n        - {id: m}\\n        - id: n\\n          inputPrice: cheap | concert.yaml line 8: ensemble.providers[0].models[1].inputPrice
          ensemble:\\n  providers:\\n    - name: a\\n      models: [] | concert.yaml line 3: ensemble.providers[0].type is required
          """)
  void aConfigurationThatIsWrong(String content, String named) throws IOException {
    Path config = folder.resolve("concert.yaml");
    Files.write(config, content.replace("\\n", "\n").getBytes(UTF_8));

    assertThat(upHere("--config", config.toString())).contains(named).hasLineCount(1);
  }

  @Test
  void aWrongConfigurationLeavesNoDataFolder() {
    up("--config", folder.resolve("none.yaml").toString()).expect(1);

    assertThat(folder.resolve("data")).doesNotExist();
  }

  /** What the command says in this JVM, which is quicker; it fails before anything is started. */
  private String upHere(String... arguments) {
    StringWriter err = new StringWriter();
    CommandLine program = Main.commandLine();
    program.setErr(new PrintWriter(err, true));
    assertThat(program.execute(all(arguments))).isEqualTo(1);
    return err.toString();
  }

  private ProgramRun up(String... arguments) {
    return ProgramRun.of(all(arguments));
  }

  private String[] all(String... arguments) {
    List<String> all = new ArrayList<>(List.of("up", "--data", folder.resolve("data").toString()));
    all.addAll(List.of(arguments));
    if (!all.contains("--port")) {
      all.addAll(List.of("--port", "0"));
    }
    return all.toArray(String[]::new);
  }
}
