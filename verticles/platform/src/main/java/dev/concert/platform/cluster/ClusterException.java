package dev.concert.platform.cluster;

/** This node cannot join its cluster; the message says why and what to do. */
public final class ClusterException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ClusterException(String message, Throwable cause) {
    super(message, cause);
  }
}
