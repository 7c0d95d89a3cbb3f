package dev.concert.chronicle.fuse.request;

import dev.concert.chronicle.binding.FailureErrno;
import dev.concert.chronicle.fuse.node.NodeTable;
import dev.concert.chronicle.fuse.node.PathLock;
import dev.concert.chronicle.fuse.protocol.FuseReply;
import dev.concert.chronicle.fuse.protocol.FuseRequest;
import dev.concert.chronicle.fuse.protocol.Opcode;
import dev.concert.chronicle.fuse.protocol.Operation;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.tree.FileSystem;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dispatches requests by their opcode and answers each of them: an exception becomes an errno,
 * never success. An opcode without a handler is refused with {@code ENOSYS}; the kernel then does
 * it itself or never asks again.
 */
public final class OperationTable {
  private static final Logger LOG = LoggerFactory.getLogger(OperationTable.class);

  private final Operation[] byOpcode = new Operation[Opcode.END];
  private final NodeTable nodes;
  private final RequestsInProgress inProgress = new RequestsInProgress();
  private volatile boolean stopped;

  public OperationTable(FileSystem files) {
    nodes = new NodeTable(files::release);
    Arrays.fill(byOpcode, (Operation) (request, reply) -> -Errno.ENOSYS);
    PathLock paths = new PathLock(files, nodes);
    EntryLookup entries = new EntryLookup(files, nodes, paths);
    names(new NameRequests(files, nodes, paths, entries));
    attributes(new AttributeRequests(files, nodes, paths));
    extended(new ExtendedAttributeRequests(files, nodes, paths));
    contents(new OpenFileRequests(files, nodes, paths, entries));
    directories(new DirectoryRequests(files, nodes, paths));
    byOpcode[Opcode.INIT] = new InitRequest();
    byOpcode[Opcode.DESTROY] = (request, reply) -> 0;
    byOpcode[Opcode.LOOKUP] = entries::lookUp;
    byOpcode[Opcode.INTERRUPT] = this::interrupt;
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

  private void contents(OpenFileRequests contents) {
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

  /** {@code struct fuse_interrupt_in}. */
  private int interrupt(FuseRequest request, FuseReply reply) {
    inProgress.interrupt(request.int64(0));
    return Operation.NO_ANSWER;
  }

  /** {@code struct fuse_forget_in}. */
  private int forget(FuseRequest request, FuseReply reply) {
    nodes.forget(request.node(), request.int64(0));
    return Operation.NO_ANSWER;
  }

  /** {@code struct fuse_batch_forget_in}, many {@code struct fuse_forget_one}. */
  private int forgetMany(FuseRequest request, FuseReply reply) {
    int count = request.int32(0);
    for (int number = 0; number < count; number++) {
      nodes.forget(request.int64(8 + number * 16), request.int64(16 + number * 16));
    }
    return Operation.NO_ANSWER;
  }

  /** From now on every request fails with {@code ENODEV}. */
  public void stop() {
    stopped = true;
  }

  /** Serves a request and answers it. */
  public void serve(FuseRequest request, FuseReply reply) {
    long unique = request.unique();
    int opcode = request.opcode();
    int result =
        Opcode.mayWait(opcode)
            ? inProgress.during(request, () -> answer(opcode, request, reply))
            : answer(opcode, request, reply);
    if (result != Operation.NO_ANSWER && opcode != Opcode.FORGET && opcode != Opcode.BATCH_FORGET) {
      reply.send(unique, result);
    }
  }

  private int answer(int opcode, FuseRequest request, FuseReply reply) {
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
