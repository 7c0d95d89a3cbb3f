package dev.concert.chronicle.content;

/**
 * A file that is open for reading.
 *
 * @param size bytes when it was opened
 * @param closing gives the file free
 */
public record OpenContent(Content content, long size, Runnable closing) implements AutoCloseable {
  @Override
  public void close() {
    closing.run();
  }
}
