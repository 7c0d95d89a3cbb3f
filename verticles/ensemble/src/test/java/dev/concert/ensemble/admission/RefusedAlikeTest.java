package dev.concert.ensemble.admission;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.admission.KeyClient.Form;
import dev.concert.ensemble.admission.KeyClient.Reply;
import dev.concert.ensemble.budget.Budget;
import dev.concert.ensemble.budget.BudgetPeriod;
import dev.concert.ensemble.config.AccessControlOptions;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.key.ApiKey;
import dev.concert.ensemble.key.CreatedKey;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.ensemble.provider.upstream.ProviderOptions;
import dev.concert.ensemble.provider.upstream.ProviderType;
import dev.concert.testing.Await;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Whichever form of the API somebody asks by, what may not be done is refused in the same way. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusedAlikeTest {
  /** Time stands still. */
  private static final long NOW = 1_800_000_010_000L;

  @TempDir static Path folder;
  private final Upstream upstream = new Upstream();
  private KeyStore store;
  private String customer;
  private RunningEnsemble ensemble;
  private KeyClient asking;

  @BeforeAll
  void start() {
    store = new KeyStore(folder.resolve("keys.db"), Clock.systemUTC());
    customer = store.addCustomer("Acme", "ops@acme.example", Optional.empty()).id();
    upstream.events(data(text("hi"), finish("stop"), usage(5, 0, 10), "[DONE]"));
    ensemble =
        new RunningEnsemble(
            new EnsembleOptions(
                    "127.0.0.1",
                    0,
                    Optional.empty(),
                    List.of(),
                    List.of(upstream.options(), withoutItsKey()),
                    Duration.ZERO)
                .withControl(AccessControlOptions.NONE.withKeysFile(folder.resolve("keys.db"))),
            () -> NOW);
    asking = new KeyClient(ensemble);
  }

  /** A provider of a model, "keyless", of which the key is not set. */
  private ProviderOptions withoutItsKey() {
    ServedModel real = upstream.options().models().getFirst();
    return new ProviderOptions(
        "locked",
        ProviderType.OPENAI_COMPATIBLE,
        upstream.options().baseUrl(),
        Optional.of("LOCKED_KEY"),
        Optional.empty(),
        Map.of(),
        "max_tokens",
        Set.of(),
        List.of(
            new ServedModel(
                "keyless",
                "keyless",
                "locked",
                real.contextWindow(),
                real.maxOutputTokens(),
                real.can(),
                real.price(),
                real.stallTimeout(),
                real.totalTimeout())));
  }

  @AfterAll
  void stop() {
    asking.close();
    ensemble.close();
    store.close();
    upstream.close();
  }

  @BeforeEach
  void nobodyHasAsked() {
    upstream.bodies.clear();
  }

  @ParameterizedTest
  @EnumSource
  void withoutAKey(Form form) {
    assertRefused(asking.ask(form, Optional.empty()), 401, "UNAUTHENTICATED", "Send a token");
  }

  @ParameterizedTest
  @EnumSource
  void withAKeyThatIsNone(Form form) {
    Reply reply = asking.ask(form, Optional.of("ens_wrong"));
    assertRefused(reply, 401, "AUTH_FAILED", "This token is not, or no longer, valid.");
  }

  @ParameterizedTest
  @EnumSource
  void withAKeyThatWasRevoked(Form form) {
    CreatedKey key = key(Set.of(), RateLimit.NONE, Optional.empty());
    assertThat(asking.ask(form, Optional.of(key.secret())).status()).isEqualTo(200);

    store.set(key.key().id(), ApiKey.Status.REVOKED);

    Await.until(() -> asking.ask(form, Optional.of(key.secret())).status() == 401);
    upstream.bodies.clear();
    Reply reply = asking.ask(form, Optional.of(key.secret()));
    assertRefused(reply, 401, "AUTH_FAILED", "This token is not, or no longer, valid.");
  }

  @ParameterizedTest
  @EnumSource
  void forAModelThatTheKeyMayNotUse(Form form) {
    CreatedKey key = key(Set.of("other"), RateLimit.NONE, Optional.empty());
    assertRefused(
        asking.ask(form, Optional.of(key.secret())),
        403,
        "FORBIDDEN",
        "This key may not use the model 'real'.");
  }

  /** What is the matter with a model is nothing to those who may not use it. */
  @ParameterizedTest
  @EnumSource
  void forAModelThatTheKeyMayNotUseAndNobodyCould(Form form) {
    Optional<String> key =
        Optional.of(key(Set.of("real"), RateLimit.NONE, Optional.empty()).secret());
    assertRefused(
        asking.ask(form, key, "keyless"),
        403,
        "FORBIDDEN",
        "This key may not use the model 'keyless'.");
    assertRefused(
        asking.ask(form, key, "none"), 403, "FORBIDDEN", "This key may not use the model 'none'.");
  }

  @ParameterizedTest
  @EnumSource
  void forAModelThatNobodyServes(Form form) {
    CreatedKey key = key(Set.of(), RateLimit.NONE, Optional.empty());
    assertRefused(
        asking.ask(form, Optional.of(key.secret()), "none"), 404, "MODEL_UNKNOWN", "'none'");
  }

  @ParameterizedTest
  @EnumSource
  void overTheRequestsOfAMinute(Form form) {
    assertUsedUpByOneCall(form, new RateLimit(1, 100_000), "requests");
  }

  /** Counting a prompt takes no tokens. */
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "COUNT_TOKENS")
  void overTheTokensOfAMinute(Form form) {
    assertUsedUpByOneCall(form, new RateLimit(100, 20), "tokens");
  }

  private void assertUsedUpByOneCall(Form form, RateLimit limit, String what) {
    Optional<String> key = Optional.of(key(Set.of(), limit, Optional.empty()).secret());
    assertThat(asking.ask(form, key).status()).isEqualTo(200);
    upstream.bodies.clear();

    Reply reply = asking.ask(form, key);

    assertRefused(
        reply, 429, "RATE_LIMITED", "This key has used up its %s for this minute.".formatted(what));
    assertThat(reply.retryAfterSeconds()).isEqualTo(61);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "COUNT_TOKENS")
  void forMoreTokensThanAMinuteHas(Form form) {
    CreatedKey key = key(Set.of(), new RateLimit(100, 10), Optional.empty());
    Reply reply = asking.ask(form, Optional.of(key.secret()));
    assertRefused(reply, 429, "RATE_LIMITED", "more than this key may use in a minute");
    assertThat(reply.retryAfterSeconds()).as("to wait does not help").isZero();
  }

  /** Counting a prompt costs nothing. */
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "COUNT_TOKENS")
  void overTheBudget(Form form) {
    Budget budget = new Budget(new BigDecimal("0.0001"), BudgetPeriod.TOTAL);
    CreatedKey key = key(Set.of(), RateLimit.NONE, Optional.of(budget));
    assertRefused(
        asking.ask(form, Optional.of(key.secret())),
        402,
        "BUDGET_EXCEEDED",
        "The budget of this key, $0.0001 in total, has $0.0001 left");
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "SOCKET")
  void withABodyOverTheLimitBeforeItIsRead(Form form) {
    CreatedKey key = key(Set.of(), RateLimit.NONE, Optional.empty());
    assertRefused(asking.announceTooMuch(form, key.secret()), 413, "MESSAGE_TOO_LARGE", "32 MiB");
  }

  @ParameterizedTest
  @EnumSource
  void whoIsRefusedUsesNothingUp(Form form) {
    CreatedKey key = key(Set.of("real"), new RateLimit(1, 100_000), Optional.empty());

    Stream.generate(() -> asking.ask(form, Optional.of(key.secret()), "demo"))
        .limit(3)
        .forEach(reply -> assertThat(reply.status()).isEqualTo(403));

    assertThat(asking.ask(form, Optional.of(key.secret())).status()).isEqualTo(200);
  }

  private void assertRefused(Reply reply, int status, String code, String sentence) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.code()).isEqualTo(reply.form().code(code));
    assertThat(reply.body()).contains(sentence);
    assertThat(upstream.bodies).as("what the model was asked").isEmpty();
  }

  private CreatedKey key(Set<String> models, RateLimit limit, Optional<Budget> budget) {
    CreatedKey key =
        store.addKey(
            customer,
            new KeySettings(
                "ci", models.isEmpty() ? Optional.empty() : Optional.of(models), limit, budget));
    Await.until(() -> ensemble.client(key.secret()).get("/api/v1/models").statusCode() == 200);
    return key;
  }
}
