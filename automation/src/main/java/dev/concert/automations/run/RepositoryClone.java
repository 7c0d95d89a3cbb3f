package dev.concert.automations.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.automation.AutomationPolicy;
import dev.concert.automation.RunWorkspace;
import dev.concert.automations.store.AutomationRow;
import dev.concert.automations.store.RunRow;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.text.OneLine;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;

/**
 * Clones a repository for a run, as a person does on the page: by a command in the sandbox of a
 * session, which reaches only what the egress policy allows. The session stays, with the files that
 * the run began with. Each step can be repeated. Non-blocking.
 */
final class RepositoryClone {
  /** It runs commands that begin with {@code /run}. */
  private static final String AGENT = "coding-agent";

  private static final String RAN = "The command ran.";
  private static final int MAX_SECONDS = 900;
  private static final int SEARCHED = 500;

  private final RunServices services;
  private final AutomationRow automation;

  RepositoryClone(RunServices services, AutomationRow automation) {
    this.services = services;
    this.automation = automation;
  }

  /** The session that has the repository. */
  Future<String> of(RunRow run, RunWorkspace repository) {
    Instant deadline = services.clock().instant().plusSeconds(MAX_SECONDS);
    return made(run)
        .compose(found -> found.map(Future::succeededFuture).orElseGet(() -> create(run)))
        .compose(
            session ->
                begin(run, repository, session)
                    .compose(
                        turn ->
                            services
                                .events(
                                    automation.owner(),
                                    session,
                                    new TurnWatch(turn, AutomationPolicy.DEFAULT),
                                    deadline)
                                .untilEnd(_ -> Future.succeededFuture()))
                    .compose(watch -> checked(watch, repository, session)));
  }

  /** The session that an attempt before a crash made. */
  private Future<Optional<String>> made(RunRow run) {
    return call("list_sessions", GatewayClient.request().put("limit", SEARCHED))
        .map(
            list -> {
              for (JsonNode session : list.path("sessions")) {
                if (session.path("metadata").path("cloneFor").asText().equals(run.id())) {
                  return Optional.of(session.path("id").asText());
                }
              }
              return Optional.empty();
            });
  }

  private Future<String> create(RunRow run) {
    ObjectNode request =
        GatewayClient.request()
            .put("agentType", AGENT)
            .put("name", OneLine.of("Clone: " + automation.name(), RunServices.LONGEST_NAME))
            .put("visibility", "private");
    request
        .putObject("metadata")
        .put("kind", "automation_clone")
        .put("automationId", automation.id())
        .put("cloneFor", run.id());
    return call("create_session", request).map(made -> made.path("session").path("id").asText());
  }

  /** The address and the name have no character that means something to the shell. */
  private Future<String> begin(RunRow run, RunWorkspace repository, String session) {
    String branch = repository.ref() == null ? "" : " --branch '%s'".formatted(repository.ref());
    return call(
            "run_turn",
            GatewayClient.request()
                .put("sessionId", session)
                .put(
                    "text",
                    "/run GIT_TERMINAL_PROMPT=0 git -c protocol.allow=never"
                        + " -c protocol.https.allow=always clone%s -- '%s' ."
                            .formatted(branch, repository.url()))
                .put("clientTurnId", run.id() + ":clone"))
        .map(turn -> turn.path("turnId").asText());
  }

  private static Future<String> checked(TurnWatch watch, RunWorkspace repository, String session) {
    return watch.end().filter(end -> end.error().isEmpty()).isPresent() && watch.text().equals(RAN)
        ? Future.succeededFuture(session)
        : Future.failedFuture(
            new ConcertException(
                ErrorCode.INVALID_MESSAGE,
                "%s could not be cloned. Session %s shows why."
                    .formatted(repository.url(), session)));
  }

  private Future<JsonNode> call(String operation, ObjectNode request) {
    return services.gateway().call(services.tenantId(), automation.owner(), operation, request);
  }
}
