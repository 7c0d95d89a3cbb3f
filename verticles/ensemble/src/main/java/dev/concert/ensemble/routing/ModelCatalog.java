package dev.concert.ensemble.routing;

import dev.concert.ensemble.limit.RateLimiters;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.Provider;
import dev.concert.ensemble.routing.endpoint.EndpointCapacity;
import dev.concert.ensemble.routing.endpoint.EndpointSelector;
import dev.concert.ensemble.routing.endpoint.ProviderEndpoint;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.inference.InferenceMessages.Model;
import dev.concert.inference.InferenceMessages.Models;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The models that are served and their providers. Immutable and thread-safe.
 *
 * <p>Providers of the same name are endpoints of one capacity pool. If providers of several names
 * serve a model with the same id, the first is preferred and the others are fallbacks.
 */
final class ModelCatalog {
  private final Map<String, ModelGroup> groups = new LinkedHashMap<>();
  private final WildcardModels wildcards;
  private final Map<String, Provider> keyless = new LinkedHashMap<>();
  private final List<Provider> providers;
  private final Map<Provider, ProviderEndpoint> endpoints = new IdentityHashMap<>();
  private final RoutingOptions options;
  private final RateLimiters limiters;
  private final Models published;

  /**
   * @param known endpoints of providers that were served before; they keep their state
   * @param providers in the order of preference: the first model of the first one that has its key
   *     is the default
   * @throws IllegalArgumentException if no model can be served, two endpoints have the same name,
   *     or an alias or fallback names an unknown model
   */
  ModelCatalog(
      List<Provider> providers,
      RoutingOptions options,
      RateLimiters limiters,
      Map<Provider, ProviderEndpoint> known) {
    this.limiters = limiters;
    this.providers = List.copyOf(providers);
    this.options = options;
    checkEndpoints();
    providers.forEach(
        provider ->
            endpoints.put(
                provider,
                Optional.ofNullable(known.get(provider)).orElseGet(() -> endpoint(provider))));
    Map<String, List<CapacityPool>> pools = pools();
    pools.forEach(
        (model, own) -> groups.put(model, new ModelGroup(model, withFallbacks(pools, model))));
    if (groups.isEmpty()) {
      throw new IllegalArgumentException(
          "No model can be served: no provider has its key. Set the environment variable of a"
              + " provider's key.");
    }
    this.wildcards = new WildcardModels(List.copyOf(groups.values()));
    options.aliases().forEach(this::addAlias);
    boolean onlyWildcards = pools.keySet().stream().allMatch(WildcardModels::isWildcard);
    List<ServedModel> ready =
        pools.entrySet().stream()
            .filter(model -> onlyWildcards || !WildcardModels.isWildcard(model.getKey()))
            .map(Map.Entry::getValue)
            .map(own -> own.getFirst().members().getFirst().route().model())
            .toList();
    this.published =
        new Models(
            ready.stream().map(ServedModel::published).toList(), ready.getFirst().id(), names());
  }

