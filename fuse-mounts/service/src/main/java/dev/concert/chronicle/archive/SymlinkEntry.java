package dev.concert.chronicle.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipEncoding;

/**
 * A symlink in a tar, whose target is bytes: the library writes text only. A target of more than
 * 100 bytes that are no text loses those that are none.
 */
final class SymlinkEntry extends TarArchiveEntry {
  private static final int CHECKSUM = 148;
  private static final int CHECKSUM_LENGTH = 8;
  private static final int TARGET = 157;
  private static final int TARGET_LENGTH = 100;

  private final byte[] target;
  private final boolean raw;

  SymlinkEntry(String path, byte[] target) {
    super(path, TarConstants.LF_SYMLINK);
    this.target = target.clone();
    this.raw = target.length <= TARGET_LENGTH && !isText(target);
    // A target that is written as it is must not be in a pax header besides, which would count.
    setLinkName(raw ? "raw" : new String(target, StandardCharsets.UTF_8));
  }

  private static boolean isText(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  @Override
  public void writeEntryHeader(byte[] header, ZipEncoding encoding, boolean starMode)
      throws IOException {
    super.writeEntryHeader(header, encoding, starMode);
    if (raw) {
      Arrays.fill(header, TARGET, TARGET + TARGET_LENGTH, (byte) 0);
      System.arraycopy(target, 0, header, TARGET, target.length);
      Arrays.fill(header, CHECKSUM, CHECKSUM + CHECKSUM_LENGTH, (byte) ' ');
      int sum = 0;
      for (byte one : header) {
        sum += Byte.toUnsignedInt(one);
      }
      byte[] text = String.format(Locale.ROOT, "%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(text, 0, header, CHECKSUM, text.length);
    }
  }
}
