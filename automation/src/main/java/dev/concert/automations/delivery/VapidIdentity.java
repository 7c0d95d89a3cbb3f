package dev.concert.automations.delivery;

import dev.concert.automations.event.WebhookSecrets;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;

/**
 * Identifies this server to push services (VAPID, RFC 8292): a key pair that is made once and kept,
 * since a browser subscribes for this key only. Non-blocking.
 */
final class VapidIdentity {
  private static final String NAME = "push";
  private static final Duration LIFE = Duration.ofHours(12);

  private final Vertx vertx;
  private final WebhookSecrets secrets;
  private final String contact;
  private final InstantSource clock;

  VapidIdentity(Vertx vertx, WebhookSecrets secrets, String contact, InstantSource clock) {
    this.vertx = vertx;
    this.secrets = secrets;
    this.contact = contact;
    this.clock = clock;
  }

  /** Its public key, as browsers take it. */
  Future<String> publicKey() {
    return keys().map(Keys::publicKey);
  }

  /** The header by which the service of an address knows who sends. */
  Future<String> authorization(String endpoint) {
    URI url = URI.create(endpoint);
    return keys()
        .compose(
            keys ->
                vertx.executeBlocking(
                    () -> "vapid t=%s, k=%s".formatted(token(url, keys.pem()), keys.publicKey()),
                    false));
  }

  private String token(URI url, String pem) {
    return JWTAuth.create(
            vertx,
            new JWTAuthOptions()
                .addPubSecKey(new PubSecKeyOptions().setAlgorithm("ES256").setBuffer(pem)))
        .generateToken(
            new JsonObject()
                .put("aud", "%s://%s".formatted(url.getScheme(), url.getRawAuthority()))
                .put("exp", clock.instant().plus(LIFE).getEpochSecond())
                .put("sub", contact),
            new JWTOptions().setAlgorithm("ES256").setNoTimestamp(true));
  }

  /** The public key in Base64 for URLs, and the private one in PEM. */
  private record Keys(String publicKey, String pem) {
    static Keys read(String stored) {
      int end = stored.indexOf('\n');
      return new Keys(stored.substring(0, end), stored.substring(end + 1));
    }

    /** Without the private key. */
    @Override
    public String toString() {
      return "Keys[publicKey=" + publicKey + "]";
    }
  }

  private Future<Keys> keys() {
    return secrets.findOrMake(NAME, VapidIdentity::made).map(Keys::read);
  }

  private static String made() {
    KeyPair keys = PushEncryption.newKeys();
    return "%s\n-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----"
        .formatted(
            Base64.getUrlEncoder().withoutPadding().encodeToString(PushEncryption.point(keys)),
            Base64.getMimeEncoder().encodeToString(keys.getPrivate().getEncoded()));
  }
}
