package dev.concert.bridges.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.foundation.outbox.SendOutcome;
import java.time.Duration;
import java.util.function.Function;

/** What is known after a call. */
public sealed interface ChatReply {
  /**
   * It is done.
   *
   * @param rest for how long the next call of this kind would be refused; zero for not at all
   */
  record Ok(JsonNode body, Duration rest) implements ChatReply {}

  /** It is not done; not before that time. */
  record Limited(Duration pause, JsonNode body) implements ChatReply {}

  /** It is not done. */
  record Refused(int status, JsonNode body) implements ChatReply {
    /** The platform's own words, which hold no secret of ours. */
    public String reason() {
      JsonNode error = body.path("error");
      for (JsonNode said : new JsonNode[] {body.path("message"), error.path("message"), error}) {
        if (said.isTextual() && !said.asText().isBlank()) {
          return said.asText();
        }
      }
      return "HTTP " + status;
    }
  }

  /** It never reached the platform. */
  record Unreached(String reason) implements ChatReply {}

  /** Nobody knows whether it is done. */
  record Unknown(String reason) implements ChatReply {}

  /** Whether the platform refused the call with this status. */
  default boolean isRefused(int status) {
    return this instanceof Refused refused && refused.status() == status;
  }

  /**
   * What it means for a message that was sent.
   *
   * @param remoteId the message's id where the call is done
   */
  default SendOutcome outcome(Function<JsonNode, String> remoteId) {
    return switch (this) {
      case Ok ok -> new SendOutcome.Sent(remoteId.apply(ok.body()));
      case Limited limited -> new SendOutcome.Wait(limited.pause());
      case Refused refused -> new SendOutcome.Refused(refused.reason(), refused.status() == 401);
      case Unreached unreached -> new SendOutcome.Failed(unreached.reason());
      case Unknown unknown -> new SendOutcome.Unknown(unknown.reason());
    };
  }
}
