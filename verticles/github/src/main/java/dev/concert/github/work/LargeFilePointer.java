package dev.concert.github.work;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a commit has instead of a file of Git LFS.
 *
 * <p>Format: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
 *
 * @param hash SHA-256 of the file, in hex
 * @param size of the file, in bytes
 */
record LargeFilePointer(String hash, long size) {
  /** A longer file is no pointer. */
  static final int LONGEST = 1024;

  private static final Pattern FORM =
      Pattern.compile(
          "version https://git-lfs\\.github\\.com/spec/v1\n(?:.*\n)*?"
              + "oid sha256:([0-9a-f]{64})\nsize (\\d{1,18})\n?");

  /** Empty where a text is no pointer. */
  static Optional<LargeFilePointer> of(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(new LargeFilePointer(matcher.group(1), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  /** Copies a file; returns whether it is that of the pointer. */
  boolean copy(InputStream content, Path into) throws IOException {
    DigestInputStream digested = new DigestInputStream(content, sha256());
    Files.copy(digested, into);
    return HexFormat.of().formatHex(digested.getMessageDigest().digest()).equals(hash);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("Every Java platform has SHA-256", e);
    }
  }
}
