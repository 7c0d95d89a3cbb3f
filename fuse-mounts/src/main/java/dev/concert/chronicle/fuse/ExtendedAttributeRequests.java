package dev.concert.chronicle.fuse;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.tree.FileSystem;
import dev.concert.chronicle.tree.Place;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.function.ToIntFunction;

/**
 * Extended attributes. Access control lists are refused: the kernel would not enforce them, as
 * neither side asked for {@code FUSE_POSIX_ACL}.
 */
final class ExtendedAttributeRequests {
  private static final String ACCESS_CONTROL = "system.posix_acl_";

  private static final String TRUSTED = "trusted.";

  /** {@code XATTR_LIST_MAX}. */
  private static final int LONGEST_LIST = 65_536;

  private final FileSystem files;
  private final NodeTable nodes;
  private final PathOrder order;

  ExtendedAttributeRequests(FileSystem files, NodeTable nodes, PathOrder order) {
    this.files = files;
    this.nodes = nodes;
    this.order = order;
  }

  /** {@code struct fuse_getxattr_in}, a name. */
  int get(Request request, Reply reply) {
    String name = name(request, 8);
    long size = request.int32(0);
    return answered(
        size, reply, at(request, file -> files.attribute(file, name, reply.body(), size)));
  }

  /** {@code struct fuse_getxattr_in}. */
  int list(Request request, Reply reply) {
    int size = request.int32(0);
    int length = at(request, file -> files.attributes(file, reply.body(), LONGEST_LIST));
    if (length > 0 && request.user() != 0) {
      length = withoutTrusted(reply.body().asSlice(0, length));
    }
    return size > 0 && length > size ? -Errno.ERANGE : answered(size, reply, length);
  }

  /** This process may see what only administrators see; answers with the length of the rest. */
  private static int withoutTrusted(MemorySegment names) {
    int kept = 0;
    for (long at = 0; at < names.byteSize(); ) {
      String name = names.getString(at);
      long length = name.getBytes(StandardCharsets.UTF_8).length + 1L;
      if (!name.startsWith(TRUSTED)) {
        MemorySegment.copy(names, at, names, kept, length);
        kept += (int) length;
      }
      at += length;
    }
    return kept;
  }

  /** Who gives no room is told how much it takes, by {@code struct fuse_getxattr_out}. */
  private static int answered(long size, Reply reply, int length) {
    if (length < 0 || size > 0) {
      return length;
    }
    reply.body().set(JAVA_LONG, 0, length);
    return 8;
  }

  /** {@code struct fuse_setxattr_in} as it was before 7.33, a name, a value. */
  int set(Request request, Reply reply) {
    String name = name(request, 8);
    long size = Integer.toUnsignedLong(request.int32(0));
    int flags = request.int32(4);
    return at(
        request,
        file ->
            files.setAttribute(file, name, request.from(request.after(8)).asSlice(0, size), flags));
  }

  /** A name. */
  int remove(Request request, Reply reply) {
    String name = name(request, 0);
    return at(request, file -> files.removeAttribute(file, name));
  }

  private static String name(Request request, int offset) {
    String name = request.text(offset);
    if (name.startsWith(ACCESS_CONTROL)) {
      throw new PosixException(Errno.EOPNOTSUPP, "access control list");
    }
    return name;
  }

  private int at(Request request, ToIntFunction<Place> work) {
    Node node = nodes.get(request.node());
    if (nodes.path(node).isPresent()) {
      return (int) order.at(node, path -> work.applyAsInt(new Place.Named(path)));
    }
    return work.applyAsInt(new Place.Open(nodes.anyHandle(node)));
  }
}
