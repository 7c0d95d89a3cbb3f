package dev.concert.github.member;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridge.GitHubAccountMessages.BeginLink;
import dev.concert.bridge.GitHubAccountMessages.CompleteLink;
import dev.concert.bridge.GitHubAccountMessages.LinkBegun;
import dev.concert.bridge.GitHubAccountMessages.LinkState;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.github.api.ApiCaller;
import dev.concert.github.api.ForgeClient;
import dev.concert.github.api.ForgeException;
import dev.concert.github.api.PauseClock;
import dev.concert.github.app.AppManifest;
import dev.concert.github.app.AttemptBook;
import dev.concert.github.app.AttemptBook.Begun;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.connection.ForgeConnection.OAuthIdentity;
import dev.concert.github.member.AccountStore.MemberLink;
import io.netty.handler.codec.http.QueryStringEncoder;
import io.vertx.core.Future;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * Lets a member show who they are on GitHub: in the browser (authorization code with PKCE), or on
 * another device (RFC 8628). On one context.
 */
public final class MemberLinks {
  private static final Duration LEAST_INTERVAL = Duration.ofSeconds(5);

  private final OAuthCalls oauth;
  private final ForgeClient api;
  private final AccountStore accounts;
  private final URI web;
  private final Optional<String> page;
  private final PauseClock clock;
  private final AttemptBook<Attempt> attempts;

  /**
   * What is begun.
   *
   * @param code the verifier of PKCE, or the device code; a secret
   */
  private static final class Attempt {
    private final ForgeConnection app;
    private final boolean device;
    private final String code;
    private Duration interval;
    private Instant next;

    Attempt(ForgeConnection app, boolean device, String code, Duration interval, Instant next) {
      this.app = app;
      this.device = device;
      this.code = code;
      this.interval = interval;
      this.next = next;
    }
  }

  /**
   * @param web GitHub's pages, without a final slash
   * @param page where people find Concert's page, without a final slash
   */
  public MemberLinks(
      OAuthCalls oauth,
      ForgeClient api,
      AccountStore accounts,
      URI web,
      Optional<String> page,
      PauseClock clock) {
    this.oauth = oauth;
    this.api = api;
    this.accounts = accounts;
    this.web = web;
    this.page = page;
    this.clock = clock;
    this.attempts = new AttemptBook<>(clock::now);
  }

  /**
   * Where the member has to go.
   *
   * @param app of the tenant
   */
  public Future<LinkBegun> begin(ForgeConnection app, BeginLink wanted) {
    Optional<OAuthIdentity> identity = app.oauth();
    if (identity.isEmpty()) {
      return refused(
          "This App was connected without its client secret. Add it again with the setting clientId"
              + " and the secret clientSecret.");
    }
    if (wanted.device()) {
      return oauth
          .deviceCode(identity.get())
          .compose(OAuthCalls::accepted)
          .map(answer -> device(app, wanted, answer))
          .recover(failure -> Future.failedFuture(ForgeException.atEdge(failure)));
    }
    return page.isEmpty()
        ? refused("Set the key github.publicUrl, or use `concert github link`.")
        : Future.succeededFuture(page.get()).map(at -> browser(app, identity.get(), wanted, at));
  }

  private LinkBegun browser(
      ForgeConnection app, OAuthIdentity identity, BeginLink wanted, String at) {
    String verifier = attempts.secret();
    Begun begun =
        attempts.begin(
            wanted.tenantId(),
            wanted.userId(),
            new Attempt(app, false, verifier, Duration.ZERO, clock.now()));
    QueryStringEncoder url = new QueryStringEncoder(web + "/login/oauth/authorize");
    url.addParam("client_id", identity.clientId());
    url.addParam("redirect_uri", at + AppManifest.LINK_CALLBACK);
    url.addParam("state", begun.state());
    url.addParam("code_challenge", challenge(verifier));
    url.addParam("code_challenge_method", "S256");
    return new LinkBegun(url.toString(), "", begun.state(), begun.end().toEpochMilli());
  }

  private LinkBegun device(ForgeConnection app, BeginLink wanted, JsonNode answer) {
    Duration interval = Duration.ofSeconds(answer.path("interval").asLong());
    Duration pause = interval.compareTo(LEAST_INTERVAL) < 0 ? LEAST_INTERVAL : interval;
    Begun begun =
        attempts.begin(
            wanted.tenantId(),
            wanted.userId(),
            new Attempt(
                app, true, answer.path("device_code").asText(), pause, clock.now().plus(pause)));
    return new LinkBegun(
        answer.path("verification_uri").asText(),
        answer.path("user_code").asText(),
        begun.state(),
        begun.end().toEpochMilli());
  }

