package dev.concert.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.concert.client.GatewayApi;
import dev.concert.platform.command.Main;
import dev.concert.platform.project.Project;
import dev.concert.platform.project.WorkspaceTransfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * How long a git repository takes until an agent has it: the first time beside {@code cp -a} of it,
 * before a later message beside {@code git status}. The server is a process of its own; the client
 * is this one, which is cold the first time, as a command is.
 */
public final class ProjectReady {
  private static final int FILES_OF_A_FOLDER = 50;
  private static final int MIB = 1 << 20;
  private static final int LATER = 3;

  private final Path folder;
  private final Random random = new Random(7);

  private ProjectReady(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws Exception {
    int files = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5_000;
    int mebibytes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100;
    Path folder = Files.createTempDirectory("bench");
    try {
      new ProjectReady(folder).run(files, mebibytes);
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
      }
    }
    System.exit(0);
  }

  private void run(int files, int mebibytes) throws Exception {
    Path repository = repository(files, mebibytes);
    List<String> flags = new ArrayList<>(Child.usualFlags());
    flags.add("-Dconcert.home=" + System.getProperty("concert.home"));
    Path data = folder.resolve("data");
    List<String> up = Child.java(flags, Main.class, "up", "--port", "0", "--data", data.toString());
    try (Child server = Child.start(up, Map.of())) {
      String line = server.line("ready");
      String url = "http://127.0.0.1:" + line.substring(line.lastIndexOf(':') + 1);
      String session = session(url);
      System.out.printf("%,d files, %,d MiB of .git%n%n", files, mebibytes);
      System.out.println("| what | seconds | beside | seconds | ratio |");
      System.out.println("|---|---|---|---|---|");
      Project project = Project.find(repository, data).orElseThrow();
      WorkspaceTransfer transfer = new WorkspaceTransfer(url, session, Optional.empty());
      double copy = process("cp", "-a", repository.toString(), folder.resolve("copy").toString());
      row("first", seconds(() -> enter(project, transfer)), "cp -a", copy);
      for (int i = 0; i < LATER; i++) {
        double status = process("git", "-C", repository.toString(), "status", "--short");
        row("later", seconds(() -> enter(project, transfer)), "git status", status);
      }
      for (int i = 0; i < LATER; i++) {
        double status = process("git", "-C", repository.toString(), "status", "--short");
        double back = seconds(() -> project.fetchChanges(transfer, System.out::println));
        row("the way back", back, "git status", status);
      }
    }
  }

  private static void enter(Project project, WorkspaceTransfer transfer) {
    project.check();
    project.enter(transfer, _ -> true, System.out::println);
  }

  private static String session(String url) throws IOException {
    try (GatewayApi api = new GatewayApi(url, Optional.empty())) {
      return api.request(
              "POST", "/api/sessions", new ObjectMapper().readTree("{\"agentType\":\"echo\"}"))
          .path("session")
          .path("id")
          .asText();
    }
  }

  private Path repository(int files, int mebibytes) throws Exception {
    Path made = Files.createDirectories(folder.resolve("repository"));
    // History that is in a pack and in no file.
    byte[] piece = new byte[MIB];
    process("git", "init", "-q", "-b", "main", made.toString());
    for (int i = 0; i < mebibytes; i++) {
      random.nextBytes(piece);
      Files.write(made.resolve("large" + i), piece);
    }
    commit(made);
    for (int i = 0; i < mebibytes; i++) {
      Files.delete(made.resolve("large" + i));
    }
    for (int i = 0; i < files; i++) {
      int place = i / FILES_OF_A_FOLDER;
      Path file = made.resolve("module%d/part%d/File%d.txt".formatted(place % 10, place, i));
      Files.createDirectories(file.getParent());
      Files.writeString(file, ("line " + random.nextLong() + "\n").repeat(random.nextInt(10, 200)));
    }
    commit(made);
    process("git", "-C", made.toString(), "repack", "-a", "-d", "-q", "--window=0");
    process("git", "-C", made.toString(), "status", "--short");
    return made;
  }

  private void commit(Path made) throws Exception {
    String at = made.toString();
    process("git", "-C", at, "add", "-A");
    process(
        "git",
        "-C",
        at,
        "-c",
        "user.name=A",
        "-c",
        "user.email=a@example.org",
        "commit",
        "-qm",
        "x");
  }

  private double process(String... command) throws Exception {
    return FinishedProcess.of(new ProcessBuilder(command), Map.of(), folder).seconds();
  }

  private static double seconds(Runnable work) {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1e9;
  }

  private static void row(String what, double seconds, String beside, double other) {
    System.out.printf(
        "| %s | %.2f | %s | %.2f | %.2f |%n", what, seconds, beside, other, seconds / other);
  }
}
