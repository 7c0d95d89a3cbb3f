package dev.concert.foundation.openid;

import dev.concert.foundation.http.LoopbackNames;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * An attempt to sign in, bound to one browser by a cookie, which holds all of it.
 *
 * @param secret 256 random bits
 * @param invitation the secret of the invitation that is accepted with the sign-in, if any
 */
public record SignInAttempt(String secret, Optional<String> invitation) {
  private static final String SECURE_NAME = "__Host-concert-signin";
  private static final String LOOPBACK_NAME = "concert-signin";
  private static final int BYTES = 32;

  /** A person has so long to sign in at the provider. */
  private static final int SECONDS = 600;

  private static final Pattern INVITATION = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern VALUE =
      Pattern.compile(
          "(?<secret>[A-Za-z0-9_-]{43})(\\.(?<invitation>" + INVITATION.pattern() + "))?");

  private static final SecureRandom RANDOM = new SecureRandom();

  public static SignInAttempt create(Optional<String> invitation) {
    byte[] secret = new byte[BYTES];
    RANDOM.nextBytes(secret);
    return new SignInAttempt(base64(secret), invitation);
  }

  /** Whether this may be the secret of an invitation. */
  public static boolean isInvitation(String text) {
    return INVITATION.matcher(text).matches();
  }

  /** The attempt that this browser began, if it is not over. */
  public static Optional<SignInAttempt> of(HttpServerRequest request) {
    return Optional.ofNullable(request.getCookie(name(request)))
        .map(Cookie::getValue)
        .map(VALUE::matcher)
        .filter(Matcher::matches)
        .map(
            value ->
                new SignInAttempt(
                    value.group("secret"), Optional.ofNullable(value.group("invitation"))));
  }

  private static String name(HttpServerRequest request) {
    return LoopbackNames.isPlain(request) ? LOOPBACK_NAME : SECURE_NAME;
  }

  /** Lax: the provider sends the browser back from another site. */
  public Cookie cookie(HttpServerRequest request) {
    return cookie(request, secret + invitation.map(one -> "." + one).orElse(""));
  }

  private static Cookie cookie(HttpServerRequest request, String value) {
    return Cookie.cookie(name(request), value)
        .setPath("/")
        .setHttpOnly(true)
        .setSecure(!LoopbackNames.isPlain(request))
        .setSameSite(CookieSameSite.LAX)
        .setMaxAge(SECONDS);
  }

  /** The cookie that takes the place of one that was used. */
  public static Cookie over(HttpServerRequest request) {
    return cookie(request, "").setMaxAge(0);
  }

  String state() {
    return derived("state");
  }

  String nonce() {
    return derived("nonce");
  }

  /** The code verifier of PKCE (RFC 7636), 43 characters. */
  String verifier() {
    return derived("verifier");
  }

  /** The code challenge of method S256. */
  String challenge() {
    try {
      return base64(
          MessageDigest.getInstance("SHA-256")
              .digest(verifier().getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  public boolean hasState(String shown) {
    return isEqual(state(), shown);
  }

  boolean hasNonce(String shown) {
    return isEqual(nonce(), shown);
  }

  private static boolean isEqual(String own, String shown) {
    return shown != null
        && MessageDigest.isEqual(
            own.getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
  }

  /** State and nonce go to the provider: nothing of the secret can be learned from them. */
  private String derived(String purpose) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
      return base64(mac.doFinal(purpose.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has HmacSHA256", e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "SignInAttempt";
  }
}
