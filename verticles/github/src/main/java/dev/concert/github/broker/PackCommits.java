package dev.concert.github.broker;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads a pack as it passes, and keeps the commits in it: which parents each has. So it is known
 * whether a push goes on from where a branch is, before its last bytes are sent.
 *
 * <p>Format: https://git-scm.com/docs/pack-format
 */
final class PackCommits {
  /** Of the checksum at the end of a pack. */
  static final int TRAILER = 20;

  private static final byte[] MAGIC = "PACK".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER = 12;
  private static final int COMMIT = 1;
  private static final int OFFSET_DELTA = 6;
  private static final int REFERENCE_DELTA = 7;
  private static final int LARGEST_COMMIT = 1 << 20;
  private static final long MOST_KEPT = 64L << 20;
  private static final int MORE = 0x80;

  /** What the next byte belongs to. */
  private enum Part {
    HEADER,
    OBJECT,
    BASE_OFFSET,
    BASE_NAME,
    CONTENT,
    TRAILER
  }

  private final Inflater inflater = new Inflater();
  private final byte[] piece = new byte[16 * 1024];
  private final ByteArrayOutputStream head = new ByteArrayOutputStream();
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();
  private final Map<Long, byte[]> byOffset = new HashMap<>();
  private final Map<String, byte[]> byName = new HashMap<>();
  private final Map<String, List<String>> parents = new HashMap<>();
  private Part part = Part.HEADER;
  private long offset;
  private long kept;
  private long left;
  private int trailer;
  // The object that is read now.
  private long start;
  private int type;
  private long size;
  private int shift;
  private long back;
  private boolean inFirst;
  private Optional<byte[]> base = Optional.empty();
  private boolean isKept;
  private long inflated;

  /**
   * Reads on.
   *
   * @throws IllegalArgumentException where this is no pack
   */
  void read(byte[] data) {
    int at = 0;
    while (at < data.length) {
      if (part == Part.CONTENT) {
        at += inflate(data, at);
      } else {
        read(data[at++] & 0xff);
        offset++;
      }
    }
  }

  /** Whether the pack has come to its end. */
  boolean isWhole() {
    return part == Part.TRAILER && trailer == TRAILER;
  }

  void close() {
    inflater.end();
  }

  private static IllegalArgumentException noPack() {
    return new IllegalArgumentException("This push has no pack that can be read.");
  }

  private void read(int next) {
    switch (part) {
      case HEADER -> {
        head.write(next);
        if (head.size() == HEADER) {
          readHeader(head.toByteArray());
        }
      }
      case OBJECT -> readObjectHead(next);
      case BASE_OFFSET -> {
        back = inFirst ? next & ~MORE : (back + 1 << 7) | next & ~MORE;
        inFirst = false;
        if ((next & MORE) == 0) {
          begin(Optional.ofNullable(byOffset.get(start - back)));
        }
      }
      case BASE_NAME -> {
        head.write(next);
        if (head.size() == TRAILER) {
          begin(Optional.ofNullable(byName.get(HexFormat.of().formatHex(head.toByteArray()))));
        }
      }
      default -> {
        if (++trailer > TRAILER) {
          throw noPack();
        }
      }
    }
  }

  private void readHeader(byte[] bytes) {
    for (int at = 0; at < MAGIC.length; at++) {
      if (bytes[at] != MAGIC[at]) {
        throw noPack();
      }
    }
    left = 0;
    for (int at = HEADER - 4; at < HEADER; at++) {
      left = left << 8 | bytes[at] & 0xff;
    }
    nextObject();
  }

  private void nextObject() {
    head.reset();
    part = left == 0 ? Part.TRAILER : Part.OBJECT;
  }

  private void readObjectHead(int next) {
    if (head.size() == 0) {
      start = offset;
      type = next >> 4 & 7;
      size = next & 15;
      shift = 4;
    } else {
      size |= (long) (next & ~MORE) << shift;
      shift += 7;
    }
    if (shift > 56) {
      throw noPack();
    }
    head.write(next);
    if ((next & MORE) != 0) {
      return;
    }
    head.reset();
    switch (type) {
      case OFFSET_DELTA -> {
        inFirst = true;
        part = Part.BASE_OFFSET;
      }
      case REFERENCE_DELTA -> part = Part.BASE_NAME;
      default -> begin(Optional.empty());
    }
  }

  /**
   * @param known the commit from which this one differs; empty where it is none
   */
  private void begin(Optional<byte[]> known) {
    base = known;
    isKept = type == COMMIT || base.isPresent();
    if (isKept && size > LARGEST_COMMIT) {
      throw new IllegalArgumentException("This push has a commit that is too large.");
    }
    content.reset();
    inflater.reset();
    inflated = 0;
    part = Part.CONTENT;
  }

  private int inflate(byte[] data, int at) {
    inflater.setInput(data, at, data.length - at);
    try {
      while (!inflater.finished()) {
        int made = inflater.inflate(piece);
        inflated += made;
        if (inflated > size || inflater.needsDictionary()) {
          throw noPack();
        }
        if (isKept) {
          content.write(piece, 0, made);
        }
        if (made == 0 && inflater.needsInput()) {
          break;
        }
      }
    } catch (DataFormatException e) {
      throw noPack();
    }
    int used = data.length - at - inflater.getRemaining();
    offset += used;
    if (inflater.finished()) {
      end();
    }
    return used;
  }

  private void end() {
    if (inflated != size) {
      throw noPack();
    }
    if (isKept) {
      byte[] read = content.toByteArray();
      keep(base.map(from -> PackDelta.apply(from, read)).orElse(read));
    }
    left--;
    nextObject();
  }

  private void keep(byte[] commit) {
    kept += commit.length;
    if (kept > MOST_KEPT || commit.length > LARGEST_COMMIT) {
      throw new IllegalArgumentException("This push has too many commits. Push them in parts.");
    }
    String name = name(commit);
    byOffset.put(start, commit);
    byName.put(name, commit);
    List<String> found = new ArrayList<>();
    for (String line : new String(commit, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      if (line.isEmpty()) {
        break;
      }
      if (line.startsWith("parent ")) {
        found.add(line.substring("parent ".length()));
      }
    }
    parents.put(name, List.copyOf(found));
  }

  private static String name(byte[] commit) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(("commit " + commit.length + "\0").getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest.digest(commit));
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("Every Java platform has SHA-1", e);
    }
  }

  /**
   * The commits that a commit of a push goes on from, and which are not in the pack: those that the
   * server has already. The commit itself where it is none of the pack.
   *
   * @param wanted is among them wherever it is come by
   */
  Set<String> origins(String commit, String wanted) {
    Set<String> seen = new HashSet<>();
    Set<String> origins = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(commit));
    while (!open.isEmpty()) {
      String next = open.pop();
      if (!seen.add(next)) {
        continue;
      }
      List<String> more = parents.get(next);
      if (more == null || next.equals(wanted)) {
        origins.add(next);
      } else {
        open.addAll(more);
      }
    }
    return origins;
  }
}
