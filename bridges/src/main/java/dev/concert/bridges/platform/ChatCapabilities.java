package dev.concert.bridges.platform;

import java.time.Duration;
import java.util.function.ToIntFunction;

/**
 * What a platform can show.
 *
 * @param maxLength of one message, in the unit that {@code length} counts
 * @param length of a text of ours in the platform's form
 * @param editInterval how often a message that grows may be changed; zero for never, so that only
 *     whole messages are sent
 * @param hasButtons whether people press buttons; without them they write what a button says
 * @param showsSteps whether the steps of a turn have a form of their own there
 * @param takesFiles whether people can be sent files
 * @param canStream whether a text that grows may have a form of its own there
 */
public record ChatCapabilities(
    int maxLength,
    ToIntFunction<String> length,
    Duration editInterval,
    boolean hasButtons,
    boolean showsSteps,
    boolean takesFiles,
    boolean canStream) {

  /** Without a form for texts that grow. */
  public ChatCapabilities(
      int maxLength,
      ToIntFunction<String> length,
      Duration editInterval,
      boolean hasButtons,
      boolean showsSteps,
      boolean takesFiles) {
    this(maxLength, length, editInterval, hasButtons, showsSteps, takesFiles, false);
  }

  /** Of a platform that shows texts only. */
  public ChatCapabilities(
      int maxLength,
      ToIntFunction<String> length,
      Duration editInterval,
      boolean hasButtons,
      boolean showsSteps) {
    this(maxLength, length, editInterval, hasButtons, showsSteps, false);
  }

  /** With buttons, and without a form for steps. */
  public ChatCapabilities(int maxLength, ToIntFunction<String> length, Duration editInterval) {
    this(maxLength, length, editInterval, true, false);
  }

  /** The same, and files. */
  public ChatCapabilities withFiles() {
    return new ChatCapabilities(
        maxLength, length, editInterval, hasButtons, showsSteps, true, canStream);
  }

  /** The same, and a form of its own for texts that grow. */
  public ChatCapabilities withStreams() {
    return new ChatCapabilities(
        maxLength, length, editInterval, hasButtons, showsSteps, takesFiles, true);
  }

  /** Whether an answer can be shown while it grows. */
  public boolean canEdit() {
    return editInterval.isPositive();
  }
}
