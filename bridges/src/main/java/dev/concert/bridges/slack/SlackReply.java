package dev.concert.bridges.slack;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/** What Slack answers to a call. */
sealed interface SlackReply {
  /** It is done. */
  record Ok(JsonNode body) implements SlackReply {}

  /** It is not done; not before that time. */
  record Limited(Duration pause) implements SlackReply {}

  /** It is not done, for this reason of Slack's list. */
  record Refused(String error) implements SlackReply {}

  /** It never reached Slack. */
  record Unreached(String reason) implements SlackReply {}

  /** Nobody knows whether it is done. */
  record Unknown(String reason) implements SlackReply {}
}
