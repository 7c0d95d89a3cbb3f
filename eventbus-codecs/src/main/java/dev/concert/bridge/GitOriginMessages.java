package dev.concert.bridge;

/** How the git of an agent reaches the repository that its session works on. */
public interface GitOriginMessages {
  /** An agent of this session wants to say one thing to its repository. */
  record OpenOrigin(String tenantId, String sessionId) {}

  /**
   * Where one request of git is answered.
   *
   * @param node that has the port
   * @param key to be said as {@code Authorization: Bearer}, once; a secret, which no agent gets
   */
  record OriginOpened(String node, int port, String key) {
    /** Without the key. */
    @Override
    public String toString() {
      return "OriginOpened[%s, %d]".formatted(node, port);
    }
  }
}
