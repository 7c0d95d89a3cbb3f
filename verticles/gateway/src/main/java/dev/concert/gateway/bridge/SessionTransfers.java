package dev.concert.gateway.bridge;

import dev.concert.bridge.ClientCalls.OpenSessionTransfer;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.protocol.Permission;
import dev.concert.workspace.WorkspaceMessages.OpenTransfer;
import dev.concert.workspace.WorkspaceMessages.Transfer;
import dev.concert.workspace.WorkspaceMessages.TransferOpened;
import io.vertx.core.Future;
import java.time.Duration;

/** Opens ways to many files of a session's workspace, for services that ask for a member. */
record SessionTransfers(ConcertBus bus, MemberLookup members, SessionDirectory directory) {
  private static final Duration TIMEOUT = Duration.ofSeconds(8);

  /** Answers from now on. */
  void serve() {
    bus.serve(Addresses.OPEN_SESSION_TRANSFER, this::open);
  }

  private Future<TransferOpened> open(OpenSessionTransfer wanted) {
    Permission needed =
        wanted.transfer() == Transfer.IMPORT ? Permission.THREADS_WRITE : Permission.THREADS_READ;
    return members
        .find(wanted.tenantId(), wanted.userId())
        .compose(
            found ->
                found
                    .map(who -> directory.find(who, wanted.sessionId(), needed))
                    .orElseGet(
                        () ->
                            Future.failedFuture(
                                new ConcertException(
                                    ErrorCode.AUTH_FAILED,
                                    "This user is no member of the tenant."))))
        .compose(
            session ->
                bus.request(
                    Addresses.OPEN_TRANSFER,
                    new OpenTransfer(session.workspaceId(), wanted.transfer()),
                    TIMEOUT));
  }
}
