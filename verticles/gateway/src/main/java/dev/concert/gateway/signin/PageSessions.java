package dev.concert.gateway.signin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.context.CallerContext;
import dev.concert.foundation.openid.SessionTokens;
import dev.concert.foundation.openid.SignInProvider;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.auth.Authentication;
import dev.concert.gateway.auth.Authenticator;
import dev.concert.gateway.auth.SessionCookie;
import dev.concert.protocol.Identity;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The page sessions of people who signed in, and the authenticator of their cookies. Thread-safe;
 * futures complete on the caller's context.
 */
final class PageSessions implements Authenticator {
  /** A session ends at the latest so long after its sign-in. */
  static final Duration LONGEST = Duration.ofDays(30);

  /** Tokens are renewed this long before their end. */
  private static final Duration EARLY = Duration.ofSeconds(30);

  /** What a session gives is not asked for again for so long. */
  private static final Duration REMEMBERED = Duration.ofMillis(500);

  private static final int MAX_REMEMBERED = 10_000;

  private final Vertx vertx;
  private final PageSessionStore store;
  private final SignInProvider provider;
  private final Authenticator people;
  private final AuditLog audit;
  private final Map<String, Future<SessionTokens>> renewals = new ConcurrentHashMap<>();
  private final Cache<String, Authentication> remembered =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).expireAfterWrite(REMEMBERED).build();

  /**
   * @param people knows the bearers of the provider's access tokens
   */
  PageSessions(
      Vertx vertx,
      PageSessionStore store,
      SignInProvider provider,
      Authenticator people,
      AuditLog audit) {
    this.vertx = vertx;
    this.store = store;
    this.provider = provider;
    this.people = people;
    this.audit = audit;
  }

  /** Opens a session for who bears these tokens; gives its cookie's token. */
  Future<String> open(SessionTokens tokens) {
    String token = SessionCookie.createToken();
    TokenCipher cipher = new TokenCipher(token);
    long now = System.currentTimeMillis();
    return CallerContext.now(vertx)
        .complete(
            people
                .authenticate(tokens.access())
                .compose(
                    who ->
                        store
                            .insert(
                                new PageSessionStore.Stored(
                                    cipher.id(),
                                    who.identity().tenantId(),
                                    who.identity().userId(),
                                    cipher.encrypt(tokens),
                                    now + LONGEST.toMillis()),
                                now)
                            .compose(
                                _ ->
                                    record(
                                        who.identity().tenantId(),
                                        who.identity().userId(),
                                        "sign_in")))
                .map(token));
  }

  @Override
  public Optional<Identity> everybody() {
    return Optional.empty();
  }

  @Override
  public Future<Authentication> authenticate(String token) {
    return CallerContext.now(vertx).complete(current(token));
  }

  private Future<Authentication> current(String token) {
    String id = new TokenCipher(token).id();
    Authentication known = remembered.getIfPresent(id);
    if (known != null) {
      return Future.succeededFuture(known);
    }
    return stored(token).compose(session -> authentication(token, session));
  }

  /** A session, and what its tokens were when it was read. */
  private record Session(SessionTokens tokens, Instant end) {}

  private Future<Session> stored(String token) {
    TokenCipher cipher = new TokenCipher(token);
    return store
        .find(cipher.id())
        .map(
            found ->
                found
                    .filter(one -> one.expiresAt() > System.currentTimeMillis())
                    .flatMap(
                        one ->
                            cipher
                                .decrypt(one.tokens())
                                .map(
                                    tokens ->
                                        new Session(tokens, Instant.ofEpochMilli(one.expiresAt()))))
                    .orElseThrow(PageSessions::over));
  }

  private Future<Authentication> authentication(String token, Session session) {
    return people
        .authenticate(session.tokens().access())
        .map(Optional::of)
        // An access token that has expired may be renewed.
        .recover(
            failure ->
                isRefusal(failure) && session.tokens().refresh().isPresent()
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure))
        .compose(who -> lasting(token, session, who))
        .map(who -> ofSession(token, session, who))
        .onSuccess(who -> remembered.put(new TokenCipher(token).id(), who))
        .recover(
            failure -> isRefusal(failure) ? end(token, failure) : Future.failedFuture(failure));
  }

  /**
   * @param who empty where the access token has expired
   */
  private Future<Authentication> lasting(
      String token, Session session, Optional<Authentication> who) {
    if (who.isPresent() && (!endsSoon(who.get()) || session.tokens().refresh().isEmpty())) {
      return Future.succeededFuture(who.get());
    }
    // While the provider is away, a token that still holds holds on.
    return renewed(token, session)
        .recover(
            failure ->
                isRefusal(failure)
                    ? Future.failedFuture(failure)
                    : who.map(Future::succeededFuture)
                        .orElseGet(() -> Future.failedFuture(failure)));
  }

  private static boolean endsSoon(Authentication who) {
    return who.expiresAt().filter(end -> end.isBefore(Instant.now().plus(EARLY))).isPresent();
  }

  private static boolean isRefusal(Throwable failure) {
    return failure instanceof ConcertException known && known.code() == ErrorCode.AUTH_FAILED;
  }

  /** A session that can be renewed does not end with its present access token. */
  private Authentication ofSession(String token, Session session, Authentication who) {
    Optional<Instant> end =
        session.tokens().refresh().isPresent()
            ? Optional.of(session.end())
            : who.expiresAt()
                .filter(one -> one.isBefore(session.end()))
                .or(() -> Optional.of(session.end()));
    return new Authentication(who.identity(), end, Optional.of(() -> current(token)));
  }

  private Future<Authentication> renewed(String token, Session session) {
    String id = new TokenCipher(token).id();
    Future<SessionTokens> renewal =
        renewals.computeIfAbsent(id, _ -> renew(token, session.tokens()));
    return renewal
        .onComplete(_ -> renewals.remove(id, renewal))
        .compose(tokens -> people.authenticate(tokens.access()));
  }

  /** A refresh token may be used only once, so there is one renewal at a time. */
  private Future<SessionTokens> renew(String token, SessionTokens old) {
    TokenCipher cipher = new TokenCipher(token);
    return stored(token)
        .compose(
            now ->
                now.tokens().access().equals(old.access())
                    ? provider
                        .refreshed(old.refresh().orElseThrow())
                        .map(fresh -> fresh.orElseThrow(PageSessions::over).after(old))
                        .compose(
                            fresh -> store.renew(cipher.id(), cipher.encrypt(fresh)).map(fresh))
                    : Future.succeededFuture(now.tokens()));
  }

  private static ConcertException over() {
    return new ConcertException(ErrorCode.AUTH_FAILED, "The session of this page is over.");
  }

  private <T> Future<T> end(String token, Throwable why) {
    return end(token).transform(_ -> Future.failedFuture(why));
  }

  /** Ends the session; what was opened with it ends within a second. */
  Future<Void> end(String token) {
    String id = new TokenCipher(token).id();
    return store.remove(id).onComplete(_ -> remembered.invalidate(id));
  }

  /** Ends the session of who signs out. */
  Future<Void> signOut(String token) {
    return CallerContext.now(vertx)
        .complete(
            store
                .find(new TokenCipher(token).id())
                .compose(
                    found ->
                        end(token)
                            .compose(
                                _ ->
                                    found
                                        .map(
                                            one -> record(one.tenantId(), one.userId(), "sign_out"))
                                        .orElseGet(Future::succeededFuture))));
  }

  /** In the tenant's audit log, where the tenant is still there. */
  private Future<Void> record(String tenantId, String userId, String action) {
    return audit
        .registries()
        .exists(tenantId)
        .compose(
            exists ->
                exists
                    ? audit.record(tenantId, userId, action, userId, Map.of("with", "page"))
                    : Future.succeededFuture());
  }

  /** Ends the sessions of everybody of a tenant. */
  Future<Void> endTenant(String tenantId) {
    return store
        .removeTenant(tenantId)
        .onComplete(
            _ ->
                remembered
                    .asMap()
                    .values()
                    .removeIf(who -> who.identity().tenantId().equals(tenantId)));
  }

  /** Where the browser goes to sign out at the provider, too. Never fails. */
  Future<Optional<String>> signOutUrl(String token, String returnTo) {
    return CallerContext.now(vertx)
        .complete(
            stored(token)
                .compose(session -> provider.signOutUrl(session.tokens(), returnTo))
                .map(url -> url.map(Object::toString))
                .otherwise(Optional.empty()));
  }

  Future<Void> close() {
    return store.close();
  }
}
