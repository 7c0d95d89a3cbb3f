package dev.concert.ensemble.admission;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Keys and customers with budgets as their holders meet them. A call here is estimated at up to
 * 0.0151 dollars (1,000 tokens of answer at 15 dollars a million, and its prompt) and costs 0.0153.
 */
class KeyBudgetsTest {
  private static final String BODY =
      "{\"model\":\"real\",\"max_tokens\":1000,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  private static final String COST = "0.0153";

  @TempDir Path folder;
  private final Upstream upstream = new Upstream();
  private KeyStore store;
  private RunningEnsemble ensemble;

  @BeforeEach
  void start() {
    store = new KeyStore(folder.resolve("keys.db"), Clock.systemUTC());
    upstream.events(data(text("hi"), finish("stop"), usage(100, 0, 1000), "[DONE]"));
    run();
  }

  @AfterEach
  void stop() {
    ensemble.close();
    store.close();
    upstream.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/v1/stream", "/api/v1/generate", "/v1/chat/completions", "/v1/messages"})
  void aKeyThatHasSpentItsBudgetIsRefusedByEveryForm(String path) {
    EnsembleClient client =
        holder(key(customer(Optional.empty()), budget("0.02", BudgetPeriod.DAY)));
    assertThat(client.post(path, BODY).statusCode()).isEqualTo(200);

    HttpResponse<String> refused = client.post(path, BODY);

    assertThat(refused.statusCode()).isEqualTo(402);
    assertThat(refused.body())
        .contains("The budget of this key, $0.02 a day, has $0.0047 left")
        .contains("it resets at ")
        .contains("T00:00:00Z");
    assertThat(refused.headers().firstValueAsLong("retry-after").orElse(0)).isBetween(1L, 86_400L);
    assertThat(upstream.bodies).hasSize(1);
  }

  @Test
  void eachChoiceThatAClientAsksForCountsBeforeTheCall() {
    EnsembleClient client =
        holder(key(customer(Optional.empty()), budget("0.02", BudgetPeriod.TOTAL)));

    HttpResponse<String> refused =
        client.post("/v1/chat/completions", BODY.replace("{\"model", "{\"n\":2,\"model"));

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(402);
    assertThat(refused.body()).contains("might cost $0.03");
    assertThat(upstream.bodies).isEmpty();
    assertThat(client.post("/v1/chat/completions", BODY).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "completions | {'n':2,'prompt':'hi','max_tokens':4000}",
        "completions | {'best_of':2,'prompt':'hi','max_tokens':4000}",
        "completions | {'prompt':['hi','you'],'max_tokens':4000}",
        "completions | {'prompt':[[1,2],[3]],'max_tokens':4000}"
      })
  void eachTextThatIsCompletedCountsBeforeTheCall(String path, String asked) {
    EnsembleClient client =
        holder(key(customer(Optional.empty()), budget("0.10", BudgetPeriod.TOTAL)));

    HttpResponse<String> refused = client.post("/v1/" + path, ofReal(asked));

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(402);
    assertThat(refused.body()).contains("might cost $0.12");
    assertThat(upstream.bodies).isEmpty();
  }

  @Test
  void aPromptAsTokensIsOnePrompt() {
    upstream.serve("completions");
    upstream.script(response -> response.end("{\"choices\":[],\"usage\":{\"prompt_tokens\":3}}"));
    EnsembleClient client =
        holder(key(customer(Optional.empty()), budget("0.10", BudgetPeriod.TOTAL)));

    HttpResponse<String> answer =
        client.post("/v1/completions", ofReal("{'prompt':[1,2,3],'max_tokens':4000}"));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void eachPictureCountsBeforeTheCall() {
    EnsembleClient client =
        holder(key(customer(Optional.empty()), budget("0.20", BudgetPeriod.TOTAL)));

    HttpResponse<String> refused =
        client.post("/v1/images/generations", ofReal("{'prompt':'a cat','n':10}"));

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(402);
    assertThat(upstream.bodies).isEmpty();
    upstream.serve("images/generations");
    upstream.script(response -> response.end("{\"data\":[]}"));
    assertThat(
            client.post("/v1/images/generations", ofReal("{'prompt':'a cat','n':1}")).statusCode())
        .as("one fits")
        .isEqualTo(200);
  }

  private static String ofReal(String body) {
    return body.replace('\'', '"').replaceFirst("\\{", "{\"model\":\"real\",");
  }

  @Test
  void theRefusalHasItsCode() {
    EnsembleClient client =
        holder(key(customer(Optional.empty()), budget("0.01", BudgetPeriod.TOTAL)));

    HttpResponse<String> refused = client.post("/api/v1/generate", BODY);

    assertThat(EnsembleClient.json(refused.body()).at("/error/code").asText())
        .isEqualTo("BUDGET_EXCEEDED");
    assertThat(refused.body()).contains("$0.01 in total").contains("it does not reset");
    assertThat(refused.headers().firstValue("retry-after")).isEmpty();
  }

  @Test
  void allKeysOfACustomerSpendFromItsBudget() {
    String customer = customer(budget("0.02", BudgetPeriod.MONTH));
    assertThat(holder(key(customer, Optional.empty())).post("/api/v1/generate", BODY).statusCode())
        .isEqualTo(200);

    HttpResponse<String> refused =
        holder(key(customer, Optional.empty())).post("/api/v1/generate", BODY);

    assertThat(refused.statusCode()).isEqualTo(402);
    assertThat(refused.body()).contains("budget of this customer, $0.02 a month");
  }

  @Test
  void aHundredAtOnceSpendNoMoreThanWhatWasReserved() throws Exception {
    BigDecimal amount = new BigDecimal("0.20");
    EnsembleClient client =
        holder(
            key(customer(Optional.empty()), Optional.of(new Budget(amount, BudgetPeriod.TOTAL))));

    List<Callable<Integer>> calls = new ArrayList<>();
    for (int call = 0; call < 100; call++) {
      calls.add(() -> client.post("/api/v1/generate", BODY).statusCode());
    }
    int answered = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> status : threads.invokeAll(calls)) {
        answered += status.get() == 200 ? 1 : 0;
      }
    }

    // What was reserved differs from what was spent by 0.00022 a call: 100 tokens, not 27 or so.
    assertThat(answered).isBetween(12, 14);
    assertThat(upstream.bodies).hasSize(answered);
    assertThat(spent(client))
        .isEqualByComparingTo(new BigDecimal(COST).multiply(BigDecimal.valueOf(answered)))
        .isLessThanOrEqualTo(amount.add(new BigDecimal("0.0153")));
  }

