package dev.concert.chronicle.fuse;

import dev.concert.chronicle.posix.Directory;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.tree.FileSystem;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.ToIntBiFunction;
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
                result = files.unlink(path);
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

  /** A name. */
  int removeDirectory(Request request, Reply reply) {
    Node folder = nodes.get(request.node());
    String name = request.text(0);
    return (int)
        order.in(
            folder,
            name,
            path -> {
              int result = keepingFolder(folder, name, path, () -> files.removeDirectory(path));
              if (result == 0) {
                nodes.removed(folder, name);
              }
              return result;
            });
  }

  /** A process may stand in a directory that loses its name, or have it open, and ask about it. */
  private int keepingFolder(Node folder, String name, String path, IntSupplier removing) {
    Optional<Node> lost = nodes.child(folder, name).filter(Node::isDirectory);
    long handle = lost.isPresent() ? files.openDirectory(path) : -1;
    if (handle < 0) {
      return removing.getAsInt();
    }
    nodes.keep(lost.get(), handle);
    int result = -Errno.EIO;
    try {
      result = removing.getAsInt();
      return result;
    } finally {
      if (result < 0) {
        nodes.keepNoMore(lost.get());
      }
    }
  }

  /** {@code struct fuse_rename_in}, the old name, the new name. */
  int rename(Request request, Reply reply) {
    return rename(request, 8);
  }

  /** {@code struct fuse_rename2_in}, the old name, the new name. */
  int renameWithFlags(Request request, Reply reply) {
    return switch (request.int32(8)) {
      case 0 -> rename(request, 16);
      case Directory.NO_REPLACE -> pair(request, 16, files::renameToNew, nodes::renamed);
      case Directory.EXCHANGE -> pair(request, 16, files::exchange, nodes::exchanged);
      default -> -Errno.EINVAL;
    };
  }

  private int rename(Request request, int names) {
    Node newFolder = nodes.get(request.int64(0));
    String newName = request.text(request.after(names));
    return pair(
        request,
        names,
        (from, to) -> keepingFolder(newFolder, newName, to, () -> files.rename(from, to)),
        nodes::renamed);
  }

  @FunctionalInterface
  private interface Renamed {
    void tell(Node folder, String name, Node newFolder, String newName);
  }

  private int pair(
      Request request, int names, ToIntBiFunction<String, String> call, Renamed renamed) {
    Node folder = nodes.get(request.node());
    Node newFolder = nodes.get(request.int64(0));
    String name = request.text(names);
    String newName = request.text(request.after(names));
    return order.alone(
        () -> {
          int result = call.applyAsInt(order.child(folder, name), order.child(newFolder, newName));
          if (result == 0) {
            renamed.tell(folder, name, newFolder, newName);
          }
          return result;
        });
  }
}
