package dev.concert.chronicle.fuse;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.concert.chronicle.posix.DirectoryEntry;
import dev.concert.chronicle.posix.StatBuffer;
import dev.concert.chronicle.tree.FileSystem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Packs entries of a directory into {@code struct fuse_direntplus}s, as many as fit: each is what a
 * lookup of the name would have answered, so the kernel need not ask for it.
 */
final class ListingWithAttributes implements DirectoryEntry, AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment memory = arena.allocate(StatBuffer.SIZE_OF, 8);
  private final StatBuffer status = new StatBuffer(memory);
  private final List<Long> told = new ArrayList<>();
  private final FileSystem files;
  private final NodeTable nodes;
  private final Node folder;
  private final long handle;
  private final MemorySegment into;
  private int length;

  /**
   * @param handle of the folder
   */
  ListingWithAttributes(
      FileSystem files, NodeTable nodes, Node folder, long handle, MemorySegment into) {
    this.files = files;
    this.nodes = nodes;
    this.folder = folder;
    this.handle = handle;
    this.into = into;
  }

  int length() {
    return length;
  }

  @Override
  public boolean accept(MemorySegment name, long inode, int type, long next) {
    int size = Attributes.ENTRY + Listing.size(name);
    if (length + size > into.byteSize()) {
      return false;
    }
    MemorySegment entry = into.asSlice(length, size);
    entry.asSlice(0, Attributes.ENTRY).fill((byte) 0);
    learn(name).ifPresent(node -> Attributes.entry(entry, node.id(), status, true));
    Listing.write(entry.asSlice(Attributes.ENTRY), name, inode, type, next);
    length += size;
    return true;
  }

  /** Empty where the kernel has to look the name up itself. */
  private Optional<Node> learn(MemorySegment name) {
    String text = text(name);
    if (text.equals(".") || text.equals("..") || text.indexOf('\uFFFD') >= 0) {
      return Optional.empty();
    }
    int changes = nodes.changes(folder);
    if (files.statusIn(handle, name, memory) < 0) {
      return Optional.empty();
    }
    Optional<Node> node = nodes.learn(folder, text, status, changes);
    node.ifPresent(known -> told.add(known.id()));
    return node;
  }

  private static String text(MemorySegment name) {
    return name.getString(0, UTF_8);
  }

  /** Nobody got the answer. */
  void forget() {
    told.forEach(node -> nodes.forget(node, 1));
  }

  @Override
  public void close() {
    arena.close();
  }
}
