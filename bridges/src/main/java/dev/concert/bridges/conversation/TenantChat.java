package dev.concert.bridges.conversation;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.automation.DeliveryMessages.Delivered;
import dev.concert.automation.DeliveryMessages.NotifyMember;
import dev.concert.bridge.BridgeMessages.PairingCode;
import dev.concert.bridges.conversation.ConversationStore.FollowedTurn;
import dev.concert.bridges.member.ChatMembers;
import dev.concert.bridges.member.ChatMembers.DirectChat;
import dev.concert.bridges.platform.ChatCapabilities;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatPlatform;
import dev.concert.bridges.platform.ChatText;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.text.MessageSplitter;
import dev.concert.bridges.view.OpenButtons;
import dev.concert.error.FailureLog;
import dev.concert.error.Problem;
import dev.concert.foundation.client.EngineHandover;
import dev.concert.foundation.inbox.DurableInbox;
import dev.concert.foundation.inbox.InboxEvent;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.foundation.lease.LeaseLostException;
import dev.concert.foundation.lease.LeaseTerm;
import dev.concert.foundation.outbox.DurableOutbox;
import dev.concert.foundation.outbox.OutboxDelivery;
import dev.concert.foundation.retry.Backoff;
import dev.concert.foundation.tenant.OpenTenants;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chats of one tenant. On one context. An event is durable before its sender gets an answer, is
 * then handled once, after those before it in its conversation, and tried again where Concert
 * itself fails.
 */
public final class TenantChat implements OpenTenants.Work {
  /** The schema of a tenant's database, in the order of its versions. */
  public static final List<String> MIGRATIONS =
      List.of(
          FencedDatabase.SCHEMA,
          DurableInbox.SCHEMA,
          DurableOutbox.SCHEMA,
          ChatMembers.SCHEMA,
          ConversationStore.SCHEMA,
          ConversationStore.BOOKMARKS,
          ConversationStore.EVENTS,
          ConversationStore.SENDERS,
          ChatMembers.DIRECT_CHATS);

