package dev.concert.bridges.conformance;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.BridgesOptions;
import dev.concert.bridges.BridgesVerticle;
import dev.concert.bridges.conformance.BridgesUnderTest.ServiceAddresses;
import dev.concert.bus.ConcertBus;
import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.opentest4j.TestAbortedException;

/** A played platform, as the suite sees it: what people do there, and what they see. */
interface ChatWorld extends AutoCloseable {
  /** What a person sees. */
  record Seen(String place, String text, List<String> buttons, String onlyFor) {}

  /** What may go wrong with a message that is sent. */
  enum Fault {
    LIMITED,
    /** In another form: Slack with 200, Discord's network without JSON. */
    LIMITED_WITHOUT_TIME,
    FAILED,
    CUT_BEFORE,
    CUT_AFTER
  }

  /** How the bridges are configured. */
  default BridgesOptions options(Path data) {
    throw new TestAbortedException("This platform has a service of its own");
  }

  /** The service that talks to it. */
  default Deployable service(Path data, MovableClock clock) {
    return new BridgesVerticle(options(data), clock);
  }

  /** Where that service answers. */
  default ServiceAddresses addresses() {
    return ServiceAddresses.BRIDGES;
  }

  /** Answers on the bus of the gateway what that service asks besides. */
  default void join(Vertx vertx, ConcertBus gateway) {}

  String platform();

  /** The settings of a connection. */
  default Map<String, String> settings() {
    return Map.of();
  }

  /** The secrets of one of its two accounts. */
  Map<String, String> secrets(int account);

  /** The longest message that it takes, in its own unit and form. */
  int maxLength();

  /** Whether people show by a code who they are; otherwise the platform says it. */
  default boolean pairs() {
    return true;
  }

  /** Whether an answer stays when the next one comes. */
  default boolean keepsAnswers() {
    return true;
  }

  /** Extracts what the person wrote from the prompt that the agent gets. */
  default String said(String prompt) {
    return prompt;
  }

  /** Whether it can show a reply to one person of a channel only. */
  default boolean hasPrivateReplies() {
    return true;
  }

  /** How people see a text: as one message, or each line by itself. */
  default List<String> pieces(String text) {
    return List.of(text);
  }

  /** Whether it can say if a message was sent: then it is there once whatever happens. */
  default boolean canLookUp() {
    return true;
  }

  /** Whether it tells a bot also of messages in channels that do not name the bot. */
  default boolean hearsEverything() {
    return true;
  }

  /** Whether people see that an answer is on the way. */
  default boolean showsWork() {
    return true;
  }

  /** Whether an account that is connected anew has the address of before. */
  default boolean keepsAddress() {
    return false;
  }

  /** Whether it sends an event once more that it may have sent in vain. */
  default boolean repeats() {
    return true;
  }

  /** The bridges have ended. */
  default void stopped() {}

  /** A direct conversation, or a channel, that nobody used yet. */
  String newPlace(boolean isDirect);

  /** A person writes something. */
  DeliverWebhook message(
      int account, String connection, String place, String sender, String text, boolean mention);

  /** A request that the platform signs: a message, unless messages come another way. */
  default DeliverWebhook signed(
      int account, String connection, String place, String sender, String text) {
    return message(account, connection, place, sender, text, false);
  }

  /**
   * Brings the bridges what the platform has for them.
   *
   * @param bridges takes a webhook, and gives the status of its reply
   */
  default int deliver(DeliverWebhook webhook, ToIntFunction<DeliverWebhook> bridges) {
    return bridges.applyAsInt(webhook);
  }

  /** The author of a message changes it. */
  DeliverWebhook edited(DeliverWebhook message, String text);

  /** A message is taken back; empty where the platform does not tell of that. */
  Optional<DeliverWebhook> deleted(DeliverWebhook message);

  /** A thread in which Bob said these; empty where a bot cannot read what was said before. */
  default Optional<String> threadOfPeople(String... texts) {
    return Optional.empty();
  }

  /** The thread that a message began; what is sent there is one conversation. */
  String threadOf(DeliverWebhook message);

  /** A person presses a button. */
  DeliverWebhook press(
      int account, String connection, String place, String sender, String value, String id);

  /** The same message with a file. */
  default DeliverWebhook withFile(DeliverWebhook message, String name, String content) {
    throw new TestAbortedException("Files are not played here");
  }

  /** The files that people of a place got, as name and content. */
  default List<String> files(String place) {
    throw new TestAbortedException("Files are not played here");
  }

  /** Whether typing is shown in direct conversations, too. */
  default boolean typesDirectly() {
    return true;
  }

  /** Whether the people of a place saw that an answer is under way. */
  default boolean isTyped(String place) {
    throw new TestAbortedException("Typing is not played here");
  }

  /** A place where the platform has a form of its own for texts that grow. */
  default String newStreamPlace() {
    return newPlace(true);
  }

  /** Whether people see a text that grows in that form now. */
  default boolean isStreaming(String place) {
    throw new TestAbortedException("Streams are not played here");
  }

  /** The platform itself ends what grows. */
  default void endStreams() {
    throw new TestAbortedException("Streams are not played here");
  }

  /** The platform takes no such text in this place. */
  default void refuseStreams(String place) {
    throw new TestAbortedException("Refused streams are not played here");
  }

  /** Has requests signed by this clock. */
  default void use(InstantSource clock) {}

  /** Whether a request that the platform signs says when that was. */
  default boolean signsTime() {
    return false;
  }

  /** The platform sends the same once more: signed anew, where it signs. */
  default DeliverWebhook again(DeliverWebhook webhook) {
    return webhook;
  }

  /** The token of an account is taken away, or is good again. */
  default void revoke(int account, boolean isRevoked) {
    throw new TestAbortedException("Revoked tokens are not played here");
  }

  /** How often we wanted to send a new message. */
  default int sent() {
    throw new TestAbortedException("What we want to send is not counted here");
  }

  /** The next new message is refused for now, and the platform does not say for how long. */
  default void limitWithoutTime() {
    throw new TestAbortedException("A limit without a time is not played here");
  }

  /**
   * The platform never answers to the next new message.
   *
   * @param isTaken whether it takes it
   */
  default void holdReply(boolean isTaken) {
    throw new TestAbortedException("Held replies are not played here");
  }

  /** The platform never answers to the next change of a message. */
  default void holdChange(boolean isTaken) {
    throw new TestAbortedException("Held replies are not played here");
  }

  /** Whether a call is held now. */
  default boolean isHeld() {
    return false;
  }

  /** The next new message meets HTTP 5xx, where {@link Fault#FAILED} is something else. */
  default void failWithServerError() {
    fail(Fault.FAILED);
  }

  /** The same request with one byte changed. */
  DeliverWebhook forged(DeliverWebhook webhook);

  /** What people see in a place now, in order. */
  List<Seen> seen(String place);

  /** The next new message meets this. */
  void fail(Fault fault);

  @Override
  void close();
}
