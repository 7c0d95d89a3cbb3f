package dev.concert.ensemble.routing;

import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.Provider;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.inference.InferenceMessages.Models;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The models served here and who answers for them. Immutable and thread-safe. */
public final class ModelRegistry {
  private final Map<String, ModelRoute> routes = new LinkedHashMap<>();
  private final List<Provider> providers;
  private final Models published;

  /**
   * @param providers in the order of preference: the first model of the first one that has its key
   *     is the default, so the stand-in comes last
   * @throws IllegalArgumentException when two providers serve a model of the same name, or none can
   */
  public ModelRegistry(List<Provider> providers) {
    this.providers = List.copyOf(providers);
    providers.forEach(provider -> provider.models().forEach(model -> add(provider, model)));
    List<ServedModel> ready =
        routes.values().stream()
            .filter(route -> route.provider().hasKey())
            .map(ModelRoute::model)
            .toList();
    if (ready.isEmpty()) {
      throw new IllegalArgumentException("No model can be served: no provider has its key.");
    }
    this.published =
        new Models(ready.stream().map(ServedModel::published).toList(), ready.getFirst().id());
  }

  /**
   * @throws ConcertException {@code MODEL_UNKNOWN}, or {@code PROVIDER_AUTH} when its provider
   *     lacks a key
   */
  public ModelRoute find(String id) {
    ModelRoute route = routes.get(id);
    if (route == null) {
      throw new ConcertException(ErrorCode.MODEL_UNKNOWN, "The model '" + id + "' is not served.");
    }
    if (!route.provider().hasKey()) {
      throw new ConcertException(
          ErrorCode.PROVIDER_AUTH,
          "The provider '" + route.provider().name() + "' of the model '" + id + "' has no key.");
    }
    return route;
  }

  /** The models that can be asked for now, and the one to use when none was chosen. */
  public Models published() {
    return published;
  }

  public List<Provider> providers() {
    return providers;
  }

  private void add(Provider provider, ServedModel model) {
    ModelRoute before = routes.putIfAbsent(model.id(), new ModelRoute(model, provider));
    if (before != null) {
      throw new IllegalArgumentException(
          "The model '%s' is served by both '%s' and '%s': give one of them another id."
              .formatted(model.id(), before.provider().name(), provider.name()));
    }
  }
}
