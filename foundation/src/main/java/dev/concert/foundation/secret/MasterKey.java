package dev.concert.foundation.secret;

import dev.concert.foundation.files.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts secrets with AES-256-GCM. An encrypted secret is 12 random bytes followed by the
 * ciphertext, bound to its name so that it cannot be used under another one. Thread-safe.
 */
public final class MasterKey {
  private static final int BYTES = 32;
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");

  private final SecureRandom random = new SecureRandom();
  private final SecretKeySpec key;

  private MasterKey(byte[] bytes) {
    this.key = new SecretKeySpec(bytes, "AES");
  }

  /**
   * @param where the key was found, for the error message
   * @param base64 32 bytes
   * @throws IllegalArgumentException with a message that does not contain the key
   */
  public static MasterKey of(String where, String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException e) {
      throw wrong(where);
    }
    if (bytes.length != BYTES) {
      throw wrong(where);
    }
    return new MasterKey(bytes);
  }

  /**
   * Reads the key from a file that only its owner may read, and creates the file if there is none.
   * Blocks.
   */
  public static MasterKey inFile(Path file) {
    try {
      PrivateFiles.createDirectories(file.toAbsolutePath().getParent());
      makeUnlessThere(file);
      if (!OWNER.containsAll(Files.getPosixFilePermissions(file))) {
        throw new IllegalArgumentException(
            "Other users may read the master key in %s. Run 'chmod 600' on it.".formatted(file));
      }
      return of("the file " + file, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException("The master key in " + file + " cannot be read", e);
    }
  }

  /** Creates the file atomically, also if another process starts at the same time. */
  private static void makeUnlessThere(Path file) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    byte[] fresh = new byte[BYTES];
    new SecureRandom().nextBytes(fresh);
    Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), "master", ".new");
    try (FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      Files.setPosixFilePermissions(draft, OWNER);
      String text = Base64.getEncoder().encodeToString(fresh) + "\n";
      out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
      out.force(true);
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException e) {
      // Another process was faster; its key is used.
      return;
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  byte[] seal(String name, String secret) {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, name, nonce).doFinal(secret.getBytes(StandardCharsets.UTF_8));
      byte[] whole = Arrays.copyOf(nonce, NONCE + sealed.length);
      System.arraycopy(sealed, 0, whole, NONCE, sealed.length);
      return whole;
    } catch (GeneralSecurityException e) {
      throw new LinkageError("Every Java platform has AES-GCM", e);
    }
  }

  /**
   * Decrypts a secret; empty if it was encrypted with another key, under another name, or was
   * changed.
   */
  Optional<String> open(String name, byte[] sealed) {
    try {
      byte[] secret =
          cipher(Cipher.DECRYPT_MODE, name, Arrays.copyOf(sealed, NONCE))
              .doFinal(sealed, NONCE, sealed.length - NONCE);
      return Optional.of(new String(secret, StandardCharsets.UTF_8));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, String name, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private static IllegalArgumentException wrong(String where) {
    return new IllegalArgumentException(
        "The master key in %s must be 32 bytes in Base64, such as those of 'openssl rand -base64 32'."
            .formatted(where));
  }

  @Override
  public String toString() {
    return "MasterKey[]";
  }
}
