package dev.concert.platform.harness;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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

  static final String MAIN = "dev.concert.platform.command.Main";

  /** On a busy machine an agent takes longer to start than it may by default. */
  public static final Duration AGENT_READY = Duration.ofMinutes(1);

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
    List<String> options = new ArrayList<>(JVM_OPTIONS);
    options.addAll(List.of(COMPILE_LITTLE, "-Dconcert.home=" + home));
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(TrainedProgram.options(options, classPath()));
    command.add(MAIN);
    command.addAll(arguments);
    return command;
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /**
   * Of a test that runs in the folder of its module, git does not find Concert's own repository.
   */
  static String outsideOfTheRepository() {
    return Path.of("").toAbsolutePath().getParent().toString();
  }

  public static Process start(
      Path home, List<String> arguments, Map<String, String> environment, Path out, Path err)
      throws IOException {
    return builder(command(home, arguments), environment)
        .redirectError(err.toFile())
        .redirectOutput(out.toFile())
        .start();
  }

  /** A process of the program without input, and without what whoever runs the tests has set. */
  static ProcessBuilder builder(List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("CONCERT_URL");
    // Not the data of whoever runs the tests, nor that of a JVM beside this one.
    Path data = Path.of("target", "user-data-" + ProcessHandle.current().pid());
    builder.environment().put("CONCERT_DATA", data.toAbsolutePath().toString());
    builder.environment().remove("OPENAI_API_KEY");
    builder.environment().put("GIT_CEILING_DIRECTORIES", outsideOfTheRepository());
    builder.environment().putAll(environment);
    return builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
  }
}
