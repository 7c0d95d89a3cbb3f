package dev.concert.ensemble.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.compatible.ApiFormat;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.model.Price;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.Provider;
import dev.concert.ensemble.provider.VendorStore;
import dev.concert.ensemble.routing.ModelRoute;
import dev.concert.ensemble.usage.CallEstimate;
import dev.concert.ensemble.usage.TokenEstimate;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects the lines of one batch. Not thread-safe. */
final class BatchPlanner {
  private final BatchLines lines;
  private final Caller caller;
  private final VendorStore.Api api;
  private final Map<String, BatchPlan.Share> shares = new LinkedHashMap<>();
  private final Map<String, Integer> places = new HashMap<>();
  private Optional<Provider> provider = Optional.empty();

  BatchPlanner(BatchLines lines, Caller caller, VendorStore.Api api) {
    this.lines = lines;
    this.caller = caller;
    this.api = api;
  }

  /**
   * Checks a line and gives it the vendor's name of its model.
   *
   * @param body is changed
   */
  void add(JsonNode customId, ApiFormat form, ObjectNode body) {
    if (!customId.isTextual() || customId.asText().isEmpty()) {
      throw VendorJson.wrong("custom_id", "must be a text");
    }
    if (places.containsKey(customId.asText())) {
      throw VendorJson.wrong("custom_id", "another line has it, too");
    }
    InferenceRequest request = BatchLines.read(form, body).request();
    if (lines.admission().isPresent() && caller instanceof Caller.IssuedKey key) {
      lines.admission().get().permit(key, request.model());
    }
    ModelRoute route = route(request.model());
    VendorStore store = route.provider().stored().orElseThrow();
    store.checkLine(request.client());
    String name = request.model();
    shares.merge(name, share(name, route, store, request), BatchPlan.Share::and);
    places.put(customId.asText(), List.copyOf(shares.keySet()).indexOf(name));
    body.put("model", route.model().upstreamId());
  }

  private static BatchPlan.Share share(
      String name, ModelRoute route, VendorStore store, InferenceRequest request) {
    long prompt = TokenEstimate.ofPrompt(request);
    ServedModel model = BatchBooks.priced(route.model(), store);
    CallEstimate estimate = CallEstimate.of(prompt, request, model);
    return new BatchPlan.Share(
        name, model.id(), 1, prompt, Price.plain(model.price().mostCost(prompt, estimate.most())));
  }

  /** At the provider of the lines before. */
  private ModelRoute route(String model) {
    ModelRoute found =
        lines
            .models()
            .find(model)
            .routes()
            .filter(BatchPlanner.this::keeps)
            .filter(route -> provider.isEmpty() || provider.get() == route.provider())
            .findFirst()
            .orElseThrow(
                () ->
                    new ConcertException(
                        ErrorCode.INVALID_MESSAGE,
                        provider.isEmpty()
                            ? "The model '%s' has no provider with batches of this API."
                                .formatted(model)
                            : "The model '%s' is not at the provider '%s', which has the lines before. Make a batch of its own for it."
                                .formatted(model, provider.get().name())));
    provider = Optional.of(found.provider());
    return found;
  }

  private boolean keeps(ModelRoute route) {
    return route.provider().hasKey()
        && route.provider().stored().filter(store -> store.api() == api).isPresent();
  }

  BatchPlan plan() {
    if (shares.isEmpty()) {
      throw new ConcertException(ErrorCode.INVALID_MESSAGE, "The batch has no lines.");
    }
    return new BatchPlan(
        provider.orElseThrow().endpoint(),
        new ArrayList<>(shares.values()),
        shares.size() == 1 ? Map.of() : places);
  }
}
