package dev.concert.workspace;

/**
 * Which iterations of a workspace are kept, as Chronicle is asked and told. A policy is a text:
 * {@code all}, {@code last:N} (of each file), or {@code thin} (the older, the fewer).
 */
public final class RetentionMessages {
  private RetentionMessages() {}

  public record ReadRetention(String workspaceId) {}

  /**
   * Gives a workspace a policy of its own. It acts when iterations are dropped the next time.
   *
   * @param policy empty for the server's
   */
  public record SetRetention(String workspaceId, String policy) {}

  /**
   * The policy that holds for a workspace.
   *
   * @param own whether it is not just the server's
   */
  public record Retention(String policy, boolean own) {}
}
