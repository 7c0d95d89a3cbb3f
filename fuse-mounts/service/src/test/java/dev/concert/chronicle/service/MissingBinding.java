package dev.concert.chronicle.service;

import dev.concert.chronicle.binding.MountBinding;
import dev.concert.chronicle.binding.MountedFileSystem;
import dev.concert.chronicle.tree.FileSystem;
import java.nio.file.Path;
import java.util.Optional;

/** A binding on a host that lacks something. */
record MissingBinding(String why) implements MountBinding {
  @Override
  public String name() {
    return "missing";
  }

  @Override
  public Optional<String> missing() {
    return Optional.of(why);
  }

  @Override
  public MountedFileSystem mount(String id, Path mountPoint, FileSystem files) {
    throw new AssertionError("A binding that cannot mount is not used");
  }

  @Override
  public void close() {}
}
