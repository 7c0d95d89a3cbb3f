package dev.concert.bridges.xmpp;

import dev.concert.bridges.platform.ChatInbox;
import dev.concert.bridges.platform.ChatReceiver;
import dev.concert.bridges.platform.InboxRetry;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.foundation.retry.Backoff;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of a bridge to its server. It is kept open: a server that does not answer is left,
 * and connected to again. On one context; a virtual thread reads, others write.
 */
final class XmppClient implements ChatReceiver {
  private static final Logger LOG = LoggerFactory.getLogger(XmppClient.class);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(2), 0.3);
  private static final int MAX_PEOPLE = 10_000;
  private static final long WATCH_MS = 30_000;
  private static final long CONFIRM_MS = 120_000;
  private static final String ROOM = "http://jabber.org/protocol/muc";
  private static final String PING = "urn:xmpp:ping";
  private static final String STATES = "http://jabber.org/protocol/chatstates";
  private static final String WATCH = "watch";

  /** Our clock and the server's may differ; what comes twice is taken once. */
  private static final Duration OVERLAP = Duration.ofMinutes(5);

  private final Vertx vertx;
  private final Context context;
  private final XmppAddress address;
  private final String password;
  private final SSLSocketFactory tls;
  private final ChatInbox bookmarks;
  private final InboxRetry inbox;
  private final Map<String, String> people = new HashMap<>();
  private final Map<String, Promise<SendOutcome>> unconfirmed = new HashMap<>();
  private final Map<String, Promise<XmppElement>> asked = new HashMap<>();
  private Optional<XmppStream> stream = Optional.empty();
  private Health health;
  private Instant watched = Instant.EPOCH;
  private Instant since = Instant.EPOCH;
  private int failures;
  private long watchdog = -1;
  private boolean stopped;

  XmppClient(
      Vertx vertx, XmppAddress address, String password, SSLSocketFactory tls, ChatInbox inbox) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.address = address;
    this.password = password;
    this.tls = tls;
    this.bookmarks = inbox;
    this.inbox = new InboxRetry(vertx, inbox, address.server());
    this.health = new Health(false, "Connecting to %s.".formatted(address.domain()));
  }

  @Override
  public void start() {
    connect();
  }

  @Override
  public void stop() {
    stopped = true;
    inbox.stop();
    health = new Health(false, "Stopped.");
    vertx.cancelTimer(watchdog);
    stream.ifPresent(open -> Thread.ofVirtual().start(open::close));
  }

  boolean isStopped() {
    return stopped;
  }

  @Override
  public Health health() {
    return health;
  }

  private void connect() {
    if (!stopped) {
      Thread.ofVirtual().name("xmpp " + address.server()).start(this::run);
    }
  }

  /** Until the connection is cut. */
  private void run() {
    String reason = "%s cannot be reached.".formatted(address.server());
    try (XmppStream open = XmppStream.connect(address, tls)) {
      reason = "%s closed the connection; connecting again.".formatted(address.domain());
      XmppLogin.signIn(open, address, password);
      boolean isOver = !onContext(() -> connected(open));
      while (!isOver) {
        XmppElement stanza = open.next();
        isOver = !onContext(() -> heard(open, stanza));
      }
    } catch (XmppLogin.RefusedException e) {
      reason = e.getMessage();
    } catch (IOException e) {
      LOG.debug("The connection to {} has ended", address.server(), e);
    }
    String why = reason;
    onContext(() -> closed(why));
  }

  /** Comes back from another thread; false where the event loop has ended. */
  private boolean onContext(Runnable work) {
    try {
      context.runOnContext(_ -> work.run());
      return true;
    } catch (RejectedExecutionException e) {
      LOG.debug("Nobody waits for what {} says any more", address.server(), e);
      return false;
    }
  }

  private void connected(XmppStream open) {
    if (stopped) {
      Thread.ofVirtual().start(open::close);
      return;
    }
    stream = Optional.of(open);
    failures = 0;
    people.clear();
    health = new Health(true, "Connected to %s.".formatted(address.domain()));
    bookmarks.bookmark().otherwise(Optional.empty()).onSuccess(kept -> enter(open, kept));
    watchdog = vertx.setPeriodic(WATCH_MS, _ -> watch(open));
  }

  /** Goes to the rooms; they tell what was said since we were there last. */
  private void enter(XmppStream open, Optional<String> kept) {
    since = kept.map(Instant::parse).orElseGet(Instant::now);
    XmppElement history =
        kept.isEmpty()
            ? XmppElement.of("history", ROOM).with("maxstanzas", "0")
            : XmppElement.of("history", ROOM)
                .with("since", since.truncatedTo(ChronoUnit.SECONDS).toString());
    XmppElement presence = XmppElement.of("presence", XmppElement.CLIENT);
    List<XmppElement> present = new ArrayList<>(List.of(presence));
    for (String room : address.rooms()) {
      present.add(
          presence
              .with("to", room + "/" + address.user())
              .with(XmppElement.of("x", ROOM).with(history)));
    }
    write(open, present.toArray(XmppElement[]::new));
    keep(since);
  }

  private void watch(XmppStream open) {
    watched = Instant.now();
    write(open, ping(WATCH));
  }

  /** Up to this time the bridge has read its rooms; not earlier than its first join. */
  private void keep(Instant time) {
    since = time.isAfter(since) ? time : since;
    bookmarks
        .keep(since.toString())
        .onFailure(failure -> LOG.debug("Could not store up to when the rooms were read", failure));
  }

  private XmppElement ping(String id) {
    return get(id, address.domain(), XmppElement.of("ping", PING));
  }

  private static XmppElement get(String id, String whom, XmppElement question) {
    return XmppElement.of("iq", XmppElement.CLIENT)
        .with("type", "get")
        .with("id", id)
        .with("to", whom)
        .with(question);
  }

  private void closed(String reason) {
    vertx.cancelTimer(watchdog);
    stream = Optional.empty();
    List.copyOf(unconfirmed.keySet())
        .forEach(id -> confirm(id, new SendOutcome.Unknown("the connection was cut")));
    List.copyOf(asked.values()).forEach(one -> one.tryFail("the connection was cut"));
    if (!stopped) {
      health = new Health(false, reason);
      vertx.setTimer(BACKOFF.after(++failures).toMillis(), _ -> connect());
    }
  }

  /** Elsewhere, since a write may block. The order of what is written from here is kept by none. */
  private Future<Void> write(XmppStream open, XmppElement... elements) {
    Promise<Void> written = Promise.promise();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                for (XmppElement element : elements) {
                  open.write(element);
                }
                onContext(written::tryComplete);
              } catch (IOException e) {
                open.close();
                onContext(() -> written.tryFail(e));
              }
            });
    return written.future();
  }

  private void heard(XmppStream open, XmppElement stanza) {
    if (stopped || stream.filter(open::equals).isEmpty()) {
      return;
    }
    String type = stanza.attribute("type");
    switch (stanza.name()) {
      case "presence" -> seen(stanza);
      case "iq" -> answered(open, stanza, type);
      case "message" -> {
        if (type.equals("error")) {
          confirm(
              stanza.attribute("id"),
              new SendOutcome.Refused("The server does not deliver it to " + from(stanza)));
        } else {
          XmppReader.event(stanza, address.bare(), address.user(), people)
              .ifPresent(event -> inbox.take(event));
        }
      }
      default -> {
        // Nothing that concerns people.
      }
    }
  }

  private static String from(XmppElement stanza) {
    return XmppReader.bare(stanza.attribute("from"));
  }

  /** Rooms say who somebody is, where it is no secret there. */
  private void seen(XmppElement presence) {
    String from = presence.attribute("from");
    Optional<String> real =
        presence
            .child("x", XmppReader.ROOM_USER)
            .flatMap(one -> one.child("item", XmppReader.ROOM_USER))
            .map(one -> XmppReader.bare(one.attribute("jid")))
            .filter(one -> !one.isEmpty());
    if (presence.attribute("type").equals("unavailable") || people.size() >= MAX_PEOPLE) {
      people.remove(from);
    } else {
      real.ifPresent(one -> people.put(from, one));
    }
    if (presence.attribute("type").equals("error")) {
      health =
          new Health(true, "Connected to %s, but not in %s.".formatted(address.domain(), from));
    }
  }

  private void answered(XmppStream open, XmppElement stanza, String type) {
    if (type.equals("result") || type.equals("error")) {
      if (stanza.attribute("id").equals(WATCH)) {
        // The server has answered: what was said before we asked has come.
        keep(watched.minus(OVERLAP));
      }
      Optional.ofNullable(asked.remove(stanza.attribute("id")))
          .ifPresent(one -> one.tryComplete(stanza));
      // The server answers in order: an error of before came first.
      confirm(stanza.attribute("id"), new SendOutcome.Sent(stanza.attribute("id")));
      return;
    }
    XmppElement reply =
        XmppElement.of("iq", XmppElement.CLIENT)
            .with("id", stanza.attribute("id"))
            .with("to", stanza.attribute("from"));
    write(
        open,
        stanza.child("ping", PING).isPresent()
            ? reply.with("type", "result")
            : reply
                .with("type", "error")
                .with(
                    XmppElement.of("error", XmppElement.CLIENT)
                        .with("type", "cancel")
                        .with(
                            XmppElement.of(
                                "service-unavailable", "urn:ietf:params:xml:ns:xmpp-stanzas"))));
  }

  private void confirm(String id, SendOutcome outcome) {
    Optional.ofNullable(unconfirmed.remove(id)).ifPresent(one -> one.tryComplete(outcome));
  }

  private XmppElement message(String place) {
    return XmppElement.of("message", XmppElement.CLIENT)
        .with("to", place)
        .with("type", address.rooms().contains(place) ? "groupchat" : "chat");
  }

  /**
   * Says something, or corrects what was said. The future ends when the server has taken it.
   *
   * @param corrected the id of the message that gets another text
   */
  Future<SendOutcome> say(String place, String text, Optional<String> corrected) {
    if (stream.isEmpty()) {
      return Future.succeededFuture(new SendOutcome.Failed("not connected"));
    }
    XmppElement said = said(place, text);
    return say(corrected
            .map(one -> said.with(XmppElement.of("replace", XmppReader.CORRECTION).with("id", one)))
            .orElse(said))
        .map(
            outcome ->
                outcome instanceof SendOutcome.Sent && corrected.isPresent()
                    ? new SendOutcome.Sent(corrected.get())
                    : outcome);
  }

  /**
   * Links to a file.
   *
   * @param comment empty for none; clients show a file where the link stands alone
   */
  Future<SendOutcome> say(String place, String url, String comment) {
    if (stream.isEmpty()) {
      return Future.succeededFuture(new SendOutcome.Failed("not connected"));
    }
    XmppElement link = XmppElement.of("url", XmppReader.OUT_OF_BAND).withText(url);
    return say(
        said(place, comment.isEmpty() ? url : url + "\n" + comment)
            .with(XmppElement.of("x", XmppReader.OUT_OF_BAND).with(link)));
  }

  private XmppElement said(String place, String text) {
    return message(place)
        .with("id", UUID.randomUUID().toString())
        .with(XmppElement.of("body", XmppElement.CLIENT).withText(text))
        .with(XmppElement.of("active", STATES));
  }

  private Future<SendOutcome> say(XmppElement said) {
    String id = said.attribute("id");
    Promise<SendOutcome> confirmation = Promise.promise();
    unconfirmed.put(id, confirmation);
    return write(stream.get(), said, ping(id))
        .compose(_ -> confirmation.future().timeout(CONFIRM_MS, TimeUnit.MILLISECONDS))
        .otherwise(failure -> new SendOutcome.Unknown(failure.getClass().getSimpleName()))
        .onComplete(_ -> unconfirmed.remove(id));
  }

  String domain() {
    return address.domain();
  }

  /** Whether what is sent never leaves this machine. */
  boolean isLoopback() {
    return address.isLoopback();
  }

  /** Asks the server, or a service of it; the answer may be an error. */
  Future<XmppElement> ask(String whom, XmppElement question) {
    if (stream.isEmpty()) {
      return Future.failedFuture("not connected");
    }
    String id = UUID.randomUUID().toString();
    Promise<XmppElement> answer = Promise.promise();
    asked.put(id, answer);
    return write(stream.get(), get(id, whom, question))
        .compose(_ -> answer.future().timeout(CONFIRM_MS, TimeUnit.MILLISECONDS))
        .onComplete(_ -> asked.remove(id));
  }

  /** Shows that an answer is on the way, until the next message. */
  void compose(String place) {
    stream.ifPresent(open -> write(open, message(place).with(XmppElement.of("composing", STATES))));
  }
}
