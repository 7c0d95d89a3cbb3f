package dev.concert.automations.trigger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.automation.AutomationTrigger.Kind;
import dev.concert.automation.ChatFilter;
import dev.concert.automation.EventMessages.AskWriteAccess;
import dev.concert.automation.EventMessages.ChatEvent;
import dev.concert.automation.EventMessages.EventTaken;
import dev.concert.automation.EventMessages.RepositoryActivity;
import dev.concert.automations.engine.TenantAutomations;
import dev.concert.automations.store.AutomationRow;
import dev.concert.automations.store.EventStore.Event;
import dev.concert.automations.store.EventStore.Taken;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.json.Json;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Makes slots of what happens in the chats and repositories of one tenant. A request that fails can
 * be repeated: an event that an automation has already is no second slot. On one context.
 *
 * <p>What its owner writes in a chat begins an automation. What others write begins it only while
 * its owner may manage the bridges, and so may read all of them; what they write to Concert alone
 * never does.
 */
public final class OutsideEvents {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Set<ErrorCode> REFUSED = Set.of(ErrorCode.FORBIDDEN, ErrorCode.AUTH_FAILED);

  private final String tenantId;
  private final TenantAutomations tenant;
  private final ConcertBus bus;
  private final GatewayClient gateway;

  public OutsideEvents(
      String tenantId, TenantAutomations tenant, ConcertBus bus, GatewayClient gateway) {
    this.tenantId = tenantId;
    this.tenant = tenant;
    this.bus = bus;
    this.gateway = gateway;
  }

  /** A member wrote a message. */
  public Future<EventTaken> take(ChatEvent message) {
    ObjectNode payload =
        Json.MAPPER
            .createObjectNode()
            .put("source", "chat")
            .put("platform", message.platform())
            .put("connection", message.connectionId())
            .put("channel", message.channel())
            .put("author", message.userId())
            .put("text", message.text());
    Event event =
        new Event(
            "chat:%s:%s".formatted(message.connectionId(), message.eventId()),
            payload.toString(),
            0);
    return take(
        Kind.CHAT,
        row -> ChatMatch.matches(row.trigger().chat(), message),
        row -> mayHear(row, message),
        event);
  }

  /** Something happened in a repository. */
  public Future<EventTaken> take(RepositoryActivity happened) {
    Optional<String> subject =
        Optional.of(
            happened.number() == 0
                ? happened.fullName()
                : happened.fullName() + "#" + happened.number());
    Event event =
        new Event(
            "github:%s:%s".formatted(happened.connectionId(), happened.deliveryId()),
            payload(happened).toString(),
            0,
            subject);
    return take(
        Kind.GITHUB,
        row -> RepositoryMatch.matches(row.trigger().github(), happened),
        row -> counts(row, happened),
        event);
  }

  private static ObjectNode payload(RepositoryActivity happened) {
    ObjectNode payload =
        Json.MAPPER
            .createObjectNode()
            .put("source", "github")
            .put("type", happened.type())
            .put("action", happened.action())
            .put("repository", happened.fullName())
            .put("number", happened.number())
            .put("sender", happened.sender())
            .put("branch", happened.branch());
    try {
      payload.set("details", Json.MAPPER.readTree(happened.details()));
    } catch (JsonProcessingException e) {
      payload.put("details", happened.details());
    }
    return payload;
  }

  private Future<EventTaken> take(
      Kind kind,
      Function<AutomationRow, Boolean> matches,
      Function<AutomationRow, Future<Boolean>> may,
      Event event) {
    return tenant
        .stores()
        .automations()
        .enabled(kind)
        .compose(
            rows -> {
              List<AutomationRow> waiting = rows.stream().filter(matches::apply).toList();
              Future<Integer> taken = Future.succeededFuture(0);
              for (AutomationRow row : waiting) {
                taken =
                    taken.compose(
                        count ->
                            may.apply(row)
                                .compose(
                                    is ->
                                        is
                                            ? tenant.take(row.id(), event)
                                            : Future.succeededFuture(Taken.UNKNOWN))
                                .map(one -> one == Taken.UNKNOWN ? count : count + 1));
              }
              return taken.map(EventTaken::new);
            });
  }

  private Future<Boolean> mayHear(AutomationRow row, ChatEvent message) {
    boolean isOwn = row.owner().equals(message.userId());
    ChatFilter filter = row.trigger().chat();
    if (message.isDirect() && !isOwn) {
      return Future.succeededFuture(false);
    }
    Future<Boolean> mayRead =
        isOwn ? Future.succeededFuture(true) : ask(row, "list_bridges").map(Optional::isPresent);
    return mayRead.compose(
        may ->
            !may || filter.allRoles().isEmpty()
                ? Future.succeededFuture(may)
                : ask(row, "list_members")
                    .map(
                        members ->
                            members
                                .flatMap(all -> role(all, message.userId()))
                                .filter(filter.allRoles()::contains)
                                .isPresent()));
  }

  private static Optional<String> role(JsonNode members, String userId) {
    for (JsonNode member : members.path("members")) {
      if (member.path("userId").asText().equals(userId)) {
        return Optional.of(member.path("role").asText());
      }
    }
    return Optional.empty();
  }

  /** What the gateway tells the owner of an automation; empty where it refuses. */
  private Future<Optional<JsonNode>> ask(AutomationRow row, String operation) {
    return gateway
        .call(tenantId, row.owner(), operation, GatewayClient.request())
        .map(Optional::of)
        .recover(
            failure ->
                REFUSED.contains(Problem.of(failure).code())
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  /** Only GitHub knows who may write now. Who pushes may. */
  private Future<Boolean> counts(AutomationRow row, RepositoryActivity happened) {
    return row.trigger().github().isOpenToAnyone() || happened.type().equals("push")
        ? Future.succeededFuture(true)
        : bus.request(
                GitHubAddresses.ASK_WRITE_ACCESS,
                new AskWriteAccess(
                    happened.tenantId(),
                    happened.connectionId(),
                    happened.installation(),
                    happened.owner(),
                    happened.repository(),
                    happened.sender()),
                TIMEOUT)
            .map(access -> access.isGranted());
  }
}
