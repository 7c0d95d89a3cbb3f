package dev.concert.coordinator.bench;

import dev.concert.coordinator.sandbox.SandboxMode;
import java.nio.file.Path;

/** A coordinator in a JVM of its own, that is to be killed. */
public final class LonelyCoordinator {
  /** What it says when its agent runs. */
  public static final String READY = "ready to be killed";

  private LonelyCoordinator() {}

  public static void main(String[] arguments) {
    Stage stage = Stage.open(Path.of(arguments[0]), SandboxMode.AUTO);
    stage.start("one");
    stage.tell("one", "m1", "hang");
    System.out.println(READY);
  }
}
