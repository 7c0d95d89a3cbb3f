package dev.concert.chronicle.service;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.workspace.ChronicleOptions;
import dev.concert.chronicle.workspace.MountStrategy;
import dev.concert.chronicle.workspace.Workspaces;
import java.io.IOException;
import java.nio.file.Path;

/** A mounted workspace "w" in a process of its own, for a test that kills it. */
final class KilledMount {
  private KilledMount() {}

  static Workspaces open(Path home) {
    ChronicleOptions options = TestBinding.options(home, TestBinding.chosen());
    return Workspaces.open(
        options,
        ContentStore.open(options.contentStore()),
        new MountStrategy(options, TestBinding.open(options.binding())),
        (id, iterations) -> {});
  }

  /** Starts it; it is mounted when this returns. */
  static Process start(Path home) throws IOException {
    return TestJvm.start(KilledMount.class, "mounted", home.toString());
  }

  /** Ends when it is killed or its input is closed. */
  public static void main(String[] arguments) throws IOException {
    try (Workspaces workspaces = open(Path.of(arguments[0]))) {
      workspaces.mount("w");
      System.out.println("mounted");
      while (System.in.read() >= 0) {
        // Nothing is said to it.
      }
    }
  }
}
