package dev.concert.github.work;

import static dev.concert.testing.github.FakeGitHub.parameter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridge.BridgeMessages.ListBridges;
import dev.concert.bridge.GitHubAccountMessages.AppBegun;
import dev.concert.bridge.GitHubAccountMessages.AppConnected;
import dev.concert.bridge.GitHubAccountMessages.BeginApp;
import dev.concert.bridge.GitHubAccountMessages.BeginLink;
import dev.concert.bridge.GitHubAccountMessages.BindInstallation;
import dev.concert.bridge.GitHubAccountMessages.CompleteApp;
import dev.concert.bridge.GitHubAccountMessages.CompleteLink;
import dev.concert.bridge.GitHubAccountMessages.LinkBegun;
import dev.concert.bridge.GitHubAccountMessages.LinkState;
import dev.concert.bridge.GitHubAccountMessages.ReadLink;
import dev.concert.bridge.GitHubAccountMessages.RemoveLink;
import dev.concert.bus.GitHubAddresses;
import dev.concert.testing.Await;
import dev.concert.testing.github.FakeGitHub;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apps that GitHub makes, installations that are somebody's, and members who are people there. */
class GitHubAccountsTest {
  private static final String TENANT = GitHubUnderTest.TENANT;
  private static final String NOT_BEGUN = "This answer of GitHub belongs to nothing that you began";

  @TempDir private Path folder;
  private GitHubUnderTest world;
  private FakeGitHub github;

  @BeforeEach
  void start() {
    world = new GitHubUnderTest(folder);
    github = world.github;
  }

  @AfterEach
  void stop() {
    world.close();
  }

  /** GitHub makes an App, and sends the admin's browser back. */
  private CompleteApp made(String user) {
    AppBegun begun = world.ask(GitHubAddresses.BEGIN_APP, new BeginApp(TENANT, user, ""));
    String back = github.createApp(begun.url(), begun.manifest());
    return new CompleteApp(TENANT, user, parameter(back, "code"), parameter(back, "state"));
  }

  private String refusal(CompleteApp wanted) {
    return world.refusal(GitHubAddresses.COMPLETE_APP, wanted);
  }

  @Test
  void anAppComesFromAManifestOnceToTheMemberWhoBeganAndItsSecretsAreStoredEncrypted()
      throws Exception {
    AppBegun begun =
        world.ask(GitHubAddresses.BEGIN_APP, new BeginApp(TENANT, "admin", "acme-org"));
    assertThat(begun.url()).startsWith(github.web() + "/organizations/acme-org/settings/apps/new?");
    CompleteApp right = made("admin");

    assertThat(refusal(new CompleteApp(TENANT, "mallory", right.code(), right.state())))
        .startsWith(NOT_BEGUN);
    assertThat(refusal(new CompleteApp("other", "admin", right.code(), right.state())))
        .startsWith(NOT_BEGUN);
    assertThat(refusal(new CompleteApp(TENANT, "admin", "../../user", right.state())))
        .isEqualTo("This is no code of GitHub.");
    AppConnected app = world.ask(GitHubAddresses.COMPLETE_APP, right);
    assertThat(refusal(right)).startsWith(NOT_BEGUN);

    assertThat(app.installUrl()).endsWith("/apps/concert-bot/installations/new");
    world.connectedAs(app.bridge().connectionId());
    assertThat(world.deliver(FakeGitHub.delivery("ping", new JsonObject()))).isEqualTo(202);
    assertThat(world.ask(GitHubAddresses.LIST_APPS, new ListBridges("other")).bridges()).isEmpty();
    CompleteApp late = made("admin");
    world.clock.advance(Duration.ofMinutes(11));
    assertThat(refusal(late)).startsWith(NOT_BEGUN);
    CompleteApp unknown = made("admin");
    assertThat(refusal(new CompleteApp(TENANT, "admin", "unknown", unknown.state())))
        .isEqualTo("GitHub does not know this code any more. Begin again.");
    assertNoSecretIsReadable(FakeGitHub.CLIENT_SECRET, FakeGitHub.WEBHOOK_SECRET);
  }

  private LinkBegun beginOnDevice(String user) {
    return world.ask(GitHubAddresses.BEGIN_LINK, new BeginLink(TENANT, user, "", true));
  }

  private LinkState read(String tenant, String user) {
    return world.ask(GitHubAddresses.READ_LINK, new ReadLink(tenant, user));
  }

