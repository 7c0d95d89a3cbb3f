package dev.concert.bridges.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/** What Telegram answers to a call. */
sealed interface TelegramReply {
  /** It is done. */
  record Ok(JsonNode result) implements TelegramReply {}

  /** It is not done; not before that time. */
  record Limited(Duration pause) implements TelegramReply {}

  /** It is not done, for this reason. */
  record Refused(String description) implements TelegramReply {}

  /** It never reached Telegram. */
  record Unreached(String reason) implements TelegramReply {}

  /** Nobody knows whether it is done. */
  record Unknown(String reason) implements TelegramReply {}
}
