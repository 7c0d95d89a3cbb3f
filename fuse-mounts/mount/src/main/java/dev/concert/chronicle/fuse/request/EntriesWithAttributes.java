package dev.concert.chronicle.fuse.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.concert.chronicle.fuse.node.FileNode;
import dev.concert.chronicle.fuse.node.NodeTable;
import dev.concert.chronicle.fuse.protocol.AttributeReply;
import dev.concert.chronicle.fuse.protocol.DirectoryEntries;
import dev.concert.chronicle.posix.DirectoryEntry;
import dev.concert.chronicle.posix.StatBuffer;
import dev.concert.chronicle.tree.FileSystem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Packs directory entries into {@code struct fuse_direntplus}s, as many as fit. Each holds what a
 * lookup of the name would return, so the kernel does not look it up.
 */
final class EntriesWithAttributes implements DirectoryEntry, AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment memory = arena.allocate(StatBuffer.SIZE_OF, 8);
  private final StatBuffer status = new StatBuffer(memory);
  private final List<Long> told = new ArrayList<>();
  private final FileSystem files;
  private final NodeTable nodes;
  private final FileNode folder;
  private final long handle;
  private final MemorySegment into;
  private int length;

  /**
   * @param handle of the folder
   */
  EntriesWithAttributes(
      FileSystem files, NodeTable nodes, FileNode folder, long handle, MemorySegment into) {
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
    int size = AttributeReply.ENTRY + DirectoryEntries.size(name);
    if (length + size > into.byteSize()) {
      return false;
    }
    MemorySegment entry = into.asSlice(length, size);
    entry.asSlice(0, AttributeReply.ENTRY).fill((byte) 0);
    learn(name).ifPresent(node -> AttributeReply.entry(entry, node.id(), status, true));
    DirectoryEntries.write(entry.asSlice(AttributeReply.ENTRY), name, inode, type, next);
    length += size;
    return true;
  }

  /** Empty if the kernel has to look the name up itself. */
  private Optional<FileNode> learn(MemorySegment name) {
    String text = text(name);
    if (text.equals(".") || text.equals("..") || text.indexOf('\uFFFD') >= 0) {
      return Optional.empty();
    }
    int changes = nodes.changes(folder);
    if (files.statusIn(handle, name, memory) < 0) {
      return Optional.empty();
    }
    Optional<FileNode> node = nodes.learn(folder, text, status, changes);
    node.ifPresent(known -> told.add(known.id()));
    return node;
  }

  private static String text(MemorySegment name) {
    return name.getString(0, UTF_8);
  }

  /** The kernel did not take the answer. */
  void forget() {
    told.forEach(node -> nodes.forget(node, 1));
  }

  @Override
  public void close() {
    arena.close();
  }
}
