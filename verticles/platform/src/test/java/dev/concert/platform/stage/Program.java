package dev.concert.platform.stage;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How the real program is started from the class path of the tests, as the starter does it. */
public final class Program {
  /** What the starter gives the JVM, apart from the program's folder. */
  public static final List<String> JVM_OPTIONS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+UseSerialGC",
          "-Dvertx.disableDnsResolver=true",
          "-Djava.awt.headless=true");

  /** Runs are short: what compiles well takes longer than it gives, twice the time of a turn. */
  private static final String COMPILE_LITTLE = "-XX:TieredStopAtLevel=1";

  private Program() {}

  /** Where the agents are: the folder of the whole project. */
  public static Path home() {
    return Path.of(
        Optional.ofNullable(System.getProperty("concert.home"))
            .orElseThrow(
                () -> new AssertionError("-Dconcert.home must name the project's folder")));
  }

  /** The program's class path, without the tests. */
  public static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.endsWith("test-classes") && !entry.endsWith("test-classes/"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Starts the program with its output in these files. */
  public static Process run(
      Map<String, String> environment, Path out, Path err, String... arguments) throws IOException {
    return start(home(), List.of(arguments), environment, out, err);
  }

  /** What has to be run for the program with these arguments. */
  public static List<String> command(String... arguments) {
    return command(home(), List.of(arguments));
  }

  private static List<String> command(Path home, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_OPTIONS);
    command.add(COMPILE_LITTLE);
    command.addAll(
        List.of("-Dconcert.home=" + home, "-cp", classPath(), "dev.concert.platform.command.Main"));
    command.addAll(arguments);
    return command;
  }

  static Process start(
      Path home, List<String> arguments, Map<String, String> environment, Path out, Path err)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(home, arguments));
    builder.environment().remove("CONCERT_URL");
    builder.environment().remove("OPENAI_API_KEY");
    builder.environment().putAll(environment);
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.redirectError(err.toFile());
    return builder.redirectOutput(out.toFile()).start();
  }
}
