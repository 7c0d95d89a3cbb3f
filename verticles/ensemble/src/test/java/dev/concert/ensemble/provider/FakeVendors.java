package dev.concert.ensemble.provider;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.provider.upstream.ProviderOptions;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.VendorWire;
import dev.concert.testing.vendor.VendorWires;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One Ensemble with a played server of every vendor. The models of a vendor of type {@code T} are
 * {@code T} and, answering in one piece, {@code T-whole}; {@code T-short} and {@code T-whole-short}
 * time out soon, for tests of silence. All cost 3 dollars for a million tokens in, 15 out, 0.30
 * cached, 3.75 written to the cache.
 */
public final class FakeVendors implements AutoCloseable {
  private static final Map<String, String> KEYS =
      Map.of("PLAYED_KEY", FakeVendor.KEY, "PLAYED_AWS_KEY", FakeVendor.AWS_KEY);

  private final Map<String, FakeVendor> vendors = new LinkedHashMap<>();
  private final RunningEnsemble ensemble;

  public FakeVendors() {
    this(Set.of(), Optional.empty());
  }

  /** With books in this file. */
  FakeVendors(Path ledger) {
    this(Set.of(), Optional.of(ledger));
  }

  /** With the operator's permission for these fields and types of tools, at every vendor. */
  public static FakeVendors permitting(Set<String> names) {
    return new FakeVendors(names, Optional.empty());
  }

  private FakeVendors(Set<String> permitted, Optional<Path> ledger) {
    JsonArray providers = new JsonArray();
    for (VendorWire wire : VendorWires.withClouds()) {
      FakeVendor vendor = new FakeVendor(wire);
      vendors.put(wire.type(), vendor);
      providers.add(provider(vendor).put("serverTools", new JsonArray(List.copyOf(permitted))));
    }
    JsonObject config =
        new JsonObject()
            .put(
                "ensemble",
                new JsonObject()
                    .put("retrySeconds", 0)
                    .put("apiKeys", new JsonArray().add(RunningEnsemble.KEY))
                    .put("providers", providers));
    EnsembleOptions options = EnsembleOptions.from(config, KEYS);
    ensemble = new RunningEnsemble(ledger.map(options::withLedger).orElse(options));
  }

  /** The options of one provider that calls this server. */
  static ProviderOptions options(FakeVendor vendor) {
    JsonObject config =
        new JsonObject()
            .put(
                "ensemble",
                new JsonObject().put("providers", new JsonArray().add(provider(vendor))));
    return EnsembleOptions.from(config, KEYS).providers().getFirst();
  }

  public FakeVendor vendor(VendorWire wire) {
    return vendors.get(wire.type());
  }

  public RunningEnsemble ensemble() {
    return ensemble;
  }

  @Override
  public void close() {
    ensemble.close();
    vendors.values().forEach(FakeVendor::close);
  }

  private static JsonObject provider(FakeVendor vendor) {
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
                .add(model(type + "-short").put("stallTimeoutSeconds", 1))
                // Codex knows this model, and so it offers tools of every kind.
                .add(model("gpt-5.5-" + type))
                .add(model(type + "-whole").put("streaming", false))
                .add(
                    model(type + "-whole-short")
                        .put("streaming", false)
                        .put("totalTimeoutSeconds", 2)))
        .mergeIn(vendor.wire().settings());
  }

  private static JsonObject model(String id) {
    return new JsonObject()
        .put("id", id)
        .put("upstreamId", "vendors-own-name")
        .put("thinking", true)
        .put("images", true)
        .put("documents", true)
        .put("audio", !id.contains("anthropic"))
        .put("inputPrice", "3")
        .put("outputPrice", "15")
        .put("cachedPrice", "0.30")
        .put("cacheWritePrice", "3.75")
        .put("audioPrice", "7")
        .put("cachedAudioPrice", "0.70");
  }
}
