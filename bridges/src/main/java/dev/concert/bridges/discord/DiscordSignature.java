package dev.concert.bridges.discord;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** Ed25519 over the time and the bytes of the body. Pure. */
final class DiscordSignature {
  private static final String TIME = "x-signature-timestamp";
  private static final String SIGNATURE = "x-signature-ed25519";
  private static final Duration MAX_SKEW = Duration.ofMinutes(5);
  private static final int KEY_BYTES = 32;
  private static final int SIGNATURE_BYTES = 64;

  private DiscordSignature() {}

  /** What is wrong with a request; empty where Discord sent it just now. */
  static Optional<String> fault(
      String publicKey, Map<String, String> headers, byte[] body, Instant now) {
    String time = headers.getOrDefault(TIME, "");
    if (!time.matches("\\d{1,12}")) {
      return Optional.of("the time is missing");
    }
    Duration skew = Duration.between(Instant.ofEpochSecond(Long.parseLong(time)), now).abs();
    if (skew.compareTo(MAX_SKEW) > 0) {
      return Optional.of("the time is too far away");
    }
    return isSigned(publicKey, headers.getOrDefault(SIGNATURE, ""), time, body)
        ? Optional.empty()
        : Optional.of("the signature is wrong");
  }

  private static boolean isSigned(String publicKey, String signature, String time, byte[] body) {
    try {
      byte[] signed = HexFormat.of().parseHex(signature);
      if (signed.length != SIGNATURE_BYTES) {
        return false;
      }
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(key(publicKey));
      check.update(time.getBytes(StandardCharsets.US_ASCII));
      check.update(body);
      return check.verify(signed);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  /** A point in the form of RFC 8032: little endian, its highest bit says whether x is odd. */
  private static PublicKey key(String hex) throws GeneralSecurityException {
    byte[] bytes = HexFormat.of().parseHex(hex);
    if (bytes.length != KEY_BYTES) {
      throw new IllegalArgumentException("A public key has 32 bytes");
    }
    byte[] big = new byte[KEY_BYTES];
    for (int i = 0; i < KEY_BYTES; i++) {
      big[i] = bytes[KEY_BYTES - 1 - i];
    }
    boolean isOdd = (big[0] & 0x80) != 0;
    big[0] &= 0x7f;
    return KeyFactory.getInstance("Ed25519")
        .generatePublic(
            new EdECPublicKeySpec(
                NamedParameterSpec.ED25519, new EdECPoint(isOdd, new BigInteger(1, big))));
  }
}
