package dev.concert.chronicle.fuse.request;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.concert.chronicle.fuse.node.FileNode;
import dev.concert.chronicle.fuse.node.NodeTable;
import dev.concert.chronicle.fuse.node.PathLock;
import dev.concert.chronicle.fuse.protocol.FuseReply;
import dev.concert.chronicle.fuse.protocol.FuseRequest;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileCalls;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.posix.StatBuffer;
import dev.concert.chronicle.tree.FileSystem;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Semaphore;

/** Requests on open files. */
final class OpenFileRequests {
  /** Size of {@code struct fuse_open_out}. */
  private static final int OPENED = 16;

  private static final int DIRECT_IO = 1;
  private static final int KEEP_CACHE = 1 << 1;
  private static final int NO_FLUSH = 1 << 5;
  private static final int OPEN_KILLS_PRIVILEGES = 1;
  private static final int WRITE_KILLS_PRIVILEGES = 1 << 2;
  private static final int DATA_ONLY = 1;
  private static final int WRITE_HEADER = 40;
  private static final int MOST_TAKING_PAGES = 8;

  private final FileSystem files;
  private final NodeTable nodes;
  private final PathLock paths;
  private final EntryLookup entries;
  private final SetIdBits privileges;
  private final Semaphore takingPages = new Semaphore(MOST_TAKING_PAGES);

  OpenFileRequests(FileSystem files, NodeTable nodes, PathLock paths, EntryLookup entries) {
    this.files = files;
    this.nodes = nodes;
    this.paths = paths;
    this.entries = entries;
    this.privileges = new SetIdBits(files);
  }

  /** {@code struct fuse_create_in}, a name; answers with the entry and what was opened. */
  int create(FuseRequest request, FuseReply reply) {
    FileNode folder = nodes.get(request.node());
    String name = request.text(16);
    int flags = request.int32(0);
    return (int)
        paths.in(
            folder,
            name,
            path -> {
              long handle = files.create(path, flags, request.int32(4), request);
              return handle < 0 ? handle : created(folder, name, path, flags, handle, reply);
            });
  }

  private int created(
      FileNode folder, String name, String path, int flags, long handle, FuseReply reply) {
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
      FileNode node = nodes.get(reply.body().get(JAVA_LONG, 0));
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

  private void opened(FileNode node, String path, int flags, long handle, FuseReply reply, int at) {
    nodes.opened(node, handle);
    int caching = files.readsDirectly(handle) ? DIRECT_IO : files.isSteady(path) ? KEEP_CACHE : 0;
    // A file that was not written needs no record.
    int flushing = OpenFlags.writes(flags) ? 0 : NO_FLUSH;
    MemorySegment into = reply.body();
    into.set(JAVA_LONG, at, handle);
    into.set(JAVA_INT, at + 8, caching | flushing);
    into.set(JAVA_INT, at + 12, 0);
  }

  /** {@code struct fuse_open_in}. */
  int open(FuseRequest request, FuseReply reply) {
    FileNode node = nodes.get(request.node());
    int flags = request.int32(0);
    if (nodes.path(node).isEmpty()) {
      // Opened by a link below /proc of a process that has it open.
      long handle = files.reopen(nodes.anyHandle(node), flags);
      return (int) (handle < 0 ? handle : open(node, "", handle, request, reply));
    }
    return (int)
        paths.at(
            node,
            path -> {
              long handle = files.open(path, flags);
              return handle < 0 ? handle : open(node, path, handle, request, reply);
            });
  }

  private int open(FileNode node, String path, long handle, FuseRequest request, FuseReply reply) {
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
  int read(FuseRequest request, FuseReply reply) {
    long size = Math.min(Integer.toUnsignedLong(request.int32(16)), InitRequest.MAX_TRANSFER);
    return files.read(request.int64(0), reply.body(), size, request.int64(8));
  }

  /** {@code struct fuse_write_in}, what is to be written. */
  int write(FuseRequest request, FuseReply reply) {
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
  int flush(FuseRequest request, FuseReply reply) {
    return files.flush(request.int64(0));
  }

  /** {@code struct fuse_fsync_in}. */
  int sync(FuseRequest request, FuseReply reply) {
    return files.sync(request.int64(0), (request.int32(8) & DATA_ONLY) != 0);
  }

  /** {@code struct fuse_release_in}; no process learns whether it went well. */
  int release(FuseRequest request, FuseReply reply) {
    return release(nodes.get(request.node()), request.int64(0));
  }

  private int release(FileNode node, long handle) {
    nodes.closed(node, handle);
    return files.release(handle);
  }

  /** {@code struct fuse_fallocate_in}. */
  int allocate(FuseRequest request, FuseReply reply) {
    return files.allocate(request.int64(0), request.int32(24), request.int64(8), request.int64(16));
  }

  /** {@code struct fuse_lseek_in}; answers with {@code struct fuse_lseek_out}. */
  int seek(FuseRequest request, FuseReply reply) {
    long handle = request.int64(0);
    long offset = request.int64(8);
    int whence = request.int32(16);
    long position =
        !files.mayBeMapped(handle) || takeMappedPages(request.node(), reply)
            ? files.seek(handle, offset, whence)
            : allIsData(handle, offset, whence, reply.body());
    if (position < 0) {
      return (int) position;
    }
    reply.body().set(JAVA_LONG, 0, position);
    return 8;
  }

  /**
   * What a process wrote into a mapping is still with the kernel, which writes it while this waits:
   * threads have to be left that serve that.
   *
   * @return false where too many wait already
   */
  private boolean takeMappedPages(long node, FuseReply reply) {
    if (!takingPages.tryAcquire()) {
      return false;
    }
    try {
      reply.takeMappedPages(node);
      return true;
    } finally {
      takingPages.release();
    }
  }

  /** What every program has to expect of a file with holes. */
  private long allIsData(long handle, long offset, int whence, MemorySegment scratch) {
    int result = files.statusOfOpen(handle, scratch);
    if (result < 0) {
      return result;
    }
    long size = new StatBuffer(scratch).size();
    return offset < 0 || offset >= size
        ? -Errno.ENXIO
        : whence == FileCalls.SEEK_DATA ? offset : size;
  }

  /** {@code struct fuse_copy_file_range_in}; answers with {@code struct fuse_write_out}. */
  int copy(FuseRequest request, FuseReply reply) {
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
