package dev.concert.github.broker;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a push asks for: the lines before its pack.
 *
 * <p>Format: https://git-scm.com/docs/pack-protocol#_reference_update_request_and_packfile_transfer
 *
 * @param abilities of the client, such as {@code report-status}
 */
record PushCommands(List<Command> commands, Set<String> abilities) {
  /** More than a few lines are no push of ours. */
  static final int LONGEST = 64 * 1024;

  private static final int LENGTH = 4;
  private static final int OBJECT = 40;

  /**
   * One reference that changes.
   *
   * @param before the commit that it has; zeros if there is none
   * @param after the commit that it gets; zeros where it goes
   */
  record Command(String before, String after, String reference) {
    boolean creates() {
      return before.matches("0+");
    }

    boolean deletes() {
      return after.matches("0+");
    }
  }

  /** What is read so far is not all of the lines. */
  static boolean isCut(Buffer body) {
    return end(body).isEmpty();
  }

  /** Where the lines end; empty while they do not. */
  private static Optional<Integer> end(Buffer body) {
    int at = 0;
    while (at + LENGTH <= body.length()) {
      int length = length(body, at);
      if (length == 0) {
        return Optional.of(at);
      }
      if (length < LENGTH) {
        throw new IllegalArgumentException("This is no push.");
      }
      at += length;
    }
    return Optional.empty();
  }

  /** Where the pack begins in a body that is not cut. */
  static int packStart(Buffer body) {
    return end(body).orElseThrow() + LENGTH;
  }

  private static int length(Buffer body, int at) {
    String text = body.getString(at, at + LENGTH, "ISO-8859-1");
    if (!text.matches("[0-9a-fA-F]{4}")) {
      throw new IllegalArgumentException("This is no push.");
    }
    return Integer.parseInt(text, 16);
  }

  /**
   * @throws IllegalArgumentException where it is no push
   */
  static PushCommands of(Buffer body) {
    int end = end(body).orElseThrow(() -> new IllegalArgumentException("This push is cut."));
    List<Command> commands = new ArrayList<>();
    Set<String> abilities = Set.of();
    for (int at = 0; at < end; at += length(body, at)) {
      String line =
          new String(body.getBytes(at + LENGTH, at + length(body, at)), StandardCharsets.UTF_8);
      // What the client can do follows the first of them.
      String[] halves = line.split("\0", 2);
      String[] parts = halves[0].strip().split(" ", 3);
      if (parts.length == 3 && isObject(parts[0]) && isObject(parts[1])) {
        commands.add(new Command(parts[0], parts[1], parts[2]));
        if (commands.size() == 1 && halves.length == 2) {
          abilities = Set.copyOf(Arrays.asList(halves[1].strip().split(" +")));
        }
      } else if (!line.startsWith("shallow ")) {
        throw new IllegalArgumentException("This push has an unknown line.");
      }
    }
    return new PushCommands(List.copyOf(commands), abilities);
  }

  private static boolean isObject(String text) {
    return text.length() >= OBJECT && text.matches("[0-9a-f]+");
  }
}
