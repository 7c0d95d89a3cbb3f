package dev.concert.platform.rest;

import static dev.concert.testing.github.FakeGitHub.parameter;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.tenant.Tenants;
import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import dev.concert.platform.harness.Program;
import dev.concert.testing.Await;
import dev.concert.testing.TestIssuer;
import dev.concert.testing.chat.FakeSlack;
import dev.concert.testing.chat.SlackWebhooks;
import dev.concert.testing.github.FakeGitHub;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every HTTP route of the contract, with a request that succeeds, on a real server. */
class EveryRouteTest {
  /** They need a folder of a person's machine, and are tested with one. */
  private static final List<String> ELSEWHERE =
      List.of("/api/folders", "/api/sessions/{sessionId}/folder");

  @TempDir Path data;
  @TempDir Path git;
  private final Vertx vertx = Vertx.vertx();
  private final FakeSlack slack = new FakeSlack();
  private FakeGitHub github;
  private TestIssuer issuer;
  private Platform platform;
  private DescribedApi api;
  private String session;

  @BeforeEach
  void start() {
    github = new FakeGitHub(git);
    github.create("engine", Map.of("README.md", "An engine\n"));
    issuer = TestIssuer.start(vertx);
    Registries registries = new Registries(vertx, data.resolve("tenants"));
    get(new Tenants(registries).create("acme", "Acme", "ada@example.com"));
    get(registries.close());
    JsonObject auth =
        new JsonObject().put("issuer", issuer.url()).put("audience", TestIssuer.AUDIENCE);
    JsonObject bridges =
        new JsonObject()
            .put("agent", "echo")
            .put("slack", new JsonObject().put("apiUrl", slack.api().toString()));
    JsonObject repositories =
        new JsonObject()
            .put("apiUrl", github.api().toString())
            .put("webUrl", github.web().toString())
            .put("publicUrl", "https://concert.example.com");
    JsonObject config =
        new JsonObject()
            .put("gateway", new JsonObject().put("auth", auth))
            .put("bridges", bridges)
            .put("github", repositories);
    platform = Platform.start(new PlatformOptions("127.0.0.1", 0, data, Program.home(), config));
    api = new DescribedApi(platform.url(), issuer.token("ada", "acme"));
  }

