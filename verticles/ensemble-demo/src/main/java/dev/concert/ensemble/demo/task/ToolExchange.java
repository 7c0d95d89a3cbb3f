package dev.concert.ensemble.demo.task;

import dev.concert.ensemble.block.ToolCall;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A tool call and its result. */
public record ToolExchange(ToolCall call, String result) {
  private static final String ERROR = "Error: ";
  private static final Pattern EXIT_CODE = Pattern.compile("\\[exit code (\\d+)]\\s*$");
  private static final Pattern DENIED =
      Pattern.compile("not permit|denied|not allowed|refused permission", Pattern.CASE_INSENSITIVE);

  /** The tool itself says that it did not do it. */
  public boolean failed() {
    return result.startsWith(ERROR);
  }

  public boolean denied() {
    return failed() && DENIED.matcher(result).find();
  }

  public String reason() {
    return failed() ? result.substring(ERROR.length()).strip() : result.strip();
  }

  /** The exit code of a command that ended with another one than 0. */
  public OptionalInt exitCode() {
    Matcher matcher = EXIT_CODE.matcher(result);
    return matcher.find()
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }
}
