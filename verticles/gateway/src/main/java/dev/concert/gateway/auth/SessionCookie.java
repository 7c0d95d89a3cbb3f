package dev.concert.gateway.auth;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.http.LoopbackNames;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The cookie of a person who signed in with the page. A browser sends it by itself, also with what
 * another page makes it send, so a request that changes something has to show that it comes from
 * the page: by a header with the CSRF token, which only the page can read.
 *
 * <p>Over TLS its name begins with {@code __Host-}, so that no other host of the domain can set it.
 * On a loopback address without TLS, which is for development, browsers refuse that name.
 */
public final class SessionCookie {
  /** The beginning of what stands for the cookie where a token is expected. */
  public static final String PREFIX = "cs_";

  /** The header of the CSRF token. */
  public static final String CSRF_HEADER = "X-CSRF-Token";

  private static final String SECURE_NAME = "__Host-concert-session";
  private static final String LOOPBACK_NAME = "concert-session";
  private static final int SECRET_BYTES = 32;
  private static final String FORM = "cs_[A-Za-z0-9_-]{43}";
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
  private static final SecureRandom RANDOM = new SecureRandom();

  private SessionCookie() {}

  /** A new token, of 256 random bits. */
  public static String createToken() {
    byte[] secret = new byte[SECRET_BYTES];
    RANDOM.nextBytes(secret);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }

  /** The token in the cookie of this request, if it has one. */
  public static Optional<String> tokenOf(HttpServerRequest request) {
    return Optional.ofNullable(request.getCookie(name(request)))
        .map(Cookie::getValue)
        .map(value -> PREFIX + value)
        .filter(token -> token.matches(FORM));
  }

  /** The cookie that holds this token until the browser ends. */
  public static Cookie holding(String token, HttpServerRequest request) {
    return Cookie.cookie(name(request), token.substring(PREFIX.length()))
        .setPath("/")
        .setHttpOnly(true)
        .setSecure(!LoopbackNames.isPlain(request))
        .setSameSite(CookieSameSite.STRICT);
  }

  /** The cookie that takes the place of one that is over. */
  public static Cookie over(HttpServerRequest request) {
    return holding(PREFIX, request).setMaxAge(0);
  }

  private static String name(HttpServerRequest request) {
    return LoopbackNames.isPlain(request) ? LOOPBACK_NAME : SECURE_NAME;
  }

  /** What the page sends along with this token. It says nothing about the token. */
  public static String csrfToken(String token) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal("csrf".getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has HmacSHA256", e);
    }
  }

  /** The refusal of a request that does not. */
  public static ConcertException notFromThePage() {
    return new ConcertException(
        ErrorCode.CSRF_REFUSED, "The request does not show the CSRF token of this session.");
  }

  /** Whether the request only reads, or shows that the page sent it. */
  public static boolean isFromThePage(HttpServerRequest request, String token) {
    String shown = request.getHeader(CSRF_HEADER);
    return SAFE.contains(request.method())
        || shown != null
            && MessageDigest.isEqual(
                shown.getBytes(StandardCharsets.UTF_8),
                csrfToken(token).getBytes(StandardCharsets.UTF_8));
  }
}
