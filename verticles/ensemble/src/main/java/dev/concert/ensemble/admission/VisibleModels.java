package dev.concert.ensemble.admission;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.routing.ModelRegistry;
import dev.concert.inference.InferenceMessages.Model;
import java.util.List;
import java.util.Optional;

/** The models that somebody is shown: those that calls of theirs may name. Thread-safe. */
public final class VisibleModels {
  private final ModelRegistry models;
  private final Optional<Admission> admission;

  public VisibleModels(ModelRegistry models, Optional<Admission> admission) {
    this.models = models;
    this.admission = admission;
  }

  /**
   * The first is the one to use when none was chosen. Who has a key that is restricted to models
   * sees these, by the names that it may use, aliases too; none where none of them is served.
   *
   * @throws dev.concert.error.ConcertException {@code AUTH_FAILED} for a key that was ended in
   *     between
   */
  public List<Model> of(Caller caller) {
    return admission.isPresent() && caller instanceof Caller.IssuedKey key
        ? seenBy(admission.get().settings(key))
        : models.published().models();
  }

  private List<Model> seenBy(KeySettings settings) {
    return settings.allowedModels().isEmpty()
        ? models.published().models()
        : models.named(settings::allows);
  }
}
