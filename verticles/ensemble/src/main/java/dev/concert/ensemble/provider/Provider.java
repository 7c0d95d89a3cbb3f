package dev.concert.ensemble.provider;

import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.UncarriedField;
import dev.concert.ensemble.message.Wire;
import dev.concert.ensemble.model.ServedModel;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Serves models. Called on event loops; never blocks. */
public interface Provider {

  String name();

  /** The name of this endpoint, where a provider has several; stable and without a secret. */
  default String endpoint() {
    return name();
  }

  /** The limit of this endpoint per minute, for all nodes together. */
  default RateLimit limit() {
    return RateLimit.NONE;
  }

  /** The models it serves; fixed. */
  List<ServedModel> models();

  /**
   * The models that the vendor lists now, by the vendor's names; may be older by some minutes.
   *
   * @return never fails; empty if the vendor has no list
   */
  default Future<List<String>> offered() {
    return Future.succeededFuture(List.of());
  }

  /** Whether it has the key it needs; this may change. */
  boolean hasKey();

  /** The environment variable that would have its key; empty if none is named. */
  default Optional<String> keyVariable() {
    return Optional.empty();
  }

  /** Whether the configuration or its environment variable has a key. */
  default boolean hasConfiguredKey() {
    return false;
  }

  /** False while it is known to be failing. */
  boolean healthy();

  /**
   * Whether a call would be sent: also true when one call may probe whether the provider has
   * recovered.
   */
  default boolean admits() {
    return healthy();
  }

  /** The vendor's API in which it answers this request; empty if it is none. */
  default Optional<Wire> wire(ServedModel model, InferenceRequest request) {
    return Optional.empty();
  }

  /** The files and batches that it keeps; empty if it keeps none. */
  default Optional<VendorStore> stored() {
    return Optional.empty();
  }

  /** Whether it takes operations of OpenAI's API beside conversations. */
  default boolean passesThrough() {
    return false;
  }

  /** Whether it takes this operation, which is no conversation. */
  default boolean passes(Wire operation) {
    return passesThrough() && !operation.isGoogles();
  }

  /**
   * What of the client's request would not arrive at this provider.
   *
   * @param model one of {@link #models}
   */
  default List<UncarriedField> uncarried(ServedModel model, InferenceRequest request) {
    return request.client() == null
            || wire(model, request).equals(Optional.of(request.client().wire()))
        ? List.of()
        : request.client().uncarried();
  }

  /**
   * Lets the vendor count the tokens of a prompt, without sending it to the model.
   *
   * @param model one of {@link #models}
   * @return empty if the vendor cannot, or does not now; never fails
   */
  default Future<OptionalLong> countTokens(ServedModel model, InferenceRequest request) {
    return Future.succeededFuture(OptionalLong.empty());
  }

  /**
   * Starts a call. Blocks go to {@code sink} on the caller's context, in order, never before this
   * method has returned and never after {@link ProviderCall#outcome} is complete.
   *
   * @param model one of {@link #models}
   */
  ProviderCall start(ServedModel model, InferenceRequest request, AnswerSink sink);
}
