package dev.concert.chronicle.fuse;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.tree.FileSystem;
import java.lang.foreign.MemorySegment;

/** What is done with open files. */
final class FileRequests {
  /** Size of {@code struct fuse_open_out}. */
  private static final int OPENED = 16;

  private static final int DIRECT_IO = 1;
  private static final int KEEP_CACHE = 1 << 1;
  private static final int NO_FLUSH = 1 << 5;
  private static final int OPEN_KILLS_PRIVILEGES = 1;
  private static final int WRITE_KILLS_PRIVILEGES = 1 << 2;
  private static final int DATA_ONLY = 1;
  private static final int WRITE_HEADER = 40;

  private final FileSystem files;
  private final NodeTable nodes;
  private final PathOrder order;
  private final Entries entries;
  private final Privileges privileges;

  FileRequests(FileSystem files, NodeTable nodes, PathOrder order, Entries entries) {
    this.files = files;
    this.nodes = nodes;
    this.order = order;
    this.entries = entries;
    this.privileges = new Privileges(files);
  }

  /** {@code struct fuse_create_in}, a name; answers with the entry and what was opened. */
  int create(Request request, Reply reply) {
    Node folder = nodes.get(request.node());
    String name = request.text(16);
    int flags = request.int32(0);
    return (int)
        order.in(
            folder,
            name,
            path -> {
              long handle = files.create(path, flags, request.int32(4), request);
              return handle < 0 ? handle : created(folder, name, path, flags, handle, reply);
            });
  }

  private int created(Node folder, String name, String path, int flags, long handle, Reply reply) {
    int result = -Errno.EIO;
    try {
      result =
          entries.tell(folder, name, path, reply, status -> files.statusOfOpen(handle, status));
    } finally {
      if (result < 0) {
        files.release(handle);
      }
    }
    if (result > 0) {
      Node node = nodes.get(reply.body().get(JAVA_LONG, 0));
      opened(node, path, flags, handle, reply, result);
      reply.otherwise(
          () -> {
            release(node, handle);
            nodes.forget(node.id(), 1);
          });
      result += OPENED;
    }
    return result;
  }

  private void opened(Node node, String path, int flags, long handle, Reply reply, int at) {
    nodes.opened(node, handle);
    int caching = files.readsDirectly(handle) ? DIRECT_IO : files.isSteady(path) ? KEEP_CACHE : 0;
    // What was not written need not be recorded.
    int flushing = OpenFlags.writes(flags) ? 0 : NO_FLUSH;
    MemorySegment into = reply.body();
    into.set(JAVA_LONG, at, handle);
    into.set(JAVA_INT, at + 8, caching | flushing);
    into.set(JAVA_INT, at + 12, 0);
  }

  /** {@code struct fuse_open_in}. */
  int open(Request request, Reply reply) {
    Node node = nodes.get(request.node());
    int flags = request.int32(0);
    if (nodes.path(node).isEmpty()) {
      // By what /proc shows of a process that has it open.
      long handle = files.reopen(nodes.anyHandle(node), flags);
      return (int) (handle < 0 ? handle : open(node, "", handle, request, reply));
    }
    return (int)
        order.at(
            node,
            path -> {
              long handle = files.open(path, flags);
              return handle < 0 ? handle : open(node, path, handle, request, reply);
            });
  }

  private int open(Node node, String path, long handle, Request request, Reply reply) {
    opened(node, path, request.int32(0), handle, reply, 0);
    reply.otherwise(() -> release(node, handle));
    boolean sameFile = path.isEmpty() || nodes.path(node).filter(path::equals).isPresent();
    int result =
        sameFile ? takePrivileges(request.int32(4) & OPEN_KILLS_PRIVILEGES, handle) : -Errno.ESTALE;
    if (result < 0) {
      release(node, handle);
    }
    return result < 0 ? result : OPENED;
  }

  private int takePrivileges(int flag, long handle) {
    return flag == 0 ? 0 : privileges.take(handle);
  }

  /** {@code struct fuse_read_in}; answers with what was read. */
  int read(Request request, Reply reply) {
    long size = Math.min(Integer.toUnsignedLong(request.int32(16)), Handshake.MAX_TRANSFER);
    return files.read(request.int64(0), reply.body(), size, request.int64(8));
  }

  /** {@code struct fuse_write_in}, what is to be written. */
  int write(Request request, Reply reply) {
    long handle = request.int64(0);
    long size = Integer.toUnsignedLong(request.int32(16));
    int killing = takePrivileges(request.int32(20) & WRITE_KILLS_PRIVILEGES, handle);
    int result =
        killing < 0
            ? killing
            : files.write(handle, request.from(WRITE_HEADER), size, request.int64(8));
    if (result < 0) {
      return result;
    }
    reply.body().set(JAVA_LONG, 0, result);
    return 8;
  }

  /** {@code struct fuse_flush_in}. */
  int flush(Request request, Reply reply) {
    return files.flush(request.int64(0));
  }

  /** {@code struct fuse_fsync_in}. */
  int sync(Request request, Reply reply) {
    return files.sync(request.int64(0), (request.int32(8) & DATA_ONLY) != 0);
  }

  /** {@code struct fuse_release_in}; no process learns whether it went well. */
  int release(Request request, Reply reply) {
    return release(nodes.get(request.node()), request.int64(0));
  }

  private int release(Node node, long handle) {
    nodes.closed(node, handle);
    return files.release(handle);
  }

  /** {@code struct fuse_fallocate_in}. */
  int allocate(Request request, Reply reply) {
    return files.allocate(request.int64(0), request.int32(24), request.int64(8), request.int64(16));
  }

  /** {@code struct fuse_lseek_in}; answers with {@code struct fuse_lseek_out}. */
  int seek(Request request, Reply reply) {
    long position = files.seek(request.int64(0), request.int64(8), request.int32(16));
    if (position < 0) {
      return (int) position;
    }
    reply.body().set(JAVA_LONG, 0, position);
    return 8;
  }

  /** {@code struct fuse_copy_file_range_in}; answers with {@code struct fuse_write_out}. */
  int copy(Request request, Reply reply) {
    int copied =
        files.copy(
            request.int64(0),
            request.int64(8),
            request.int64(24),
            request.int64(32),
            request.int64(40));
    if (copied < 0) {
      return copied;
    }
    reply.body().set(JAVA_LONG, 0, copied);
    return 8;
  }
}
