package dev.concert.bridges.googlechat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.json.Json;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The service account by which the application speaks.
 *
 * @param keyId of the key; empty where the file does not say it
 * @param privateKey in PEM
 */
record ChatServiceAccount(String email, String keyId, String privateKey) {
  private static final Pattern OF_PROJECT =
      Pattern.compile("[^@]+@([a-z][a-z0-9.:-]{2,60})\\.iam\\.gserviceaccount\\.com");
  private static final int LIFE_SECONDS = 3600;

  /** The account of a key file of Google's; empty for anything else. */
  static Optional<ChatServiceAccount> of(String keyFile) {
    try {
      JsonNode file = Json.MAPPER.readTree(keyFile);
      String email = file.path("client_email").asText("");
      String key = file.path("private_key").asText("");
      return file.path("type").asText("").equals("service_account")
              && email.contains("@")
              && key.contains("PRIVATE KEY")
          ? Optional.of(new ChatServiceAccount(email, file.path("private_key_id").asText(""), key))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /**
   * The project that the account is of. Google gives a token to who has the key of this address, so
   * the project is proved with it, whatever else a key file says.
   */
  Optional<String> project() {
    Matcher matcher = OF_PROJECT.matcher(email);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /**
   * What the account shows for a token (RFC 7523). Blocking for the first one.
   *
   * @throws IllegalArgumentException where the key is none
   */
  String assertion(Vertx vertx, String tokenUrl, String scope) {
    PubSecKeyOptions key = new PubSecKeyOptions().setAlgorithm("RS256").setBuffer(privateKey);
    if (!keyId.isEmpty()) {
      key.setId(keyId);
    }
    JWTAuth signer;
    try {
      signer = JWTAuth.create(vertx, new JWTAuthOptions().addPubSecKey(key));
    } catch (RuntimeException e) {
      // Without the cause, whose message may quote the key.
      throw new IllegalArgumentException("The private key of the service account is no key");
    }
    return signer.generateToken(
        new JsonObject().put("scope", scope).put("aud", tokenUrl),
        new JWTOptions().setAlgorithm("RS256").setIssuer(email).setExpiresInSeconds(LIFE_SECONDS));
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "ChatServiceAccount[%s]".formatted(email);
  }
}
