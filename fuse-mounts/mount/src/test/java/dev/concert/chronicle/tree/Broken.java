package dev.concert.chronicle.tree;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.recording.Recorder;
import dev.concert.chronicle.recording.RecordingWorkers;
import dev.concert.chronicle.recording.changelog.FileState;
import java.time.Duration;
import java.util.Optional;

/** A recorder that remembers nothing, and that can be broken. */
final class Broken implements Recorder, AutoCloseable {
  private final RecordingWorkers workers = new RecordingWorkers();
  volatile boolean isBroken;

  private void check() {
    if (isBroken) {
      throw new IllegalStateException("broken");
    }
  }

  @Override
  public Optional<Duration> written(FileState file, Content content) {
    check();
    return Optional.empty();
  }

  @Override
  public void modeChanged(String path, int mode, boolean shared) {
    check();
  }

  @Override
  public void removed(String path) {
    check();
  }

  @Override
  public void renamed(String from, String to) {
    check();
  }

  @Override
  public void exchanged(String one, String other) {
    check();
  }

  @Override
  public void later(Duration delay, Runnable work) {
    workers.runLater(delay, work);
  }

  @Override
  public void close() {
    workers.close();
  }
}
