package dev.concert.automations.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.automation.AutomationTask;
import dev.concert.automations.store.AutomationRow;
import dev.concert.automations.store.RunRow;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.text.OneLine;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Brings a run to its turn: the session first, then the turn in it, each stored before the next.
 * Both can be repeated after a crash: a session says of which run it is, and a turn has the run's
 * id as its own.
 */
final class RunStart {
  private static final int SEARCHED = 500;

  private final RunServices services;
  private final AutomationRow automation;
  private final SessionFiles files;
  private final RepositoryClone clone;

  RunStart(RunServices services, AutomationRow automation) {
    this.services = services;
    this.automation = automation;
    this.files = new SessionFiles(services.bus());
    this.clone = new RepositoryClone(services, automation);
  }

  /**
   * A turn that runs.
   *
   * @param seq number of the last event before it
   */
  record StartedTurn(String sessionId, String turnId, long seq) {}

  /** The turn of the run, which was or is started. */
  Future<StartedTurn> turn(RunRow run) {
    if (run.sessionId().isPresent() && run.turnId().isPresent()) {
      return Future.succeededFuture(
          new StartedTurn(run.sessionId().get(), run.turnId().get(), run.turnSeq()));
    }
    return session(run).compose(session -> begin(run, session));
  }

  private Future<String> session(RunRow run) {
    if (run.sessionId().isPresent()) {
      return Future.succeededFuture(run.sessionId().get());
    }
    String given = automation.task().sessionId();
    Future<String> session =
        given != null
            ? Future.succeededFuture(given)
            // Only a run that began before may have made one.
            : (run.state() == RunRow.State.QUEUED
                    ? Future.succeededFuture(Optional.<String>empty())
                    : made(run))
                .compose(found -> found.map(Future::succeededFuture).orElseGet(() -> create(run)));
    return session
        .compose(id -> bringFiles(run, id).map(id))
        .compose(id -> services.runs().inSession(run.id(), id).map(id));
  }

  /** The session that this run made before a crash. */
  private Future<Optional<String>> made(RunRow run) {
    return call("list_sessions", GatewayClient.request().put("limit", SEARCHED))
        .map(
            list -> {
              for (JsonNode session : list.path("sessions")) {
                if (session.path("metadata").path("runId").asText().equals(run.id())) {
                  return Optional.of(session.path("id").asText());
                }
              }
              return Optional.empty();
            });
  }

  private Future<String> create(RunRow run) {
    AutomationTask task = automation.task();
    ObjectNode request =
        GatewayClient.request()
            .put("agentType", task.agentType() == null ? services.agentType() : task.agentType())
            .put("name", OneLine.of(automation.name(), RunServices.LONGEST_NAME))
            .put("visibility", task.visibility() == null ? "private" : task.visibility());
    if (task.model() != null) {
      request.put("model", task.model());
    }
    request
        .putObject("metadata")
        .put("kind", "automation")
        .put("automationId", automation.id())
        .put("runId", run.id());
    return call("create_session", request).map(made -> made.path("session").path("id").asText());
  }

  /** Before the session is stored, so that a crash repeats it: it does no harm then. */
  private Future<Void> bringFiles(RunRow run, String session) {
    return automation
        .task()
        .repository()
        .map(one -> clone.of(run, one).map(Optional::of))
        .orElseGet(() -> Future.succeededFuture(automation.task().sourceSession()))
        .compose(
            source -> source.map(id -> copy(run, id, session)).orElseGet(Future::succeededFuture));
  }

  private Future<Void> copy(RunRow run, String source, String session) {
    // The gateway says whether the owner may read it.
    return call("get_session", GatewayClient.request().put("sessionId", source))
        .compose(_ -> files.copy(SessionFiles.of(source), SessionFiles.of(session)))
        .compose(
            sequence -> services.runs().beganWith(run.id(), new RunRow.Origin(source, sequence)));
  }

  private Future<StartedTurn> begin(RunRow run, String session) {
    return services.runs().payload(run).compose(payload -> begin(run, session, payload));
  }

  private Future<StartedTurn> begin(RunRow run, String session, Optional<String> payload) {
    ObjectNode request =
        GatewayClient.request()
            .put("sessionId", session)
            .put("text", RunPrompt.of(automation, payload))
            .put("clientTurnId", run.id());
    return call("run_turn", request)
        .map(
            started ->
                new StartedTurn(
                    session,
                    started.path("turnId").asText(),
                    Math.max(0, started.path("seq").asLong() - 1)))
        .compose(turn -> services.runs().inTurn(run.id(), turn.turnId(), turn.seq()).map(turn));
  }

  private Future<JsonNode> call(String operation, ObjectNode request) {
    return services.gateway().call(services.tenantId(), automation.owner(), operation, request);
  }
}
