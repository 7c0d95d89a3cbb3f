package dev.concert.github.broker;

import java.util.Optional;

/** A request of git that the grant does not allow. Its message is for whoever runs git. */
final class RefusedPushException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Optional<PushCommands> push;

  /**
   * @param push what was asked for; empty where it is no push
   */
  RefusedPushException(Optional<PushCommands> push, String sentence) {
    super(sentence, null, false, false);
    this.push = push;
  }

  Optional<PushCommands> push() {
    return push;
  }
}
