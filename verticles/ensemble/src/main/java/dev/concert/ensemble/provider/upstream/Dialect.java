package dev.concert.ensemble.provider.upstream;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.UncarriedField;
import dev.concert.ensemble.message.Wire;
import dev.concert.ensemble.model.ServedModel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Translates between native requests and blocks and one vendor's API, without a connection.
 * Thread-safe.
 */
public interface Dialect extends DialectChoice {
  /** The vendor's API, if clients can speak it too. */
  default Optional<Wire> wire() {
    return Optional.empty();
  }

  @Override
  default Dialect of(ServedModel model, InferenceRequest request) {
    return this;
  }

  /** How the events of a stream are framed. */
  default EventDecoder events(Consumer<SseEvent> events) {
    return EventDecoder.ofServerSentEvents(events);
  }

  /** What of the client's own request does not arrive, although the client speaks this API. */
  default List<UncarriedField> uncarried(ClientRequest own) {
    return List.of();
  }

  /** The options of a request in the native format that this API, or the model, does not take. */
  default Set<NativeOption> lacks(ServedModel model, InferenceRequest request) {
    return Set.of();
  }

  /** Whether this part of a request of another API arrives in the words of this one. */
  default boolean carries(ClientRequest other, UncarriedField field) {
    return false;
  }

  /**
   * The request for an answer as it is sent in the end, after all checks of its body.
   *
   * @param checked what {@code encode} returned, within the operator's rules
   */
  default UpstreamRequest place(ServedModel model, UpstreamRequest checked) {
    return checked;
  }

  /** The request in the vendor's format; deterministic. */
  UpstreamRequest encode(ServedModel model, InferenceRequest request);

  /**
   * The request of a client that speaks this API itself: the client's own body, in which only the
   * model, its limits and what routing needs are changed. Deterministic.
   */
  default UpstreamRequest encode(ServedModel model, InferenceRequest request, ClientRequest own) {
    return encode(model, request);
  }

  /**
   * Lets the vendor count the tokens of the prompt of a request in its own format.
   *
   * @param encoded what {@code encode} returned
   * @return empty if the vendor has no such request
   */
  default Optional<TokenCountRequest> countTokens(ServedModel model, UpstreamRequest encoded) {
    return Optional.empty();
  }

  /** Creates a reader for one response; blocks go to {@code sink} while it reads. */
  ResponseReader reader(Consumer<Block> sink);

  /** False if the vendor does not support stop sequences; then Ensemble ends the answer at them. */
  default boolean takesStopSequences() {
    return true;
  }
}