  @AfterEach
  void stop() {
    platform.close();
    slack.close();
    github.close();
    issuer.close();
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  /** Calls an operation that is about the session. */
  private JsonNode inSession(String name, Object... values) {
    return api.call(name, with(List.of("sessionId", session), values));
  }

  private static Object[] with(List<String> first, Object... values) {
    return Stream.concat(first.stream(), Stream.of(values)).toArray();
  }

  /** Begins a turn; returns its id. */
  private String run(String text) {
    return inSession("run_turn", "text", text).path("turnId").asText();
  }

  /** A session is also ready for a moment before its first turn runs. */
  private void awaitEnd(String turn) {
    Await.until(
        () ->
            events().stream()
                .filter(event -> event.path("type").asText().equals("turn_complete"))
                .anyMatch(event -> event.path("turnId").asText().equals(turn)));
  }

  private List<JsonNode> events() {
    JsonNode events = inSession("get_events", "afterSeq", 0).path("events");
    return StreamSupport.stream(events.spliterator(), false).toList();
  }

  private void awaitState(String state) {
    Await.until(() -> inSession("get_session").at("/session/state").asText().equals(state));
  }

  @Test
  void eachRouteAnswersAsItIsDescribed() {
    members();
    session = api.call("create_session", "agentType", "echo").at("/session/id").asText();
    turns();
    files();
    pastAndCopies();
    sharing();
    keysMoneyAndAudit();
    chat();
    gitHub();
    automations();
    inSession("archive_session");
    inSession("unarchive_session");
    inSession("delete_session");
    api.call("remove_member", "userId", "bob");
    api.call("delete_tenant", "confirm", "acme");

    assertThat(api.called()).isEqualTo(api.operationsExcept(ELSEWHERE));
  }

  private void members() {
    JsonNode invited = api.call("invite_member", "email", "bob@example.com", "role", "developer");
    String link = invited.at("/invitation/link").asText();
    api.call(
        "accept_invitation",
        "invitation",
        link.substring(link.indexOf('=') + 1),
        "token",
        issuer.token("bob", "acme"));
    api.call("invite_member", "email", "carol@example.com", "role", "guest");
    JsonNode open = api.call("list_invitations");
    api.call("revoke_invitation", "invitationId", open.at("/invitations/0/invitationId").asText());
    api.call("set_member_role", "userId", "bob", "role", "viewer");
    assertThat(api.call("list_members").path("members")).hasSize(2);
  }

  private void turns() {
    api.call("list_models");
    inSession("rename_session", "name", "all routes");
    awaitEnd(run("!write a.txt one"));
    String permitted = run("!permit it");
    awaitState("waiting");
    inSession("steer", "text", "go on");
    String question =
        events().stream()
            .filter(event -> event.path("type").asText().equals("permission_requested"))
            .map(event -> event.path("questionId").asText())
            .findFirst()
            .orElseThrow();
    inSession("answer_question", "questionId", question, "approved", true);
    awaitEnd(permitted);
    run("!sleep 600");
    awaitState("running");
    inSession("stop_turn");
    awaitState("ready");
    assertThat(api.call("list_sessions").path("sessions")).hasSize(1);
  }

  private void files() {
    inSession("upload_file", "path", "b.txt", "content", "one");
    inSession("upload_file", "path", "b.txt", "content", "two");
    inSession("list_files");
    inSession("file_history", "path", "b.txt");
    inSession("download_file", "path", "a.txt");
    inSession("diff_file", "path", "b.txt", "from", 1, "to", 2);
    inSession("delete_file", "path", "b.txt");
    inSession("restore", "path", "b.txt", "iteration", 1);
    inSession("open_archive", "format", "zip");
    String agent = "agent_" + session;
    api.call("upload_agent_file", "agentId", agent, "path", "c.txt", "content", "three");
    api.call("download_agent_file", "agentId", agent, "path", "c.txt");
    inSession("create_snapshot", "name", "good");
    inSession("list_snapshots");
    inSession("restore_snapshot", "name", "good");
    inSession("delete_snapshot", "name", "good");
    inSession("set_retention", "policy", "last:20");
    inSession("read_retention");
    inSession("clear_retention");
  }

  private void pastAndCopies() {
    JsonNode messages = inSession("get_history").path("messages");
    inSession("fork_session");
    inSession("rewind_session", "messageId", messages.at("/0/messageId").asText());
  }

  private void sharing() {
    inSession("share_session", "userId", "bob", "access", "read");
    inSession("list_session_members");
    inSession("unshare_session", "userId", "bob");
    inSession("set_session_visibility", "visibility", "private");
    String share = inSession("create_share").at("/share/shareId").asText();
    inSession("list_shares");
    inSession("revoke_share", "shareId", share);
  }

  private void chat() {
    JsonNode added =
        api.call(
            "add_bridge",
            "platform",
            "slack",
            "name",
            "Played",
            "secrets",
            Map.of("botToken", FakeSlack.TOKEN, "signingSecret", FakeSlack.SIGNING_SECRET));
    String bridge = added.path("connectionId").asText();
    api.call("create_pairing_code");
    assertThat(api.call("list_bridges").path("bridges")).hasSize(1);
    api.call("test_bridge", "connectionId", bridge);
    SlackWebhooks webhooks =
        new SlackWebhooks(URI.create(platform.url() + added.path("webhookPath").asText()));
    JsonObject event = SlackWebhooks.message("D0ANNE", slack.newTime(), "", "U0ANNE", "hello");
    assertThat(webhooks.send(SlackWebhooks.envelope("Ev1", event)).statusCode()).isEqualTo(200);
    api.call("remove_bridge", "connectionId", bridge);
    assertThat(webhooks.send(SlackWebhooks.envelope("Ev2", event)).statusCode()).isEqualTo(404);
  }

  private void gitHub() {
    JsonNode begun = api.call("begin_github_app");
    String made = github.createApp(begun.path("url").asText(), begun.path("manifest").asText());
    String app =
        api.call(
                "connect_github_app",
                "code",
                parameter(made, "code"),
                "state",
                parameter(made, "state"))
            .at("/bridge/connectionId")
            .asText();
    String back =
        github.authorize(api.call("begin_github_link").path("url").asText(), FakeGitHub.OWNER);
    api.call(
        "complete_github_link", "state", parameter(back, "state"), "code", parameter(back, "code"));
    assertThat(api.call("get_github_link").path("login").asText()).isEqualTo(FakeGitHub.OWNER);
    api.call(
        "bind_github_installation", "connectionId", app, "installationId", FakeGitHub.INSTALLATION);
    repositories();
    api.call("remove_github_link");
    api.call("remove_bridge", "connectionId", app);
  }

  private void repositories() {
    assertThat(api.call("list_github_repositories").path("repositories")).hasSize(1);
    JsonNode issue = inRepository("create_github_issue", "title", "It is slow");
    inRepository("create_github_comment", "number", issue.path("number").asInt(), "body", "Look");
    github.git("engine", "branch", "fast");
    github.push("engine", "fast", Map.of("README.md", "A fast engine\n"));
    inRepository("create_github_pull", "title", "Faster", "head", "fast", "base", "main");
    assertThat(inRepository("list_github_issues").path("issues")).hasSize(1);
    assertThat(inRepository("list_github_pulls").path("pulls")).hasSize(1);
    assertThat(inRepository("list_github_branches").path("branches")).hasSize(2);
    inRepository("read_github_contents", "path", "README.md");
    assertThat(api.call("list_github_runs").path("runs")).isEmpty();
  }

  private JsonNode inRepository(String name, Object... values) {
    return api.call(name, with(List.of("owner", FakeGitHub.OWNER, "repo", "engine"), values));
  }

  private void automations() {
    Map<String, String> manual = Map.of("kind", "manual");
    api.call("preview_automation", "trigger", manual);
    Map<String, Object> task =
        Map.of(
            "prompt",
            "!run git init -q --template= . && git -c user.name=A -c user.email=a@b commit -q"
                + " --allow-empty -m one",
            "agentType",
            "echo",
            "workspace",
            Map.of("kind", "session", "sessionId", session));
    assertThat(api.call("list_blueprints").path("blueprints")).hasSize(6);
    String triage =
        api.call("use_blueprint", "blueprint", "issue-triage", "set", Map.of("session", session))
            .path("automationId")
            .asText();
    api.call("delete_automation", "automationId", triage);
    String id =
        api.call("create_automation", "name", "News", "trigger", manual, "task", task)
            .path("automationId")
            .asText();
    api.call("run_automation", "automationId", id);
    Await.until(
        () ->
            api.call("list_runs", "automationId", id)
                .at("/slots/0/run/state")
                .asText()
                .equals("succeeded"));
    String run = api.call("list_runs", "automationId", id).at("/slots/0/run/runId").asText();
    api.call("list_run_changes", "automationId", id, "runId", run);
    api.call("accept_run", "automationId", id, "runId", run);
    assertThat(
            api.call("fetch_run_branch", "automationId", id, "runId", run).path("branch").asText())
        .startsWith("concert/");
    String item = api.call("list_inbox").at("/items/0/itemId").asText();
    api.call("update_inbox", "itemId", item, "state", "seen");
    String rule =
        api.call("create_inbox_rule", "name", "Noise", "then", Map.of("action", "close"))
            .path("ruleId")
            .asText();
    assertThat(api.call("list_inbox_rules").path("rules")).hasSize(1);
    assertThat(
            api.call("update_inbox_rule", "ruleId", rule, "isOn", false).path("isOn").asBoolean())
        .isFalse();
    assertThat(api.call("list_rule_decisions", "ruleId", rule).path("decisions")).isEmpty();
    api.call("delete_inbox_rule", "ruleId", rule);
    assertThat(api.call("list_inbox_history", "itemId", item).path("changes")).hasSize(1);
    assertThat(api.call("undo_inbox", "itemId", item).path("state").asText()).isEqualTo("new");
    api.call("reply_inbox", "itemId", item, "text", "and now?");
    assertThat(api.call("get_inbox_delivery").path("channels")).hasSize(4);
    api.call("update_inbox_delivery", "channel", "chat", "from", "error");
    api.call("test_inbox_delivery", "channel", "chat");
    assertThat(api.call("list_push_devices").path("publicKey").asText()).hasSize(87);
    JsonNode device =
        api.call(
            "add_push_device",
            "endpoint",
            "https://1.1.1.1/push",
            "p256dh",
            "B" + "A".repeat(86),
            "auth",
            "A".repeat(22));
    api.call("remove_push_device", "deviceId", device.path("deviceId").asText());
    api.call("explain_automation", "automationId", id, "at", "2026-01-01T00:00:00Z");
    api.call("update_automation", "automationId", id, "name", "Good news");
    api.call("pause_automation", "automationId", id);
    api.call("resume_automation", "automationId", id);
    api.call("get_automation", "automationId", id);
    assertThat(api.call("list_automations").path("automations")).hasSize(1);
    api.call("update_automation", "automationId", id, "trigger", Map.of("kind", "webhook"));
    assertThat(api.call("create_automation_webhook", "automationId", id).path("path").asText())
        .isEqualTo("/webhooks/automation/" + id);
    api.call("delete_automation", "automationId", id);
  }

  private void keysMoneyAndAudit() {
    String key = api.call("create_key", "name", "ci").at("/key/keyId").asText();
    api.call("list_keys");
    api.call("revoke_key", "keyId", key);
    api.call("top_up", "amount", "5", "idempotencyKey", "first");
    api.call("set_limits", "perDay", "2.5");
    api.call("read_balance");
    api.call("read_statement");
    api.call("read_usage");
    api.call("read_audit");
  }
}
