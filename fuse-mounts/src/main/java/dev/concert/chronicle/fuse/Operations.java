package dev.concert.chronicle.fuse;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.tree.FileSystem;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds who serves a request, and sees to it that each is answered: an exception becomes an errno,
 * never success. What nobody serves is refused with {@code ENOSYS}; the kernel then does it itself
 * or never asks again.
 */
final class Operations {
  private static final Logger LOG = LoggerFactory.getLogger(Operations.class);

  private final Operation[] byOpcode = new Operation[Opcode.END];
  private final NodeTable nodes;
  private volatile boolean stopped;

  Operations(FileSystem files) {
    nodes = new NodeTable(files::release);
    Arrays.fill(byOpcode, (Operation) (request, reply) -> -Errno.ENOSYS);
    PathOrder order = new PathOrder(files, nodes);
    Entries entries = new Entries(files, nodes, order);
    names(new NameRequests(files, nodes, order, entries));
    attributes(new AttributeRequests(files, nodes, order));
    extended(new ExtendedAttributeRequests(files, nodes, order));
    contents(new FileRequests(files, nodes, order, entries));
    directories(new DirectoryRequests(files, nodes, order));
    byOpcode[Opcode.INIT] = new Handshake();
    byOpcode[Opcode.DESTROY] = (request, reply) -> 0;
    byOpcode[Opcode.LOOKUP] = entries::lookUp;
    byOpcode[Opcode.FORGET] = this::forget;
    byOpcode[Opcode.BATCH_FORGET] = this::forgetMany;
  }

  private void names(NameRequests names) {
    byOpcode[Opcode.MKNOD] = names::makeNode;
    byOpcode[Opcode.MKDIR] = names::makeDirectory;
    byOpcode[Opcode.SYMLINK] = names::symlink;
    byOpcode[Opcode.LINK] = names::link;
    byOpcode[Opcode.READLINK] = names::readLink;
    byOpcode[Opcode.UNLINK] = names::unlink;
    byOpcode[Opcode.RMDIR] = names::removeDirectory;
    byOpcode[Opcode.RENAME] = names::rename;
    byOpcode[Opcode.RENAME2] = names::renameWithFlags;
  }

  private void attributes(AttributeRequests attributes) {
    byOpcode[Opcode.GETATTR] = attributes::get;
    byOpcode[Opcode.SETATTR] = attributes::set;
    byOpcode[Opcode.STATFS] = attributes::fileSystem;
  }

  private void extended(ExtendedAttributeRequests attributes) {
    byOpcode[Opcode.GETXATTR] = attributes::get;
    byOpcode[Opcode.LISTXATTR] = attributes::list;
    byOpcode[Opcode.SETXATTR] = attributes::set;
    byOpcode[Opcode.REMOVEXATTR] = attributes::remove;
  }

  private void contents(FileRequests contents) {
    byOpcode[Opcode.CREATE] = contents::create;
    byOpcode[Opcode.OPEN] = contents::open;
    byOpcode[Opcode.READ] = contents::read;
    byOpcode[Opcode.WRITE] = contents::write;
    byOpcode[Opcode.FLUSH] = contents::flush;
    byOpcode[Opcode.FSYNC] = contents::sync;
    byOpcode[Opcode.RELEASE] = contents::release;
    byOpcode[Opcode.FALLOCATE] = contents::allocate;
    byOpcode[Opcode.LSEEK] = contents::seek;
    byOpcode[Opcode.COPY_FILE_RANGE] = contents::copy;
  }

  private void directories(DirectoryRequests directories) {
    byOpcode[Opcode.OPENDIR] = directories::open;
    byOpcode[Opcode.READDIR] = directories::read;
    byOpcode[Opcode.READDIRPLUS] = directories::readWithAttributes;
    byOpcode[Opcode.FSYNCDIR] = directories::sync;
    byOpcode[Opcode.RELEASEDIR] = directories::release;
  }

  /** {@code struct fuse_forget_in}. */
  private int forget(Request request, Reply reply) {
    nodes.forget(request.node(), request.int64(0));
    return Operation.NO_ANSWER;
  }

  /** {@code struct fuse_batch_forget_in}, many {@code struct fuse_forget_one}. */
  private int forgetMany(Request request, Reply reply) {
    int count = request.int32(0);
    for (int number = 0; number < count; number++) {
      nodes.forget(request.int64(8 + number * 16), request.int64(16 + number * 16));
    }
    return Operation.NO_ANSWER;
  }

  /** From now on every call is refused with {@code ENODEV}. */
  void stop() {
    stopped = true;
  }

  /** Serves a request and answers it. */
  void serve(Request request, Reply reply) {
    long unique = request.unique();
    int opcode = request.opcode();
    int result = answer(opcode, request, reply);
    if (result != Operation.NO_ANSWER && opcode != Opcode.FORGET && opcode != Opcode.BATCH_FORGET) {
      reply.send(unique, result);
    }
  }

  private int answer(int opcode, Request request, Reply reply) {
    if (stopped) {
      return -Errno.ENODEV;
    }
    try {
      return opcode < Opcode.END ? byOpcode[opcode].serve(request, reply) : -Errno.ENOSYS;
    } catch (PosixException refused) {
      return -refused.errno();
    } catch (Throwable failure) {
      LOG.error("Filesystem operation {} failed", opcode, failure);
      return -FailureErrno.of(failure);
    }
  }
}
