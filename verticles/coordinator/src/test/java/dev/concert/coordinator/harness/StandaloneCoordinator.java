package dev.concert.coordinator.harness;

import dev.concert.coordinator.sandbox.SandboxMode;
import java.nio.file.Path;

/** A coordinator in a JVM of its own, that is to be killed. */
public final class StandaloneCoordinator {
  /** What it says when its agent runs. */
  public static final String READY = "ready to be killed";

  private StandaloneCoordinator() {}

  public static void main(String[] arguments) {
    CoordinatorHarness coordinator =
        CoordinatorHarness.open(Path.of(arguments[0]), SandboxMode.AUTO);
    coordinator.start("one");
    coordinator.tell("one", "m1", "hang");
    System.out.println(READY);
  }
}