  @Test
  void whatWasSpentCountsAfterARestart() {
    CreatedKey key = key(customer(Optional.empty()), budget("0.02", BudgetPeriod.MONTH));
    assertThat(holder(key).post("/api/v1/generate", BODY).statusCode()).isEqualTo(200);

    ensemble.close();
    run();

    assertThat(holder(key).post("/api/v1/generate", BODY).statusCode()).isEqualTo(402);
  }

  @Test
  void whatACallDidNotUseCanBeSpentByTheNext() {
    upstream.events(data(text("hi"), finish("stop"), usage(10, 0, 1), "[DONE]"));
    EnsembleClient client =
        holder(key(customer(Optional.empty()), budget("0.02", BudgetPeriod.TOTAL)));

    for (int call = 0; call < 5; call++) {
      assertThat(client.post("/api/v1/generate", BODY).statusCode()).isEqualTo(200);
    }
    upstream.status(400, "application/json", "{}");
    for (int call = 0; call < 5; call++) {
      assertThat(client.post("/api/v1/generate", BODY).statusCode()).isEqualTo(400);
    }

    assertThat(spent(client)).isEqualByComparingTo("0.000225");
  }

  private void run() {
    ensemble =
        new RunningEnsemble(
            new EnsembleOptions(
                    "127.0.0.1",
                    0,
                    Optional.empty(),
                    List.of(RunningEnsemble.KEY),
                    List.of(upstream.options()),
                    Duration.ZERO)
                .withControl(AccessControlOptions.NONE.withKeysFile(folder.resolve("keys.db")))
                .withLedger(folder.resolve("ledger.db")));
  }

  private static BigDecimal spent(EnsembleClient client) {
    return new BigDecimal(
        EnsembleClient.json(client.get("/api/v1/usage").body()).at("/total/cost").asText());
  }

  private String customer(Optional<Budget> budget) {
    return store.addCustomer("Acme", "ops@acme.example", budget).id();
  }

  private CreatedKey key(String customer, Optional<Budget> budget) {
    return store.addKey(customer, new KeySettings("ci", Optional.empty(), RateLimit.NONE, budget));
  }

  private static Optional<Budget> budget(String amount, BudgetPeriod period) {
    return Optional.of(new Budget(new BigDecimal(amount), period));
  }

  private EnsembleClient holder(CreatedKey key) {
    EnsembleClient client = ensemble.client(key.secret());
    Await.until(() -> client.get("/api/v1/models").statusCode() == 200);
    return client;
  }
}
