package dev.concert.ensemble.admin;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.http.JsonResponse;
import dev.concert.ensemble.http.RequestBodyHandler;
import dev.concert.ensemble.provider.Provider;
import dev.concert.ensemble.secret.ProviderKeys;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Sets and removes stored provider keys; never shows them. */
final class ProviderRoutes {
  private static final String KEY = "key";
  private static final int LONGEST_KEY = 4_096;

  private final ProviderKeys keys;
  private final Supplier<List<Provider>> providers;

  ProviderRoutes(ProviderKeys keys, Supplier<List<Provider>> providers) {
    this.keys = keys;
    this.providers = providers;
  }

  void add(Router router) {
    router.get("/providers").handler(this::list);
    router.put("/providers/:id/key").handler(this::set);
    router.delete("/providers/:id/key").handler(this::remove);
  }

  /**
   * Where the key of a provider's endpoint comes from.
   *
   * @param key {@code environment}, which wins, {@code stored}, or {@code none}
   */
  @JsonNaming(SnakeCaseStrategy.class)
  private record Way(String providerId, String key) {}

  private record All(List<Way> providers) {}

  private void list(RoutingContext context) {
    JsonResponse.send(
        context.response(), 200, new All(providers.get().stream().map(this::way).toList()));
  }

  private void set(RoutingContext context) {
    Provider provider = named(context);
    String key =
        new AdminFields(VendorJson.object(RequestBodyHandler.body(context)), Set.of(KEY))
            .text(KEY, LONGEST_KEY);
    if (key.chars().anyMatch(letter -> letter <= ' ' || letter > '~')) {
      throw AdminFields.wrong(KEY, "must be one word of printable ASCII, as the provider gave it");
    }
    keys.set(provider.endpoint(), key)
        .onSuccess(kept -> JsonResponse.send(context.response(), 200, way(provider)))
        .onFailure(context::fail);
  }

  private void remove(RoutingContext context) {
    Provider provider = named(context);
    keys.remove(provider.endpoint())
        .onSuccess(gone -> JsonResponse.send(context.response(), 200, way(provider)))
        .onFailure(context::fail);
  }

  private Way way(Provider provider) {
    String source =
        provider.hasConfiguredKey()
            ? "environment"
            : keys.find(provider.endpoint()).map(stored -> "stored").orElse("none");
    return new Way(provider.endpoint(), source);
  }

  private Provider named(RoutingContext context) {
    String id = context.pathParam("id");
    return providers.get().stream()
        .filter(provider -> provider.endpoint().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new ConcertException(
                    ErrorCode.NOT_FOUND,
                    "There is no provider of this name in the configuration; there are: "
                        + providers.get().stream()
                            .map(Provider::endpoint)
                            .collect(Collectors.joining(", "))
                        + "."));
  }
}
