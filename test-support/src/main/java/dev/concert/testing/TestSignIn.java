package dev.concert.testing;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.QueryStringEncoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The sign-in of a {@link TestIssuer}: authorization code with PKCE, where a person has signed in
 * already and is sent back at once. A code and a refresh token work once.
 */
public final class TestSignIn {
  public static final String CLIENT = "the-page";
  public static final String SECRET = "s3cret of the page";
  private static final long LONG = 3600;

  private final TestIssuer issuer;
  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
  private final Map<String, String> refreshTokens = new ConcurrentHashMap<>();
  private final AtomicInteger refreshes = new AtomicInteger();
  private volatile String subject = "ada";
  private volatile String tenantId = "acme";
  private volatile long validSeconds = LONG;
  private volatile boolean givesRefreshTokens = true;
  private volatile Optional<String> nonce = Optional.empty();
  private volatile String audience = CLIENT;

  public TestSignIn(TestIssuer issuer) {
    this.issuer = issuer;
    issuer.serve("/authorize", this::authorize);
    issuer.serve("/token", request -> request.body().onSuccess(body -> token(request, body)));
    issuer.serve("/logout", request -> request.response().end("<p id=out>signed out</p>"));
  }

  /** Who has signed in. */
  public void person(String who, String ofTenant) {
    subject = who;
    tenantId = ofTenant;
  }

  /** How long further access tokens are valid, beside the clock skew; and what goes with them. */
  public void gives(long seconds, boolean withRefreshTokens) {
    validSeconds = seconds;
    givesRefreshTokens = withRefreshTokens;
  }

  /** Further ID tokens are for this audience and, where it is given, of this nonce. */
  public void mixUp(String wrongAudience, Optional<String> wrongNonce) {
    audience = wrongAudience;
    nonce = wrongNonce;
  }

  /** As it was at the start. */
  public void behave() {
    person("ada", "acme");
    gives(LONG, true);
    mixUp(CLIENT, Optional.empty());
  }

  /** How often a refresh token was used. */
  public int refreshes() {
    return refreshes.get();
  }

  private void authorize(HttpServerRequest request) {
    Map<String, String> asked = new ConcurrentHashMap<>();
    request.params().forEach(asked::put);
    String code = UUID.randomUUID().toString();
    codes.put(code, asked);
    QueryStringEncoder back = new QueryStringEncoder(asked.get("redirect_uri"));
    back.addParam("code", code);
    back.addParam("state", asked.get("state"));
    back.addParam("iss", issuer.url());
    request.response().setStatusCode(303).putHeader("Location", back.toString()).end();
  }

  private void token(HttpServerRequest request, Buffer body) {
    Map<String, List<String>> form = new QueryStringDecoder(body.toString(), false).parameters();
    String code = one(form, "code");
    Map<String, String> asked = code.isEmpty() ? null : codes.remove(code);
    boolean isRefresh =
        one(form, "grant_type").equals("refresh_token")
            && refreshTokens.remove(one(form, "refresh_token")) != null;
    boolean isCode =
        asked != null
            && one(form, "redirect_uri").equals(asked.get("redirect_uri"))
            && challenge(one(form, "code_verifier")).equals(asked.get("code_challenge"));
    if (!isClient(request, one(form, "client_id")) || !(isRefresh || isCode)) {
      request.response().setStatusCode(400).end("{\"error\":\"invalid_grant\"}");
      return;
    }
    if (isRefresh) {
      refreshes.incrementAndGet();
    }
    request.response().end(tokens(isCode ? asked.get("nonce") : "").toBuffer());
  }

  private JsonObject tokens(String askedNonce) {
    long now = Instant.now().getEpochSecond();
    JsonObject answer =
        new JsonObject()
            .put("token_type", "Bearer")
            .put(
                "access_token",
                issuer.token(
                    issuer
                        .claims(subject, tenantId)
                        .put("jti", UUID.randomUUID().toString())
                        .put("exp", now + validSeconds)))
            .put(
                "id_token",
                issuer.token(
                    issuer
                        .claims(subject, tenantId)
                        .put("aud", audience)
                        .put("nonce", nonce.orElse(askedNonce))));
    if (givesRefreshTokens) {
      String refresh = UUID.randomUUID().toString();
      refreshTokens.put(refresh, subject);
      answer.put("refresh_token", refresh);
    }
    return answer;
  }

  /** By its secret, or as a public client. */
  private static boolean isClient(HttpServerRequest request, String named) {
    String shown = request.getHeader("Authorization");
    if (shown == null) {
      return named.equals(CLIENT);
    }
    String expected =
        "Basic "
            + java.util.Base64.getEncoder()
                .encodeToString(
                    (CLIENT + ":" + SECRET.replace(' ', '+')).getBytes(StandardCharsets.UTF_8));
    return expected.equals(shown);
  }

  private static String one(Map<String, List<String>> form, String name) {
    return form.getOrDefault(name, List.of("")).getFirst();
  }

  private static String challenge(String verifier) {
    try {
      return TestIssuer.base64(
          MessageDigest.getInstance("SHA-256")
              .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
