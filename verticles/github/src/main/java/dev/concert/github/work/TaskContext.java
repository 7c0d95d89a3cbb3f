package dev.concert.github.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.github.api.ForgeRepository;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.forge.Forge;
import io.vertx.core.Future;

/** What the steps of a task share: whose it is, and what they call. */
record TaskContext(
    String tenantId,
    WorkServices services,
    WorkStore store,
    AgentPushes pushes,
    IssueQuestions questions,
    ForgeConnection connection) {

  ItemGit git() {
    return new ItemGit(services, tenantId, connection);
  }

  TransferredFiles files(WorkItem item, WorkTask task) {
    return new TransferredFiles(
        services.workers(),
        services.bus(),
        tenantId,
        () -> member(task),
        item.session().orElseThrow());
  }

  /** In whose name a task is done now. */
  Future<String> member(WorkTask task) {
    return services.member(connection, task.requesterId());
  }

  ForgeRepository repository(WorkItem item) {
    return services.repository(connection, item.installation(), item.repository());
  }

  Forge forge() {
    return services.forge(connection);
  }

  WorkReport report() {
    return new WorkReport(services.page(), forge());
  }

  /** Calls the gateway in the name of whose task it is. */
  Future<JsonNode> call(WorkTask task, String operation, ObjectNode request) {
    return member(task)
        .compose(userId -> services.gateway().call(tenantId, userId, operation, request));
  }

  /** The same again would end the same. */
  static <T> Future<T> refused(String sentence) {
    return Future.failedFuture(new ConcertException(ErrorCode.INVALID_MESSAGE, sentence));
  }
}
