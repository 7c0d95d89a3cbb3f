package dev.concert.github.work;

import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.foundation.outbox.DurableOutbox;
import dev.concert.foundation.outbox.OutboxDelivery;
import dev.concert.github.api.RepositoryFile;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.rule.RuleFault;
import dev.concert.github.rule.RuleFile;
import dev.concert.github.rule.RuleFileReader;
import dev.concert.github.webhook.ForgeEvent;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * The rules of repositories, read from their default branches when something happens. What is wrong
 * with a file is said once for each version of it, where something happened first.
 */
final class RuleBook {
  private final WorkServices services;
  private final FencedDatabase database;
  private final DurableOutbox outbox;
  private final OutboxDelivery delivery;

  RuleBook(
      WorkServices services,
      FencedDatabase database,
      DurableOutbox outbox,
      OutboxDelivery delivery) {
    this.services = services;
    this.database = database;
    this.outbox = outbox;
    this.delivery = delivery;
  }

  /** The rules of the repository in which something happened. */
  Future<RuleFile> of(ForgeConnection connection, ForgeEvent event) {
    String path = services.forge(connection).rulesPath();
    return services
        .repository(
            connection, event.installation(), new RepositoryName(event.owner(), event.repository()))
        .file(path)
        .compose(
            found -> {
              if (found.isEmpty()) {
                return Future.succeededFuture(RuleFile.NONE);
              }
              RuleFile file = RuleFileReader.read(text(found.get()));
              return file.faults().isEmpty()
                  ? Future.succeededFuture(file)
                  : tell(connection, event, found.get().object(), file.faults()).map(file);
            });
  }

  /** A forge may leave out the content of a large file, which is too long in any case. */
  private static String text(RepositoryFile file) {
    if (file.size() > 4L * RuleFileReader.LONGEST) {
      return "#".repeat(RuleFileReader.LONGEST + 1);
    }
    return new String(Base64.getMimeDecoder().decode(file.base64()), StandardCharsets.UTF_8);
  }

  private Future<Void> tell(
      ForgeConnection connection, ForgeEvent event, String object, List<RuleFault> faults) {
    String path = services.forge(connection).rulesPath();
    WorkComment comment =
        new WorkComment(
            event.installation(),
            event.owner(),
            event.repository(),
            event.repositoryId(),
            event.number(),
            event.isAboutPull(),
            0,
            words(path, faults));
    String lane = WorkItem.lane(connection.id(), event.repositoryId(), event.number());
    return database
        .change(
            sql ->
                sql.preparedQuery(
                        """
                        INSERT INTO told_fault (connection_id, repository_id, object)
                        VALUES (?, ?, ?) ON CONFLICT DO NOTHING
                        """)
                    .execute(Tuple.of(connection.id(), event.repositoryId(), object))
                    .compose(
                        inserted ->
                            inserted.rowCount() == 0
                                ? Future.succeededFuture(false)
                                : outbox
                                    .put(
                                        sql,
                                        connection.id(),
                                        lane,
                                        "rules:" + object,
                                        comment.toJson())
                                    .map(true)))
        .onSuccess(
            isNew -> {
              if (isNew) {
                delivery.wake(lane);
              }
            })
        .mapEmpty();
  }

  private static String words(String path, List<RuleFault> faults) {
    StringBuilder words =
        new StringBuilder(
            "⚠️ I cannot use `%s` of the default branch. Until it is right I follow no rule of it,"
                + " and my agents get no permission.\n".formatted(path));
    faults.forEach(
        fault -> words.append("\n- Line %d: %s".formatted(fault.line(), fault.sentence())));
    return words.toString();
  }
}
