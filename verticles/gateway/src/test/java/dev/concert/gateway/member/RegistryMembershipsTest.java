package dev.concert.gateway.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.openid.TokenClaims;
import dev.concert.gateway.audit.AuditEntry;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.tenant.Tenants;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Role;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who the bearer of a verified token is. */
class RegistryMembershipsTest {
  private static final String OWNER = "owner@example.com";

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private Registries registries;
  private Tenants tenants;

  @BeforeEach
  void open() throws Exception {
    registries = new Registries(vertx, folder);
    tenants = new Tenants(registries);
    get(tenants.create("acme", "Acme", OWNER));
  }

  @Test
  void theTitleOfATenantIsOneLine() {
    assertThat(tenants.create("beta", "two\nlines", OWNER).toCompletionStage())
        .failsWithin(Duration.ofMinutes(1))
        .withThrowableThat()
        .withMessageContaining("The title of a tenant must be one line");
  }

  @AfterEach
  void close() throws Exception {
    get(registries.close());
    get(vertx.close());
  }

  private RegistryMemberships memberships() {
    return new RegistryMemberships(registries, MemberOptions.DEFAULT);
  }

  private static TokenClaims claims(String tenant, String subject, String email) {
    return new TokenClaims(
        "https://issuer.example", subject, Optional.of(email), true, tenant, Optional.empty());
  }

  private static TokenClaims unverified(TokenClaims claims) {
    return new TokenClaims(
        claims.issuer(),
        claims.subject(),
        claims.email(),
        false,
        claims.tenantId(),
        Optional.empty());
  }

  @Test
  void whoFirstSignsInWithTheOwnersVerifiedMailIsTheOwner() throws Exception {
    Identity owner = get(memberships().identify(claims("acme", "ann", "Owner@Example.com")));

    assertThat(owner.role()).isEqualTo(Role.OWNER);
    assertThat(owner.userId()).isEqualTo("ann");
    // And stays the owner, also with another mail; and nobody else becomes it.
    assertThat(get(memberships().identify(claims("acme", "ann", "new@example.com"))).role())
        .isEqualTo(Role.OWNER);
    assertRefused(claims("acme", "eve", OWNER));
  }

  @Test
  void aMailThatIsNotVerifiedTakesNoSeat() throws Exception {
    assertRefused(unverified(claims("acme", "eve", OWNER)));

    assertThat(get(memberships().identify(claims("acme", "ann", OWNER))).role())
        .isEqualTo(Role.OWNER);
  }

  @Test
  void ofManyWhoSignInAtOnceOneTakesTheSeat() throws Exception {
    List<Future<Identity>> all =
        IntStream.range(0, 20)
            .mapToObj(i -> memberships().identify(claims("acme", "user-" + i, OWNER)))
            .toList();
    all.forEach(one -> await(one));

    assertThat(all.stream().filter(Future::succeeded)).hasSize(1);
  }

