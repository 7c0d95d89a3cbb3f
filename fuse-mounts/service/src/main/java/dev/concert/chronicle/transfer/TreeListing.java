package dev.concert.chronicle.transfer;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.concert.chronicle.view.TreeFile;
import dev.concert.chronicle.view.TreeView;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Writes a line of JSON for each file and symlink of a tree: {@code path}, {@code size}, {@code
 * modified} in nanoseconds since 1970, {@code inode}, {@code mode}, and {@code target} of a
 * symlink. The last line is {@code {"end":true}}. Nothing of a folder {@code .git} is listed.
 * Blocks.
 */
record TreeListing(TreeView tree, JsonGenerator json) {
  private static final String GIT = ".git";

  static void write(TreeView tree, OutputStream into) throws IOException {
    try (JsonGenerator json = JsonLines.to(into)) {
      new TreeListing(tree, json).descend("");
      json.writeStartObject();
      json.writeBooleanField("end", true);
      json.writeEndObject();
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
