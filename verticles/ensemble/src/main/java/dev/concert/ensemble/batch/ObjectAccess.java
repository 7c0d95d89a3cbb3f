package dev.concert.ensemble.batch;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.admission.Admission;
import dev.concert.ensemble.exchange.RecordExchange;
import dev.concert.ensemble.loop.LoopContext;
import dev.concert.ensemble.provider.Provider;
import dev.concert.ensemble.provider.VendorStore;
import dev.concert.ensemble.routing.ModelRegistry;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who may ask for which file or batch, and which vendor keeps it.
 *
 * @param exchange with other nodes: what they know is looked up, and what they should know is given
 *     away, before anybody is answered
 */
record ObjectAccess(
    Vertx vertx,
    KeptObjectStore kept,
    ModelRegistry models,
    Optional<Admission> admission,
    Optional<RecordExchange> exchange) {

  /** Counts a request, or refuses it. */
  void admit(Caller caller) {
    if (caller instanceof Caller.Instance) {
      throw new ConcertException(
          ErrorCode.FORBIDDEN,
          "An agent has no files and batches at a vendor, because they outlive the turn that pays."
              + " Use a key.");
    }
    if (admission.isPresent() && caller instanceof Caller.IssuedKey key) {
      admission.get().admitRequest(key);
    }
  }

  /** An object of the caller; for others it does not exist. */
  Future<KeptObject> mine(Caller caller, KeptObject.Kind kind, VendorStore.Api api, String id) {
    return exchanged()
        .compose(
            known ->
                vertx.executeBlocking(
                    () ->
                        kept.find(caller.id(), kind, id)
                            .filter(object -> object.api() == api)
                            .orElseThrow(() -> unknown(kind, id)),
                    false));
  }

  Future<List<KeptObject>> all(Caller caller, KeptObject.Kind kind, VendorStore.Api api) {
    return exchanged()
        .compose(known -> vertx.executeBlocking(() -> kept.all(caller.id(), kind, api), false));
  }

  Future<KeptObject> save(KeptObject object) {
    return vertx
        .executeBlocking(
            () -> {
              kept.save(object);
              return object;
            },
            false)
        .compose(saved -> exchanged().map(saved));
  }

  /** Notes which node has it in its books now. */
  Future<Void> move(KeptObject object, String home) {
    return vertx
        .executeBlocking(
            () -> {
              kept.move(object, home);
              return null;
            },
            false)
        .compose(moved -> exchanged());
  }

  Future<Void> forget(KeptObject object) {
    return vertx
        .executeBlocking(
            () -> {
              kept.delete(object);
              return null;
            },
            false)
        .compose(deleted -> exchanged());
  }

  /** What other nodes have changed until now is known then, if Redis answers. */
  Future<Void> exchanged() {
    return exchange
        .map(nodes -> LoopContext.moved(vertx, nodes.sync()))
        .orElseGet(Future::succeededFuture);
  }

  /** Where it is kept. */
  VendorStore keeper(KeptObject object) {
    return keeper(object.endpoint());
  }

  VendorStore keeper(String endpoint) {
    return models.providers().stream()
        .filter(provider -> provider.endpoint().equals(endpoint))
        .findFirst()
        .flatMap(Provider::stored)
        .orElseThrow(
            () ->
                new ConcertException(
                    ErrorCode.PROVIDER_FAILED,
                    "The provider '%s', which keeps this, is not configured any more."
                        .formatted(endpoint)));
  }

  /** Where a file is kept that belongs to no batch: at a vendor itself, if one is configured. */
  Provider keeperOf(VendorStore.Api api) {
    return models.providers().stream()
        .filter(Provider::hasKey)
        .filter(provider -> provider.stored().filter(store -> store.api() == api).isPresent())
        .min(Comparator.comparing(provider -> !provider.stored().orElseThrow().isHalfPrice()))
        .orElseThrow(
            () ->
                new ConcertException(
                    ErrorCode.INVALID_MESSAGE,
                    "No provider keeps files of this API. Configure one of the type %s."
                        .formatted(api.name().toLowerCase(Locale.ROOT))));
  }

  /** The failure of a request for an object that the vendor does not have any more. */
  static Throwable known(KeptObject object, Throwable failure) {
    return failure instanceof ConcertException refused && refused.code() == ErrorCode.MODEL_UNKNOWN
        ? unknown(object.kind(), object.id())
        : failure;
  }

  static ConcertException unknown(KeptObject.Kind kind, String id) {
    return new ConcertException(
        ErrorCode.ANSWER_NOT_FOUND,
        "No %s '%s' is kept for this key.".formatted(kind.name().toLowerCase(Locale.ROOT), id));
  }
}
