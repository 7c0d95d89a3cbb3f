package dev.concert.chronicle.fuse.request;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.concert.chronicle.fuse.node.FileNode;
import dev.concert.chronicle.fuse.node.NodeTable;
import dev.concert.chronicle.fuse.node.PathLock;
import dev.concert.chronicle.fuse.protocol.AttributeChanges;
import dev.concert.chronicle.fuse.protocol.AttributeReply;
import dev.concert.chronicle.fuse.protocol.FuseReply;
import dev.concert.chronicle.fuse.protocol.FuseRequest;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.posix.StatBuffer;
import dev.concert.chronicle.tree.FileSystem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToIntFunction;

/** Requests on the attributes of a file. A file without a name is reached by a handle. */
final class AttributeRequests {
  private static final int BY_HANDLE = 1;

  private final FileSystem files;
  private final NodeTable nodes;
  private final PathLock paths;

  AttributeRequests(FileSystem files, NodeTable nodes, PathLock paths) {
    this.files = files;
    this.nodes = nodes;
    this.paths = paths;
  }

  /** {@code struct fuse_getattr_in}. */
  int get(FuseRequest request, FuseReply reply) {
    OptionalLong handle =
        (request.int32(0) & BY_HANDLE) != 0
            ? OptionalLong.of(request.int64(8))
            : OptionalLong.empty();
    return answer(nodes.get(request.node()), handle, reply);
  }

  private int answer(FileNode node, OptionalLong handle, FuseReply reply) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(StatBuffer.SIZE_OF, 8);
      int result =
          handle.isPresent()
              ? files.statusOfOpen(handle.getAsLong(), memory)
              : eitherWay(
                  node,
                  open -> files.statusOfOpen(open, memory),
                  path -> files.status(path, memory));
      if (result < 0) {
        return result;
      }
      boolean steady = nodes.path(node).map(files::isSteady).orElse(true);
      AttributeReply.answer(reply.body(), new StatBuffer(memory), steady);
      return AttributeReply.ANSWER;
    }
  }

  @FunctionalInterface
  private interface ByHandle {
    int act(long handle);
  }

  /** By the name if there is one, or else by a handle, which may be closed meanwhile. */
  private int eitherWay(FileNode node, ByHandle open, ToIntFunction<String> named) {
    Optional<String> path = nodes.path(node);
    if (path.isPresent()) {
      int result = (int) paths.at(node, named::applyAsInt);
      if (result != -Errno.ENOENT || nodes.path(node).equals(path)) {
        return result;
      }
    }
    return open.act(nodes.anyHandle(node));
  }

  /** {@code struct fuse_setattr_in}. */
  int set(FuseRequest request, FuseReply reply) {
    FileNode node = nodes.get(request.node());
    AttributeChanges wanted = new AttributeChanges(request);
    int result = wanted.hasOwner() ? owner(node, wanted) : 0;
    if (result == 0 && wanted.hasMode()) {
      result =
          eitherWay(
              node,
              open -> files.changeModeOpen(open, wanted.mode()),
              path -> files.changeMode(path, wanted.mode()));
    }
    if (result == 0 && wanted.hasSize()) {
      result = size(node, wanted);
    }
    if (result == 0 && wanted.hasTimes()) {
      result = times(node, wanted);
    }
    return result < 0 ? result : answer(node, wanted.handle(), reply);
  }

  private int owner(FileNode node, AttributeChanges wanted) {
    return eitherWay(
        node,
        open -> files.changeOwnerOpen(open, wanted.owner(), wanted.group()),
        path -> files.changeOwner(path, wanted.owner(), wanted.group()));
  }

  private int size(FileNode node, AttributeChanges wanted) {
    OptionalLong handle = wanted.handle();
    int result =
        handle.isPresent()
            ? files.truncateOpen(handle.getAsLong(), wanted.size())
            : eitherWay(
                node,
                open -> truncateAgain(open, wanted.size()),
                path -> files.truncate(path, wanted.size()));
    return result == 0 && wanted.takesPrivileges() ? takePrivileges(node, handle) : result;
  }

  /** The known handle may be for reading only. */
  private int truncateAgain(long open, long size) {
    long handle = files.reopen(open, OpenFlags.READ_WRITE);
    if (handle < 0) {
      return (int) handle;
    }
    try {
      return files.truncateOpen(handle, size);
    } finally {
      files.release(handle);
    }
  }

  private int takePrivileges(FileNode node, OptionalLong handle) {
    SetIdBits privileges = new SetIdBits(files);
    return handle.isPresent()
        ? privileges.take(handle.getAsLong())
        : eitherWay(node, privileges::take, privileges::take);
  }

  private int times(FileNode node, AttributeChanges wanted) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment times = wanted.times(arena);
      return eitherWay(
          node, open -> files.changeTimesOpen(open, times), path -> files.changeTimes(path, times));
    }
  }

  /** Nothing follows; answers with {@code struct fuse_statfs_out}. */
  int fileSystem(FuseRequest request, FuseReply reply) {
    try (Arena arena = Arena.ofConfined()) {
      // struct statvfs of both processors
      MemorySegment status = arena.allocate(112, 8);
      int result = files.fileSystemStatus(status);
      if (result < 0) {
        return result;
      }
      MemorySegment answer = reply.body().asSlice(0, 80).fill((byte) 0);
      for (int number = 0; number < 5; number++) {
        // blocks, bfree, bavail, files, ffree
        answer.set(JAVA_LONG, number * 8L, status.get(JAVA_LONG, 16 + number * 8L));
      }
      answer.set(JAVA_INT, 40, (int) status.get(JAVA_LONG, 0));
      answer.set(JAVA_INT, 44, (int) status.get(JAVA_LONG, 80));
      answer.set(JAVA_INT, 48, (int) status.get(JAVA_LONG, 8));
      return 80;
    }
  }
}
