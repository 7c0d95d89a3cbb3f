package dev.concert.chronicle.fuse.request;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.concert.chronicle.binding.VisibleAttributes;
import dev.concert.chronicle.fuse.node.FileNode;
import dev.concert.chronicle.fuse.node.NodeTable;
import dev.concert.chronicle.fuse.node.PathLock;
import dev.concert.chronicle.fuse.protocol.FuseReply;
import dev.concert.chronicle.fuse.protocol.FuseRequest;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.tree.FileRef;
import dev.concert.chronicle.tree.FileSystem;
import java.util.function.ToIntFunction;

/**
 * Extended attributes. Access control lists are refused: the kernel would not enforce them, as
 * neither side asked for {@code FUSE_POSIX_ACL}.
 */
final class ExtendedAttributeRequests {
  private final FileSystem files;
  private final NodeTable nodes;
  private final PathLock paths;

  ExtendedAttributeRequests(FileSystem files, NodeTable nodes, PathLock paths) {
    this.files = files;
    this.nodes = nodes;
    this.paths = paths;
  }

  /** {@code struct fuse_getxattr_in}, a name. */
  int get(FuseRequest request, FuseReply reply) {
    String name = name(request, 8);
    long size = request.int32(0);
    return answered(
        size, reply, at(request, file -> files.attribute(file, name, reply.body(), size)));
  }

  /** {@code struct fuse_getxattr_in}. */
  int list(FuseRequest request, FuseReply reply) {
    int size = request.int32(0);
    int length =
        at(request, file -> files.attributes(file, reply.body(), VisibleAttributes.LONGEST_LIST));
    if (length > 0 && request.user() != 0) {
      length = VisibleAttributes.withoutTrusted(reply.body().asSlice(0, length));
    }
    return size > 0 && length > size ? -Errno.ERANGE : answered(size, reply, length);
  }

  /** A caller that passes no buffer gets the size it needs, as {@code struct fuse_getxattr_out}. */
  private static int answered(long size, FuseReply reply, int length) {
    if (length < 0 || size > 0) {
      return length;
    }
    reply.body().set(JAVA_LONG, 0, length);
    return 8;
  }

  /** {@code struct fuse_setxattr_in} as it was before 7.33, a name, a value. */
  int set(FuseRequest request, FuseReply reply) {
    String name = name(request, 8);
    long size = Integer.toUnsignedLong(request.int32(0));
    int flags = request.int32(4);
    return at(
        request,
        file ->
            files.setAttribute(file, name, request.from(request.after(8)).asSlice(0, size), flags));
  }

  /** A name. */
  int remove(FuseRequest request, FuseReply reply) {
    String name = name(request, 0);
    return at(request, file -> files.removeAttribute(file, name));
  }

  private static String name(FuseRequest request, int offset) {
    return VisibleAttributes.check(request.text(offset));
  }

  private int at(FuseRequest request, ToIntFunction<FileRef> work) {
    FileNode node = nodes.get(request.node());
    if (nodes.path(node).isPresent()) {
      return (int) paths.at(node, path -> work.applyAsInt(new FileRef.Named(path)));
    }
    return work.applyAsInt(new FileRef.Open(nodes.anyHandle(node)));
  }
}
