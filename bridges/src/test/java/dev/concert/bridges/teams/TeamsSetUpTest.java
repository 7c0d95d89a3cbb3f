package dev.concert.bridges.teams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.platform.Account;
import dev.concert.error.Problem;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.testing.chat.FakeTeams;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which credentials make a bridge. */
class TeamsSetUpTest {
  private final Vertx vertx = Vertx.vertx();
  private final FakeTeams teams = new FakeTeams();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    teams.close();
  }

  private String verdict(URI login, String app, String password, String tenant) {
    TeamsPlatform platform =
        new TeamsPlatform(
            new ChatNetwork(vertx, OutboundProxies.NONE),
            new TeamsEndpoints(login, teams.openId(), teams.service(), login),
            new RateBudgets(vertx),
            InstantSource.system());
    return platform
        .verify(Map.of(), Map.of("appId", app, "appPassword", password, "tenantId", tenant))
        .map(Account::id)
        .otherwise(failure -> Problem.of(failure).code() + " " + Problem.of(failure).message())
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  @Test
  void anApplicationThatShowsItsPasswordProvesItsTenant() {
    String tenant = FakeTeams.tenant(1);
    assertThat(verdict(teams.login(), FakeTeams.app(1), FakeTeams.password(1), tenant))
        .isEqualTo(tenant);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 | played~password-2 | 1 | AADSTS7000215: Invalid client secret provided.
          1 | played~password-1 | 2 | was not found in the directory
          1 | played~password-1 | 9 | AADSTS90002: Tenant
          """)
  void whatMicrosoftRefusesIsSaidWithoutThePassword(
      int app, String password, int tenant, String sentence) {
    assertThat(verdict(teams.login(), FakeTeams.app(app), password, FakeTeams.tenant(tenant)))
        .startsWith("BRIDGE_REFUSED ")
        .contains(sentence)
        .doesNotContain(password, "Trace ID");
  }

  @Test
  void idsThatAreNoneAreNotSentAndADeadServiceIsNoRefusal() {
    String tenant = FakeTeams.tenant(1);
    assertThat(verdict(teams.login(), FakeTeams.app(1), "p", "contoso.onmicrosoft.com/../x"))
        .startsWith("BRIDGE_REFUSED The ids");
    assertThat(teams.tokenRequests()).isZero();
    assertThat(verdict(URI.create("http://127.0.0.1:1"), FakeTeams.app(1), "p", tenant))
        .isEqualTo("BRIDGES_UNAVAILABLE Microsoft does not answer now.");
  }
}
