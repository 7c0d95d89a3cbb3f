package dev.concert.ensemble.admission;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.budget.Budget;
import dev.concert.ensemble.budget.BudgetPeriod;
import dev.concert.ensemble.config.AccessControlOptions;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.key.CreatedKey;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.testing.Await;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call costs is unknown where the price of its model is not set, and is said so. */
class UnpricedModelTest {
  private static final String BODY =
      "{\"model\":\"%s\",\"max_tokens\":1000,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @TempDir Path folder;
  private final Upstream upstream = new Upstream();
  private KeyStore store;
  private RunningEnsemble ensemble;

  @BeforeEach
  void start() {
    store = new KeyStore(folder.resolve("keys.db"), Clock.systemUTC());
    upstream.events(data(text("hi"), finish("stop"), usage(100, 0, 1000), "[DONE]"));
    String config =
        """
        {"ensemble": {"providers": [{"name": "p", "type": "openai-compatible", "baseUrl": "%s",
          "models": [{"id": "unpriced"}, {"id": "free", "inputPrice": "0", "outputPrice": "0"}]}]}}
        """
            .formatted(upstream.url());
    ensemble =
        new RunningEnsemble(
            EnsembleOptions.from(new JsonObject(config), Map.of())
                .withControl(AccessControlOptions.NONE.withKeysFile(folder.resolve("keys.db")))
                .withLedger(folder.resolve("ledger.db")));
  }

  @AfterEach
  void stop() {
    ensemble.close();
    store.close();
    upstream.close();
  }

  private EnsembleClient holder(Optional<Budget> budget) {
    String customer = store.addCustomer("Acme", "ops@acme.example", Optional.empty()).id();
    CreatedKey key =
        store.addKey(customer, new KeySettings("ci", Optional.empty(), RateLimit.NONE, budget));
    EnsembleClient client = ensemble.client(key.secret());
    Await.until(() -> client.get("/api/v1/models").statusCode() == 200);
    return client;
  }

  @Test
  void theCostOfItsCallsIsUnknownWhereverItIsNamed() {
    EnsembleClient client = holder(Optional.empty());

    HttpResponse<String> answer = client.post("/v1/chat/completions", BODY.formatted("unpriced"));
    client.post("/v1/chat/completions", BODY.formatted("free"));

    assertThat(answer.headers().firstValue("x-ensemble-cost")).contains("unknown");
    assertThat(EnsembleClient.json(answer.body()).at("/usage/cost").asText()).isEqualTo("unknown");
    JsonNode totals = EnsembleClient.json(client.get("/api/v1/usage").body());
    assertThat(totals.toString()).contains("\"unpriced_calls\":1").contains("\"cost\":\"0\"");
    assertThat(client.get("/api/v1/usage/export?format=jsonl").body())
        .contains("\"cost\":\"unknown\"", "\"cost\":\"0\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/generate", "/v1/chat/completions", "/v1/messages"})
  void aKeyWithABudgetIsToldWhatToSet(String path) {
    EnsembleClient client = holder(Optional.of(new Budget(new BigDecimal("5"), BudgetPeriod.DAY)));

    HttpResponse<String> refused = client.post(path, BODY.formatted("unpriced"));

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body())
        .contains("the model 'unpriced', whose price is not set")
        .contains("Set inputPrice and outputPrice of the model at the provider 'p'");
    assertThat(upstream.bodies).isEmpty();
    assertThat(client.post(path, BODY.formatted("free")).statusCode()).isEqualTo(200);
  }
}
