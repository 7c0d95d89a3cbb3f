package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.Outcome;
import java.util.Optional;

/**
 * Reads one answer and judges its end. It is given either the events of a stream or a whole body,
 * then asked for the {@link #end}. Not thread-safe.
 *
 * <p>Every method may throw a {@code ConcertException}: what is malformed or unfinished is never
 * taken for an end.
 */
public interface AnswerReader {
  void event(ServerEvent event);

  /** An answer in one piece: the body of a response that is no stream. */
  void whole(JsonNode body);

  /** True after the vendor's own end mark: nothing more is to be read. */
  boolean isLast();

  /** What the answer comes to. Called once, at the end mark or at the clean end of the body. */
  Outcome end();

  /** What was counted so far, for an answer that does not reach its end. */
  Optional<TokenCount> counted();
}
