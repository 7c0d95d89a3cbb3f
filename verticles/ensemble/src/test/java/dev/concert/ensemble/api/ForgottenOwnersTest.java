package dev.concert.ensemble.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.credit.CreditMessages.ForgetUsage;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.AccessControlOptions;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.key.ApiKey;
import dev.concert.ensemble.key.CreatedKey;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.testing.Await;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is stored for a key that was revoked, or for a tenant that was deleted, goes at once. */
class ForgottenOwnersTest {
  @TempDir private Path folder;
  private final Upstream upstream = new Upstream();
  private RunningEnsemble ensemble;
  private KeyStore keys;

  @BeforeEach
  void start() {
    upstream.events(
        Upstream.data(
            Upstream.text("Yes."), Upstream.finish("stop"), Upstream.usage(10, 0, 2), "[DONE]"));
    EnsembleOptions options =
        new EnsembleOptions(
            "127.0.0.1",
            0,
            Optional.empty(),
            List.of(RunningEnsemble.KEY),
            List.of(upstream.options()),
            Duration.ZERO);
    ensemble =
        new RunningEnsemble(
            options
                .withLedger(folder.resolve("ledger.db"))
                .withControl(AccessControlOptions.NONE.withKeysFile(folder.resolve("keys.db"))));
    keys = new KeyStore(folder.resolve("keys.db"), Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    keys.close();
    ensemble.close();
    upstream.close();
  }

  private CreatedKey key() {
    String customer = keys.addCustomer("Acme", "ops@acme.example", Optional.empty()).id();
    return keys.addKey(
        customer,
        new KeySettings(
            "ci", Optional.empty(), RateLimit.NONE, Optional.empty(), Optional.empty()));
  }

  private static void store(EnsembleClient client) {
    HttpResponse<String> answer =
        client.post("/v1/responses", "{\"model\":\"real\",\"input\":\"remember me\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private long rows(String file, String table) {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(file));
        Statement select = connection.createStatement();
        ResultSet row = select.executeQuery("SELECT COUNT(*) FROM " + table)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aRevokedKeysResponsesGoAndThoseOfOthersStay() {
    CreatedKey revoked = key();
    store(ensemble.client(revoked.secret()));
    store(ensemble.client());
    assertThat(rows("ledger.db.responses.db", "responses")).isEqualTo(2);
    Await.until("both are in the ledger", () -> rows("ledger.db", "answers") == 2);

    keys.set(revoked.key().id(), ApiKey.Status.REVOKED);

    Await.until("one is gone", () -> rows("ledger.db.responses.db", "responses") == 1);
    Await.until("also from the ledger", () -> rows("ledger.db", "answers") == 1);
    assertThat(rows("ledger.db.responses.db", "items")).isEqualTo(1);
  }

  @Test
  void aDisabledKeyKeepsItsResponses() {
    CreatedKey disabled = key();
    CreatedKey revoked = key();
    store(ensemble.client(disabled.secret()));
    store(ensemble.client(revoked.secret()));

    keys.set(disabled.key().id(), ApiKey.Status.DISABLED);
    keys.set(revoked.key().id(), ApiKey.Status.REVOKED);

    Await.until(
        "the revoked one's is gone", () -> rows("ledger.db.responses.db", "responses") == 1);
  }

  @Test
  void theResponsesOfADeletedTenantsAgentsGo() {
    store(ensemble.client(ensemble.open("agent_7").token()));
    store(ensemble.client());

    RunningEnsemble.await(
        ensemble
            .bus()
            .request(Addresses.FORGET_USAGE, new ForgetUsage("tenant-1"), Duration.ofMinutes(1)));

    assertThat(rows("ledger.db.responses.db", "responses")).isEqualTo(1);
  }
}
