package dev.concert.platform.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;

/**
 * The starter script in a project of its own: a program is built, nothing else is there, and {@code
 * mvn} only notes that it was called.
 */
public final class StarterHome {
  private static final String MAVEN =
      """
      #!/usr/bin/env bash
      touch "%s"
      if [ -n "${MAVEN_FAILS:-}" ]; then echo "[ERROR] something is wrong"; exit 1; fi
      """;

  /** Prints its arguments, and ends with the exit code that its environment names. */
  private static final String SMALL_PROGRAM =
      """
      package dev.concert.platform.command;

      public final class Main {
        public static void main(String[] arguments) {
          System.out.println("small " + String.join("|", arguments));
          System.exit(Integer.parseInt(System.getenv().getOrDefault("EXIT_CODE", "0")));
        }
      }
      """;

  private final Path folder;
  private final Path called;

  /** What the script said. */
  public record Said(int code, String out, String err) {}

  /** One with Concert itself. */
  public static StarterHome ofConcert(Path folder) throws IOException {
    StarterHome home = new StarterHome(folder);
    home.writeJarOfConcert();
    return home;
  }

  /** One with a program that starts fast, for what is about the script alone. */
  public static StarterHome ofASmallProgram(Path folder) throws IOException {
    StarterHome home = new StarterHome(folder);
    home.writeJarOfASmallProgram();
    return home;
  }

  private StarterHome(Path folder) throws IOException {
    this.folder = Files.createDirectory(folder.resolve("a home"));
    this.called = folder.resolve("maven-was-called");
    Files.copy(Program.home().resolve("concert"), script());
    script().toFile().setExecutable(true);
    Files.createDirectories(jar().getParent());
    for (String module :
        List.of(
            "eventbus-codecs", "foundation", "fuse-mounts", "bridges", "automation", "clients")) {
      Files.createDirectories(this.folder.resolve(module));
    }
    Files.writeString(this.folder.resolve("pom.xml"), "");
    makeOlder(this.folder.resolve("pom.xml"));
    Files.writeString(jar().getParent().resolveSibling("built"), "");
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Files.writeString(bin.resolve("mvn"), MAVEN.formatted(called));
    Files.setPosixFilePermissions(bin.resolve("mvn"), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void makeOlder(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
  }

  private Path jar() {
    return folder.resolve("verticles/platform/target/dist/lib/program.jar");
  }

  /** A jar that names the class path of the tests as its own. */
  private void writeJarOfConcert() throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest
        .getMainAttributes()
        .put(
            Attributes.Name.CLASS_PATH,
            Arrays.stream(Program.classPath().split(":"))
                .map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" ")));
    new JarOutputStream(Files.newOutputStream(jar()), manifest).close();
  }

  private void writeJarOfASmallProgram() throws IOException {
    Path source = Files.writeString(folder.resolveSibling("Main.java"), SMALL_PROGRAM);
    Path classes = folder.resolveSibling("classes");
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), source.toString());
    assertThat(code).as("exit code of the compiler").isZero();
    String name = "dev/concert/platform/command/Main.class";
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(jar()))) {
      jar.putNextEntry(new JarEntry(name));
      Files.copy(classes.resolve(name), jar);
    }
  }

  public Path script() {
    return folder.resolve("concert");
  }

  /** Makes a source that is newer than the build. */
  public void touchASource() throws IOException {
    Path source = folder.resolve("clients/src/main/java/New.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, "");
    makeOlder(folder.resolve("verticles/platform/target/dist/built"));
  }

  public boolean mavenWasCalled() {
    return Files.exists(called);
  }

  /** Runs the script. */
  public Said run(Map<String, String> environment, String... arguments) {
    return run(script(), environment, arguments);
  }

  /** Runs the script by another name. */
  public Said run(Path name, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(List.of(name.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
    builder.environment().remove("CONCERT_URL");
    builder.environment().put("CONCERT_JAVA_HOME", System.getProperty("java.home"));
    builder
        .environment()
        .merge("PATH", folder.resolveSibling("bin").toString(), (path, bin) -> bin + ":" + path);
    builder.environment().putAll(environment);
    try {
      Path err = Files.createTempFile("starter", ".err");
      Process process = builder.redirectError(err.toFile()).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(300, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("The starter did not end");
      }
      String complaints = Files.readString(err);
      Files.delete(err);
      return new Said(process.exitValue(), out, complaints);
    } catch (IOException e) {
      throw new AssertionError("The starter could not be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while the starter ran", e);
    }
  }
}
