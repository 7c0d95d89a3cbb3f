package dev.concert.coordinator.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.coordinator.process.AgentProcess;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresRoot;
import dev.concert.testing.Shell;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the host sees of a process in the sandbox. */
class SandboxFromTheHostTest {
  private static final int USER = UserRange.DEFAULT.first() + 3;
  private static final int PORT = 8123;
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  private static final String PROGRAM =
      """
      import socket, sys, time
      open("new", "w").close()
      with socket.create_connection(("127.0.0.1", %d)) as peer:
          peer.sendall(b"hello")
          peer.shutdown(socket.SHUT_WR)
          print("answered", peer.recv(100).decode(), flush=True)
      time.sleep(1000)
      """
          .formatted(PORT);

  @TempDir Path root;

  @BeforeAll
  static void needsBubblewrap() {
    assumeTrue(HostPrograms.find().bwrap().isPresent(), "bubblewrap is not installed");
  }

  @Test
  void anAgentIsNobodyOnTheHostAndReachesOnlyWhatItsPortsLeadTo() throws Exception {
    Path socket = root.resolve("out.sock");
    Path program = Files.createDirectories(root.resolve("program")).resolve("main.py");
    Files.writeString(program, PROGRAM);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      SandboxedScript script =
          SandboxedScript.of(
              root,
              "agent",
              program,
              List.of(new ForwardedPort(PORT, socket)),
              OptionalInt.of(USER),
              Map.of());
      try (script) {
        AgentProcess process = script.start();
        answer(server);
        Await.until("the answer", () -> script.output().contains("answered hello, too"));
        long agent = pid(program.toString());

        assertIsNobody(agent);
        assertThat(owner(script.workspace().resolve("new"))).isEqualTo(expectedUser());
        if (ROOT) {
          assertThat(owner(socket)).isEqualTo(USER);
        }
        process.end();
        assertThat(processes("TCP-LISTEN:" + PORT)).as("relays").isEmpty();
        assertThat(processes(root.toString())).as("all of it").isEmpty();
      }
    }
  }

  /**
   * Otherwise the mount of a workspace lives on for as long as any agent that was started after.
   */
  @Test
  @RequiresRoot("mounts a folder")
  void noProcessOfASandboxKeepsAMountOfTheHostAlive() throws Exception {
    Path elsewhere = Files.createDirectories(root.resolve("elsewhere"));
    Path program = Files.createDirectories(root.resolve("program")).resolve("main.py");
    Files.writeString(program, "import time\nprint('answered', flush=True)\ntime.sleep(1000)\n");
    Shell shell = new Shell(root);
    shell.run("mount -t tmpfs elsewhere " + elsewhere);
    SandboxedScript script =
        SandboxedScript.of(root, "agent", program, List.of(), OptionalInt.of(USER), Map.of());
    try (script) {
      AgentProcess process = script.start();
      Await.until("the start", () -> script.output().contains("answered"));
      shell.run("umount " + elsewhere);

      assertThat(processes(program.toString()))
          .isNotEmpty()
          .allSatisfy(
              pid ->
                  assertThat(Files.readString(Path.of("/proc/" + pid + "/mountinfo")))
                      .doesNotContain(elsewhere.toString()));
      process.end();
    }
  }

  private static int expectedUser() throws IOException {
    return ROOT ? USER : owner(Path.of("/proc/self"));
  }

  private static void assertIsNobody(long agent) throws IOException {
    String id = Integer.toString(expectedUser());
    Map<String, String> status = status(agent);
    assertThat(status.get("Uid").split("\\s+")).containsOnly(id);
    assertThat(Files.readString(Path.of("/proc/" + agent + "/uid_map")).strip().split("\\s+"))
        .containsExactly("1000", id, "1");
    assertThat(List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"))
        .allSatisfy(set -> assertThat(status.get(set)).isEqualTo("0".repeat(16)));
    assertThat(status).containsEntry("NoNewPrivs", "1").containsEntry("Seccomp", "2");
    if (ROOT) {
      assertThat(status.get("Gid").split("\\s+")).containsOnly(id);
      assertThat(status.get("Groups")).isEmpty();
    }
  }

  private static void answer(ServerSocketChannel server) throws IOException {
    try (SocketChannel peer = server.accept()) {
      ByteBuffer heard = ByteBuffer.allocate(5);
      while (heard.hasRemaining()) {
        peer.read(heard);
      }
      assertThat(new String(heard.array(), StandardCharsets.UTF_8)).isEqualTo("hello");
      peer.write(ByteBuffer.wrap("hello, too".getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static Map<String, String> status(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .map(line -> line.split(":", 2))
        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1].strip()));
  }

  private static int owner(Path file) throws IOException {
    return (Integer) Files.getAttribute(file, "unix:uid");
  }

  /** The Python process, and not bubblewrap, which has the same text in its arguments. */
  private static long pid(String program) throws IOException {
    return processes(program).stream()
        .filter(pid -> commandLine(Path.of("/proc/" + pid)).split("\0").length == 2)
        .findFirst()
        .orElseThrow();
  }

  private static List<Long> processes(String text) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(process -> process.getFileName().toString().matches("[0-9]+"))
          .filter(process -> commandLine(process).contains(text))
          .filter(process -> !commandLine(process).contains("java"))
          .map(process -> Long.parseLong(process.getFileName().toString()))
          .toList();
    }
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }
}
