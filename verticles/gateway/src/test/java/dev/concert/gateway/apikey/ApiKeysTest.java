package dev.concert.gateway.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.OpenDatabases;
import dev.concert.gateway.audit.AuditEntry;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.registry.Registries;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import dev.concert.protocol.Role;
import dev.concert.testing.Await;
import dev.concert.testing.Fastest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys in real registries. */
class ApiKeysTest {
  private static final Identity ANNA = Identity.of("anna", "a@example.com", "one", Role.ADMIN);
  private static final Identity BERT = Identity.of("bert", "b@example.com", "two", Role.DEVELOPER);

  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir Path data;
  private final Vertx vertx = Vertx.vertx();
  private final Map<String, Identity> members = new ConcurrentHashMap<>();
  private Registries registries;
  private ApiKeys keys;

  @BeforeEach
  void open() {
    List.of(ANNA, BERT).forEach(this::join);
    registries = new Registries(vertx, data.resolve("tenants"));
    keys = open(registries);
  }

  private ApiKeys open(Registries stored) {
    return new ApiKeys(
        vertx,
        data,
        stored,
        (tenant, user) ->
            Future.succeededFuture(Optional.ofNullable(members.get(tenant + "/" + user))));
  }

  private void join(Identity member) {
    members.put(member.tenantId() + "/" + member.userId(), member);
  }

  @AfterEach
  void close() {
    get(keys.close());
    get(registries.close());
    get(vertx.close());
  }

  @Test
  void aKeyActsForItsOwnerInTheOwnersTenant() {
    String annas = create(ANNA, Role.DEVELOPER);
    String berts = create(BERT, Role.DEVELOPER);

    Identity asAnna = get(keys.authenticate(annas)).identity();
    assertThat(asAnna.userId()).isEqualTo("anna");
    assertThat(asAnna.tenantId()).isEqualTo("one");
    assertThat(asAnna.role()).isEqualTo(Role.DEVELOPER);
    assertThat(asAnna.permissions())
        .containsExactlyElementsOf(Identity.of("", "", "", Role.DEVELOPER).permissions());
    assertThat(asAnna.keyId()).isPresent();
    assertThat(get(keys.authenticate(berts)).identity().tenantId()).isEqualTo("two");
  }

  @Test
  void whoGuessesASecretCausesTheSameWorkWhetherThereIsSuchAKeyOrNot() {
    String key = create(ANNA, Role.DEVELOPER);
    String forged = key.substring(0, key.lastIndexOf('_') + 1) + "%064x".formatted(1);
    get(keys.close());
    get(registries.close());
    registries = new Registries(vertx, data.resolve("tenants"));
    keys = open(registries);
    List<String> asked = new ArrayList<>();
    ApiKeys counted =
        new ApiKeys(
            vertx,
            data,
            registries,
            (tenant, user) -> {
              asked.add(tenant);
              return Future.succeededFuture(Optional.ofNullable(members.get(tenant + "/" + user)));
            });

    assertThatThrownBy(() -> get(counted.authenticate(forged))).hasMessageContaining("not valid");
    assertThat(asked).as("members that were looked up").isEmpty();
    assertThat(OpenDatabases.below(data))
        .as("databases that were opened")
        .containsExactly("keys-index.db");

    // And when the key is in use, so that what it may do is remembered.
    get(counted.authenticate(key));
    asked.clear();
    assertThatThrownBy(() -> get(counted.authenticate(forged))).hasMessageContaining("not valid");
    assertThat(asked).isEmpty();
    get(counted.close());
  }

  @Test
  void aKeyHasOnlyThePermissionsAndSessionsThatItWasGiven() {
    String key =
        get(keys.create(
                ANNA,
                new ApiKeys.Wanted(
                    "ci",
                    Role.ADMIN,
                    Optional.of(List.of(Permission.THREADS_READ, Permission.AUDIT_READ)),
                    Optional.of(List.of("s1", "s2")),
                    Optional.empty())))
            .credential()
            .text();

    Identity who = get(keys.authenticate(key)).identity();
    assertThat(who.permissions())
        .containsExactlyInAnyOrder(Permission.THREADS_READ, Permission.AUDIT_READ);
    assertThat(who.onlySessions().orElseThrow()).containsExactlyInAnyOrder("s1", "s2");
  }

