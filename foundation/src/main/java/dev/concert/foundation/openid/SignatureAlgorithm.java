package dev.concert.foundation.openid;

import java.util.Arrays;
import java.util.Optional;

/**
 * How an issuer may sign its tokens (RFC 7518). All are asymmetric: with a shared secret, whoever
 * verifies a token can also forge one.
 */
public enum SignatureAlgorithm {
  RS256("RSA"),
  RS384("RSA"),
  RS512("RSA"),
  PS256("RSA"),
  PS384("RSA"),
  PS512("RSA"),
  ES256("EC", "P-256"),
  ES384("EC", "P-384"),
  ES512("EC", "P-521"),
  EDDSA("OKP", "Ed25519");

  private final String keyType;
  private final String curve;

  SignatureAlgorithm(String keyType) {
    this(keyType, "");
  }

  SignatureAlgorithm(String keyType, String curve) {
    this.keyType = keyType;
    this.curve = curve;
  }

  /** As a token's header spells it. */
  String wireName() {
    return this == EDDSA ? "EdDSA" : name();
  }

  static Optional<SignatureAlgorithm> of(String wireName) {
    return Arrays.stream(values()).filter(one -> one.wireName().equals(wireName)).findFirst();
  }

  /**
   * Whether a key can sign like this.
   *
   * @param type {@code kty} of the key
   * @param ofCurve {@code crv} of the key; empty for one that has none
   */
  boolean fits(String type, String ofCurve) {
    return keyType.equals(type) && curve.equals(ofCurve);
  }
}
