package dev.concert.chronicle.fuse.request;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.concert.chronicle.fuse.node.FileNode;
import dev.concert.chronicle.fuse.node.NodeTable;
import dev.concert.chronicle.fuse.node.PathLock;
import dev.concert.chronicle.fuse.protocol.DirectoryEntries;
import dev.concert.chronicle.fuse.protocol.FuseReply;
import dev.concert.chronicle.fuse.protocol.FuseRequest;
import dev.concert.chronicle.posix.DirectoryEntry;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.tree.FileSystem;
import java.lang.foreign.MemorySegment;

/** Reads directories. */
final class DirectoryRequests {
  private static final int OPENED = 16;
  private static final int KEEP_CACHE = 1 << 1;
  private static final int CACHE_DIRECTORY = 1 << 3;
  private static final int DATA_ONLY = 1;

  private final FileSystem files;
  private final NodeTable nodes;
  private final PathLock paths;

  DirectoryRequests(FileSystem files, NodeTable nodes, PathLock paths) {
    this.files = files;
    this.nodes = nodes;
    this.paths = paths;
  }

  /** {@code struct fuse_open_in}; answers with {@code struct fuse_open_out}. */
  int open(FuseRequest request, FuseReply reply) {
    FileNode node = nodes.get(request.node());
    if (nodes.path(node).isEmpty()) {
      return opened(node, files.reopen(nodes.anyHandle(node), OpenFlags.DIRECTORY), false, reply);
    }
    return (int)
        paths.at(
            node, path -> opened(node, files.openDirectory(path), files.isSteady(path), reply));
  }

  private int opened(FileNode node, long handle, boolean steady, FuseReply reply) {
    if (handle < 0) {
      return (int) handle;
    }
    nodes.opened(node, handle);
    reply.otherwise(() -> release(node, handle));
    reply.body().set(JAVA_LONG, 0, handle);
    reply.body().set(JAVA_LONG, 8, steady ? KEEP_CACHE | CACHE_DIRECTORY : 0);
    return OPENED;
  }

  /** {@code struct fuse_read_in}; answers with many {@code struct fuse_dirent}. */
  int read(FuseRequest request, FuseReply reply) {
    DirectoryEntries listing = new DirectoryEntries(reply.body().asSlice(0, size(request)));
    return filled(list(request, listing), listing.length());
  }

  /** The same with many {@code struct fuse_direntplus}. */
  int readWithAttributes(FuseRequest request, FuseReply reply) {
    MemorySegment into = reply.body().asSlice(0, size(request));
    try (EntriesWithAttributes listing =
        new EntriesWithAttributes(
            files, nodes, nodes.get(request.node()), request.int64(0), into)) {
      reply.otherwise(listing::forget);
      return filled(list(request, listing), listing.length());
    }
  }

  private int list(FuseRequest request, DirectoryEntry consumer) {
    return files.readDirectory(request.int64(0), request.int64(8), size(request), consumer);
  }

  /** Returns the entries before a failure; the next request gets the failure. */
  private static int filled(int result, int length) {
    return result < 0 && length == 0 ? result : length;
  }

  private static int size(FuseRequest request) {
    return Math.min(request.int32(16), InitRequest.MAX_TRANSFER);
  }

  /** {@code struct fuse_fsync_in}. */
  int sync(FuseRequest request, FuseReply reply) {
    return files.sync(request.int64(0), (request.int32(8) & DATA_ONLY) != 0);
  }

  /** {@code struct fuse_release_in}. */
  int release(FuseRequest request, FuseReply reply) {
    return release(nodes.get(request.node()), request.int64(0));
  }

  private int release(FileNode node, long handle) {
    nodes.closed(node, handle);
    return files.release(handle);
  }
}
