package dev.concert.gateway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import dev.concert.protocol.Role;
import dev.concert.protocol.SessionMeta;
import dev.concert.protocol.SessionState;
import dev.concert.protocol.SessionVisibility;
import dev.concert.protocol.ShareAccess;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The list, the check and the notifications of sessions agree on who sees what. */
class SessionAccessPropertyTest {
  private static final List<String> USERS = List.of("ann", "bob");

  private static final Vertx VERTX = Vertx.vertx();
  private static Path folder;
  private static Registries registries;
  private static SessionAccess access;
  private static int tenants;

  /** A session of a tenant, and with which of the users it is shared for what. */
  record Stored(SessionVisibility visibility, String creator, Optional<ShareAccess> annsShare) {}

  @BeforeContainer
  static void open() throws IOException {
    folder = Files.createTempDirectory("concert-access");
    registries = new Registries(VERTX, folder);
    access = new SessionAccess(new SessionShares(registries));
  }

  @AfterContainer
  static void close() {
    get(registries.close());
    get(VERTX.close());
  }

  @Provide
  Arbitrary<List<Stored>> sessions() {
    return Combinators.combine(
            Arbitraries.of(SessionVisibility.class),
            Arbitraries.of(USERS),
            Arbitraries.of(ShareAccess.class).optional())
        .as(Stored::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Property(tries = 60)
  void theListHasWhatTheCheckAdmitsAndTheNotificationsReach(
      @ForAll("sessions") List<Stored> sessions,
      @ForAll Role role,
      @ForAll boolean isLimited,
      @ForAll Permission needed) {
    String tenant = "tenant-" + tenants++;
    for (int i = 0; i < sessions.size(); i++) {
      store(tenant, "session-" + i, sessions.get(i));
    }
    Identity ann = identity(tenant, role, isLimited);
    List<String> listed =
        get(registries.list(ann, true, Optional.empty(), 100)).sessions().stream()
            .map(SessionMeta::id)
            .toList();
    for (int i = 0; i < sessions.size(); i++) {
      SessionMeta session = get(registries.find(tenant, "session-" + i)).orElseThrow();
      Predicate<Identity> audience = get(access.audience(session));
      boolean sees = sees(sessions.get(i), role) && (!isLimited || i == 0);
      assertThat(listed.contains(session.id())).isEqualTo(sees);
      assertThat(audience.test(ann)).isEqualTo(sees);
      assertThat(refusal(ann, session, needed))
          .isEqualTo(
              !sees
                  ? Optional.of(ErrorCode.SESSION_NOT_FOUND)
                  : may(sessions.get(i), ann, needed)
                      ? Optional.empty()
                      : Optional.of(ErrorCode.FORBIDDEN));
      // The same user in another tenant is somebody else.
      Identity stranger = identity("other-" + tenant, Role.OWNER, false);
      assertThat(audience.test(stranger)).isFalse();
      assertThat(refusal(stranger, session, needed)).contains(ErrorCode.SESSION_NOT_FOUND);
    }
  }

  private static boolean sees(Stored session, Role role) {
    boolean isNoGuest = role != Role.GUEST;
    return session.annsShare().isPresent()
        || (isNoGuest
            && (session.visibility() == SessionVisibility.TENANT
                || session.creator().equals("ann")));
  }

  /** The rule in other words: what the role gives where the session is hers, and what the share. */
  private static boolean may(Stored session, Identity ann, Permission needed) {
    boolean isHers =
        ann.role() != Role.GUEST
            && (session.visibility() == SessionVisibility.TENANT
                || session.creator().equals("ann"));
    boolean roleGives = needed.grantedTo(ann.role());
    if (isHers || session.annsShare().equals(Optional.of(ShareAccess.WRITE))) {
      return roleGives || session.annsShare().filter(share -> share.gives(needed)).isPresent();
    }
    return needed == Permission.THREADS_READ;
  }

  private static Identity identity(String tenant, Role role, boolean isLimited) {
    Identity whole = Identity.of("ann", "ann@example.com", tenant, role);
    return isLimited
        ? new Identity(
            whole.userId(),
            whole.email(),
            tenant,
            role,
            whole.permissions(),
            Optional.of(Set.of("session-0")))
        : whole;
  }

  private static void store(String tenant, String id, Stored session) {
    get(
        registries.insert(
            new SessionMeta(
                id,
                tenant,
                "n",
                "echo",
                null,
                null,
                SessionState.INACTIVE,
                false,
                session.creator(),
                1,
                1,
                0,
                null,
                session.visibility())));
    session
        .annsShare()
        .ifPresent(
            share ->
                get(
                    registries.in(
                        tenant,
                        database ->
                            database.update(
                                "INSERT INTO session_members VALUES (?, 'ann', ?, 'bob', 1)",
                                Tuple.of(id, share.wireName())))));
  }

  private static Optional<ErrorCode> refusal(Identity who, SessionMeta session, Permission needed) {
    Future<Void> check = access.check(who, session, needed);
    try {
      check.toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
      return Optional.empty();
    } catch (java.util.concurrent.ExecutionException e) {
      return Optional.of(((ConcertException) e.getCause()).code());
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError(e);
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
