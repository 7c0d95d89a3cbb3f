package dev.concert.chronicle.service;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.workspace.Workspaces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** A process that never ends writing file "f" of workspace "w", for a test that kills it. */
final class KilledWrite {
  private KilledWrite() {}

  /** Starts it; it has written some of the content when this returns. */
  static Process start(Path home, boolean mounted) throws IOException {
    return TestJvm.start(KilledWrite.class, "writing", home.toString(), Boolean.toString(mounted));
  }

  public static void main(String[] arguments) {
    try (Workspaces workspaces = KilledMount.open(Path.of(arguments[0]))) {
      if (Boolean.parseBoolean(arguments[1])) {
        workspaces.mount("w");
      }
      Content endless =
          (into, position) -> {
            if (position > 1_000_000) {
              System.out.println("writing");
              LockSupport.park();
            }
            return into.length;
          };
      OpenContent content = new OpenContent(endless, 2_000_000, () -> {});
      workspaces.change("w", "f", files -> files.write("f", Kind.FILE, 0644, content));
    }
  }
}
