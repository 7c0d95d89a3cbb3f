package dev.concert.platform.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.concert.bus.BusCodecs;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.tenant.Tenants;
import dev.concert.testing.TestIssuer;
import dev.concert.testing.vendor.AnthropicWire;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The real program with tenants that are billed: an OpenID provider signs their owners in, and a
 * played vendor answers with a model that has prices. A call costs {@link #CALL}. What the vendor
 * is asked does not change when the server dies and is started again.
 */
public final class BilledServer implements AutoCloseable {
  /** 100 tokens at a dollar, and 1,000 at ten dollars a million. */
  public static final BigDecimal CALL = new BigDecimal("0.0101");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Vertx vertx = Vertx.vertx();
  private final TestIssuer issuer;
  private final FakeVendor vendor = new FakeVendor(new AnthropicWire());
  private final Path data;
  private final Path config;
  private ServerProcess server;

  /**
   * @param folder for the data and the configuration
   * @param tenants that are created, each with one owner
   */
  public BilledServer(Path folder, List<String> tenants) {
    BusCodecs.register(vertx);
    issuer = TestIssuer.start(vertx);
    data = folder.resolve("data");
    Registries registries = new Registries(vertx, data.resolve("tenants"));
    tenants.forEach(
        tenant ->
            await(
                new Tenants(registries)
                    .create(tenant, tenant, "owner-" + tenant + "@example.com")));
    await(registries.close());
    config = write(folder.resolve("concert.yaml"));
    start();
  }

  private Path write(Path file) {
    try {
      return Files.writeString(
          file,
          """
          gateway:
            auth: {issuer: "%s", audience: "%s"}
          coordinator:
            maxTokens: 1000
          ensemble:
            demoDelayMs: 1
            providers:
              - name: played
                type: anthropic
                baseUrl: %s
                apiKeyEnv: PLAYED_API_KEY
                models:
                  - {id: played, contextWindow: 100000, maxOutputTokens: 1000, inputPrice: "1", outputPrice: "10"}
          """
              .formatted(issuer.url(), TestIssuer.AUDIENCE, vendor.url()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Starts the program on what is there. */
  public void start() {
    server =
        ServerProcess.start(
            "up", data, Map.of("PLAYED_API_KEY", FakeVendor.KEY), "--config", config.toString());
  }

  /** {@code kill -9}. */
  public void kill() {
    server.kill();
  }

  public FakeVendor vendor() {
    return vendor;
  }

  /** An answer of the model that uses a tool, so that the agent asks again. */
  public static FakeAnswer goesOn(int number) {
    return FakeAnswer.text("looking")
        .withCall("c" + number, "list_files", "{\"path\": \".\"}")
        .withUsage(new FakeAnswer.Usage(100, 0, 0, 1000, 0));
  }

  /** An answer of the model that ends the turn. */
  public static FakeAnswer ends() {
    return FakeAnswer.text("done").withUsage(new FakeAnswer.Usage(100, 0, 0, 1000, 0));
  }

  /** The owner of a tenant, connected. */
  public ProtocolClient owner(String tenant) {
    return ProtocolClient.connect(server.url(), token(tenant));
  }

  private String token(String tenant) {
    return issuer.token("owner-" + tenant, tenant);
  }

  /** Switches billing on for a tenant, with this balance. */
  public void bill(String tenant, String balance) {
    ask(
        tenant,
        "POST",
        "/api/billing/top-ups",
        "{\"amount\":\"%s\",\"idempotencyKey\":\"first\"}".formatted(balance));
    ask(tenant, "PUT", "/api/billing/limits", "{}");
  }

  /** The account of a tenant. */
  public JsonNode account(String tenant) {
    return ask(tenant, "GET", "/api/billing", "");
  }

  public boolean isSettled(String tenant) {
    return account(tenant).path("reserved").asText().equals("0");
  }

  private JsonNode ask(String tenant, String method, String path, String body) {
    try {
      HttpResponse<String> response =
          HTTP.send(
              HttpRequest.newBuilder(URI.create(server.url() + path))
                  .header("Authorization", "Bearer " + token(tenant))
                  .method(method, HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode())
          .as("%s %s: %s", method, path, response.body())
          .isLessThan(300);
      return JSON.readTree(response.body());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(method + " " + path, e);
    }
  }

  /** What a call cost, by the usage ledger of Ensemble. */
  public record LedgerCall(String turnId, boolean ended, BigDecimal cost) {}

  /** The calls of a tenant in the usage ledger of Ensemble. */
  public List<LedgerCall> calls(String tenant) {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve("ledger.db"));
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT turn_id, ended_ms, cost FROM calls WHERE customer_id = ?")) {
      select.setString(1, tenant);
      List<LedgerCall> calls = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          calls.add(
              new LedgerCall(
                  row.getString(1), row.getString(2) != null, new BigDecimal(row.getString(3))));
        }
      }
      return calls;
    } catch (SQLException e) {
      throw new AssertionError("The usage ledger cannot be read", e);
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.close();
    vendor.close();
    await(vertx.close());
  }
}
