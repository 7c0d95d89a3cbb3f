package dev.concert.chronicle.fuse;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.tree.FileSystem;
import java.lang.foreign.MemorySegment;
import java.util.function.ToIntFunction;

/** What gives names and takes them away. */
final class NameRequests {
  private static final int LONGEST_LINK = 4095;

  private final FileSystem files;
  private final NodeTable nodes;
  private final PathOrder order;
  private final Entries entries;

  NameRequests(FileSystem files, NodeTable nodes, PathOrder order, Entries entries) {
    this.files = files;
    this.nodes = nodes;
    this.order = order;
    this.entries = entries;
  }

  /** {@code struct fuse_mknod_in}, a name. */
  int makeNode(Request request, Reply reply) {
    int mode = request.int32(0);
    long device = Integer.toUnsignedLong(request.int32(4));
    return make(
        request, request.text(16), reply, path -> files.makeNode(path, mode, device, request));
  }

  /** {@code struct fuse_mkdir_in}, a name. */
  int makeDirectory(Request request, Reply reply) {
    int mode = request.int32(0);
    return make(request, request.text(8), reply, path -> files.makeDirectory(path, mode, request));
  }

  /** A name, a target. */
  int symlink(Request request, Reply reply) {
    String target = request.text(request.after(0));
    return make(request, request.text(0), reply, path -> files.symlink(target, path, request));
  }

  private int make(Request request, String name, Reply reply, ToIntFunction<String> making) {
    Node folder = nodes.get(request.node());
    return (int)
        order.in(
            folder,
            name,
            path -> {
              int result = making.applyAsInt(path);
              return result < 0 ? result : entries.made(folder, name, path, reply);
            });
  }

  /** {@code struct fuse_link_in}, a name. */
  int link(Request request, Reply reply) {
    Node existing = nodes.get(request.int64(0));
    return (int)
        order.at(
            existing,
            from -> make(request, request.text(8), reply, path -> files.link(from, path)));
  }

  /** Nothing follows. */
  int readLink(Request request, Reply reply) {
    MemorySegment into = reply.body();
    return (int)
        order.at(nodes.get(request.node()), path -> files.readLink(path, into, LONGEST_LINK));
  }

  /** A name. */
  int unlink(Request request, Reply reply) {
    return remove(request, files::unlink);
  }

  /** A name. */
  int removeDirectory(Request request, Reply reply) {
    return remove(request, files::removeDirectory);
  }

  private int remove(Request request, ToIntFunction<String> removing) {
    Node folder = nodes.get(request.node());
    String name = request.text(0);
    return (int)
        order.in(
            folder,
            name,
            path -> {
              // Whoever opens it by this path from now on finds out that it may be another file.
              nodes.removing(folder, name);
              int result = -Errno.EIO;
              try {
                result = removing.applyAsInt(path);
                return result;
              } finally {
                if (result == 0) {
                  nodes.removed(folder, name);
                } else {
                  nodes.kept(folder, name);
                }
              }
            });
  }

  /** {@code struct fuse_rename_in}, the old name, the new name. */
  int rename(Request request, Reply reply) {
    return rename(request, 8);
  }

  private int rename(Request request, int names) {
    Node folder = nodes.get(request.node());
    Node newFolder = nodes.get(request.int64(0));
    String name = request.text(names);
    String newName = request.text(request.after(names));
    return order.alone(
        () -> {
          int result = files.rename(order.child(folder, name), order.child(newFolder, newName));
          if (result == 0) {
            nodes.renamed(folder, name, newFolder, newName);
          }
          return result;
        });
  }
}