  @Test
  void aMemberIsLinkedInTheBrowserOnceAndAnAccountIsOneMembers() throws Exception {
    world.connectFromManifest();
    CompleteLink bobs = world.allowed("bob", "bob-gh");
    assertThat(
            world.refusal(
                GitHubAddresses.COMPLETE_LINK,
                new CompleteLink(TENANT, "mallory", bobs.state(), bobs.code())))
        .startsWith(NOT_BEGUN);
    LinkState linked = world.ask(GitHubAddresses.COMPLETE_LINK, bobs);

    assertThat(linked.login()).isEqualTo("bob-gh");
    assertThat(read(TENANT, "bob")).isEqualTo(linked);
    assertThat(read("other", "bob").state()).isEqualTo("none");
    assertThat(world.refusal(GitHubAddresses.COMPLETE_LINK, bobs)).startsWith(NOT_BEGUN);
    assertThat(world.refusal(GitHubAddresses.COMPLETE_LINK, world.allowed("mallory", "bob-gh")))
        .isEqualTo("Another member of your tenant is linked to this GitHub account.");
    CompleteLink guessed = world.allowed("carol", "carol-gh");
    assertThat(
            world.refusal(
                GitHubAddresses.COMPLETE_LINK,
                new CompleteLink(TENANT, "carol", guessed.state(), "guessed")))
        .isEqualTo("GitHub does not know this code. Begin again.");
    assertNoSecretIsReadable("ghu_played", "ghr_played");

    world.restart();
    assertThat(read(TENANT, "bob")).isEqualTo(linked);
    world.ask(GitHubAddresses.REMOVE_LINK, new RemoveLink(TENANT, "bob"));
    assertThat(read(TENANT, "bob").state()).isEqualTo("none");
    assertThat(github.calls()).contains("DELETE /applications/" + FakeGitHub.CLIENT_ID + "/grant");
  }

  @Test
  void aMemberIsLinkedOnAnotherDeviceAndGitHubIsNotAskedTooOften() {
    world.connectFromManifest();
    LinkBegun begun = beginOnDevice("bob");
    CompleteLink poll = new CompleteLink(TENANT, "bob", begun.state(), "");
    int before = github.calls().size();
    assertThat(world.ask(GitHubAddresses.COMPLETE_LINK, poll).retryAfterMs()).isPositive();
    assertThat(github.calls()).hasSize(before);

    world.clock.advance(Duration.ofSeconds(6));
    assertThat(world.ask(GitHubAddresses.COMPLETE_LINK, poll).state()).isEqualTo("pending");
    github.enterDeviceCode(begun.userCode(), "bob-gh", false);
    world.clock.advance(Duration.ofSeconds(6));
    assertThat(world.ask(GitHubAddresses.COMPLETE_LINK, poll).login()).isEqualTo("bob-gh");

    LinkBegun denied = beginOnDevice("carol");
    github.enterDeviceCode(denied.userCode(), "carol-gh", true);
    world.clock.advance(Duration.ofSeconds(6));
    assertThat(
            world.refusal(
                GitHubAddresses.COMPLETE_LINK,
                new CompleteLink(TENANT, "carol", denied.state(), "")))
        .isEqualTo("You said no at GitHub.");
  }

  @Test
  void anInstallationIsBoundOnlyWhereTheAdminsOwnTokenListsIt() {
    world.connectFromManifest();
    String app = world.connection();
    BindInstallation own = new BindInstallation(TENANT, "admin", app, 8);
    assertThat(world.refusal(GitHubAddresses.BIND_INSTALLATION, own))
        .startsWith("Link your GitHub account by this App first");
    world.link("admin", "carol-gh");
    assertThat(world.refusal(GitHubAddresses.BIND_INSTALLATION, own))
        .startsWith("Your GitHub account has no such installation of this App.");
    assertThat(
            world.refusal(
                GitHubAddresses.BIND_INSTALLATION, new BindInstallation("other", "admin", app, 8)))
        .isEqualTo("You have no bridge of this id.");
    world.deliver(mentionOf(8));
    github.install("carol-gh", 8);
    // The token has ended meanwhile; the next one comes by the refresh token, once.
    world.clock.advance(Duration.ofHours(9));
    assertThat(world.ask(GitHubAddresses.BIND_INSTALLATION, own).account()).isEqualTo("carol-gh");

    assertThat(github.calls()).noneMatch(call -> call.contains("/app/installations/8/"));
    world.deliver(mentionOf(8));
    Await.until(
        "the bound account is served",
        () -> github.calls().contains("POST /app/installations/8/access_tokens"));
    world.deliver(mentionOf(9));
    assertThat(github.calls()).noneMatch(call -> call.contains("/app/installations/9/"));
  }

  /** A mention in a repository of an account that is not the App's own. */
  private FakeGitHub.Delivery mentionOf(long installation) {
    int issue = github.openIssue("engine", "bob", "It is slow", "");
    JsonObject payload =
        new JsonObject(
            new String(
                github.comment("engine", issue, "bob", "@concert do it").body(),
                StandardCharsets.UTF_8));
    payload.getJsonObject("repository").getJsonObject("owner").put("login", "carol-gh");
    payload.put("installation", new JsonObject().put("id", installation));
    return FakeGitHub.delivery("issue_comment", payload);
  }

  @Test
  void aLinkEndsWhenThePersonTakesItBackAtGitHub() {
    world.connectFromManifest();
    LinkState linked = world.link("bob", "bob-gh");

    world.deliver(
        FakeGitHub.delivery(
            "github_app_authorization",
            new JsonObject()
                .put("action", "revoked")
                .put("sender", new JsonObject().put("id", linked.githubId()))));

    assertThat(read(TENANT, "bob").state()).isEqualTo("none");
  }

  private void assertNoSecretIsReadable(String... secrets) throws IOException {
    try (Stream<Path> all = Files.walk(world.data())) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertThat(secrets).as(file.toString()).noneMatch(text::contains);
      }
    }
  }
}
