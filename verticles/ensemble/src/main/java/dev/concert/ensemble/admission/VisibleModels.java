package dev.concert.ensemble.admission;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.key.KeyDirectory;
import dev.concert.ensemble.routing.ModelRegistry;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.inference.InferenceMessages.Model;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists the models that a caller may use. Thread-safe. */
public final class VisibleModels {
  private final ModelRegistry models;
  private final Optional<Admission> admission;

  public VisibleModels(ModelRegistry models, Optional<Admission> admission) {
    this.models = models;
    this.admission = admission;
  }

  /**
   * The first model is the default. A key that is restricted to models sees only these, by the
   * names it may use, including aliases; the list is empty if none of them is served.
   *
   * @throws dev.concert.error.ConcertException {@code AUTH_FAILED} if the key was revoked meanwhile
   */
  public List<Model> of(Caller caller) {
    return admission.isPresent() && caller instanceof Caller.IssuedKey key
        ? seenBy(admission.get().entry(key))
        : models.published().models();
  }

  /**
   * The same, and behind them what vendors list and wildcards cover.
   *
   * @return fails as {@link #of} does
   */
  public Future<List<Model>> all(Caller caller) {
    return models
        .offered()
        .map(
            offered -> {
              Map<String, Model> all = new LinkedHashMap<>();
              of(caller).forEach(model -> all.put(model.id(), model));
              offered.stream()
                  .filter(model -> mayUse(caller, model.id()))
                  .forEach(model -> all.putIfAbsent(model.id(), model));
              return List.copyOf(all.values());
            });
  }

  /**
   * One of them.
   *
   * @return fails with {@code MODEL_UNKNOWN} if the caller does not see it
   */
  public Future<Model> one(Caller caller, String id) {
    return all(caller)
        .map(
            seen ->
                seen.stream()
                    .filter(model -> model.id().equals(id))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new ConcertException(
                                ErrorCode.MODEL_UNKNOWN, "The model '" + id + "' is not served.")));
  }

  private boolean mayUse(Caller caller, String model) {
    return admission.isEmpty()
        || !(caller instanceof Caller.IssuedKey key)
        || admission.get().entry(key).allows(model);
  }

  private List<Model> seenBy(KeyDirectory.Entry entry) {
    boolean all =
        entry.key().settings().allowedModels().isEmpty()
            && entry.team().stream().allMatch(team -> team.settings().allowedModels().isEmpty());
    return all ? models.published().models() : models.named(entry::allows);
  }
}
