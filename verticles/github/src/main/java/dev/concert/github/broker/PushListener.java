package dev.concert.github.broker;

import io.vertx.core.Future;

/** Is told of each push before GitHub is. */
@FunctionalInterface
public interface PushListener {
  /**
   * Files of Git LFS are about to be written, for a push that comes after them. They go on, or not,
   * as a push does.
   */
  default Future<Void> beginsFiles() {
    return Future.succeededFuture();
  }

  /**
   * A push would put this commit on the branch of its grant. It goes on when the future succeeds;
   * where it fails with a coded failure, its sentence is for whoever runs git.
   */
  Future<Void> begins(String commit);
}
