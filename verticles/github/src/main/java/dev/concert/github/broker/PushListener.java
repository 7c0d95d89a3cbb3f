package dev.concert.github.broker;

import io.vertx.core.Future;

/** Is told of each push before GitHub is. */
@FunctionalInterface
public interface PushListener {
  /**
   * A push would put this commit on the branch of its grant. It goes on when the future succeeds;
   * where it fails with a coded failure, its sentence is for whoever runs git.
   */
  Future<Void> begins(String commit);
}
