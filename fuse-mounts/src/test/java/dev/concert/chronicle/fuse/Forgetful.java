package dev.concert.chronicle.fuse;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.recording.FileState;
import dev.concert.chronicle.recording.Recorder;

/** Versioning is not what this is about. */
final class Forgetful implements Recorder {
  @Override
  public void written(FileState file, Content content) {}

  @Override
  public void modeChanged(String path, int mode, boolean shared) {}

  @Override
  public void removed(String path) {}

  @Override
  public void renamed(String from, String to) {}
}
