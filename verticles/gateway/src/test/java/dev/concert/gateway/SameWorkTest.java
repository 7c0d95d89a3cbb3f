package dev.concert.gateway;

import static dev.concert.gateway.TenantTokens.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.contract.ApiOperation;
import dev.concert.contract.ContractTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What belongs to another tenant takes the same work as what does not exist: the time of an answer
 * tells nothing. The work is compared, not the time.
 */
class SameWorkTest {
  private static final String MISSING = "00000000-0000-0000-0000-000000000000";

  @TempDir Path data;

  /** What a request caused: requests on the bus, and databases that are open afterwards. */
  private record Work(List<String> requests, Set<String> databases) {}

  @Test
  void aSessionOfAnotherTenantTakesTheWorkOfOneThatDoesNotExist() {
    try (TenantTokens tokens = new TenantTokens(data)) {
      tokens.createTenant("acme");
      tokens.createTenant("other");
      String session;
      try (RunningGateway gateway = RunningGateway.start(data, tokens);
          TestClient owner = TestClient.connectAs(gateway.port, token("acme", "owner"))) {
        session = owner.createSession();
      }
      // Anew, so that nothing of the session is in memory.
      try (RunningGateway gateway = RunningGateway.start(data, tokens)) {
        List<String> requests = new CopyOnWriteArrayList<>();
        gateway
            .vertx
            .eventBus()
            .addOutboundInterceptor(
                sent -> {
                  String operation = sent.message().headers().get("operation");
                  if (operation != null) {
                    requests.add(sent.message().address() + " " + operation);
                  }
                  sent.next();
                });
        work(gateway, requests, ContractTable.GET_HISTORY, MISSING);
        List<ApiOperation<?, ?>> rows =
            ContractTable.rows().stream()
                .filter(row -> !row.planned() && row.http().isPresent())
                .filter(ContractRequests::isAboutSessions)
                .collect(Collectors.toList());
        for (ApiOperation<?, ?> row : rows) {
          assertThat(work(gateway, requests, row, session))
              .as(row.name())
              .isEqualTo(work(gateway, requests, row, MISSING));
        }
      }
    }
  }

  private Work work(
      RunningGateway gateway, List<String> requests, ApiOperation<?, ?> row, String session) {
    requests.clear();
    assertThat(
            ContractRequests.overHttp(
                    gateway.port,
                    row,
                    ContractRequests.example(row, session),
                    token("other", "owner"))
                .body())
        .contains("SESSION_NOT_FOUND");
    return new Work(List.copyOf(requests), OpenDatabases.below(data));
  }
}
