package dev.concert.automations.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.automation.AutomationTask.Check;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.json.Json;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at a workspace after the agent has ended its turn. The platform does, so that an agent that
 * claims success is not believed.
 */
final class WorkspaceChecks {
  private final GatewayClient gateway;
  private final String tenantId;
  private final String userId;

  WorkspaceChecks(GatewayClient gateway, String tenantId, String userId) {
    this.gateway = gateway;
    this.tenantId = tenantId;
    this.userId = userId;
  }

  /** A sentence for each check that does not hold. */
  Future<List<String>> faults(String sessionId, List<Check> checks) {
    List<String> faults = new ArrayList<>();
    Future<Void> all = Future.succeededFuture();
    for (Check check : checks) {
      all =
          all.compose(_ -> fault(sessionId, check))
              .map(
                  fault -> {
                    fault.ifPresent(faults::add);
                    return null;
                  });
    }
    return all.map(faults);
  }

  private Future<Optional<String>> fault(String sessionId, Check check) {
    return gateway
        .call(
            tenantId,
            userId,
            "read_file",
            GatewayClient.request().put("sessionId", sessionId).put("path", check.path()))
        .map(file -> fault(check, file.path("content").asText()))
        .recover(
            failure ->
                Problem.of(failure).code() == ErrorCode.FILE_NOT_FOUND
                    ? Future.succeededFuture(
                        Optional.of("The file " + check.path() + " is not there."))
                    : Future.failedFuture(failure));
  }

  private static Optional<String> fault(Check check, String content) {
    return switch (check.kind()) {
      case FILE -> Optional.empty();
      case TEXT ->
          content.contains(check.expected())
              ? Optional.empty()
              : Optional.of(
                  "The file %s does not contain '%s'.".formatted(check.path(), check.expected()));
      case JSON -> jsonFault(check, content);
    };
  }

  private static Optional<String> jsonFault(Check check, String content) {
    try {
      JsonNode json = Json.MAPPER.readTree(content);
      return json.has(check.expected())
          ? Optional.empty()
          : Optional.of("The file %s has no field '%s'.".formatted(check.path(), check.expected()));
    } catch (JsonProcessingException e) {
      return Optional.of("The file %s is not JSON.".formatted(check.path()));
    }
  }
}
