package dev.concert.github.api;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Signs the tokens with which an App says who it is. A token begins a minute before now, since
 * clocks differ, and is good for ten minutes.
 *
 * <p>Source:
 * https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
public final class AppSigner {
  private static final long SKEW_SECONDS = 60;
  private static final long LIFE_SECONDS = 600;
  private static final String PKCS1 = "RSA PRIVATE KEY";

  /** Version 0 and the algorithm rsaEncryption (RFC 8017, A.1), before the key itself. */
  private static final byte[] RSA = {
    0x02,
    0x01,
    0x00,
    0x30,
    0x0d,
    0x06,
    0x09,
    0x2a,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xf7,
    0x0d,
    0x01,
    0x01,
    0x01,
    0x05,
    0x00
  };

  private final Vertx vertx;
  private final PauseClock clock;

  public AppSigner(Vertx vertx, PauseClock clock) {
    this.vertx = vertx;
    this.clock = clock;
  }

  /**
   * A token of an App.
   *
   * @param privateKey PEM, as GitHub gives it (PKCS 1), or PKCS 8
   * @return fails with a sentence where the key is none
   */
  public Future<String> sign(long appId, String privateKey) {
    long from = clock.now().getEpochSecond() - SKEW_SECONDS;
    return vertx.executeBlocking(() -> sign(appId, privateKey, from), false);
  }

  private String sign(long appId, String privateKey, long from) {
    JWTAuth signer;
    try {
      signer =
          JWTAuth.create(
              vertx,
              new JWTAuthOptions()
                  .addPubSecKey(
                      new PubSecKeyOptions()
                          .setAlgorithm("RS256")
                          .setBuffer(Buffer.buffer(pkcs8(privateKey)))));
    } catch (RuntimeException e) {
      // What is wrong with a key may quote it, so it is no cause.
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE,
          "The private key of the App is no RSA key in PEM. Give the .pem file that GitHub made.");
    }
    return signer.generateToken(
        new JsonObject()
            .put("iat", from)
            .put("exp", from + LIFE_SECONDS)
            .put("iss", Long.toString(appId)),
        new JWTOptions().setAlgorithm("RS256").setNoTimestamp(true));
  }

  /** The same key as PKCS 8, the only form that Java reads. */
  static String pkcs8(String pem) {
    String text = pem.strip();
    if (!text.startsWith("-----BEGIN " + PKCS1)) {
      return text;
    }
    String base64 = text.replaceAll("-----(BEGIN|END) " + PKCS1 + "-----", "");
    byte[] key = Base64.getMimeDecoder().decode(base64);
    ByteArrayOutputStream inner = new ByteArrayOutputStream();
    inner.writeBytes(RSA);
    writeElement(inner, 0x04, key);
    ByteArrayOutputStream outer = new ByteArrayOutputStream();
    writeElement(outer, 0x30, inner.toByteArray());
    return "-----BEGIN PRIVATE KEY-----\n"
        + new String(
            Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(outer.toByteArray()),
            StandardCharsets.US_ASCII)
        + "\n-----END PRIVATE KEY-----\n";
  }

  /** An element of DER: its tag, its length, its content. */
  private static void writeElement(ByteArrayOutputStream into, int tag, byte[] content) {
    into.write(tag);
    int length = content.length;
    if (length < 0x80) {
      into.write(length);
    } else {
      int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
      into.write(0x80 | bytes);
      for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
        into.write(length >> shift);
      }
    }
    into.writeBytes(content);
  }
}
