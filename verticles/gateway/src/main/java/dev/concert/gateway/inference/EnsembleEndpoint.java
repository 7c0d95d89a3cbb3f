package dev.concert.gateway.inference;

import java.net.URI;
import java.util.Map;

/** Where the gateway finds Ensemble. */
public sealed interface EnsembleEndpoint {
  /** The Ensemble of this server or its cluster, which gives out its address on the bus. */
  record OnTheBus() implements EnsembleEndpoint {}

  /**
   * Another one.
   *
   * @param url without a trailing slash
   * @param apiKey a secret; all tenants' calls are booked to it
   */
  record At(URI url, String apiKey) implements EnsembleEndpoint {
    @Override
    public String toString() {
      return "At[url=" + url + "]";
    }
  }

  /** None: every call fails with this reason. */
  record Unavailable(String reason) implements EnsembleEndpoint {}

  /** As {@code ENSEMBLE_URL} and {@code ENSEMBLE_API_KEY} say. */
  static EnsembleEndpoint from(Map<String, String> environment) {
    String url = environment.getOrDefault("ENSEMBLE_URL", "").strip().replaceAll("/+$", "");
    String key = environment.getOrDefault("ENSEMBLE_API_KEY", "").strip();
    if (url.isEmpty()) {
      return new OnTheBus();
    }
    return key.isEmpty()
        ? new Unavailable("ENSEMBLE_URL is set but ENSEMBLE_API_KEY is empty.")
        : new At(URI.create(url), key);
  }
}
