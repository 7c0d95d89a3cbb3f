package dev.concert.foundation.outbox;

import java.time.Duration;

/** What became of a request to send a message. */
public sealed interface SendOutcome {
  /**
   * It is there.
   *
   * @param remoteId by which the service knows it
   */
  record Sent(String remoteId) implements SendOutcome {}

  /** It is there, and nobody changes it any more: it is forgotten here. */
  record Done() implements SendOutcome {}

  /** People see a preview that goes away by itself: there is nothing yet that could be changed. */
  record Shown() implements SendOutcome {}

  /** It is not there; it may be sent after that time. Does not count as a failure. */
  record Wait(Duration time) implements SendOutcome {}

  /**
   * It is not there; trying again may help.
   *
   * @param reason without secrets
   */
  record Failed(String reason) implements SendOutcome {}

  /**
   * It is not there, and trying again does not help.
   *
   * @param reason without secrets
   * @param isOfCredentials whether the service takes nothing with these credentials
   */
  record Refused(String reason, boolean isOfCredentials) implements SendOutcome {
    /** The service refuses this message. */
    public Refused(String reason) {
      this(reason, false);
    }
  }

  /**
   * Nobody knows whether it is there, for example because the connection was cut.
   *
   * @param reason without secrets
   */
  record Unknown(String reason) implements SendOutcome {}

  /** What was to be changed is not there any more: it is to be sent anew. */
  record Vanished() implements SendOutcome {}
}
