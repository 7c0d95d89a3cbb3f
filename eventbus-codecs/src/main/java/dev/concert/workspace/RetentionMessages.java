package dev.concert.workspace;

import java.util.List;

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
   * @param excluded patterns, as {@code .gitignore} has them, of paths that are not versioned from
   *     now on; null leaves them as they are, and an empty policy makes those of the server hold
   * @param expected what has to hold until then; null for anything
   */
  public record SetRetention(
      String workspaceId, String policy, List<String> excluded, Retention expected) {
    public SetRetention(String workspaceId, String policy, List<String> excluded) {
      this(workspaceId, policy, excluded, null);
    }
  }

  /**
   * The policy that holds for a workspace.
   *
   * @param own whether it is not just the server's
   * @param excluded patterns of paths that are not versioned: only their present state is kept
   */
  public record Retention(String policy, boolean own, List<String> excluded) {}
}
