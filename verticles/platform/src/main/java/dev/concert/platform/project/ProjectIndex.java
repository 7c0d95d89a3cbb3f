package dev.concert.platform.project;

import dev.concert.foundation.files.AtomicFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is known of the files of a session's project, so that only what changed is read again: what
 * each looked like in the user's folder when it was read, and in the workspace when it was sent or
 * fetched. One that is lost costs time only. For one thread; blocking.
 */
final class ProjectIndex {
  private static final String FILE = "index";
  private static final int VERSION = 2;
  private static final String SETS = "unsent touched objects";

  private final Path file;
  private final Map<String, FileSignature> user = new HashMap<>();
  private final Map<String, FileSignature> workspace = new HashMap<>();
  private final Map<String, Set<String>> sets = new HashMap<>();
  private String listing = "";

  private ProjectIndex(Path file) {
    this.file = file;
    for (String name : SETS.split(" ")) {
      sets.put(name, new HashSet<>());
    }
  }

  static boolean exists(Path folder) {
    return Files.exists(folder.resolve(FILE));
  }

  static ProjectIndex read(Path folder) throws IOException {
    ProjectIndex index = new ProjectIndex(folder.resolve(FILE));
    if (exists(folder)) {
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(Files.newInputStream(index.file), 1 << 16))) {
        if (in.readInt() == VERSION) {
          index.read(in);
        }
      }
    }
    return index;
  }

  private void read(DataInputStream in) throws IOException {
    listing = in.readUTF();
    read(in, user);
    read(in, workspace);
    for (String name : SETS.split(" ")) {
      for (int left = in.readInt(); left > 0; left--) {
        sets.get(name).add(in.readUTF());
      }
    }
  }

  private static void read(DataInputStream in, Map<String, FileSignature> into) throws IOException {
    for (int left = in.readInt(); left > 0; left--) {
      into.put(
          in.readUTF(),
          new FileSignature(in.readLong(), in.readLong(), in.readLong(), in.readBoolean()));
    }
  }

  /** A crash of this process does not lose it; a power failure may. */
  void write() throws IOException {
    AtomicFile.replaceUnsynced(
        file,
        raw -> {
          DataOutputStream out = new DataOutputStream(new BufferedOutputStream(raw, 1 << 16));
          out.writeInt(VERSION);
          out.writeUTF(listing);
          write(user, out);
          write(workspace, out);
          for (String name : SETS.split(" ")) {
            out.writeInt(sets.get(name).size());
            for (String one : sets.get(name)) {
              out.writeUTF(one);
            }
          }
          out.flush();
        });
  }

  private static void write(Map<String, FileSignature> from, DataOutputStream out)
      throws IOException {
    out.writeInt(from.size());
    for (Map.Entry<String, FileSignature> entry : from.entrySet()) {
      FileSignature signature = entry.getValue();
      out.writeUTF(entry.getKey());
      out.writeLong(signature.size());
      out.writeLong(signature.modified());
      out.writeLong(signature.inode());
      out.writeBoolean(signature.executable());
    }
  }

  /** Digest of the listing of the workspace that the mirror is equal to; empty for none. */
  String listing() {
    return listing;
  }

  void listing(String digest) {
    listing = digest;
  }

  /** The files of the project, as the base has them. */
  Map<String, FileSignature> user() {
    return user;
  }

  /** What the mirror has of the workspace. */
  Map<String, FileSignature> workspace() {
    return workspace;
  }

  /** Paths that the mirror may have otherwise than the workspace, because they were not sent. */
  Set<String> unsent() {
    return sets.get("unsent");
  }

  /** Paths that the mirror may have otherwise than the base. */
  Set<String> touched() {
    return sets.get("touched");
  }

  /** Names of files of objects that the workspace's repository has. */
  Set<String> objects() {
    return sets.get("objects");
  }
}
