package dev.concert.bridges.conversation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.conversation.ConversationStore.FollowedTurn;
import dev.concert.bridges.member.ChatMembers;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatPlatform;
import dev.concert.bridges.platform.ChatText;
import dev.concert.bridges.platform.ChatText.Stage;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.InboundEvent.Kind;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.client.GatewayClient;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what an event asks for. Everything that it does can be done again: a turn is named after the
 * event that began it, a reply after the event that it answers.
 */
final class EventHandler {
  private static final Logger LOG = LoggerFactory.getLogger(EventHandler.class);
  private static final ConversationCommand HELP =
      new ConversationCommand(ConversationCommand.Name.HELP, "");

  private static final String STRANGER =
      "I do not know who you are in Concert yet. Get a code there with `concert bridge pair`, and"
          + " send me `pair CODE` in a direct message.";

  private final String tenantId;
  private final ChatServices services;
  private final ChatMembers members;
  private final ConversationStore conversations;
  private final MessageSink outgoing;
  private final Function<FollowedTurn, Future<Void>> follow;
  private final ConversationSessions sessions;
  private final IncomingFiles incoming;
  private final CommandHandler commands;
  private final AnswerHandler answers;
  private final ChangedMessage changes;

  /**
   * @param follow shows a turn in its conversation from now on
   */
  EventHandler(
      String tenantId,
      ChatMembers members,
      ConversationStore conversations,
      MessageSink outgoing,
      AnswerHandler.ButtonLookup buttons,
      ChatServices services,
      Function<FollowedTurn, Future<Void>> follow) {
    this.tenantId = tenantId;
    this.services = services;
    this.members = members;
    this.conversations = conversations;
    this.outgoing = outgoing;
    this.follow = follow;
    this.sessions = new ConversationSessions(conversations, services.agentType());
    this.incoming = new IncomingFiles(new WorkspaceFiles(services.gateway(), tenantId));
    this.commands = new CommandHandler(conversations, this::reply);
    this.answers = new AnswerHandler(conversations, buttons, this::reply, this::refused);
    this.changes = new ChangedMessage(tenantId, services.gateway(), conversations);
  }

  /**
   * Completes when everything that the event asked for is durable.
   *
   * @param isAgain whether it was tried before, also by an earlier process
   */
  Future<Void> handle(ChatConnection connection, InboundEvent event, boolean isAgain) {
    if (event.kind() == Kind.EDIT || event.kind() == Kind.DELETE) {
      return changes.follow(connection.id(), event);
    }
    Optional<ConversationCommand> command = command(event);
    if (command.filter(one -> one.name() == ConversationCommand.Name.PAIR).isPresent()) {
      return prepare(connection, event)
          .compose(_ -> pair(connection, event, command.get().argument()));
    }
    return isForUs(connection, event)
        .compose(
            forUs ->
                forUs
                    ? prepare(connection, event)
                        .compose(_ -> members.find(connection.id(), event.sender()))
                        .compose(
                            userId ->
                                userId.isEmpty()
                                    ? stranger(connection, event)
                                    : met(connection, event)
                                        .compose(
                                            _ ->
                                                known(
                                                    new MemberRequest(
                                                        services.gateway(),
                                                        tenantId,
                                                        connection,
                                                        event,
                                                        userId.get(),
                                                        isAgain),
                                                    command)))
                    : Future.succeededFuture());
  }

  /** Where a member speaks to us alone, they can be told something later. */
  private Future<Void> met(ChatConnection connection, InboundEvent event) {
    return event.isDirect() && event.kind() == Kind.MESSAGE
        ? members.spokeIn(connection.id(), event.sender(), event.conversation())
        : Future.succeededFuture();
  }

  private ChatPlatform platform(ChatConnection connection) {
    return services.platforms().get(connection.platform());
  }

  private Future<Void> prepare(ChatConnection connection, InboundEvent event) {
    return platform(connection).prepare(connection, event);
  }

  /** What is said to Concert itself. */
  static Optional<ConversationCommand> command(InboundEvent event) {
    return switch (event.kind()) {
      case BUTTON, EDIT, DELETE -> Optional.empty();
      case COMMAND -> ConversationCommand.of(event.text().isBlank() ? "help" : event.text());
      case MESSAGE ->
          event.isDirect() || event.isMention()
              ? ConversationCommand.of(event.text())
              : Optional.empty();
    };
  }

  /** What people say to each other in a channel is not for us, unless it is our thread. */
  private Future<Boolean> isForUs(ChatConnection connection, InboundEvent event) {
    return event.kind() != Kind.MESSAGE || event.isDirect() || event.isMention()
        ? Future.succeededFuture(true)
        : conversations.session(connection.id(), event.conversation()).map(Optional::isPresent);
  }

  private Future<Void> stranger(ChatConnection connection, InboundEvent event) {
    boolean speaksToUs = event.kind() != Kind.MESSAGE || event.isDirect() || event.isMention();
    return speaksToUs ? reply(connection, event, STRANGER, Stage.ASKING) : Future.succeededFuture();
  }

  private Future<Void> pair(ChatConnection connection, InboundEvent event, String code) {
    if (event.kind() == Kind.MESSAGE && !event.isDirect()) {
      return reply(
          connection,
          event,
          "Send the code in a direct message: here others can read it. Get a new one first.");
    }
    if (!services.attempts().allows(connection.id(), event.sender())) {
      return reply(connection, event, "Too many codes. Wait ten minutes, then try again.");
    }
    return members
        .find(connection.id(), event.sender())
        .compose(
            before ->
                members
                    .pair(connection.id(), event.sender(), code)
                    .compose(userId -> met(connection, event).map(userId))
                    .compose(
                        userId ->
                            reply(
                                connection,
                                event,
                                userId.isPresent() || before.isPresent()
                                    ? "I know you now. Write to me what you want done."
                                    : "This code is not valid, or no longer. Get a new one.")));
  }

