package dev.concert.platform.harness;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The program as it is distributed: jars, and the classes that a first run loaded and linked. A
 * start takes half of the processor time, and the tests start the program some hundred times.
 *
 * <p>It is made where all modules but this one are jars, as in a run of all tests. The JVMs of a
 * module share it. Without it the program runs from the class path of the tests.
 */
final class TrainedProgram {
  private static final Path FOLDER = Path.of("target", "program").toAbsolutePath();
  private static final Path JAR = FOLDER.resolve("platform.jar");
  private static final Path CLASSES = FOLDER.resolve("program.aot");

  /** A file of the time after the training, whether there are stored classes or not. */
  private static final Path TRAINED = FOLDER.resolve("trained");

  private TrainedProgram() {}

  /**
   * What makes a JVM run it, up to and without the name of the main class. Blocks for the time of a
   * first run when no other JVM has made it.
   *
   * @param options what the program is started with
   * @param classPath of the program, in which this module may be a folder
   */
  static List<String> options(List<String> options, String classPath) {
    List<String> all = new ArrayList<>(options);
    Optional<String> jars = jarsOf(classPath);
    all.addAll(List.of("-cp", jars.orElse(classPath)));
    jars.ifPresent(
        path -> {
          makeOnce(List.copyOf(all), path);
          if (Files.exists(CLASSES)) {
            all.addAll(List.of("-XX:AOTCache=" + CLASSES, "-Xlog:aot=off", "-Xlog:cds=off"));
          }
        });
    return List.copyOf(all);
  }

  private static Optional<String> jarsOf(String classPath) {
    List<Path> entries =
        Arrays.stream(classPath.split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath())
            .toList();
    List<Path> folders = entries.stream().filter(Files::isDirectory).toList();
    if (!folders.equals(List.of(Path.of("target", "classes").toAbsolutePath()))) {
      return Optional.empty();
    }
    return Optional.of(
        entries.stream()
            .map(entry -> folders.contains(entry) ? JAR : entry)
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator)));
  }

  /** The first of the JVMs makes it; the others wait. A later build makes it anew. */
  private static synchronized void makeOnce(List<String> options, String jars) {
    try {
      Files.createDirectories(FOLDER);
      try (FileChannel channel =
              FileChannel.open(
                  FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock _ = channel.lock()) {
        Path classes = Path.of("target", "classes");
        if (!Files.exists(TRAINED) || isOlderThan(newest(classes, jars))) {
          Files.deleteIfExists(TRAINED);
          Files.deleteIfExists(CLASSES);
          writeJar(classes);
          train(options);
          Files.createFile(TRAINED);
        }
      }
    } catch (IOException e) {
      throw new AssertionError("The program could not be put into a jar", e);
    }
  }

  private static boolean isOlderThan(FileTime time) throws IOException {
    return Files.getLastModifiedTime(TRAINED).compareTo(time) < 0;
  }

  /** When the program was built: the latest time of its classes and of the jars below it. */
  private static FileTime newest(Path classes, String jars) throws IOException {
    List<Path> parts = new ArrayList<>();
    for (String jar : jars.split(File.pathSeparator)) {
      if (!jar.equals(JAR.toString())) {
        parts.add(Path.of(jar));
      }
    }
    try (Stream<Path> files = Files.walk(classes)) {
      files.filter(Files::isRegularFile).forEach(parts::add);
    }
    FileTime newest = FileTime.fromMillis(0);
    for (Path part : parts) {
      FileTime time = Files.getLastModifiedTime(part);
      newest = time.compareTo(newest) > 0 ? time : newest;
    }
    return newest;
  }

  private static void writeJar(Path classes) throws IOException {
    try (Stream<Path> files = Files.walk(classes);
        JarOutputStream jar = new JarOutputStream(Files.newOutputStream(JAR))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        jar.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, jar);
      }
    }
  }

  /**
   * Also a run that fails has loaded classes. One that does not end leaves none, and the program
   * starts without them.
   */
  private static void train(List<String> options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Program.java());
    command.addAll(options);
    command.add("-XX:AOTCacheOutput=" + CLASSES);
    command.add(Program.MAIN);
    Path data = Files.createTempDirectory("concert-training");
    command.addAll(List.of("turn", "--data", data.toString(), "--agent", "echo", "warm up"));
    Path log = FOLDER.resolve("train.log");
    Process process =
        Program.builder(command, Map.of())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!process.waitFor(3, TimeUnit.MINUTES)) {
        Files.deleteIfExists(CLASSES);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while the program was trained", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
