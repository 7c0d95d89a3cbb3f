package dev.concert.chronicle.binding;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.recording.Recorder;
import dev.concert.chronicle.recording.changelog.FileState;
import java.time.Duration;
import java.util.Optional;

/** Versioning is not what this is about. */
public final class Forgetful implements Recorder {
  @Override
  public Optional<Duration> written(FileState file, Content content) {
    return Optional.empty();
  }

  @Override
  public void modeChanged(String path, int mode, boolean shared) {}

  @Override
  public void removed(String path) {}

  @Override
  public void renamed(String from, String to) {}

  @Override
  public void exchanged(String one, String other) {}
}
