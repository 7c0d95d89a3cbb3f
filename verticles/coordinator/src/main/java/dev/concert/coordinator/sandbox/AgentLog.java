package dev.concert.coordinator.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * {@code logs/agent.log}: what an agent prints and logs, at most twice 4 MiB (the older half is
 * {@code agent.log.1}), never with the agent's secret in it. Remembers the last 2 KiB.
 *
 * <p>Thread-safe. Blocks: not for event loops.
 */
public final class AgentLog implements AutoCloseable {
  private static final long ROTATE_AT = 4L << 20;
  private static final int TAIL_BYTES = 2048;
  private static final int TAIL_LINES = 20;
  private static final int LONGEST_LINE = 64 << 10;

  private final Path file;
  private final String secret;
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
    this.secret = secret;
    Files.createDirectories(file.getParent());
    this.written = Files.exists(file) ? Files.size(file) : 0;
    this.out = open();
  }

  private OutputStream open() throws IOException {
    return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
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
      whole = text.length() - secret.length();
    }
    held = text.substring(whole);
    write(text.substring(0, whole));
  }

  /** Writes one line of the coordinator's own. */
  public void line(String text) throws IOException {
    byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
    append(bytes, bytes.length);
  }

  private String redact(String text) {
    return secret.isEmpty() ? text : text.replace(secret, "***");
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
