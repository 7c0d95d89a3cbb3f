package dev.concert.bridges.conformance;

import dev.concert.automation.EventMessages.EventTaken;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.conformance.BridgesUnderTest.ServiceAddresses;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.github.GitHubOptions;
import dev.concert.github.GitHubVerticle;
import dev.concert.github.api.PauseClock;
import dev.concert.testing.github.FakeGitHub;
import dev.concert.testing.github.FakeGitHub.Delivery;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * GitHub, whose service is one of its own. A place is the number of an issue; where everything
 * counts, each comment names the App.
 */
final class GitHubWorld implements ChatWorld {
  private static final String REPOSITORY = "engine";
  private static final String ANNE = "U0ANNE";
  private static final String REPLY = "!reply";

  /** The text that surrounds a person's words in a prompt. */
  private static final Pattern PROMPT =
      Pattern.compile(
          "@\\S+ writes(?: to you on issue #\\d+ of \\S+)?:\n\n(?:@concert )?(.*?)"
              + "(?:\n\nYour workspace is a clone .*)?",
          Pattern.DOTALL);

  private final Path folder;
  private final FakeGitHub github;
  private final FaultyRelay relay;
  private final Set<String> direct = new HashSet<>();
  private volatile InstantSource clock = InstantSource.system();
  private String lastPlace = "";

