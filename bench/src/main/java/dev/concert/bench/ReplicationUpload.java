package dev.concert.bench;

import dev.concert.platform.command.Main;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * How fast a person's folder comes into a workspace: {@code concert sync --once} through the
 * gateway's {@code /sync} into a mounted workspace, beside rsync over a pipe into a folder of the
 * same disk. Both are run as processes, from their start to their end; what {@code concert sync}
 * takes for an empty folder is told as well.
 */
public final class ReplicationUpload {
  private static final int SMALL = 2_000;
  private static final int FILES_OF_A_FOLDER = 100;
  private static final int PIECE = 1 << 20;

  private final Path folder;
  private final Random random = new Random(7);

  private ReplicationUpload(Path folder) {
    this.folder = folder;
  }

  /** What is copied. */
  private record Load(String name, Path source, long files, long bytes) {}

  public static void main(String[] arguments) throws Exception {
    int files = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
    int mebibytes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1024;
    Path folder = Files.createTempDirectory("bench");
    try {
      new ReplicationUpload(folder).run(files, mebibytes);
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
      }
    }
    System.exit(0);
  }

  private void run(int files, int mebibytes) throws Exception {
    List<Load> loads =
        List.of(
            new Load("nothing", Files.createDirectories(folder.resolve("nothing")), 0, 0),
            small(files),
            large(mebibytes));
    System.out.println(
        "| load | by | seconds | files/s | MB/s | CPU s here | CPU s of the server |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (Load load : loads) {
      concert(load);
      rsync(load, "rsync");
      rsync(load, "rsync --fsync", "--fsync");
    }
  }

  private Load small(int files) throws IOException {
    Path source = folder.resolve("small");
    byte[] content = new byte[SMALL];
    for (int i = 0; i < files; i++) {
      Path file = source.resolve("d" + i / FILES_OF_A_FOLDER).resolve("f" + i);
      Files.createDirectories(file.getParent());
      random.nextBytes(content);
      Files.write(file, content);
    }
    return new Load(
        "%,d files of %,d bytes".formatted(files, SMALL), source, files, (long) files * SMALL);
  }

  private Load large(int mebibytes) throws IOException {
    Path source = Files.createDirectories(folder.resolve("large"));
    byte[] piece = new byte[PIECE];
    try (var out =
        Channels.newOutputStream(
            FileChannel.open(
                source.resolve("file"), StandardOpenOption.CREATE, StandardOpenOption.WRITE))) {
      for (int i = 0; i < mebibytes; i++) {
        random.nextBytes(piece);
        out.write(piece);
      }
    }
    return new Load(
        "one file of %,d MiB".formatted(mebibytes), source, 1, (long) mebibytes * PIECE);
  }

  private void concert(Load load) throws Exception {
    Path data = Files.createTempDirectory(folder, "data");
    List<String> flags = new ArrayList<>(Child.usualFlags());
    flags.add("-Dconcert.home=" + System.getProperty("concert.home"));
    List<String> up = Child.java(flags, Main.class, "up", "--port", "0", "--data", data.toString());
    try (Child server = Child.start(up, Map.of())) {
      String line = server.line("ready");
      int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
      String session = AwakeSession.of(port);
      List<String> sync =
          Child.java(
              flags,
              Main.class,
              "sync",
              load.source().toString(),
              "--session",
              session,
              "--once",
              "--state",
              data.resolve("state").toString());
      double before = server.cpuSeconds();
      FinishedProcess ended =
          FinishedProcess.of(
              new ProcessBuilder(sync), Map.of("CONCERT_URL", "http://127.0.0.1:" + port), data);
      row(load, "concert sync", ended, "%.1f".formatted(server.cpuSeconds() - before));
    }
  }

  private void rsync(Load load, String name, String... more) throws Exception {
    Path target = Files.createTempDirectory(folder, "copy");
    List<String> command = new ArrayList<>(List.of("rsync", "-a"));
    command.addAll(List.of(more));
    command.addAll(List.of(load.source() + "/", target.toString()));
    row(load, name, FinishedProcess.of(new ProcessBuilder(command), Map.of(), target), "");
  }

  private static void row(Load load, String by, FinishedProcess ended, String server) {
    System.out.printf(
        "| %s | %s | %.2f | %,.0f | %,.1f | %.1f | %s |%n",
        load.name(),
        by,
        ended.seconds(),
        load.files() / ended.seconds(),
        load.bytes() / 1e6 / ended.seconds(),
        ended.cpuSeconds(),
        server);
  }
}
