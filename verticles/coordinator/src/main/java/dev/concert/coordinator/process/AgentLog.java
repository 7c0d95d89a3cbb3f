package dev.concert.coordinator.process;

import dev.concert.foundation.files.PrivateFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

/**
 * {@code logs/agent.log}: what an agent prints and logs, at most twice 4 MiB (the older half is
 * {@code agent.log.1}), never with one of the agent's secrets in it. Remembers the last 2 KiB.
 *
 * <p>Thread-safe. Blocks: not for event loops.
 */
public final class AgentLog implements AutoCloseable {
  private static final long ROTATE_AT = 4L << 20;
  private static final int TAIL_BYTES = 2048;
  private static final int TAIL_LINES = 20;
  private static final int LONGEST_LINE = 64 << 10;

  /** Shorter texts would take too much else out of a log. */
  private static final int SHORTEST_SECRET = 4;

  private final Path file;
  private final Set<String> secrets = new CopyOnWriteArraySet<>();
  private OutputStream out;
  private long written;
  private String held = "";
  private String tail = "";

  /**
   * Opens the log for appending.
   *
   * @param secret is replaced by {@code ***} wherever it would be written
   */
  public AgentLog(Path instanceFolder, String secret) throws IOException {
    this.file = instanceFolder.resolve("logs").resolve("agent.log");
    hide(secret);
    PrivateFiles.createDirectories(file.getParent());
    this.written = Files.exists(file) ? Files.size(file) : 0;
    this.out = open();
  }

  private OutputStream open() throws IOException {
    return Channels.newOutputStream(
        PrivateFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  /**
   * Takes bytes as they come. They are written up to the last whole line, so that a secret that
   * comes in two pieces is seen as one.
   */
  public synchronized void append(byte[] bytes, int length) throws IOException {
    // One byte is one char, so that text of any encoding is written as it came.
    String text = redact(held + new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
    int whole = text.lastIndexOf('\n') + 1;
    if (text.length() - whole > LONGEST_LINE) {
      whole = text.length() - longestSecret();
    }
    held = text.substring(whole);
    write(text.substring(0, whole));
  }

  /** Writes one line of the coordinator's own. */
  public void line(String text) throws IOException {
    byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
    append(bytes, bytes.length);
  }

  /**
   * From now on this text is replaced by {@code ***} as well. Any thread; does not block.
   *
   * @param secret a shorter one than 4 characters is not replaced
   */
  public void hide(String secret) {
    if (secret.length() >= SHORTEST_SECRET) {
      // As the bytes of the log are kept: one char for each.
      secrets.add(new String(secret.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }
  }

  private String redact(String text) {
    String redacted = text;
    for (String secret : secrets) {
      redacted = redacted.replace(secret, "***");
    }
    return redacted;
  }

  private int longestSecret() {
    return Math.min(LONGEST_LINE, secrets.stream().mapToInt(String::length).max().orElse(0));
  }

  private void write(String text) throws IOException {
    if (text.isEmpty()) {
      return;
    }
    if (written > 0 && written + text.length() > ROTATE_AT) {
      out.close();
      Files.move(
          file,
          file.resolveSibling("agent.log.1"),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
      out = open();
      written = 0;
    }
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    written += text.length();
    String longer = tail + text;
    tail = longer.substring(Math.max(0, longer.length() - TAIL_BYTES));
  }

  /** The last lines: at most 20, at most 2 KiB, without the secret; empty when there are none. */
  public synchronized String tail() {
    String bytes = tail + held;
    byte[] last =
        bytes
            .substring(Math.max(0, bytes.length() - TAIL_BYTES))
            .getBytes(StandardCharsets.ISO_8859_1);
    List<String> lines = new String(last, StandardCharsets.UTF_8).strip().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
  }

  @Override
  public synchronized void close() throws IOException {
    write(held);
    held = "";
    out.close();
  }
}
