package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.testing.RequiresRoot;
import dev.concert.testing.SmallDisk;
import dev.concert.testing.log.ExpectedLog;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway's disk is full: who is refused reads why, and sends it again later. */
@RequiresRoot("mounts a small disk")
@ExpectedLog(
    logger = "dev.concert.error.DiskFailure",
    message = "The disk is full or fails: \\[SQLITE_FULL")
class GatewayFullDiskTest {
  /** What is in the log of a database already may be written over. */
  private static final int TRIES = 300;

  @TempDir private Path data;
  private SmallDisk disk;

  @BeforeEach
  void mount() {
    disk = SmallDisk.at(data, 16);
  }

  @AfterEach
  void unmount() {
    disk.close();
  }

  @Test
  void aWriteOverHttpIsRefusedUntilThereIsRoomAndIsDoneOnceWithItsKey() {
    try (RunningGateway gateway = RunningGateway.start(data)) {
      ApiClient api = new ApiClient(gateway.port);
      api.createSession();
      disk.fill();
      HttpResponse<String> refused = null;
      int number = 0;
      do {
        refused = create(api, ++number);
      } while (refused.statusCode() == 201 && number < TRIES);
      JsonNode problem = ApiClient.json(refused, 503);
      assertThat(problem.path("code").asText()).isEqualTo("STORAGE_UNAVAILABLE");
      assertThat(problem.path("detail").asText())
          .isEqualTo(
              "The server's disk is full or fails. Send it again after the named time; an operator"
                  + " has to make room on the disk.");
      assertThat(refused.headers().firstValue("Retry-After")).contains("30");

      disk.makeRoom();
      String id = id(create(api, number));
      assertThat(id(create(api, number))).isEqualTo(id);
    }
  }

  private static HttpResponse<String> create(ApiClient api, int number) {
    return api.post(
        "/api/sessions",
        "{'agentType':'echo','name':'%s'}".formatted("n".repeat(100)),
        "Idempotency-Key",
        "key-" + number);
  }

  private static String id(HttpResponse<String> created) {
    return ApiClient.json(created, 201).path("session").path("id").asText();
  }

  @Test
  void aTurnAndALinkAreRefusedAndTheSessionGoesOnWhenThereIsRoom() {
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client(2)) {
      String session = client.createSession();
      disk.fill();
      String of = ",'sessionId':'" + session + "'";
      assertRefused(() -> client.request("{'type':'create_share'" + of + "}"));
      assertRefused(
          () ->
              client.request(
                  "{'type':'run_turn','text':'%s'%s}".formatted("x".repeat(100_000), of)));

      disk.makeRoom();
      JsonNode turn = client.request("{'type':'run_turn','text':'now'" + of + "}");
      assertThat(turn.path("type").asText()).isEqualTo("turn_started");
      assertThat(client.request("{'type':'create_share'" + of + "}").path("path").asText())
          .startsWith("/shared/");
    }
  }

  private static void assertRefused(Supplier<JsonNode> request) {
    JsonNode refusal =
        IntStream.range(0, TRIES)
            .mapToObj(_ -> request.get())
            .filter(reply -> reply.path("type").asText().equals("error"))
            .findFirst()
            .orElseThrow();
    assertThat(refusal.path("code").asText()).isEqualTo("STORAGE_UNAVAILABLE");
    assertThat(refusal.path("retryAfterMs").asLong()).isPositive();
  }
}
