package dev.concert.gateway;

import static dev.concert.gateway.TenantTokens.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.RepositoryEvent.BranchPushed;
import dev.concert.protocol.RepositoryEvent.EventOrigin;
import dev.concert.repository.RepositoryMessages.IssueComment;
import dev.concert.repository.RepositoryMessages.RepositoryNews;
import io.vertx.core.Future;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is told what happens in repositories, and what is noted of what members write there. */
class RepositoryNotificationsTest {
  @TempDir Path data;

  private static RepositoryNews push(String tenant) {
    EventOrigin origin = new EventOrigin("c1", "d1", "ada/engine", "bob", false);
    return new RepositoryNews(
        tenant,
        "github.push",
        EventCodec.encode(new BranchPushed(origin, "main", "c0ffee", 1, "https://x"), null));
  }

  private static TestClient as(RunningGateway gateway, String tenant, String user) {
    return TestClient.connectAs(gateway.port, token(tenant, user));
  }

  /** What came before the answer to this. */
  private static String told(TestClient client) {
    client.request("{'type':'ping'}");
    return client.everything();
  }

  @Test
  void membersWhoReadSessionsAreToldAndNobodyElse() {
    TenantTokens tokens = new TenantTokens(data);
    tokens.createTenant("acme", "viewer", "guest", "developer");
    tokens.createTenant("other", "developer");
    try (RunningGateway gateway = RunningGateway.start(data, tokens);
        TestClient viewer = as(gateway, "acme", "viewer");
        TestClient guest = as(gateway, "acme", "guest");
        TestClient old = TestClient.connectOnly(gateway.port);
        TestClient stranger = as(gateway, "other", "developer")) {
      old.send("{'type':'authenticate','token':'" + token("acme", "developer") + "'}");
      old.next("authenticated");
      ConcertBus bus = new ConcertBus(gateway.vertx);
      bus.publish(
          GitHubAddresses.NEWS,
          new RepositoryNews("acme", "github.not_yet", "{\"type\":\"github.not_yet\"}"));
      bus.publish(GitHubAddresses.NEWS, push("acme"));

      assertThat(viewer.next("github.push").toString())
          .contains("\"branch\":\"main\"", "\"repository\":\"ada/engine\"");
      assertThat(told(guest) + told(old) + told(stranger)).doesNotContain("github.");
    } finally {
      tokens.close();
    }
  }

  @Test
  void whatAMemberWritesIsInTheAuditLog() {
    TenantTokens tokens = new TenantTokens(data);
    tokens.createTenant("acme", "developer", "viewer");
    try (RunningGateway gateway = RunningGateway.start(data, tokens);
        TestClient developer = as(gateway, "acme", "developer");
        TestClient viewer = as(gateway, "acme", "viewer");
        TestClient owner = as(gateway, "acme", "owner")) {
      new ConcertBus(gateway.vertx)
          .serve(
              GitHubAddresses.CREATE_COMMENT,
              wanted ->
                  Future.succeededFuture(
                      new IssueComment(
                          "7", wanted.number(), "https://x/" + wanted.in().tenantId())));
      String comment =
          "{'type':'create_github_comment','owner':'ada','repo':'engine','number':3,'body':'hi'}";

      assertThat(developer.request(comment).path("url").asText()).isEqualTo("https://x/acme");
      assertThat(viewer.request(comment).path("code").asText()).isEqualTo("FORBIDDEN");
      String audit = owner.request("{'type':'read_audit'}").toString();
      assertThat(audit).contains("github.comment_created", "ada/engine#3", "developer");
    } finally {
      tokens.close();
    }
  }
}