  GitHubWorld() {
    try {
      folder = Files.createTempDirectory("github");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    github = new FakeGitHub(folder, () -> clock.instant());
    relay =
        new FaultyRelay(
            github.api().getPort(), Pattern.compile("(?m)^POST /\\S+/issues/\\d+/comments HTTP"));
    github.create(REPOSITORY, Map.of("README.md", "An engine\n"));
    github.permit(REPOSITORY, ANNE, "write");
  }

  @Override
  public void use(InstantSource other) {
    clock = other;
  }

  @Override
  public Deployable service(Path data, MovableClock time) {
    JsonObject section =
        new JsonObject()
            .put("apiUrl", "http://127.0.0.1:%d%s".formatted(relay.port(), github.api().getPath()))
            .put("webUrl", github.web().toString());
    GitHubOptions options =
        GitHubOptions.from(new JsonObject().put("github", section), data, Map.of());
    return new GitHubVerticle(options, vertx -> pauses(vertx, time));
  }

  /** Pauses end at once, and the clock moves on by their length. */
  private static PauseClock pauses(Vertx vertx, MovableClock time) {
    return new PauseClock() {
      @Override
      public Instant now() {
        return time.instant();
      }

      @Override
      public Future<Void> pause(Duration pause) {
        if (pause.isPositive()) {
          time.move(pause);
        }
        return vertx.timer(1, TimeUnit.MILLISECONDS).mapEmpty();
      }
    };
  }

  @Override
  public ServiceAddresses addresses() {
    return new ServiceAddresses(
        GitHubAddresses.ADD_APP,
        GitHubAddresses.LIST_APPS,
        GitHubAddresses.REMOVE_APP,
        GitHubAddresses.DELIVER_WEBHOOK,
        GitHubAddresses.FORGET_TENANT);
  }

  @Override
  public void join(Vertx vertx, ConcertBus gateway) {
    UnchangedWorkspaces.serve(vertx, gateway);
    gateway.serve(
        AutomationAddresses.TAKE_REPOSITORY_EVENT, _ -> Future.succeededFuture(new EventTaken(0)));
  }

  @Override
  public String platform() {
    return "github";
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("appId", Long.toString(FakeGitHub.APP_ID), "permissions", "ask");
  }

  @Override
  public Map<String, String> secrets(int account) {
    return Map.of(
        "privateKey", FakeGitHub.privateKey(), "webhookSecret", FakeGitHub.WEBHOOK_SECRET);
  }

  @Override
  public int maxLength() {
    return 65_536;
  }

  @Override
  public boolean pairs() {
    return false;
  }

  @Override
  public String said(String prompt) {
    Matcher told = PROMPT.matcher(prompt);
    return told.matches() ? told.group(1) : prompt;
  }

  @Override
  public String newPlace(boolean isDirect) {
    lastPlace = Integer.toString(github.openIssue(REPOSITORY, ANNE, "An issue", "Please."));
    if (isDirect) {
      direct.add(lastPlace);
    }
    return lastPlace;
  }

  private static int number(String place) {
    return Integer.parseInt(place.replace(REPLY, ""));
  }

  @Override
  public DeliverWebhook message(
      int account, String connection, String place, String sender, String text, boolean mention) {
    boolean isForUs = mention || place.endsWith(REPLY) || direct.contains(place);
    Delivery delivery =
        github.comment(REPOSITORY, number(place), sender, isForUs ? "@concert " + text : text);
    Map<String, String> headers = new HashMap<>(delivery.headers());
    headers.put("x-place", place);
    return new DeliverWebhook("github", connection, headers, delivery.body());
  }

  /** GitHub takes each 2xx as received. */
  @Override
  public int deliver(DeliverWebhook webhook, ToIntFunction<DeliverWebhook> bridges) {
    int status = bridges.applyAsInt(webhook);
    return status == 202 ? 200 : status;
  }

  @Override
  public DeliverWebhook edited(DeliverWebhook message, String text) {
    throw new TestAbortedException("Changes of comments are not followed");
  }

  @Override
  public Optional<DeliverWebhook> deleted(DeliverWebhook message) {
    return Optional.empty();
  }

  @Override
  public String threadOf(DeliverWebhook message) {
    return message.headers().get("x-place") + REPLY;
  }

  @Override
  public DeliverWebhook press(
      int account, String connection, String place, String sender, String value, String id) {
    return message(account, connection, place, sender, value, true);
  }

  @Override
  public DeliverWebhook forged(DeliverWebhook webhook) {
    byte[] body = webhook.body().clone();
    body[body.length / 2] ^= 1;
    return new DeliverWebhook("github", webhook.connectionId(), webhook.headers(), body);
  }

  @Override
  public List<Seen> seen(String place) {
    return github.comments(REPOSITORY).stream()
        .filter(one -> one.getJsonObject("user").getString("login").equals(FakeGitHub.BOT))
        .filter(one -> one.getString("issue_url").endsWith("/issues/" + number(place)))
        .map(one -> shown(place, one.getString("body")))
        .toList();
  }

  /** The comment about the work says how it is, and below a line what the agent said. */
  private static Seen shown(String place, String body) {
    String text = body.replaceFirst("\\s*<!-- concert:[^>]*-->$", "");
    if (text.contains("Answer `@concert yes 1`")) {
      return new Seen(place, text, List.of("yes 1", "no 1"), "");
    }
    if (!text.startsWith("👀")) {
      // Whoever asked for more is named, and told what changed.
      return new Seen(
          place, text.replaceFirst("^@\\S+ I changed nothing\\.\\s+", ""), List.of(), "");
    }
    String said =
        text.contains("✅")
            ? text.replaceFirst("(?s)^.*?(?:\n\n---\n\n|$)", "")
            : text.contains("⏹️") ? "_Stopped._" : "";
    boolean isRunning = text.contains("⏳ I work on it.");
    return new Seen(place, isRunning ? "_Working …_" : said, List.of(), "");
  }

  @Override
  public void holdReply(boolean isTaken) {
    relay.hold(isTaken);
  }

  @Override
  public boolean isHeld() {
    return relay.isHeld();
  }

  @Override
  public void fail(Fault fault) {
    github.fail(
        "POST /repos/%s/%s/issues/%s/comments".formatted(FakeGitHub.OWNER, REPOSITORY, lastPlace),
        switch (fault) {
          case LIMITED -> FakeGitHub.Fault.RETRY_AFTER;
          case LIMITED_WITHOUT_TIME -> FakeGitHub.Fault.SECONDARY_LIMIT;
          case FAILED -> FakeGitHub.Fault.SERVER_ERROR;
          case CUT_BEFORE -> FakeGitHub.Fault.CUT_BEFORE;
          case CUT_AFTER -> FakeGitHub.Fault.CUT_AFTER;
        });
  }

  @Override
  public void close() {
    relay.close();
    github.close();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
