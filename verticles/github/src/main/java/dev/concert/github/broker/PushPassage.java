package dev.concert.github.broker;

import dev.concert.github.broker.PushCommands.Command;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Passes a push on as it comes. The last bytes of its pack, without which GitHub takes nothing,
 * wait until it is known that the push goes on from where the branch is: a push that would take
 * commits off the branch is refused. On one context.
 */
final class PushPassage {
  private static final int MOST_ORIGINS = 8;

  private final HttpServerRequest from;
  private final HttpClientRequest to;
  private final PushCommands push;
  private final Ancestry ancestry;
  private final PackCommits pack = new PackCommits();
  private final Promise<Void> passed = Promise.promise();
  private Buffer tail = Buffer.buffer();

  /** Knows the commits that GitHub has. */
  @FunctionalInterface
  interface Ancestry {
    Future<Boolean> isAncestor(String older, String newer);
  }

  /**
   * @param from paused, its commands read
   * @param to nothing sent of it
   */
  PushPassage(HttpServerRequest from, HttpClientRequest to, PushCommands push, Ancestry ancestry) {
    this.from = from;
    this.to = to;
    this.push = push;
    this.ancestry = ancestry;
  }

  /**
   * Completes when everything is sent; fails with a {@link RefusedPushException} where the rest
   * must not be.
   *
   * @param head what is read of the push
   */
  Future<Void> run(Buffer head) {
    int start = PushCommands.packStart(head);
    Future<Void> begun = to.write(head.getBuffer(0, start));
    boolean isFree = push.commands().stream().allMatch(Command::creates);
    from.handler(null);
    from.endHandler(null);
    if (isFree) {
      return begun
          .compose(_ -> to.write(head.getBuffer(start, head.length())))
          .compose(_ -> from.pipe().endOnFailure(false).to(to));
    }
    from.handler(this::take);
    from.endHandler(_ -> end());
    from.exceptionHandler(passed::tryFail);
    begun
        .onFailure(passed::tryFail)
        .onSuccess(
            _ -> {
              take(head.getBuffer(start, head.length()));
              from.resume();
            });
    return passed.future().onComplete(_ -> pack.close());
  }

  private void take(Buffer piece) {
    if (passed.future().isComplete()) {
      return;
    }
    try {
      pack.read(piece.getBytes());
    } catch (IllegalArgumentException e) {
      refuse(e.getMessage());
      return;
    }
    tail.appendBuffer(piece);
    int more = tail.length() - PackCommits.TRAILER;
    if (more > 0) {
      to.write(tail.getBuffer(0, more)).onFailure(passed::tryFail);
      tail = Buffer.buffer(tail.getBytes(more, tail.length()));
    }
    if (to.writeQueueFull()) {
      from.pause();
      to.drainHandler(_ -> from.resume());
    }
  }

  private void refuse(String sentence) {
    passed.tryFail(new RefusedPushException(Optional.of(push), sentence));
  }

  private void end() {
    if (!pack.isWhole()) {
      refuse("This push is cut.");
      return;
    }
    Future<Boolean> allowed = Future.succeededFuture(true);
    for (Command command : push.commands()) {
      allowed = allowed.compose(before -> before ? goesOn(command) : Future.succeededFuture(false));
    }
    allowed
        .onFailure(passed::tryFail)
        .onSuccess(
            isAllowed -> {
              if (isAllowed) {
                to.end(tail).onComplete(passed);
              } else {
                refuse("This push would take commits off the branch. Fetch, and go on from there.");
              }
            });
  }

  /** Whether the branch keeps every commit that it has. */
  private Future<Boolean> goesOn(Command command) {
    if (command.creates()) {
      return Future.succeededFuture(true);
    }
    Set<String> origins = pack.origins(command.after(), command.before());
    if (origins.contains(command.before())) {
      return Future.succeededFuture(true);
    }
    List<String> asked = new ArrayList<>(origins);
    Future<Boolean> found = Future.succeededFuture(false);
    for (String origin : asked.subList(0, Math.min(MOST_ORIGINS, asked.size()))) {
      found =
          found.compose(
              yes ->
                  yes
                      ? Future.succeededFuture(true)
                      : ancestry.isAncestor(command.before(), origin));
    }
    return found;
  }
}
