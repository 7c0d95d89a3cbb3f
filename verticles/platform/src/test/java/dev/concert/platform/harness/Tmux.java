package dev.concert.platform.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The real program at a real terminal, whose screen is read and at whose keys somebody types. */
public final class Tmux implements AutoCloseable {
  private static final int WIDTH = 120;
  private static final int HEIGHT = 48;

  private final Path folder;
  private final Path socket;

  private Tmux(Path folder) {
    this.folder = folder;
    this.socket = folder.resolve("tmux");
  }

  /**
   * Runs the program.
   *
   * @param folder for the terminal's own files; with a short path, since a socket is one of them
   * @param directory in which the program runs
   */
  public static Tmux run(
      Path folder, Path directory, Map<String, String> environment, String... arguments) {
    Tmux tmux = new Tmux(folder);
    Map<String, String> whole = new TreeMap<>(environment);
    whole.put("TERM", "screen-256color");
    String script =
        "unset CONCERT_URL OPENAI_API_KEY\n"
            + whole.entrySet().stream()
                .map(one -> "export %s=%s\n".formatted(one.getKey(), quoted(one.getValue())))
                .collect(Collectors.joining())
            + "cd %s\n".formatted(quoted(directory.toString()))
            + Program.command(arguments).stream().map(Tmux::quoted).collect(Collectors.joining(" "))
            + "\necho \"exit code $?\"\nexec cat\n";
    try {
      Path file = Files.writeString(folder.resolve("run.sh"), script);
      tmux.tmux(
          "-f",
          "/dev/null",
          "new-session",
          "-d",
          "-x",
          Integer.toString(WIDTH),
          "-y",
          Integer.toString(HEIGHT),
          "sh " + quoted(file.toString()));
    } catch (IOException e) {
      throw new AssertionError("The terminal's files cannot be written", e);
    }
    return tmux;
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  /** All that was shown, what is scrolled away included; each line as long as it is wide. */
  public String shown() {
    return tmux("capture-pane", "-p", "-J", "-S", "-");
  }

  /** Waits until this is shown so often. */
  public Tmux see(String text, int times) {
    Await.until(
        "'%s' %d times on the screen".formatted(text, times),
        () -> shown().split(Pattern.quote(text), -1).length > times);
    return this;
  }

  public Tmux see(String text) {
    return see(text, 1);
  }

  /** Types a line. */
  public Tmux type(String line) {
    tmux("send-keys", "-l", line);
    tmux("send-keys", "Enter");
    return this;
  }

  private String tmux(String... arguments) {
    List<String> command = new ArrayList<>(List.of("tmux", "-S", socket.toString()));
    command.addAll(List.of(arguments));
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("LC_ALL", "C.UTF-8");
      Process process = builder.start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
      return said;
    } catch (IOException e) {
      throw new AssertionError("apt-get install tmux", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted at the terminal", e);
    }
  }

  @Override
  public void close() {
    tmux("kill-server");
  }
}
