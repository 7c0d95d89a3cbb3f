package dev.concert.chronicle.fuse.request;

import dev.concert.chronicle.fuse.node.FileNode;
import dev.concert.chronicle.fuse.node.NodeTable;
import dev.concert.chronicle.fuse.node.PathLock;
import dev.concert.chronicle.fuse.protocol.FuseReply;
import dev.concert.chronicle.fuse.protocol.FuseRequest;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.OpenDirectory;
import dev.concert.chronicle.tree.FileSystem;
import dev.concert.chronicle.tree.IncomingNames;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.ToIntBiFunction;
import java.util.function.ToIntFunction;

/** Requests that create, remove and rename names. */
final class NameRequests {
  private static final int LONGEST_LINK = 4095;

  private final FileSystem files;
  private final NodeTable nodes;
  private final PathLock paths;
  private final EntryLookup entries;

  NameRequests(FileSystem files, NodeTable nodes, PathLock paths, EntryLookup entries) {
    this.files = files;
    this.nodes = nodes;
    this.paths = paths;
    this.entries = entries;
  }

  /** {@code struct fuse_mknod_in}, a name. */
  int makeNode(FuseRequest request, FuseReply reply) {
    int mode = request.int32(0);
    long device = Integer.toUnsignedLong(request.int32(4));
    return make(
        request, request.text(16), reply, path -> files.makeNode(path, mode, device, request));
  }

  /** {@code struct fuse_mkdir_in}, a name. */
  int makeDirectory(FuseRequest request, FuseReply reply) {
    int mode = request.int32(0);
    return make(request, request.text(8), reply, path -> files.makeDirectory(path, mode, request));
  }

  /** A name, a target. */
  int symlink(FuseRequest request, FuseReply reply) {
    byte[] target = request.bytes(request.after(0));
    return make(request, request.text(0), reply, path -> files.symlink(target, path, request));
  }

  private int make(
      FuseRequest request, String name, FuseReply reply, ToIntFunction<String> making) {
    FileNode folder = nodes.get(request.node());
    return (int)
        paths.in(
            folder,
            name,
            path -> {
              int result = making.applyAsInt(path);
              return result < 0 ? result : entries.made(folder, name, path, reply);
            });
  }

  /** {@code struct fuse_link_in}, a name. */
  int link(FuseRequest request, FuseReply reply) {
    FileNode existing = nodes.get(request.int64(0));
    return (int)
        paths.at(
            existing,
            from -> make(request, request.text(8), reply, path -> files.link(from, path)));
  }

  /** Nothing follows. */
  int readLink(FuseRequest request, FuseReply reply) {
    MemorySegment into = reply.body();
    return (int)
        paths.at(nodes.get(request.node()), path -> files.readLink(path, into, LONGEST_LINK));
  }

  /** A name. */
  int unlink(FuseRequest request, FuseReply reply) {
    FileNode folder = nodes.get(request.node());
    String name = request.text(0);
    return (int)
        paths.in(
            folder,
            name,
            path -> {
              // A process that opens this path from now on may get another file, and learns that.
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
  int removeDirectory(FuseRequest request, FuseReply reply) {
    FileNode folder = nodes.get(request.node());
    String name = request.text(0);
    return (int)
        paths.in(
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

  /** A process may have the directory that loses its name as its working directory, or open. */
  private int keepingFolder(FileNode folder, String name, String path, IntSupplier removing) {
    Optional<FileNode> lost = nodes.child(folder, name).filter(FileNode::isDirectory);
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
  int rename(FuseRequest request, FuseReply reply) {
    return rename(request, 8);
  }

  /** {@code struct fuse_rename2_in}, the old name, the new name. */
  int renameWithFlags(FuseRequest request, FuseReply reply) {
    return switch (request.int32(8)) {
      case 0 -> rename(request, 16);
      case OpenDirectory.NO_REPLACE -> pair(request, 16, files::renameToNew, nodes::renamed);
      case OpenDirectory.EXCHANGE -> pair(request, 16, files::exchange, nodes::exchanged);
      default -> -Errno.EINVAL;
    };
  }

  private int rename(FuseRequest request, int names) {
    FileNode newFolder = nodes.get(request.int64(0));
    String newName = request.text(request.after(names));
    return pair(
        request,
        names,
        (from, to) -> keepingFolder(newFolder, newName, to, () -> files.rename(from, to)),
        this::moved);
  }

  private void moved(FileNode folder, String name, FileNode newFolder, String newName) {
    if (IncomingNames.isRemoval(newName)) {
      nodes.removed(folder, name);
    } else {
      nodes.renamed(folder, name, newFolder, newName);
    }
  }

  @FunctionalInterface
  private interface Renamed {
    void tell(FileNode folder, String name, FileNode newFolder, String newName);
  }

  private int pair(
      FuseRequest request, int names, ToIntBiFunction<String, String> call, Renamed renamed) {
    FileNode folder = nodes.get(request.node());
    FileNode newFolder = nodes.get(request.int64(0));
    String name = request.text(names);
    String newName = request.text(request.after(names));
    return paths.alone(
        () -> {
          int result = call.applyAsInt(paths.child(folder, name), paths.child(newFolder, newName));
          if (result == 0) {
            renamed.tell(folder, name, newFolder, newName);
          }
          return result;
        });
  }
}