  @ParameterizedTest
  @NullSource
  @EnumSource(names = "GUEST")
  void whoSignsInManyTimesAtOnceHasTheSeatEachTime(Role ofNewMembers) throws Exception {
    RegistryMemberships memberships =
        new RegistryMemberships(
            registries, new MemberOptions(Optional.ofNullable(ofNewMembers), Duration.ofDays(1)));
    List<Future<Identity>> all =
        IntStream.range(0, 20)
            .mapToObj(_ -> memberships.identify(claims("acme", "ann", OWNER)))
            .toList();
    for (Future<Identity> one : all) {
      assertThat(get(one).role()).isEqualTo(Role.OWNER);
    }
    assertThat(get(new AuditLog(registries).read("acme", OptionalLong.empty(), 30)))
        .extracting(AuditEntry::action)
        .containsExactly("member.took_seat", "tenant.created");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "ACME", "..", "../acme", "acme/", "", ".acme", "a\0b", "ä"})
  void aTenantThatDoesNotExistIsRefusedInTheSameWordsAndLeavesNothing(String tenant)
      throws Exception {
    String words = assertRefused(claims("acme", "eve", "eve@example.com"));

    assertThat(assertRefused(claims(tenant, "eve", "eve@example.com"))).isEqualTo(words);
    try (var folders = Files.list(folder)) {
      assertThat(folders.map(path -> path.getFileName().toString())).containsExactly("acme");
    }
  }

  /** Only who is refused waits: the time of the answer says nothing of what was looked at. */
  @ParameterizedTest
  @ValueSource(strings = {"acme", "none"})
  void aRefusalTakesItsTimeWhetherTheTenantExistsOrNot(String tenant) throws Exception {
    long start = System.nanoTime();
    assertRefused(claims(tenant, "eve", "eve@example.com"));
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(UniformRefusals.STEP);

    Invitations invitations = new Invitations(registries, Duration.ofDays(1));
    long again = System.nanoTime();
    Future<?> refused = invitations.accept(claims(tenant, "eve", "eve@example.com"), "guessed");
    await(refused);
    assertThat(refused.cause()).hasMessageContaining("There is no such invitation");
    assertThat(Duration.ofNanos(System.nanoTime() - again))
        .isGreaterThanOrEqualTo(UniformRefusals.STEP);
  }

  @Test
  void whatTakesLongerThanAStepIsAnsweredAtTheNextOne() {
    long step = UniformRefusals.STEP.toNanos();

    assertThat(UniformRefusals.left(0)).isEqualTo(step);
    assertThat(UniformRefusals.left(step - 1)).isEqualTo(1);
    assertThat(UniformRefusals.left(step)).isEqualTo(step);
    assertThat(UniformRefusals.left(3 * step + 5)).isEqualTo(step - 5);
  }

  @Test
  void aUserOfAnotherIssuerWithTheSameIdIsSomebodyElse() throws Exception {
    get(memberships().identify(claims("acme", "ann", OWNER)));

    assertRefused(
        new TokenClaims(
            "https://other.example", "ann", Optional.of(OWNER), true, "acme", Optional.empty()));
  }

  @ParameterizedTest
  @EnumSource(
      value = Role.class,
      names = {"GUEST", "VIEWER", "DEVELOPER"})
  void whereTheConfigurationAdmitsThemNewUsersGetItsRole(Role role) throws Exception {
    RegistryMemberships open =
        new RegistryMemberships(
            registries, new MemberOptions(Optional.of(role), Duration.ofDays(1)));

    assertThat(get(open.identify(claims("acme", "bob", "bob@example.com"))).role()).isEqualTo(role);
    // Once admitted, also where the configuration changes.
    assertThat(get(memberships().identify(claims("acme", "bob", "bob@example.com"))).role())
        .isEqualTo(role);
    assertThat(get(open.identify(claims("acme", "ann", OWNER))).role()).isEqualTo(Role.OWNER);
    assertThatThrownBy(() -> get(open.identify(claims("none", "bob", "bob@example.com"))))
        .hasMessageContaining("no member");
  }

  @Test
  void whoWasRefusedIsInTheAuditLogOnceAMinute() throws Exception {
    RegistryMemberships memberships = memberships();
    List<Future<Identity>> all =
        IntStream.range(0, 10)
            .mapToObj(_ -> memberships.identify(claims("acme", "eve", "eve@example.com")))
            .toList();
    all.forEach(one -> await(one));
    get(memberships.identify(claims("acme", "ann", OWNER)));

    assertThat(get(new AuditLog(registries).read("acme", OptionalLong.empty(), 10)))
        .extracting(AuditEntry::action)
        .containsExactly("member.took_seat", "sign_in.refused", "tenant.created");
  }

  @Test
  void aTenantIsNotCreatedTwiceAndNotUnderABadName() throws Exception {
    assertThatThrownBy(() -> get(tenants.create("acme", "Other", "eve@example.com")))
        .hasMessageContaining("already");
    assertThatThrownBy(() -> get(tenants.create("a/b", "Other", OWNER)))
        .hasMessageContaining("cannot be the id");
    assertThat(get(tenants.list())).extracting(one -> one.name()).containsExactly("Acme");
    assertRefused(claims("acme", "eve", "eve@example.com"));
  }

  private String assertRefused(TokenClaims claims) {
    Future<Identity> refused = await(memberships().identify(claims));
    assertThat(refused.cause())
        .isInstanceOfSatisfying(
            ConcertException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.AUTH_FAILED));
    return refused.cause().getMessage();
  }

  private static <T> Future<T> await(Future<T> future) {
    try {
      future.toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
    } catch (java.util.concurrent.ExecutionException failed) {
      return future;
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError(e);
    }
    return future;
  }

  private static <T> T get(Future<T> future) throws Exception {
    Future<T> done = await(future);
    if (done.failed()) {
      throw new Exception(done.cause());
    }
    return done.result();
  }
}