  private Future<Void> known(MemberRequest request, Optional<ConversationCommand> command) {
    return switch (request.event().kind()) {
      case BUTTON -> answers.press(request);
      case EDIT, DELETE -> Future.succeededFuture();
      case COMMAND ->
          command
              .map(one -> commands.run(request, one))
              .orElseGet(() -> commands.run(request, HELP));
      case MESSAGE -> command.map(one -> commands.run(request, one)).orElseGet(() -> said(request));
    };
  }

  /** Where there are no buttons, people write what a button says. */
  private Future<Void> said(MemberRequest request) {
    return platform(request.connection()).capabilities().hasButtons()
        ? turn(request)
        : answers
            .typed(request)
            .compose(
                value ->
                    value.map(one -> answers.press(request, one)).orElseGet(() -> turn(request)));
  }

  private Future<Void> turn(MemberRequest request) {
    String text = request.event().text().strip();
    if (text.isEmpty() && request.event().attachments().isEmpty()) {
      return commands.run(request, HELP);
    }
    return conversations
        .session(request.connection().id(), request.event().conversation())
        .compose(
            bound ->
                bound.isPresent()
                    ? start(request, bound.get(), text)
                    : withEarlier(request, text).compose(all -> anew(request, all)))
        .recover(
            failure -> isSessionGone(failure) ? anew(request, text) : Future.failedFuture(failure))
        .recover(failure -> refused(request, failure));
  }

  private static boolean isSessionGone(Throwable failure) {
    ErrorCode code = Problem.of(failure).code();
    return code == ErrorCode.SESSION_NOT_FOUND || code == ErrorCode.SESSION_ARCHIVED;
  }

  private Future<Void> anew(MemberRequest request, String text) {
    ChatPlatform platform = platform(request.connection());
    return sessions
        .create(request, platform.capabilities(request.event().conversation()).takesFiles())
        .compose(
            sessionId ->
                start(request, sessionId, text)
                    .onSuccess(
                        _ ->
                            platform
                                .begun(request.connection(), request.event(), sessionId)
                                .onFailure(
                                    failure ->
                                        LOG.info(
                                            "{} does not show where a session is: {}",
                                            request.connection().platform(),
                                            failure.getMessage()))));
  }

  /** What people said in a thread before somebody named us there. */
  private Future<String> withEarlier(MemberRequest request, String text) {
    InboundEvent event = request.event();
    return event.isDirect()
        ? Future.succeededFuture(text)
        : platform(request.connection())
            .earlier(request.connection(), event, EarlierMessages.MAX)
            .map(earlier -> EarlierMessages.before(earlier, text));
  }

  private Future<Void> start(MemberRequest request, String sessionId, String text) {
    return incoming
        .bring(platform(request.connection()), request, sessionId, text)
        .compose(all -> begin(request, sessionId, all));
  }

  private Future<Void> begin(MemberRequest request, String sessionId, String text) {
    InboundEvent event = request.event();
    ObjectNode turn =
        GatewayClient.request()
            .put("sessionId", sessionId)
            .put("text", text)
            .put("clientTurnId", request.connection().id() + ":" + event.eventId());
    return request
        .call("run_turn", turn)
        .compose(
            started ->
                follow
                    .apply(
                        new FollowedTurn(
                            started.path("turnId").asText(),
                            request.connection().id(),
                            event.conversation(),
                            event.channel(),
                            sessionId,
                            request.userId(),
                            started.path("seq").asLong(),
                            event.sender()))
                    .compose(
                        _ ->
                            conversations.beganBy(
                                request.connection().id(),
                                event.eventId(),
                                started.path("turnId").asText())))
        .recover(
            failure ->
                Problem.of(failure).code() == ErrorCode.TURN_IN_PROGRESS
                    ? steer(request, sessionId, text)
                    : Future.failedFuture(failure));
  }

  /** The turn may end meanwhile: then this is a turn of its own. */
  private Future<Void> steer(MemberRequest request, String sessionId, String text) {
    ObjectNode steer = GatewayClient.request().put("sessionId", sessionId).put("text", text);
    return request
        .call("steer", steer)
        .<Void>mapEmpty()
        .recover(
            failure ->
                Problem.of(failure).code() == ErrorCode.NO_TURN
                    ? begin(request, sessionId, text)
                    : Future.failedFuture(failure));
  }

  /** What is refused is said; what failed is tried again. */
  private Future<Void> refused(MemberRequest request, Throwable failure) {
    Problem problem = Problem.of(failure);
    return problem.code().httpStatus() >= 500
        ? Future.failedFuture(failure)
        : reply(request.connection(), request.event(), "⚠️ " + problem.forPerson(), Stage.FAILED);
  }

  private Future<Void> reply(MemberRequest request, String text) {
    return reply(request.connection(), request.event(), text);
  }

  /** Replies to one person; in a channel nobody else sees it. */
  Future<Void> reply(ChatConnection connection, InboundEvent event, String text) {
    return reply(connection, event, text, Stage.DONE);
  }

  Future<Void> reply(ChatConnection connection, InboundEvent event, String text, Stage stage) {
    String onlyFor = event.isDirect() ? null : event.sender();
    return outgoing.put(
        connection.id(),
        event.conversation(),
        "reply:" + event.eventId(),
        new ChatText(text, List.of(), onlyFor, event.replyTo(), stage));
  }
}
