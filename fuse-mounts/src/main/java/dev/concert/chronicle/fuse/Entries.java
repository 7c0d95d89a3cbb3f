package dev.concert.chronicle.fuse;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.StatBuffer;
import dev.concert.chronicle.tree.FileSystem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Finds out what a name leads to, and tells the kernel. */
final class Entries {
  private final FileSystem files;
  private final NodeTable nodes;
  private final PathOrder order;

  Entries(FileSystem files, NodeTable nodes, PathOrder order) {
    this.files = files;
    this.nodes = nodes;
    this.order = order;
  }

  /** {@code FUSE_LOOKUP}: a name. */
  int lookUp(Request request, Reply reply) {
    Node folder = nodes.get(request.node());
    String name = request.text(0);
    return (int) order.in(folder, name, path -> found(folder, name, path, reply));
  }

  private int found(Node folder, String name, String path, Reply reply) {
    int result = tell(folder, name, path, reply, status -> files.status(path, status));
    if (result == -Errno.ENOENT && files.isSteady(path)) {
      Attributes.nothing(reply.body());
      return Attributes.ENTRY;
    }
    return result;
  }

  /** Answers with what a path leads to that was just made. */
  int made(Node folder, String name, String path, Reply reply) {
    return tell(folder, name, path, reply, status -> files.status(path, status));
  }

  /**
   * Fills the reply's {@code struct fuse_entry_out}.
   *
   * @param looking fills a {@code struct stat}; answers 0 or a negative errno
   * @return its length, or the negative errno
   */
  int tell(
      Node folder, String name, String path, Reply reply, ToLongFunction<MemorySegment> looking) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(StatBuffer.SIZE_OF, 8);
      StatBuffer status = new StatBuffer(memory);
      Optional<Node> node = Optional.empty();
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
      Attributes.entry(reply.body(), id, status, files.isSteady(path));
      return Attributes.ENTRY;
    }
  }
}
