package dev.concert.chronicle.fuse.request;

import dev.concert.chronicle.fuse.node.FileNode;
import dev.concert.chronicle.fuse.node.NodeTable;
import dev.concert.chronicle.fuse.node.PathLock;
import dev.concert.chronicle.fuse.protocol.AttributeReply;
import dev.concert.chronicle.fuse.protocol.FuseReply;
import dev.concert.chronicle.fuse.protocol.FuseRequest;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.StatBuffer;
import dev.concert.chronicle.tree.FileSystem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Looks a name up and returns its node to the kernel. */
final class EntryLookup {
  private final FileSystem files;
  private final NodeTable nodes;
  private final PathLock paths;

  EntryLookup(FileSystem files, NodeTable nodes, PathLock paths) {
    this.files = files;
    this.nodes = nodes;
    this.paths = paths;
  }

  /** {@code FUSE_LOOKUP}: a name. */
  int lookUp(FuseRequest request, FuseReply reply) {
    FileNode folder = nodes.get(request.node());
    String name = request.text(0);
    return (int) paths.in(folder, name, path -> found(folder, name, path, reply));
  }

  private int found(FileNode folder, String name, String path, FuseReply reply) {
    int result = tell(folder, name, path, reply, status -> files.status(path, status));
    if (result == -Errno.ENOENT && files.isSteady(path)) {
      AttributeReply.nothing(reply.body());
      return AttributeReply.ENTRY;
    }
    return result;
  }

  /** Returns the node of a path that was just created. */
  int made(FileNode folder, String name, String path, FuseReply reply) {
    return tell(folder, name, path, reply, status -> files.status(path, status));
  }

  /**
   * Fills the reply's {@code struct fuse_entry_out}.
   *
   * @param looking fills a {@code struct stat}; returns 0 or a negative errno
   * @return its length, or the negative errno
   */
  int tell(
      FileNode folder,
      String name,
      String path,
      FuseReply reply,
      ToLongFunction<MemorySegment> looking) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(StatBuffer.SIZE_OF, 8);
      StatBuffer status = new StatBuffer(memory);
      Optional<FileNode> node = Optional.empty();
      while (node.isEmpty()) {
        int changes = nodes.changes(folder);
        long result = looking.applyAsLong(memory);
        if (result < 0) {
          return (int) result;
        }
        node = nodes.learn(folder, name, status, changes);
      }
      long id = node.get().id();
      reply.otherwise(() -> nodes.forget(id, 1));
      AttributeReply.entry(reply.body(), id, status, files.isSteady(path));
      return AttributeReply.ENTRY;
    }
  }
}
