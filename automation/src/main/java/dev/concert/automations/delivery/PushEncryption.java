package dev.concert.automations.delivery;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts a message so that only one browser reads it, as RFC 8291 says. Keys are points of P-256
 * in their uncompressed form, 65 bytes.
 */
final class PushEncryption {
  static final int POINT = 65;

  /** Bytes of the browser's secret. */
  static final int AUTH = 16;

  /** Bytes of a message that every push service takes. */
  static final int LONGEST = 3993;

  private static final int COORDINATE = 32;
  private static final int SALT = 16;
  private static final int RECORD = 4096;
  private static final int TAG_BITS = 128;
  private static final byte UNCOMPRESSED = 4;
  private static final byte LAST_RECORD = 2;

  private final SecureRandom random = new SecureRandom();

  /** A new pair of keys. */
  static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new LinkageError("Every Java platform has P-256", e);
    }
  }

  static byte[] point(KeyPair keys) {
    ECPoint point = ((ECPublicKey) keys.getPublic()).getW();
    return ByteBuffer.allocate(POINT)
        .put(UNCOMPRESSED)
        .put(coordinate(point.getAffineX()))
        .put(coordinate(point.getAffineY()))
        .array();
  }

  private static byte[] coordinate(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] all = new byte[COORDINATE];
    int length = Math.min(bytes.length, COORDINATE);
    System.arraycopy(bytes, bytes.length - length, all, COORDINATE - length, length);
    return all;
  }

  /**
   * The body of a request with the content coding {@code aes128gcm}.
   *
   * @param browser its public key
   * @param auth its secret
   * @param message at most {@link #LONGEST} bytes
   * @throws GeneralSecurityException where the key is no point of the curve
   */
  byte[] encrypt(byte[] browser, byte[] auth, byte[] message) throws GeneralSecurityException {
    KeyPair ours = newKeys();
    byte[] salt = new byte[SALT];
    random.nextBytes(salt);
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(ours.getPrivate());
    agreement.doPhase(publicKey(browser), true);
    byte[] info = concat(ascii("WebPush: info\0"), browser, point(ours));
    byte[] key = derive(agreement.generateSecret(), auth, info, COORDINATE);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(derive(key, salt, ascii("Content-Encoding: aes128gcm\0"), 16), "AES"),
        new GCMParameterSpec(TAG_BITS, derive(key, salt, ascii("Content-Encoding: nonce\0"), 12)));
    byte[] sealed = cipher.doFinal(concat(message, new byte[] {LAST_RECORD}));
    return ByteBuffer.allocate(SALT + Integer.BYTES + 1 + POINT + sealed.length)
        .put(salt)
        .putInt(RECORD)
        .put((byte) POINT)
        .put(point(ours))
        .put(sealed)
        .array();
  }

  private static byte[] derive(byte[] key, byte[] salt, byte[] info, int length)
      throws GeneralSecurityException {
    return KDF.getInstance("HKDF-SHA256")
        .deriveData(
            HKDFParameterSpec.ofExtract().addIKM(key).addSalt(salt).thenExpand(info, length));
  }

  private static ECPublicKey publicKey(byte[] point) throws GeneralSecurityException {
    AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
    curve.init(new ECGenParameterSpec("secp256r1"));
    return (ECPublicKey)
        KeyFactory.getInstance("EC")
            .generatePublic(
                new ECPublicKeySpec(
                    new ECPoint(
                        new BigInteger(1, Arrays.copyOfRange(point, 1, 1 + COORDINATE)),
                        new BigInteger(1, Arrays.copyOfRange(point, 1 + COORDINATE, POINT))),
                    curve.getParameterSpec(ECParameterSpec.class)));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] concat(byte[]... parts) {
    ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(part -> part.length).sum());
    for (byte[] part : parts) {
      all.put(part);
    }
    return all.array();
  }
}