  @Test
  void aKeyLosesWhatItsOwnerLosesWithinASecond() {
    String key = create(ANNA, Role.ADMIN);
    Fastest.isWithin(
        SECOND,
        _ -> {
          join(ANNA);
          Await.until("the key is an admin's", () -> has(key, Permission.MEMBERS_MANAGE));
          join(Identity.of("anna", "a@example.com", "one", Role.VIEWER));
          return timeUntil("the key is a viewer's", () -> !has(key, Permission.THREADS_WRITE));
        });
    assertThat(has(key, Permission.THREADS_READ)).isTrue();
    Fastest.isWithin(
        SECOND,
        _ -> {
          join(ANNA);
          Await.until("the key is Anna's", () -> !isRefused(key));
          members.remove("one/anna");
          return timeUntil("the key is nobody's", () -> isRefused(key));
        });
  }

  private boolean has(String key, Permission permission) {
    return get(keys.authenticate(key)).identity().permissions().contains(permission);
  }

  @Test
  void aRevokedKeyIsRefusedAtOnceHereAndWithinASecondElsewhere() {
    Registries others = new Registries(vertx, data.resolve("tenants"));
    ApiKeys elsewhere = open(others);
    Fastest.isWithin(
        SECOND,
        _ -> {
          String key = create(ANNA, Role.ADMIN);
          get(elsewhere.authenticate(key));
          get(keys.authenticate(key));
          get(keys.revoke("one", idOf(key), "anna"));
          assertThat(isRefused(key)).isTrue();
          return timeUntil("another node refuses it", () -> refusal(elsewhere, key).isPresent());
        });
    get(elsewhere.close());
    get(others.close());
  }

  @Test
  void aKeyEndsWithItsTime() {
    long end = System.currentTimeMillis() + 3000;
    String key =
        get(keys.create(
                ANNA,
                new ApiKeys.Wanted(
                    "short", Role.VIEWER, Optional.empty(), Optional.empty(), Optional.of(end))))
            .credential()
            .text();
    assertThat(get(keys.authenticate(key)).expiresAt().orElseThrow().toEpochMilli()).isEqualTo(end);

    Await.until("the key has expired", () -> isRefused(key));
    assertThat(refusal(keys, key).orElseThrow().getMessage()).isEqualTo("The API key has expired.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ck_",
        "ck_1",
        "ck_000000000000000000000000_",
        "ck_00000000000000000000000G_0000000000000000000000000000000000000000000000000000000000000000",
        "ck_000000000000000000000000_0000000000000000000000000000000000000000000000000000000000000000",
        "ck_'; DROP TABLE key_tenants; --"
      })
  void whatIsNoKeyIsRefusedWithTheSameWords(String text) {
    create(ANNA, Role.VIEWER);
    ConcertException refused = refusal(keys, text).orElseThrow();
    assertThat(refused.code()).isEqualTo(ErrorCode.AUTH_FAILED);
    assertThat(refused.getMessage()).isEqualTo("The API key is not valid.");
  }

  @Test
  void theRightIdWithAnotherSecretIsRefused() {
    String annas = create(ANNA, Role.VIEWER);
    String berts = create(BERT, Role.VIEWER);
    String mixed = "ck_" + idOf(annas) + "_" + berts.substring(berts.lastIndexOf('_') + 1);
    assertThat(refusal(keys, mixed).orElseThrow().getMessage())
        .isEqualTo("The API key is not valid.");
  }

