package dev.concert.coordinator.process;

import java.util.Map;
import java.util.Optional;

/**
 * How an agent ended.
 *
 * @param code its exit code, 128 + n for signal n; empty when the coordinator killed it
 * @param overrun which limit it passed, as the rest of a sentence that begins with "it"; empty when
 *     it passed none
 * @param logTail the last lines of its log, without secrets; may be empty
 */
public record ExitStatus(Optional<Integer> code, Optional<String> overrun, String logTail) {
  private static final Map<Integer, String> SIGNALS =
      Map.of(
          1, "SIGHUP", 2, "SIGINT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9,
          "SIGKILL", 11, "SIGSEGV", 13, "SIGPIPE", 15, "SIGTERM");

  /** In words: {@code with exit code 3} or {@code by signal 11 (SIGSEGV)}. */
  public Optional<String> inWords() {
    return code.map(
        number ->
            number > 128 && number < 193
                ? "by signal %d%s".formatted(number - 128, signal(number - 128))
                : "with exit code " + number);
  }

  private static String signal(int number) {
    return SIGNALS.containsKey(number) ? " (" + SIGNALS.get(number) + ")" : "";
  }
}
