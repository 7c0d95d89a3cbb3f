package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.ProviderOutcome;
import java.util.Optional;

/** A reader whose answer ends at the stop sequence that the scanner has found. */
final class StopSequenceReader implements ResponseReader {
  private final ResponseReader reader;
  private final StopSequenceScanner scanner;

  /**
   * @param scanner the sink of the reader
   */
  StopSequenceReader(ResponseReader reader, StopSequenceScanner scanner) {
    this.reader = reader;
    this.scanner = scanner;
  }

  @Override
  public void event(SseEvent event) {
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
  public ProviderOutcome end() {
    ProviderOutcome whole = reader.end();
    scanner.flush();
    return scanner.found().isEmpty()
        ? whole
        : new ProviderOutcome(
            FinishReason.STOP_SEQUENCE, whole.theirReason(), scanner.found(), whole.usage());
  }
}