  @Test
  void theSecretIsNowhereOnTheDiskAndTheIdNamesNoTenant() {
    String key = create(ANNA, Role.VIEWER);
    String secret = key.substring(key.lastIndexOf('_') + 1);
    get(keys.authenticate(key));
    get(keys.close());
    get(registries.close());

    try (Stream<Path> files = Files.walk(data)) {
      assertThat(files.filter(Files::isRegularFile).map(ApiKeysTest::text))
          .isNotEmpty()
          .noneMatch(content -> content.contains(secret));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(new KeyCredential(idOf(key), secret).toString()).doesNotContain(secret);
    assertThat(key).matches("ck_[0-9a-f]{24}_[0-9a-f]{64}");
  }

  @Test
  void theAuditLogHasWhoCreatedAndRevokedAKeyAndNoSecret() {
    String key = create(ANNA, Role.VIEWER);
    get(keys.revoke("one", idOf(key), "boss"));
    List<AuditEntry> entries = get(new AuditLog(registries).read("one", OptionalLong.empty(), 10));
    assertThat(entries)
        .extracting(AuditEntry::action, AuditEntry::actor, AuditEntry::subject)
        .containsExactly(
            tuple("key.revoked", "boss", idOf(key)), tuple("key.created", "anna", idOf(key)));
    assertThat(entries.toString()).doesNotContain(key.substring(key.lastIndexOf('_') + 1));
  }

  @Test
  void theLastUseIsStoredOnceAMinute() {
    String key = create(ANNA, Role.VIEWER);
    long before = System.currentTimeMillis();
    get(keys.authenticate(key));
    Await.until("the use is stored", () -> lastUse(key).isPresent());
    long first = lastUse(key).orElseThrow();
    assertThat(first).isGreaterThanOrEqualTo(before);

    for (int i = 0; i < 50; i++) {
      get(keys.authenticate(key));
    }
    assertThat(lastUse(key)).contains(first);
  }

  private Optional<Long> lastUse(String key) {
    return get(keys.find("one", idOf(key))).orElseThrow().lastUsedAt();
  }

  @Test
  void oneUserHasABoundedNumberOfKeysAlsoWhenManyAreCreatedAtOnce() {
    List<Future<?>> creations = new ArrayList<>();
    for (int i = 0; i < ApiKeys.MAX_PER_OWNER + 20; i++) {
      creations.add(keys.create(ANNA, wanted(Role.VIEWER)).otherwiseEmpty());
    }
    get(Future.all(creations));
    assertThat(creations.stream().filter(one -> one.result() != null))
        .hasSize(ApiKeys.MAX_PER_OWNER);
    assertThatThrownBy(() -> get(keys.create(ANNA, wanted(Role.VIEWER))))
        .hasRootCauseInstanceOf(ConcertException.class)
        .hasMessageContaining("100 API keys already");
    create(BERT, Role.VIEWER);
  }

  @Test
  void theKeysOfARemovedMemberDoNotComeBackWithTheMember() {
    String key = create(ANNA, Role.VIEWER);
    get(keys.revokeAllOf("one", "anna"));
    assertThat(isRefused(key)).isTrue();
    assertThat(get(keys.list("one", Optional.empty(), Optional.empty(), 10))).isEmpty();
  }

  @Test
  void aLookupTakesAsLongAmongThousandsOfKeysAsAmongAHundred() {
    List<Long> few = lookups(fill(0, 100));
    List<Long> many = lookups(fill(100, Integer.getInteger("concert.keys", 3_000)));
    // A scan of the keys would take thirty times as long.
    assertThat(median(many)).isLessThan(15 * median(few));
  }

  /** Adds keys of many tenants' members and gives some of them. */
  private List<String> fill(int from, int to) {
    List<Future<ApiKeys.Created>> made = new ArrayList<>();
    for (int i = from; i < to; i++) {
      Identity owner = Identity.of("user-" + i / 50, "u@example.com", "t" + i % 3, Role.VIEWER);
      join(owner);
      made.add(keys.create(owner, wanted(Role.VIEWER)));
      if (made.size() % 500 == 0) {
        get(Future.all(made));
      }
    }
    get(Future.all(made));
    return made.stream()
        .skip(made.size() - 50L)
        .map(one -> one.result().credential().text())
        .toList();
  }

  private List<Long> lookups(List<String> credentials) {
    List<Long> times = new ArrayList<>();
    for (String credential : credentials) {
      long start = System.nanoTime();
      get(keys.authenticate(credential));
      times.add(System.nanoTime() - start);
    }
    return times;
  }

  private static long median(List<Long> times) {
    return times.stream().sorted().skip(times.size() / 2).findFirst().orElseThrow();
  }

  private String create(Identity owner, Role role) {
    return get(keys.create(owner, wanted(role))).credential().text();
  }

  private static ApiKeys.Wanted wanted(Role role) {
    return new ApiKeys.Wanted("k", role, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static String idOf(String key) {
    return key.split("_")[1];
  }

  private boolean isRefused(String key) {
    return refusal(keys, key).isPresent();
  }

  private static Optional<ConcertException> refusal(ApiKeys keys, String key) {
    return get(
        keys.authenticate(key)
            .map(_ -> Optional.<ConcertException>empty())
            .otherwise(failure -> Optional.of((ConcertException) failure)));
  }

  private static Duration timeUntil(String what, BooleanSupplier condition) {
    return Fastest.time(() -> Await.until(what, condition));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
