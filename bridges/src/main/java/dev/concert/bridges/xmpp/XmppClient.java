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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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

  private final Vertx vertx;
  private final Context context;
  private final XmppAddress address;
  private final String password;
  private final SSLSocketFactory tls;
  private final InboxRetry inbox;
  private final Map<String, String> people = new HashMap<>();
  private final Map<String, Promise<SendOutcome>> unconfirmed = new HashMap<>();
  private Optional<XmppStream> stream = Optional.empty();
  private Health health;
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
      context.runOnContext(_ -> connected(open));
      while (true) {
        XmppElement stanza = open.next();
        context.runOnContext(_ -> heard(open, stanza));
      }
    } catch (XmppLogin.RefusedException e) {
      reason = e.getMessage();
    } catch (IOException e) {
      LOG.debug("The connection to {} has ended", address.server(), e);
    }
    String why = reason;
    context.runOnContext(_ -> closed(why));
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
    XmppElement presence = XmppElement.of("presence", XmppElement.CLIENT);
    List<XmppElement> present = new ArrayList<>(List.of(presence));
    for (String room : address.rooms()) {
      XmppElement noHistory = XmppElement.of("history", ROOM).with("maxstanzas", "0");
      present.add(
          presence
              .with("to", room + "/" + address.user())
              .with(XmppElement.of("x", ROOM).with(noHistory)));
    }
    write(open, present.toArray(XmppElement[]::new));
    watchdog = vertx.setPeriodic(WATCH_MS, _ -> write(open, ping("watch")));
  }

  private XmppElement ping(String id) {
    return XmppElement.of("iq", XmppElement.CLIENT)
        .with("type", "get")
        .with("id", id)
        .with("to", address.domain())
        .with(XmppElement.of("ping", PING));
  }

  private void closed(String reason) {
    vertx.cancelTimer(watchdog);
    stream = Optional.empty();
    List.copyOf(unconfirmed.keySet())
        .forEach(id -> confirm(id, new SendOutcome.Unknown("the connection was cut")));
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
                context.runOnContext(_ -> written.tryComplete());
              } catch (IOException e) {
                open.close();
                context.runOnContext(_ -> written.tryFail(e));
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
    String id = UUID.randomUUID().toString();
    XmppElement said =
        message(place)
            .with("id", id)
            .with(XmppElement.of("body", XmppElement.CLIENT).withText(text))
            .with(XmppElement.of("active", STATES));
    XmppElement whole =
        corrected
            .map(one -> said.with(XmppElement.of("replace", XmppReader.CORRECTION).with("id", one)))
            .orElse(said);
    Promise<SendOutcome> confirmation = Promise.promise();
    unconfirmed.put(id, confirmation);
    return write(stream.get(), whole, ping(id))
        .compose(_ -> confirmation.future().timeout(CONFIRM_MS, TimeUnit.MILLISECONDS))
        .map(
            outcome ->
                outcome instanceof SendOutcome.Sent
                    ? new SendOutcome.Sent(corrected.orElse(id))
                    : outcome)
        .otherwise(failure -> new SendOutcome.Unknown(failure.getClass().getSimpleName()))
        .onComplete(_ -> unconfirmed.remove(id));
  }

  /** Shows that an answer is on the way, until the next message. */
  void compose(String place) {
    stream.ifPresent(open -> write(open, message(place).with(XmppElement.of("composing", STATES))));
  }
}
