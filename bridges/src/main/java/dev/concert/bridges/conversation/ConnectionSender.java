package dev.concert.bridges.conversation;

import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatPlatform;
import dev.concert.bridges.platform.ChatText;
import dev.concert.bridges.platform.ChatText.Stage;
import dev.concert.bridges.platform.ChatText.WorkspaceFile;
import dev.concert.bridges.platform.OutboundFile;
import dev.concert.error.Problem;
import dev.concert.foundation.lease.LeaseTerm;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.outbox.SendOutcome;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sends each message through the platform of its connection, which is the route of the message, and
 * only as long as this node is the owner: a platform cannot fence.
 */
final class ConnectionSender implements OutboxSender {
  private static final String SENT_AGAIN = "\n\n_(sent again)_";

  private static final int REMEMBERED = 1000;

  private final LeaseTerm term;
  private final ChatServices services;

  /** What people see of the messages that were sent last, by the messages' ids. */
  private final Map<Long, ChatText> seen =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, ChatText> eldest) {
          return size() > REMEMBERED;
        }
      };

  ConnectionSender(LeaseTerm term, ChatServices services) {
    this.term = term;
    this.services = services;
  }

  private Future<Optional<ChatConnection>> connection(OutboxMessage message) {
    return services.connections().find(message.route());
  }

  private ChatPlatform platform(ChatConnection connection) {
    return services.platforms().get(connection.platform());
  }

  private OutboxSender sender(ChatConnection connection) {
    return platform(connection).sender(connection);
  }

  @Override
  public Future<Void> permit(OutboxMessage message) {
    return isSeen(message)
        ? Future.succeededFuture()
        : connection(message)
            .compose(
                found ->
                    found
                        .map(one -> sender(one).permit(message))
                        .orElseGet(Future::succeededFuture));
  }

  @Override
  public Future<SendOutcome> send(OutboxMessage message) {
    return connection(message)
        .compose(
            found -> {
              term.verifyHeld();
              return found
                  .map(one -> send(one, message))
                  .orElseGet(
                      () ->
                          Future.succeededFuture(
                              new SendOutcome.Refused("The bridge was removed")));
            });
  }

  @Override
  public Future<LookUp> lookUp(OutboxMessage message) {
    return connection(message)
        .compose(
            found ->
                found
                    .map(one -> lookUp(sender(one), message))
                    .orElseGet(() -> Future.succeededFuture(new LookUp.Absent())));
  }

  private Future<SendOutcome> send(ChatConnection connection, OutboxMessage message) {
    if (isSeen(message)) {
      return Future.succeededFuture(new SendOutcome.Sent(message.remoteId().orElseThrow()));
    }
    seen.remove(message.id());
    return services
        .circuit()
        .pause(connection.id())
        .map(pause -> Future.<SendOutcome>succeededFuture(new SendOutcome.Wait(pause)))
        .orElseGet(
            () ->
                content(connection, marked(message))
                    .map(outcome -> services.circuit().learn(connection.id(), outcome))
                    .onSuccess(outcome -> remember(connection, message, outcome)));
  }

  /** A text that grew is often whole already when it is said to be. */
  private boolean isSeen(OutboxMessage message) {
    return message.isEdit()
        && ChatText.ofJson(message.content()).at(Stage.DONE).equals(seen.get(message.id()));
  }

  /** Where steps are shown, the same text is something else at another stage. */
  private void remember(ChatConnection connection, OutboxMessage message, SendOutcome outcome) {
    ChatText text = ChatText.ofJson(message.content());
    if (outcome instanceof SendOutcome.Sent
        && text.said() == null
        && !platform(connection).capabilities().showsSteps()) {
      seen.put(message.id(), text.at(Stage.DONE));
    }
  }

  private Future<SendOutcome> content(ChatConnection connection, OutboxMessage message) {
    ChatText text = ChatText.ofJson(message.content());
    return text.file() == null ? sender(connection).send(message) : file(connection, message, text);
  }

  /** A file that cannot be read, or that the platform refuses, is named in its place. */
  private Future<SendOutcome> file(
      ChatConnection connection, OutboxMessage message, ChatText text) {
    WorkspaceFile file = text.file();
    return new WorkspaceFiles(services.gateway(), connection.tenantId())
        .read(file.userId(), file.sessionId(), file.path())
        .transform(
            read -> {
              if (read.failed()) {
                Problem problem = Problem.of(read.cause());
                return problem.code().httpStatus() >= 500
                    ? Future.succeededFuture(new SendOutcome.Failed(problem.code().name()))
                    : named(connection, message, file, problem.message());
              }
              term.verifyHeld();
              return platform(connection)
                  .send(
                      connection,
                      message,
                      new OutboundFile(file.name(), read.result(), text.text().strip()));
            })
        .compose(
            outcome ->
                outcome instanceof SendOutcome.Refused refused && !refused.isOfCredentials()
                    ? named(connection, message, file, refused.reason())
                    : Future.succeededFuture(outcome));
  }

  private Future<SendOutcome> named(
      ChatConnection connection, OutboxMessage message, WorkspaceFile file, String reason) {
    return sender(connection)
        .send(
            message.withContent(
                ChatText.of("⚠️ I cannot send `%s`: %s".formatted(file.path(), reason))
                    .at(Stage.WORKING)
                    .toJson()));
  }

  /** What may be there twice says so to people. */
  private static OutboxMessage marked(OutboxMessage message) {
    if (!message.sentAgain()) {
      return message;
    }
    ChatText text = ChatText.ofJson(message.content());
    return message.withContent(text.withText(text.text() + SENT_AGAIN).toJson());
  }

  private Future<LookUp> lookUp(OutboxSender platform, OutboxMessage message) {
    return services.circuit().isPaused(message.route())
        ? Future.failedFuture("The platform refuses the credentials")
        : platform.lookUp(message);
  }
}
