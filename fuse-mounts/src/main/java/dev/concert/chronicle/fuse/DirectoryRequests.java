package dev.concert.chronicle.fuse;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

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
  private final PathOrder order;

  DirectoryRequests(FileSystem files, NodeTable nodes, PathOrder order) {
    this.files = files;
    this.nodes = nodes;
    this.order = order;
  }

  /** {@code struct fuse_open_in}; answers with {@code struct fuse_open_out}. */
  int open(Request request, Reply reply) {
    Node node = nodes.get(request.node());
    if (nodes.path(node).isEmpty()) {
      return opened(node, files.reopen(nodes.anyHandle(node), OpenFlags.DIRECTORY), false, reply);
    }
    return (int)
        order.at(
            node, path -> opened(node, files.openDirectory(path), files.isSteady(path), reply));
  }

  private int opened(Node node, long handle, boolean steady, Reply reply) {
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
  int read(Request request, Reply reply) {
    Listing listing = new Listing(reply.body().asSlice(0, size(request)));
    return filled(list(request, listing), listing.length());
  }

  /** The same with many {@code struct fuse_direntplus}. */
  int readWithAttributes(Request request, Reply reply) {
    MemorySegment into = reply.body().asSlice(0, size(request));
    try (ListingWithAttributes listing =
        new ListingWithAttributes(
            files, nodes, nodes.get(request.node()), request.int64(0), into)) {
      reply.otherwise(listing::forget);
      return filled(list(request, listing), listing.length());
    }
  }

  private int list(Request request, DirectoryEntry taker) {
    return files.readDirectory(request.int64(0), request.int64(8), size(request), taker);
  }

  /** What was taken before a failure is to be had; the failure comes with the next request. */
  private static int filled(int result, int length) {
    return result < 0 && length == 0 ? result : length;
  }

  private static int size(Request request) {
    return Math.min(request.int32(16), Handshake.MAX_TRANSFER);
  }

  /** {@code struct fuse_fsync_in}. */
  int sync(Request request, Reply reply) {
    return files.sync(request.int64(0), (request.int32(8) & DATA_ONLY) != 0);
  }

  /** {@code struct fuse_release_in}. */
  int release(Request request, Reply reply) {
    return release(nodes.get(request.node()), request.int64(0));
  }

  private int release(Node node, long handle) {
    nodes.closed(node, handle);
    return files.release(handle);
  }
}
