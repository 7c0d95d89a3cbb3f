package dev.concert.github.work;

import dev.concert.github.api.ChangeRequest;
import dev.concert.github.api.ForgeException;
import dev.concert.github.api.ForgeRepository;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.rule.RulePermission;
import dev.concert.github.rule.RuleTerms;
import dev.concert.github.webhook.ForgeEvent;
import io.vertx.core.Future;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who may start work, and how much it may do. The forge is asked: what a payload says of a
 * person is not believed. What strangers wrote never reaches an agent that gets permissions.
 */
record WorkAdmission(String tenantId) {
  private static final Logger LOG = LoggerFactory.getLogger(WorkAdmission.class);

  /**
   * The most that work may do which the sender of an event starts; empty where it starts none.
   *
   * @param terms name people who may start work that only reads
   */
  Future<Optional<RulePermission>> of(
      ForgeRepository repository, ForgeEvent event, RuleTerms terms) {
    return repository
        .canWrite(event.sender())
        .map(
            may ->
                may
                    ? Optional.of(RulePermission.ALLOW)
                    : terms.names(event.sender())
                        ? Optional.of(RulePermission.READ)
                        : Optional.<RulePermission>empty())
        .compose(most -> seen(repository, event, most));
  }

  private Future<Optional<RulePermission>> seen(
      ForgeRepository repository, ForgeEvent event, Optional<RulePermission> most) {
    if (most.isEmpty()) {
      LOG.atInfo()
          .addKeyValue("tenantId", tenantId)
          .log("Somebody without write access asks for work: ignored");
    }
    return most.isEmpty() || event.subject().isEmpty()
        ? Future.succeededFuture(most)
        : repository
            .see(event.subject())
            .map(most)
            // What was deleted meanwhile cannot be looked at.
            .recover(
                failure ->
                    ForgeException.is(failure, 404)
                        ? Future.succeededFuture(most)
                        : Future.failedFuture(failure));
  }

  /** The most that work on an issue may do: what a stranger wrote gets no permission. */
  Future<RulePermission> ofIssue(
      ForgeConnection connection, ForgeRepository repository, ForgeEvent event) {
    String author = event.more().author();
    if (!connection.allowsTools() || author.isEmpty() || author.equals(event.sender())) {
      return Future.succeededFuture(RulePermission.ALLOW);
    }
    return repository.canWrite(author).map(may -> may ? RulePermission.ALLOW : RulePermission.DENY);
  }

  /** The most that a review may do: a fork's or stranger's code is only read. */
  static Future<RulePermission> ofPull(ForgeRepository repository, ChangeRequest pull) {
    return pull.isFork()
        ? Future.succeededFuture(RulePermission.READ)
        : repository
            .canWrite(pull.author())
            .map(may -> may ? RulePermission.ALLOW : RulePermission.READ);
  }
}