  private static String challenge(String verifier) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("Every Java platform has SHA-256", e);
    }
  }

  /** Links the member, once GitHub says who they are. */
  public Future<LinkState> complete(CompleteLink wanted) {
    return Future.succeededFuture(wanted)
        .map(_ -> attempts.find(wanted.tenantId(), wanted.userId(), wanted.state()))
        .compose(attempt -> attempt.device ? device(attempt, wanted) : browser(attempt, wanted))
        .recover(failure -> Future.failedFuture(ForgeException.atEdge(failure)));
  }

  private Future<LinkState> browser(Attempt attempt, CompleteLink wanted) {
    attempts.end(wanted.tenantId(), wanted.userId(), wanted.state());
    return oauth
        .code(
            attempt.app.oauth().orElseThrow(),
            wanted.code(),
            attempt.code,
            page.orElseThrow() + AppManifest.LINK_CALLBACK)
        .compose(OAuthCalls::accepted)
        .compose(answer -> link(attempt.app, wanted, answer));
  }

  private Future<LinkState> device(Attempt attempt, CompleteLink wanted) {
    Duration left = Duration.between(clock.now(), attempt.next);
    if (left.isPositive()) {
      return Future.succeededFuture(LinkState.pending(left.toMillis()));
    }
    attempt.next = clock.now().plus(attempt.interval);
    return oauth
        .device(attempt.app.oauth().orElseThrow(), attempt.code)
        .compose(
            answer -> {
              String error = answer.path("error").asText();
              if (error.equals("slow_down")) {
                attempt.interval = attempt.interval.plus(LEAST_INTERVAL);
                attempt.next = clock.now().plus(attempt.interval);
              }
              if (error.equals("slow_down") || error.equals("authorization_pending")) {
                return Future.succeededFuture(LinkState.pending(attempt.interval.toMillis()));
              }
              attempts.end(wanted.tenantId(), wanted.userId(), wanted.state());
              return OAuthCalls.accepted(answer).compose(taken -> link(attempt.app, wanted, taken));
            });
  }

  private Future<LinkState> link(ForgeConnection app, CompleteLink wanted, JsonNode answer) {
    UserToken token = UserToken.of(answer, clock.now(), app.id());
    ApiCaller caller =
        new ApiCaller(
            "member:%s:%s".formatted(wanted.tenantId(), wanted.userId()),
            () -> Future.succeededFuture(token.access()),
            () -> {});
    return api.get(caller, "/user")
        .map(
            user ->
                new MemberLink(
                    wanted.tenantId(),
                    wanted.userId(),
                    app.id(),
                    user.path("id").asLong(),
                    user.path("login").asText()))
        .compose(
            link ->
                accounts.link(link, token).map(LinkState.linked(link.login(), link.githubId())));
  }

  /** Who the member is on GitHub. */
  public Future<LinkState> read(String tenantId, String userId) {
    return accounts
        .linkOf(tenantId, userId)
        .map(
            found ->
                found
                    .map(link -> LinkState.linked(link.login(), link.githubId()))
                    .orElseGet(LinkState::none));
  }

  /**
   * Ends a link, and has GitHub take the token back. That GitHub does not know it any more is well.
   *
   * @param app by which it was made; empty where that is gone
   */
  public Future<Void> remove(MemberLink link, Optional<ForgeConnection> app) {
    return accounts
        .token(link)
        .compose(
            token ->
                token.isEmpty() || app.isEmpty() || app.get().oauth().isEmpty()
                    ? Future.<Void>succeededFuture()
                    : oauth
                        .revoke(app.get().oauth().get(), token.get().access())
                        .recover(
                            failure ->
                                ForgeException.is(failure, 404)
                                    ? Future.succeededFuture()
                                    : Future.failedFuture(ForgeException.atEdge(failure))))
        .compose(_ -> accounts.remove(link));
  }

  private static <T> Future<T> refused(String sentence) {
    return Future.failedFuture(new ConcertException(ErrorCode.INVALID_MESSAGE, sentence));
  }
}
