package dev.concert.platform.project;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * A file of a git object, of which nothing is believed: its content has to have its name as hash.
 *
 * @param content with its header, as git hashes it
 */
record LooseObject(String name, byte[] content) {
  /** Longest object that is taken, bytes. */
  private static final int LONGEST = 64 * 1024 * 1024;

  private static final int SHA1_DIGITS = 40;
  private static final String SUBMODULE = "160000 ";

  /**
   * @throws IOException where it is no object of this name, or is too large
   */
  static LooseObject read(String name, InputStream file) throws IOException {
    byte[] content = new InflaterInputStream(file).readNBytes(LONGEST + 1);
    if (content.length > LONGEST) {
      throw new IOException("An object has more than %d bytes".formatted(LONGEST));
    }
    LooseObject object = new LooseObject(name, content);
    if (!object.hash().equals(name)) {
      throw new IOException("An object has another hash than its name says");
    }
    return object;
  }

  private String hash() {
    try {
      String algorithm = name.length() == SHA1_DIGITS ? "SHA-1" : "SHA-256";
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-1 and SHA-256", e);
    }
  }

  static String path(String name) {
    return "objects/%s/%s".formatted(name.substring(0, 2), name.substring(2));
  }

  /** Writes it into a folder of objects as git has it. */
  void write(Path repository) throws IOException {
    Path file = repository.resolve(path(name));
    Files.createDirectories(file.getParent());
    try (OutputStream out = new DeflaterOutputStream(Files.newOutputStream(file))) {
      out.write(content);
    }
  }

  /** Names of the objects without which this one is not whole. */
  List<String> needs() throws IOException {
    int header = 0;
    while (header < content.length && content[header] != 0) {
      header++;
    }
    String type = new String(content, 0, header, StandardCharsets.US_ASCII).split(" ")[0];
    byte[] body = Arrays.copyOfRange(content, Math.min(header + 1, content.length), content.length);
    return switch (type) {
      case "commit" -> ofCommit(body);
      case "tree" -> ofTree(body);
      case "blob" -> List.of();
      default -> throw new IOException("%s is no object of a commit".formatted(name));
    };
  }

  private static List<String> ofCommit(byte[] body) {
    return new String(body, StandardCharsets.ISO_8859_1)
        .lines()
        .takeWhile(line -> !line.isEmpty())
        .filter(line -> line.startsWith("tree ") || line.startsWith("parent "))
        .map(line -> line.substring(line.indexOf(' ') + 1))
        .toList();
  }

  private List<String> ofTree(byte[] body) throws IOException {
    List<String> names = new ArrayList<>();
    ByteArrayInputStream in = new ByteArrayInputStream(body);
    while (in.available() > 0) {
      StringBuilder entry = new StringBuilder();
      for (int next = in.read(); next > 0; next = in.read()) {
        entry.append((char) next);
      }
      byte[] hash = in.readNBytes(name.length() / 2);
      if (hash.length < name.length() / 2) {
        throw new IOException("A tree is cut");
      }
      if (entry.indexOf(SUBMODULE) != 0) {
        names.add(HexFormat.of().formatHex(hash));
      }
    }
    return names;
  }
}
