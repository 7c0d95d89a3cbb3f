package dev.concert.chronicle.transfer;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.concert.chronicle.view.TreeFile;
import dev.concert.chronicle.view.TreeView;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Writes a line of JSON for each file and symlink of a tree: {@code path}, {@code size}, {@code
 * modified} in nanoseconds since 1970, {@code inode}, {@code mode}, and {@code target} of a
 * symlink. The last line has {@code end} and the {@code digest} of all others; where the reader
 * knows these, it is the only one and says {@code same}. Nothing of a folder {@code .git} is
 * listed. Blocks.
 */
record TreeListing(TreeView tree, JsonGenerator json) {
  private static final String GIT = ".git";

  /**
   * @param known the digest of the listing that the reader has
   */
  static void write(TreeView tree, Optional<String> known, OutputStream into) throws IOException {
    boolean same =
        known.isPresent() && known.get().equals(writeFiles(tree, OutputStream.nullOutputStream()));
    String digest = same ? known.get() : writeFiles(tree, into);
    try (JsonGenerator json = JsonLines.to(into)) {
      json.writeStartObject();
      json.writeBooleanField("end", true);
      json.writeBooleanField("same", same);
      json.writeStringField("digest", digest);
      json.writeEndObject();
    }
  }

  /** Answers the digest of what it wrote. */
  private static String writeFiles(TreeView tree, OutputStream into) throws IOException {
    DigestOutputStream lines = new DigestOutputStream(into, sha256());
    try (JsonGenerator json = JsonLines.to(lines)) {
      new TreeListing(tree, json).descend("");
      if (json.getOutputContext().getEntryCount() > 0) {
        json.writeRaw('\n');
      }
    }
    return HexFormat.of().formatHex(lines.getMessageDigest().digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private void descend(String folder) throws IOException {
    for (TreeFile file : tree.children(folder)) {
      switch (file.type()) {
        case DIRECTORY -> {
          if (!name(file).equalsIgnoreCase(GIT)) {
            descend(file.path());
          }
        }
        case FILE -> write(file, Optional.empty());
        case SYMLINK -> write(file, tree.readLink(file.path()));
        case OTHER -> {
          // Has no content.
        }
      }
    }
  }

  private static String name(TreeFile file) {
    return file.path().substring(file.path().lastIndexOf('/') + 1);
  }

  private void write(TreeFile file, Optional<byte[]> target) throws IOException {
    json.writeStartObject();
    json.writeStringField("path", file.path());
    json.writeNumberField("size", file.signature().size());
    json.writeNumberField("modified", file.signature().modifiedNanos());
    json.writeNumberField("inode", file.signature().inode());
    json.writeNumberField("mode", file.mode());
    if (target.isPresent()) {
      json.writeStringField("target", new String(target.get(), StandardCharsets.UTF_8));
    }
    json.writeEndObject();
  }
}
