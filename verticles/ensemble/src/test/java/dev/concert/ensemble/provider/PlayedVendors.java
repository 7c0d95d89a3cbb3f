package dev.concert.ensemble.provider;

import dev.concert.ensemble.EnsembleOptions;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.provider.upstream.ProviderOptions;
import dev.concert.testing.vendor.PlayedVendor;
import dev.concert.testing.vendor.VendorWire;
import dev.concert.testing.vendor.Wires;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One Ensemble with a played server of every vendor. The models of a vendor of type {@code T} are
 * {@code T} and, answering in one piece, {@code T-whole}; both cost 3 dollars for a million tokens
 * in, 15 out, 0.30 cached, 3.75 written to the cache; a stall is 400 ms.
 */
final class PlayedVendors implements AutoCloseable {
  private final Map<String, PlayedVendor> vendors = new LinkedHashMap<>();
  private final RunningEnsemble ensemble;

  PlayedVendors() {
    this(Optional.empty());
  }

  /** With books in this file. */
  PlayedVendors(Path ledger) {
    this(Optional.of(ledger));
  }

  private PlayedVendors(Optional<Path> ledger) {
    JsonArray providers = new JsonArray();
    for (VendorWire wire : Wires.all()) {
      PlayedVendor vendor = new PlayedVendor(wire);
      vendors.put(wire.type(), vendor);
      providers.add(provider(vendor));
    }
    JsonObject config =
        new JsonObject()
            .put(
                "ensemble",
                new JsonObject()
                    .put("apiKeys", new JsonArray().add(RunningEnsemble.KEY))
                    .put("providers", providers));
    EnsembleOptions options = EnsembleOptions.from(config, Map.of("PLAYED_KEY", PlayedVendor.KEY));
    ensemble = new RunningEnsemble(ledger.map(options::withLedger).orElse(options));
  }

  /** The options of one provider that calls this server. */
  static ProviderOptions options(PlayedVendor vendor) {
    JsonObject config =
        new JsonObject()
            .put(
                "ensemble",
                new JsonObject().put("providers", new JsonArray().add(provider(vendor))));
    return EnsembleOptions.from(config, Map.of("PLAYED_KEY", PlayedVendor.KEY))
        .providers()
        .getFirst();
  }

  PlayedVendor vendor(VendorWire wire) {
    return vendors.get(wire.type());
  }

  RunningEnsemble ensemble() {
    return ensemble;
  }

  @Override
  public void close() {
    ensemble.close();
    vendors.values().forEach(PlayedVendor::close);
  }

  private static JsonObject provider(PlayedVendor vendor) {
    String type = vendor.wire().type();
    return new JsonObject()
        .put("name", type + "-played")
        .put("type", type)
        .put("baseUrl", vendor.url())
        .put("apiKeyEnv", "PLAYED_KEY")
        .put(
            "models",
            new JsonArray()
                .add(model(type))
                .add(model(type + "-whole").put("streaming", false).put("totalTimeoutSeconds", 2)));
  }

  private static JsonObject model(String id) {
    return new JsonObject()
        .put("id", id)
        .put("upstreamId", "vendors-own-name")
        .put("thinking", true)
        .put("images", true)
        .put("documents", true)
        .put("audio", !id.startsWith("anthropic"))
        .put("inputPrice", "3")
        .put("outputPrice", "15")
        .put("cachedPrice", "0.30")
        .put("cacheWritePrice", "3.75")
        .put("audioPrice", "7")
        .put("cachedAudioPrice", "0.70")
        .put("stallTimeoutSeconds", 1);
  }
}