  private List<String> names() {
    return Stream.of(groups, keyless, options.aliases())
        .flatMap(named -> named.keySet().stream())
        .distinct()
        .sorted()
        .toList();
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

  private ProviderEndpoint endpoint(Provider provider) {
    return new ProviderEndpoint(
        provider.endpoint(),
        provider.name(),
        provider::admits,
        () -> System.nanoTime() / 1_000_000,
        new EndpointCapacity(provider.limit(), () -> limiters.ofEndpoint(provider.endpoint())));
  }

  private Map<String, List<CapacityPool>> pools() {
    Map<String, Map<String, List<PoolMember>>> members = new LinkedHashMap<>();
    for (Provider provider : providers) {
      ProviderEndpoint endpoint = endpoints.get(provider);
      for (ServedModel model : provider.models()) {
        if (provider.hasKey()) {
          members
              .computeIfAbsent(model.id(), id -> new LinkedHashMap<>())
              .computeIfAbsent(provider.name(), name -> new ArrayList<>())
              .add(new PoolMember(new ModelRoute(model, provider), endpoint));
        } else {
          keyless.putIfAbsent(model.id(), provider);
        }
      }
    }
    Map<String, List<CapacityPool>> pools = new LinkedHashMap<>();
    members.forEach(
        (model, byProvider) ->
            pools.put(
                model,
                byProvider.entrySet().stream()
                    .map(pool -> pool(pool.getKey(), pool.getValue()))
                    .toList()));
    return pools;
  }

  private CapacityPool pool(String provider, List<PoolMember> members) {
    return new CapacityPool(
        provider,
        new EndpointSelector(options.strategy(provider), options.thresholds()),
        List.copyOf(members));
  }

  private List<CapacityPool> withFallbacks(Map<String, List<CapacityPool>> pools, String model) {
    Stream<CapacityPool> standIns =
        options.fallbacks().getOrDefault(model, List.of()).stream()
            .flatMap(other -> Optional.ofNullable(pools.get(other)).orElse(List.of()).stream());
    return Stream.concat(pools.get(model).stream(), standIns).distinct().toList();
  }

  private void addAlias(String alias, String model) {
    boolean configured = groups.containsKey(model) || keyless.containsKey(model);
    if (!configured && wildcards.find(model).isEmpty()) {
      throw new IllegalArgumentException(
          "The alias '%s' stands for the model '%s', which is not configured."
              .formatted(alias, model));
    }
    Optional.ofNullable(groups.get(model))
        .or(() -> wildcards.find(model))
        .ifPresent(group -> groups.putIfAbsent(alias, group));
  }

  /**
   * @throws ConcertException {@code MODEL_UNKNOWN}, or {@code PROVIDER_AUTH} if its provider has no
   *     key
   */
  ModelGroup find(String id) {
    ModelGroup group = groups.get(id);
    if (group != null) {
      return group;
    }
    Provider provider = keyless.get(options.aliases().getOrDefault(id, id));
    if (provider == null) {
      Optional<ModelGroup> covered = wildcards.find(id);
      if (covered.isPresent()) {
        return covered.get();
      }
      throw new ConcertException(ErrorCode.MODEL_UNKNOWN, "The model '" + id + "' is not served.");
    }
    throw new ConcertException(
        ErrorCode.PROVIDER_AUTH,
        "The provider '%s' of the model '%s' has no key%s."
            .formatted(
                provider.name(),
                id,
                provider
                    .keyVariable()
                    .map(variable -> ": the variable " + variable + " is not set")
                    .orElse("")));
  }

  /** Whether a model or an alias has this name, or begins like it if it ends with a star. */
  boolean knows(String name) {
    return isServed(name)
        || (WildcardModels.isWildcard(name)
            && Stream.of(groups.keySet(), keyless.keySet(), options.aliases().keySet())
                .flatMap(Set::stream)
                .anyMatch(known -> known.startsWith(name.substring(0, name.length() - 1))))
        || wildcards.overlaps(name);
  }

  private boolean isServed(String name) {
    return groups.containsKey(name)
        || wildcards.find(name).isPresent()
        || keyless.containsKey(options.aliases().getOrDefault(name, name));
  }

  /** The models that are available now, and the default. */
  Models published() {
    return published;
  }

  /** The available models under allowed names, including aliases. */
  List<Model> named(Predicate<String> allowed) {
    return groups.entrySet().stream()
        .filter(group -> allowed.test(group.getKey()))
        .map(group -> group.getValue().preferred().model().published(group.getKey()))
        .toList();
  }

  /** The models that vendors list and wildcards cover, by the names that clients use. */
  Future<List<Model>> offered() {
    List<Future<List<String>>> asked =
        providers.stream()
            .filter(Provider::hasKey)
            .filter(
                provider ->
                    provider.models().stream().anyMatch(one -> WildcardModels.isWildcard(one.id())))
            .map(
                provider ->
                    provider
                        .offered()
                        .map(theirs -> WildcardModels.names(provider.models(), theirs).toList()))
            .toList();
    return Future.all(asked)
        .map(
            all ->
                asked.stream()
                    .flatMap(names -> names.result().stream())
                    .distinct()
                    .sorted()
                    .flatMap(name -> wildcards.find(name).stream())
                    .map(group -> group.preferred().model().published(group.model()))
                    .toList());
  }

  List<Provider> providers() {
    return providers;
  }

  RoutingOptions options() {
    return options;
  }

  Map<Provider, ProviderEndpoint> endpoints() {
    return endpoints;
  }
}
