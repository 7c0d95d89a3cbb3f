package dev.concert.chronicle.service;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.chronicle.binding.MountBinding;
import dev.concert.chronicle.workspace.ChronicleOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The bindings as tests use them. */
final class TestBinding {
  private TestBinding() {}

  /** The one that {@code -Dconcert.binding} names; the kernel's unless it does. */
  static ChronicleOptions.Binding chosen() {
    String word = System.getProperty("concert.binding", "kernel");
    return Arrays.stream(ChronicleOptions.Binding.values())
        .filter(one -> one.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("There is no binding " + word));
  }

  /** Skips the test where the binding cannot mount on this host. */
  static MountBinding open(ChronicleOptions.Binding binding) {
    MountBinding opened = binding.open();
    Optional<String> missing = opened.missing();
    assumeTrue(missing.isEmpty(), () -> opened.name() + " cannot mount here: " + missing.get());
    return opened;
  }

  /** Options of a server that mounts or fails. */
  static ChronicleOptions options(Path home, ChronicleOptions.Binding binding) {
    return new ChronicleOptions(
        home.resolve("instances"), home.resolve("cas"), ChronicleOptions.Mode.FUSE, binding);
  }
}
