package dev.concert.ensemble.routing;

import dev.concert.ensemble.limit.RateLimiters;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.Provider;
import dev.concert.ensemble.routing.choice.Capacity;
import dev.concert.ensemble.routing.choice.Endpoint;
import dev.concert.ensemble.routing.choice.EndpointChoice;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.inference.InferenceMessages.Model;
import dev.concert.inference.InferenceMessages.Models;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The models served here and who answers for them. Immutable and thread-safe.
 *
 * <p>Providers of the same name are ways to one provider: a capacity pool. Where providers of
 * several names serve a model of one id, the first is preferred and the others stand in for it.
 */
final class Catalog {
  private final Map<String, ModelGroup> groups = new LinkedHashMap<>();
  private final Map<String, String> keyless = new LinkedHashMap<>();
  private final List<Provider> providers;
  private final Map<Provider, Endpoint> endpoints = new IdentityHashMap<>();
  private final RoutingOptions options;
  private final RateLimiters limiters;
  private final Models published;

  /**
   * @param known endpoints of providers that were served before: their rests and counts go on
   * @param providers in the order of preference: the first model of the first one that has its key
   *     is the default, so the stand-in comes last
   * @throws IllegalArgumentException when no model can be served, two ways have the same name, or
   *     an alias or a fallback names a model that nobody has
   */
  Catalog(
      List<Provider> providers,
      RoutingOptions options,
      RateLimiters limiters,
      Map<Provider, Endpoint> known) {
    this.limiters = limiters;
    this.providers = List.copyOf(providers);
    this.options = options;
    checkEndpoints();
    providers.forEach(
        provider ->
            endpoints.put(
                provider,
                Optional.ofNullable(known.get(provider)).orElseGet(() -> endpoint(provider))));
    Map<String, List<Pool>> pools = pools();
    pools.forEach(
        (model, own) -> groups.put(model, new ModelGroup(model, withFallbacks(pools, model))));
    if (groups.isEmpty()) {
      throw new IllegalArgumentException("No model can be served: no provider has its key.");
    }
    options.aliases().forEach(this::addAlias);
    List<ServedModel> ready =
        pools.values().stream()
            .map(own -> own.getFirst().members().getFirst().route().model())
            .toList();
    this.published =
        new Models(ready.stream().map(ServedModel::published).toList(), ready.getFirst().id());
  }

  private void checkEndpoints() {
    List<String> names = providers.stream().map(Provider::endpoint).toList();
    names.stream()
        .filter(name -> names.indexOf(name) != names.lastIndexOf(name))
        .findFirst()
        .ifPresent(
            twice -> {
              throw new IllegalArgumentException(
                  "Two providers are called '%s': give one of them another name, or its endpoints"
                          .formatted(twice)
                      + " ids.");
            });
  }

  private Endpoint endpoint(Provider provider) {
    return new Endpoint(
        provider.endpoint(),
        provider.name(),
        provider::admits,
        () -> System.nanoTime() / 1_000_000,
        new Capacity(provider.limit(), () -> limiters.ofEndpoint(provider.endpoint())));
  }

  private Map<String, List<Pool>> pools() {
    Map<String, Map<String, List<Member>>> members = new LinkedHashMap<>();
    for (Provider provider : providers) {
      Endpoint endpoint = endpoints.get(provider);
      for (ServedModel model : provider.models()) {
        if (provider.hasKey()) {
          members
              .computeIfAbsent(model.id(), id -> new LinkedHashMap<>())
              .computeIfAbsent(provider.name(), name -> new ArrayList<>())
              .add(new Member(new ModelRoute(model, provider), endpoint));
        } else {
          keyless.putIfAbsent(model.id(), provider.name());
        }
      }
    }
    Map<String, List<Pool>> pools = new LinkedHashMap<>();
    members.forEach(
        (model, byProvider) ->
            pools.put(
                model,
                byProvider.entrySet().stream()
                    .map(pool -> pool(pool.getKey(), pool.getValue()))
                    .toList()));
    return pools;
  }

  private Pool pool(String provider, List<Member> members) {
    return new Pool(
        provider,
        new EndpointChoice(options.strategy(provider), options.thresholds()),
        List.copyOf(members));
  }

  private List<Pool> withFallbacks(Map<String, List<Pool>> pools, String model) {
    Stream<Pool> standIns =
        options.fallbacks().getOrDefault(model, List.of()).stream()
            .flatMap(other -> Optional.ofNullable(pools.get(other)).orElse(List.of()).stream());
    return Stream.concat(pools.get(model).stream(), standIns).distinct().toList();
  }

  private void addAlias(String alias, String model) {
    if (!groups.containsKey(model) && !keyless.containsKey(model)) {
      throw new IllegalArgumentException(
          "The alias '%s' stands for the model '%s', which nobody serves.".formatted(alias, model));
    }
    Optional.ofNullable(groups.get(model)).ifPresent(group -> groups.putIfAbsent(alias, group));
  }

  /**
   * @throws ConcertException {@code MODEL_UNKNOWN}, or {@code PROVIDER_AUTH} when its provider
   *     lacks a key
   */
  ModelGroup find(String id) {
    ModelGroup group = groups.get(id);
    if (group != null) {
      return group;
    }
    String provider = keyless.get(options.aliases().getOrDefault(id, id));
    if (provider == null) {
      throw new ConcertException(ErrorCode.MODEL_UNKNOWN, "The model '" + id + "' is not served.");
    }
    throw new ConcertException(
        ErrorCode.PROVIDER_AUTH,
        "The provider '" + provider + "' of the model '" + id + "' has no key.");
  }

  /** The models that can be asked for now, and the one to use when none was chosen. */
  Models published() {
    return published;
  }

  /** What can be asked for now by names that are allowed, aliases too. */
  List<Model> named(Predicate<String> allowed) {
    return groups.entrySet().stream()
        .filter(group -> allowed.test(group.getKey()))
        .map(group -> group.getValue().preferred().model().published(group.getKey()))
        .toList();
  }

  List<Provider> providers() {
    return providers;
  }

  RoutingOptions options() {
    return options;
  }

  Map<Provider, Endpoint> endpoints() {
    return endpoints;
  }
}
