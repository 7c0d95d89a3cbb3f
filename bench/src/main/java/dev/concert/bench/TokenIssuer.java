package dev.concert.bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/** An OpenID provider of the benchmark: it serves its keys and signs tokens with RS256. */
final class TokenIssuer {
  private static final String AUDIENCE = "https://concert.bench";

  private final KeyPair pair;
  private final String url;

  TokenIssuer(Vertx vertx) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    this.pair = generator.generateKeyPair();
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.response().end(keySet().toBuffer()))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get();
    this.url = "http://127.0.0.1:" + server.actualPort();
  }

  /** For {@code AUTH_URL}. */
  String url() {
    return url;
  }

  /** The part of Concert's configuration that believes this issuer. */
  String configuration() {
    return """
    gateway:
      auth: {audience: %s, jwksUrl: %s/keys}
      members: {newMembers: developer}
    """
        .formatted(AUDIENCE, url);
  }

  /**
   * @param number makes the token another one
   */
  String token(String tenant, int number) {
    long now = Instant.now().getEpochSecond();
    String signed =
        base64(new JsonObject().put("alg", "RS256").put("kid", "bench"))
            + "."
            + base64(
                new JsonObject()
                    .put("iss", url)
                    .put("aud", AUDIENCE)
                    .put("sub", "bench")
                    .put("tenant_id", tenant)
                    .put("jti", Integer.toString(number))
                    .put("exp", now + 3600));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(pair.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private JsonObject keySet() {
    RSAPublicKey key = (RSAPublicKey) pair.getPublic();
    return new JsonObject()
        .put(
            "keys",
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("kty", "RSA")
                        .put("kid", "bench")
                        .put("n", base64(unsigned(key.getModulus())))
                        .put("e", base64(unsigned(key.getPublicExponent())))));
  }

  private static byte[] unsigned(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }

  private static String base64(JsonObject object) {
    return base64(object.encode().getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
