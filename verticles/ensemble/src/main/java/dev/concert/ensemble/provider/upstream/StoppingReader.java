package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.Outcome;
import java.util.Optional;

/** A reader whose answer ends, for its client, at the stop sequence that the scanner has found. */
final class StoppingReader implements AnswerReader {
  private final AnswerReader reader;
  private final StopScanner scanner;

  /**
   * @param scanner the sink of the reader
   */
  StoppingReader(AnswerReader reader, StopScanner scanner) {
    this.reader = reader;
    this.scanner = scanner;
  }

  @Override
  public void event(ServerEvent event) {
    reader.event(event);
  }

  @Override
  public void whole(JsonNode body) {
    reader.whole(body);
  }

  @Override
  public boolean isLast() {
    return reader.isLast();
  }

  @Override
  public Optional<TokenCount> counted() {
    return reader.counted();
  }

  @Override
  public Outcome end() {
    Outcome whole = reader.end();
    scanner.flush();
    return scanner.found().isEmpty()
        ? whole
        : new Outcome(
            FinishReason.STOP_SEQUENCE, whole.theirReason(), scanner.found(), whole.usage());
  }
}
