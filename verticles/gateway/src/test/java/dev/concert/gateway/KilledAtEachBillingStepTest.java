package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.testing.Await;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The gateway dies at each step of a billed turn: a second one starts on the files as they are
 * then, with the usage ledger as it is then.
 */
class KilledAtEachBillingStepTest {
  @TempDir private Path folder;
  private final FakeEnsemble ensemble = new FakeEnsemble();
  private final Promise<Void> held = Promise.promise();

  /** The step after which the gateway dies. */
  enum Step {
    /** The credit is reserved; Ensemble does not know it yet. */
    RESERVED,
    /** The turn has begun and its agent has the message. */
    BEGUN,
    CALLED,
    EXTENDED,
    /** The turn is over; Ensemble was not asked yet what it cost. */
    ENDED,
    SETTLED
  }

  @ParameterizedTest
  @EnumSource
  void theNextStartSettlesWhatIsLeft(Step step) {
    Path data = folder.resolve("data");
    Path dead = folder.resolve("dead");
    String session;
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client()) {
      ensemble.on(gateway.vertx);
      session = client.createSession();
      client.join(session);
      bill(new ApiClient(gateway.port));
      reach(step, gateway, client, session);
      copy(data, dead);
      held.tryComplete();
    }

    BigDecimal spent = ensemble.spent();
    try (RunningGateway gateway = RunningGateway.start(dead);
        TestClient client = gateway.client()) {
      ensemble.on(gateway.vertx);
      ApiClient api = new ApiClient(gateway.port);
      String left = new BigDecimal("1").subtract(spent).stripTrailingZeros().toPlainString();
      Await.until(() -> isSettled(api, left));
      assertThat(statement(api, "settle")).isEqualByComparingTo(spent);

      client.join(session);
      String turn = client.runTurn(session, "on we go");
      RunningGateway.await(ensemble.call("dev", turn, "0.1"));
      Await.until(() -> !gateway.podium.delivered.isEmpty());
      gateway.podium.complete("agent_" + session, turn, "done");
      client.next("turn_complete");
      String after = new BigDecimal(left).subtract(new BigDecimal("0.1")).toPlainString();
      Await.until(() -> isSettled(api, after));
    }
  }

  private void reach(Step step, RunningGateway gateway, TestClient client, String session) {
    if (step == Step.RESERVED) {
      ensemble.beforeAllowance = held::future;
      client.send("{'type':'run_turn','sessionId':'" + session + "','text':'go'}");
      ApiClient api = new ApiClient(gateway.port);
      Await.until(() -> !account(api).path("reserved").asText().equals("0"));
      return;
    }
    String turn = client.runTurn(session, "go");
    Await.until(() -> !gateway.podium.delivered.isEmpty());
    if (step.compareTo(Step.CALLED) >= 0) {
      RunningGateway.await(ensemble.call("dev", turn, "0.001"));
    }
    if (step.compareTo(Step.EXTENDED) >= 0) {
      RunningGateway.await(ensemble.call("dev", turn, "0.3"));
    }
    if (step.compareTo(Step.ENDED) >= 0) {
      ensemble.beforeCalls = step == Step.ENDED ? held::future : ensemble.beforeCalls;
      gateway.podium.complete("agent_" + session, turn, "done");
      client.next("turn_complete");
    }
    if (step == Step.SETTLED) {
      Await.until(() -> isSettled(new ApiClient(gateway.port), "0.699"));
    }
  }

  private static void bill(ApiClient api) {
    ApiClient.json(
        api.post("/api/billing/top-ups", "{'amount':'1','idempotencyKey':'first'}"), 200);
    ApiClient.json(api.send("PUT", "/api/billing/limits", "{}"), 200);
  }

  private static JsonNode account(ApiClient api) {
    return ApiClient.json(api.get("/api/billing"), 200);
  }

  private static boolean isSettled(ApiClient api, String balance) {
    JsonNode account = account(api);
    return account.path("reserved").asText().equals("0")
        && new BigDecimal(account.path("balance").asText()).compareTo(new BigDecimal(balance)) == 0;
  }

  private static BigDecimal statement(ApiClient api, String kind) {
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode entry : ApiClient.json(api.get("/api/billing/statement"), 200).path("entries")) {
      if (entry.path("kind").asText().equals(kind)) {
        sum = sum.add(new BigDecimal(entry.path("amount").asText()));
      }
    }
    return sum;
  }

  /** What {@code kill -9} leaves: what was written, whether or not a database was closed. */
  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
