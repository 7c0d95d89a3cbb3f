package dev.concert.automations.engine;

/**
 * How many runs go on at once. On one context.
 *
 * <p>It has no queue: who is refused asks again at the next look.
 */
public final class RunCaps {
  private final int perTenant;
  private final int perNode;
  private int running;

  public RunCaps(int perTenant, int perNode) {
    this.perTenant = perTenant;
    this.perNode = perNode;
  }

  /** Whether a tenant with so many runs may begin another. */
  boolean hasRoom(int ofTenant) {
    return ofTenant < perTenant && running < perNode;
  }

  void begin() {
    running++;
  }

  void end() {
    running--;
  }
}
