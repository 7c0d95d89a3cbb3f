package dev.concert.github.member;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.github.api.ApiCaller;
import dev.concert.github.api.PauseClock;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.member.AccountStore.MemberLink;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The tokens of members, each renewed shortly before its end, once however many ask. A refresh
 * token is good for one time, so the next one is stored before the new token is used. On one
 * context.
 */
public final class MemberTokens {
  private static final Duration MARGIN = Duration.ofMinutes(5);

  private final OAuthCalls oauth;
  private final AccountStore accounts;
  private final PauseClock clock;
  private final Map<MemberLink, Future<String>> renewals = new HashMap<>();
  private final Set<MemberLink> refused = new HashSet<>();

  public MemberTokens(OAuthCalls oauth, AccountStore accounts, PauseClock clock) {
    this.oauth = oauth;
    this.accounts = accounts;
    this.clock = clock;
  }

  /**
   * Who calls GitHub in the name of a member by an App. Fails with a sentence where the member is
   * not linked by this App.
   */
  public Future<ApiCaller> caller(String tenantId, String userId, ForgeConnection app) {
    return accounts
        .linkOf(tenantId, userId)
        .map(found -> found.filter(link -> link.connectionId().equals(app.id())))
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        new ConcertException(
                            ErrorCode.INVALID_MESSAGE,
                            "Link your GitHub account by this App first: `concert github link`, or"
                                + " the page.")))
        .map(
            link ->
                new ApiCaller(
                    "member:%s:%s".formatted(tenantId, userId),
                    () -> token(link, app),
                    () -> refused.add(link)));
  }

  private Future<String> token(MemberLink link, ForgeConnection app) {
    Future<String> running = renewals.get(link);
    if (running != null) {
      return running;
    }
    Future<String> found =
        accounts
            .token(link)
            .map(token -> token.orElseThrow(MemberTokens::over))
            .compose(
                token ->
                    isGood(link, token)
                        ? Future.succeededFuture(token.access())
                        : renew(link, app, token));
    renewals.put(link, found);
    return found.onComplete(_ -> renewals.remove(link));
  }

  private boolean isGood(MemberLink link, UserToken token) {
    return !refused.contains(link) && clock.now().plus(MARGIN).toEpochMilli() < token.expiresMs();
  }

  private Future<String> renew(MemberLink link, ForgeConnection app, UserToken token) {
    refused.remove(link);
    if (token.refresh().isEmpty()) {
      return accounts.remove(link).compose(_ -> Future.failedFuture(over()));
    }
    return app.oauth()
        .map(identity -> oauth.refresh(identity, token.refresh()))
        .orElseGet(() -> Future.failedFuture(over()))
        .compose(OAuthCalls::accepted)
        .map(answer -> UserToken.of(answer, clock.now(), app.id()))
        .compose(next -> accounts.put(link, next).map(next.access()))
        .recover(
            failure ->
                Problem.of(failure).code() == ErrorCode.INVALID_MESSAGE
                    ? accounts.remove(link).compose(_ -> Future.failedFuture(failure))
                    : Future.failedFuture(failure));
  }

  private static ConcertException over() {
    return new ConcertException(
        ErrorCode.INVALID_MESSAGE, "Your link to GitHub is over. Link your account again.");
  }
}
