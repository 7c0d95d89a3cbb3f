package dev.concert.coordinator.sandbox;

/** How agents are to be shut in. */
public enum SandboxMode {
  /** {@link #BUBBLEWRAP} where it works, else {@link #PROCESS} with a warning. */
  AUTO,
  /** Only in bubblewrap: the coordinator refuses to start where it does not work. */
  BUBBLEWRAP,
  /** As an ordinary process of the coordinator's user, which sees the whole host. */
  PROCESS
}
