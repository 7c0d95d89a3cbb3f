package dev.concert.github.broker;

import dev.concert.error.ConcertException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** Reads the begin of a push, up to the end of its commands. */
final class PushHead {
  private PushHead() {}

  /** Reads the commands of a push, which have to be those of the grant. */
  static Future<Buffer> read(HttpServerRequest request, GitGrant grant, PushListener pushes) {
    if (request.getHeader("Content-Encoding") != null) {
      return refused("A push must not be compressed.");
    }
    Promise<Buffer> read = Promise.promise();
    Buffer head = Buffer.buffer();
    request.handler(
        piece -> {
          head.appendBuffer(piece);
          try {
            if (!PushCommands.isCut(head)) {
              request.pause();
              check(PushCommands.of(head), grant);
              read.tryComplete(head);
            } else if (head.length() > PushCommands.LONGEST) {
              request.pause();
              read.tryFail(
                  new RefusedPushException(Optional.empty(), "This push changes too much."));
            }
          } catch (IllegalArgumentException e) {
            request.pause();
            read.tryFail(new RefusedPushException(Optional.empty(), e.getMessage()));
          } catch (RefusedPushException e) {
            request.pause();
            read.tryFail(e);
          }
        });
    request.exceptionHandler(read::tryFail);
    request.endHandler(
        _ -> read.tryFail(new RefusedPushException(Optional.empty(), "This push is cut.")));
    request.resume();
    return read.future().compose(whole -> announce(pushes, whole));
  }

  private static <T> Future<T> refused(String sentence) {
    return Future.failedFuture(new RefusedPushException(Optional.empty(), sentence));
  }

  private static Future<Buffer> announce(PushListener pushes, Buffer head) {
    PushCommands push = PushCommands.of(head);
    Future<Void> told = Future.succeededFuture();
    for (PushCommands.Command command : push.commands()) {
      told = told.compose(_ -> pushes.begins(command.after()));
    }
    return told.map(head)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof ConcertException known
                        ? new RefusedPushException(Optional.of(push), known.getMessage())
                        : failure));
  }

  private static void check(PushCommands push, GitGrant grant) {
    // git asks with no command at all whether it may push.
    boolean isOwn =
        push.commands().size() <= 1
            && push.commands().stream()
                .allMatch(one -> one.reference().equals(grant.reference()) && !one.deletes());
    if (!isOwn) {
      throw new RefusedPushException(
          Optional.of(push),
          "This run may push to %s only, and not remove it.".formatted(grant.branch()));
    }
  }
}
