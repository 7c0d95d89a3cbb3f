package dev.concert.ensemble.provider.responses;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.UncarriedField;
import dev.concert.ensemble.message.Wire;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.upstream.Dialect;
import dev.concert.ensemble.provider.upstream.NativeOption;
import dev.concert.ensemble.provider.upstream.ResponseReader;
import dev.concert.ensemble.provider.upstream.UpstreamRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * OpenAI's Responses API, stateless: {@code store} is false, and reasoning is exchanged encrypted.
 *
 * <p>Format: https://platform.openai.com/docs/api-reference/responses
 */
public final class ResponsesDialect implements Dialect {
  /** Origin of opaque payloads. */
  public static final String ORIGIN = "openai";

  private final String provider;

  /**
   * @param provider the name in error messages
   */
  public ResponsesDialect(String provider) {
    this.provider = provider;
  }

  @Override
  public boolean passesThrough() {
    return true;
  }

  @Override
  public Optional<Wire> wire() {
    return Optional.of(Wire.RESPONSES);
  }

  @Override
  public UpstreamRequest encode(ServedModel model, InferenceRequest request, ClientRequest own) {
    return new UpstreamRequest(
        "/responses" + own.operation(), OwnResponsesRequest.body(model, own), own.headers());
  }

  @Override
  public UpstreamRequest encode(ServedModel model, InferenceRequest request) {
    return new UpstreamRequest("/responses", ResponsesRequest.body(model, request));
  }

  @Override
  public Set<NativeOption> lacks(ServedModel model, InferenceRequest request) {
    return NativeOption.with(model.can().thinking(), NativeOption.TOP_K);
  }

  @Override
  public boolean carries(ClientRequest other, UncarriedField field) {
    return ResponsesRequest.carries(other, field.path());
  }

  @Override
  public ResponseReader reader(Consumer<Block> sink) {
    return new ResponsesReader(provider, sink);
  }

  @Override
  public boolean takesStopSequences() {
    return false;
  }

  @Override
  public Map<String, String> headers(String key) {
    return Map.of("Authorization", "Bearer " + key);
  }
}