  private static final Logger LOG = LoggerFactory.getLogger(TenantChat.class);
  private static final Backoff SENDING =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(10), 0.3);
  private static final Backoff HANDLING =
      new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1), 0.3);
  private static final int MAX_ATTEMPTS = 8;
  private static final Duration STANDING = Duration.ofMinutes(1);
  private static final int UNFINISHED = 10_000;

  /** Platforms repeat events for minutes; the rest is for people who wonder what happened. */
  private static final Duration KEPT = Duration.ofDays(3);

  private final Vertx vertx;
  private final ChatServices services;
  private final DurableInbox inbox;
  private final DurableOutbox outbox;
  private final OutboxDelivery delivery;
  private final ChatMembers members;
  private final ConversationStore conversations;
  private final EventHandler handler;
  private final MessageNews news;
  private final String tenantId;
  private final Map<String, Future<Void>> tails = new HashMap<>();
  private final Map<String, TurnFollower> followers = new HashMap<>();
  private boolean stopped;

  /**
   * @param term without it nothing is sent
   * @param database with {@link #MIGRATIONS}
   */
  public TenantChat(
      Vertx vertx,
      ChatServices services,
      LeaseTerm term,
      FencedDatabase database,
      InstantSource clock) {
    this.vertx = vertx;
    this.services = services;
    this.tenantId = database.key();
    this.inbox = new DurableInbox(database, clock);
    this.outbox = new DurableOutbox(database, clock);
    this.members = new ChatMembers(database, clock);
    this.conversations = new ConversationStore(database);
    EngineHandover engine =
        new EngineHandover(
            vertx, services.bus(), outbox, new ConnectionSender(term, services), SENDING);
    this.news = new MessageNews(tenantId, members, engine);
    this.delivery = engine.delivery();
    this.handler =
        new EventHandler(
            tenantId, members, conversations, this::put, this::button, services, this::follow);
  }

  @Override
  public Future<Void> start() {
    return delivery
        .start()
        .compose(_ -> inbox.prune(KEPT))
        .compose(_ -> outbox.prune(KEPT))
        .compose(_ -> conversations.open())
        .compose(
            turns ->
                Future.all(turns.stream().map(turn -> show(turn, TurnFollower::goOn)).toList()))
        .compose(_ -> inbox.unfinished(UNFINISHED))
        .compose(events -> Future.all(events.stream().map(this::resume).toList()))
        .mapEmpty();
  }

  /** What comes after it is stored, and handled by the next process. */
  @Override
  public Future<Void> stop() {
    stopped = true;
    followers.values().forEach(TurnFollower::stop);
    return delivery.stop();
  }

  /** A code by which a member pairs. */
  public Future<PairingCode> createPairingCode(String userId) {
    return members.createCode(userId);
  }

  /** Tells a member something in their direct chat; durable when the future succeeds. */
  public Future<Delivered> tell(NotifyMember notice) {
    return members.directChats(notice.userId()).compose(chats -> tell(notice, chats));
  }

  private Future<Delivered> tell(NotifyMember notice, List<DirectChat> chats) {
    if (chats.isEmpty()) {
      return Future.succeededFuture(
          Delivered.refused(
              "The member has no direct chat with the bot: pair, and write to it there."));
    }
    DirectChat chat = chats.getFirst();
    return services
        .connections()
        .find(chat.connectionId())
        .map(found -> found.map(one -> services.platforms().get(one.platform())))
        .compose(
            platform ->
                platform
                    .filter(ChatPlatform::keepsDirectChats)
                    .map(
                        one ->
                            put(
                                    chat.connectionId(),
                                    chat.conversation(),
                                    "notice:" + notice.key(),
                                    ChatText.of(shortened(one.capabilities(), notice.text())))
                                .map(Delivered.sent()))
                    .orElseGet(() -> tell(notice, chats.subList(1, chats.size()))));
  }

  /** One message: the whole item is in the inbox. */
  private static String shortened(ChatCapabilities platform, String text) {
    List<String> pieces =
        new MessageSplitter(platform.maxLength() - 2, platform.length()).split(text);
    return pieces.size() == 1 ? pieces.getFirst() : pieces.getFirst().stripTrailing() + " …";
  }

  /**
   * Takes events of a platform; durable when the future succeeds. They are handled after that. An
   * event that came before is not handled again.
   */
  public Future<Void> receive(ChatConnection connection, List<InboundEvent> events) {
    Future<Void> all = Future.succeededFuture();
    for (InboundEvent event : events) {
      all = all.compose(_ -> receive(connection, event));
    }
    return all;
  }

  /** What is claimed is handled, whether those after it can be claimed or not. */
  private Future<Void> receive(ChatConnection connection, InboundEvent event) {
    return inbox
        .claim(connection.id(), event.eventId(), json(event))
        .map(
            isNew -> {
              if (isNew) {
                enqueue(connection, event, 0);
              }
              return null;
            });
  }

  /** How far the receiver of a connection is. */
  public Future<Optional<String>> bookmark(String connectionId) {
    return conversations.bookmark(connectionId);
  }

  /** Keeps how far the receiver of a connection is. */
  public Future<Void> keep(String connectionId, String bookmark) {
    return conversations.keep(connectionId, bookmark);
  }

  private Future<Void> resume(InboxEvent event) {
    return services
        .connections()
        .find(event.source())
        .compose(
            connection -> {
              if (connection.isEmpty()) {
                return inbox.fail(event.source(), event.eventId(), "The bridge was removed");
              }
              enqueue(connection.get(), event(event.body()), event.attempts());
              return Future.succeededFuture();
            });
  }

  /** Handles an event after those before it in its conversation. */
  private void enqueue(ChatConnection connection, InboundEvent event, int attempts) {
    String key = connection.id() + " " + event.conversation();
    Future<Void> mine =
        tails
            .getOrDefault(key, Future.succeededFuture())
            .transform(_ -> handle(connection, event, attempts));
    tails.put(key, mine);
    mine.onComplete(_ -> tails.remove(key, mine));
  }

  private Future<Void> handle(ChatConnection connection, InboundEvent event, int attempts) {
    if (stopped) {
      return Future.succeededFuture();
    }
    Future<Void> told = news.tell(connection, event);
    return inbox
        .attempt(connection.id(), event.eventId())
        .compose(_ -> handler.handle(connection, event, attempts > 0))
        .compose(_ -> told)
        .compose(_ -> inbox.finish(connection.id(), event.eventId()))
        .recover(failure -> failed(connection, event, attempts + 1, failure));
  }

  private Future<Void> failed(
      ChatConnection connection, InboundEvent event, int attempts, Throwable failure) {
    if (failure instanceof LeaseLostException || stopped) {
      return Future.failedFuture(failure);
    }
    Problem problem = Problem.of(failure);
    if (attempts < MAX_ATTEMPTS) {
      LOG.atInfo()
          .addKeyValue("tenantId", tenantId)
          .log("An event of {} is tried again: {}", connection.platform(), problem.message());
      return vertx
          .timer(HANDLING.after(attempts).toMillis(), TimeUnit.MILLISECONDS)
          .compose(_ -> handle(connection, event, attempts));
    }
    return handler
        .reply(connection, event, "⚠️ " + problem.forPerson(), ChatText.Stage.FAILED)
        .compose(_ -> inbox.fail(connection.id(), event.eventId(), problem.code().name()))
        .onSuccess(
            _ ->
                FailureLog.write(
                    LOG.atWarn().addKeyValue("tenantId", tenantId),
                    "An event of %s is given up".formatted(connection.platform()),
                    failure))
        // That is not stored: the disk may be full.
        .recover(
            _ ->
                vertx
                    .timer(STANDING.toMillis(), TimeUnit.MILLISECONDS)
                    .compose(_ -> handle(connection, event, MAX_ATTEMPTS - 1)));
  }

  private Future<Void> put(String connectionId, String conversation, String key, ChatText text) {
    String lane = ChatConnection.lane(connectionId, conversation);
    return outbox.put(connectionId, lane, key, text.toJson()).onSuccess(_ -> delivery.wake(lane));
  }

  /** The messages that have buttons are in the outbox. */
  private Future<Optional<String>> button(String connectionId, String conversation, String said) {
    return outbox
        .messages(ChatConnection.lane(connectionId, conversation))
        .map(
            messages ->
                OpenButtons.find(
                    messages.stream()
                        .flatMap(one -> ChatText.ofJson(one.content()).buttons().stream())
                        .toList(),
                    said));
  }

  private Future<Void> follow(FollowedTurn turn) {
    return conversations.follow(turn).compose(_ -> show(turn, TurnFollower::begin));
  }

  /** Shows a turn from now on; completes when that has begun. */
  private Future<Void> show(FollowedTurn turn, Function<TurnFollower, Future<Void>> run) {
    if (followers.containsKey(turn.turnId())) {
      return Future.succeededFuture();
    }
    return services
        .connections()
        .find(turn.connectionId())
        .compose(
            connection -> {
              if (connection.isEmpty()) {
                return conversations.end(turn.turnId());
              }
              begin(turn, connection.get(), run);
              return Future.succeededFuture();
            });
  }

  private void begin(
      FollowedTurn turn, ChatConnection connection, Function<TurnFollower, Future<Void>> run) {
    if (stopped) {
      return;
    }
    ChatPlatform platform = services.platforms().get(connection.platform());
    TurnFollower follower =
        new TurnFollower(
            vertx,
            services.gateway(),
            this::put,
            tenantId,
            turn,
            platform.capabilities(turn.conversation()),
            () -> showTyping(platform, connection, turn.conversation()));
    if (followers.putIfAbsent(turn.turnId(), follower) == null) {
      run.apply(follower)
          .compose(_ -> conversations.end(turn.turnId()))
          .onFailure(
              failure -> {
                if (!stopped) {
                  FailureLog.write(
                      LOG.atWarn(),
                      "Turn %s is not shown any more".formatted(turn.turnId()),
                      failure);
                }
              })
          .onComplete(_ -> followers.remove(turn.turnId()));
    }
  }

  private void showTyping(ChatPlatform platform, ChatConnection connection, String conversation) {
    if (!services.circuit().isPaused(connection.id())) {
      platform.showTyping(connection, conversation);
    }
  }

  private static String json(InboundEvent event) {
    try {
      return Json.MAPPER.writeValueAsString(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An event cannot be written as JSON", e);
    }
  }

  private static InboundEvent event(String json) {
    try {
      return Json.MAPPER.readValue(json, InboundEvent.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An event of the inbox is not JSON", e);
    }
  }
}
