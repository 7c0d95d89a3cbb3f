package dev.concert.bus;

import java.util.List;

/** What the nodes of a cluster say to each other. */
public final class ClusterMessages {
  private ClusterMessages() {}

  /**
   * A node, as others need to know it.
   *
   * @param name unique in the cluster and the same after a restart
   * @param host at which connections beside the bus (archives, replicas) reach it
   * @param roles which services it runs
   */
  public record NodeDescriptor(String name, String host, List<String> roles) {}

  /** A node greets all others; each sends its descriptor to the inbox {@code replyTo}. */
  public record Hello(NodeDescriptor node, String replyTo) {}

  /** Asks every coordinator node whether it owns an instance; each answers to {@code replyTo}. */
  public record WhoOwns(String key, String replyTo) {}

  /**
   * @param owns whether this node has the instance's folder
   */
  public record Owns(String key, String node, boolean owns) {}

  /**
   * Makes a node the owner of an instance, durably, before anything is done with it. Asking again
   * succeeds.
   *
   * @param node the node that is meant
   */
  public record PlaceInstance(String node, String key) {}
}
