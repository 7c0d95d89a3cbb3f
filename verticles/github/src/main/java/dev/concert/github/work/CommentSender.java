package dev.concert.github.work;

import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.github.api.ForgeException;
import dev.concert.github.api.ForgeRepository;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Writes comments on forges. Each has a mark that nobody sees, by which it is found where nobody
 * knows whether it is there.
 */
final class CommentSender implements OutboxSender {
  private static final Duration LIMITED = Duration.ofMinutes(1);

  /**
   * Where comments go.
   *
   * @param bot who writes ours
   */
  record CommentPlace(ForgeRepository repository, String bot) {}

  private final BiFunction<String, WorkComment, Future<Optional<CommentPlace>>> places;

  /**
   * @param places by the id of a connection; empty where it was removed
   */
  CommentSender(BiFunction<String, WorkComment, Future<Optional<CommentPlace>>> places) {
    this.places = places;
  }

  /** The forge's client keeps its rates. */
  @Override
  public Future<Void> permit(OutboxMessage message) {
    return Future.succeededFuture();
  }

  @Override
  public Future<SendOutcome> send(OutboxMessage message) {
    WorkComment comment = WorkComment.ofJson(message.content());
    return places
        .apply(message.route(), comment)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(new SendOutcome.Refused("The connection was removed"))
                    : write(found.get().repository(), message, comment)
                        .<SendOutcome>map(SendOutcome.Sent::new)
                        .recover(failure -> outcome(message, failure)));
  }

  private static Future<String> write(
      ForgeRepository repository, OutboxMessage message, WorkComment comment) {
    String body = comment.marked(message.key());
    if (message.isEdit()) {
      String id = message.remoteId().orElseThrow();
      return (comment.isReply()
              ? repository.reviews().orElseThrow().editReply(id, body)
              : repository.editComment(comment.issue(), id, body))
          .map(id);
    }
    return comment.isReply()
        ? repository.reviews().orElseThrow().reply(comment.number(), comment.inReplyTo(), body)
        : repository.comment(comment.issue(), body);
  }

  private static Future<SendOutcome> outcome(OutboxMessage message, Throwable failure) {
    if (!(failure instanceof ForgeException known)) {
      return Future.failedFuture(failure);
    }
    return Future.succeededFuture(
        switch (known.kind()) {
          case REFUSED ->
              message.isEdit() && known.status() == 404
                  ? new SendOutcome.Vanished()
                  : new SendOutcome.Refused(known.getMessage());
          case LIMITED -> new SendOutcome.Wait(LIMITED);
          case UNREACHED -> new SendOutcome.Failed(known.getMessage());
          case UNKNOWN -> new SendOutcome.Unknown(known.getMessage());
        });
  }

  @Override
  public Future<LookUp> lookUp(OutboxMessage message) {
    WorkComment comment = WorkComment.ofJson(message.content());
    String mark = WorkComment.mark(message.key());
    return places
        .apply(message.route(), comment)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(Optional.<String>empty())
                    : comment.isReply()
                        ? found
                            .get()
                            .repository()
                            .reviews()
                            .orElseThrow()
                            .findReply(comment.number(), found.get().bot(), mark)
                        : found
                            .get()
                            .repository()
                            .findComment(comment.issue(), found.get().bot(), mark))
        .map(id -> id.<LookUp>map(LookUp.Found::new).orElseGet(LookUp.Absent::new));
  }
}
