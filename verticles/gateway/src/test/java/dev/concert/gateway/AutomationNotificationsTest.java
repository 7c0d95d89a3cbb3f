package dev.concert.gateway;

import static dev.concert.gateway.TenantTokens.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.automation.AutomationMessages.AutomationNews;
import dev.concert.automation.AutomationMessages.InboxItem;
import dev.concert.automation.AutomationMessages.Run;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.ConcertBus;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is told of automations, and of whose. */
class AutomationNotificationsTest {
  private static final Run RUN =
      new Run("run_1", "auto_1", "starting", 1, "s", 1L, null, "0", "", null, null);
  private static final InboxItem ITEM =
      new InboxItem(
          "item_1", "auto_1", "run_1", "s", "result", "info", "new", null, "Done", "x", 1, 1);

  @TempDir Path data;

  private static AutomationNews news(String tenant, String type, Run run, InboxItem item) {
    return new AutomationNews(tenant, type, "developer", "auto_1", null, run, null, item);
  }

  private static TestClient as(RunningGateway gateway, String tenant, String user) {
    return TestClient.connectAs(gateway.port, token(tenant, user));
  }

  private static TestClient ofVersion1(RunningGateway gateway, String tenant, String user) {
    TestClient client = TestClient.connectOnly(gateway.port);
    client.send("{'type':'authenticate','token':'" + token(tenant, user) + "'}");
    client.next("authenticated");
    return client;
  }

  /** What came before the answer to this. */
  private static String told(TestClient client) {
    client.request("{'type':'ping'}");
    return client.everything();
  }

  @Test
  void ownersAreToldOfTheirOwnAndManagersOfEverythingButInboxes() {
    TenantTokens tokens = new TenantTokens(data);
    tokens.createTenant("acme", "developer", "viewer");
    tokens.createTenant("other", "developer");
    try (RunningGateway gateway = RunningGateway.start(data, tokens);
        TestClient developer = as(gateway, "acme", "developer");
        TestClient owner = as(gateway, "acme", "owner");
        TestClient viewer = as(gateway, "acme", "viewer");
        TestClient old = ofVersion1(gateway, "acme", "developer");
        TestClient stranger = as(gateway, "other", "developer")) {
      ConcertBus bus = new ConcertBus(gateway.vertx);
      bus.publish(AutomationAddresses.NEWS, news("acme", "automation.run_started", RUN, null));
      bus.publish(AutomationAddresses.NEWS, news("acme", "inbox.item_created", null, ITEM));
      bus.publish(AutomationAddresses.NEWS, news("acme", "automation.deleted", null, null));

      JsonNode started = developer.next("automation.run_started");
      assertThat(started.path("run").path("runId").asText()).isEqualTo("run_1");
      assertThat(developer.next("inbox.item_created").path("item").path("title").asText())
          .isEqualTo("Done");
      assertThat(developer.next("automation.deleted").path("automationId").asText())
          .isEqualTo("auto_1");
      owner.next("automation.run_started");
      assertThat(owner.next("automation.deleted")).isNotNull();
      assertThat(told(viewer) + told(old) + told(stranger)).doesNotContain("automation.", "inbox.");
      assertThat(told(owner)).doesNotContain("inbox");
    } finally {
      tokens.close();
    }
  }
}
