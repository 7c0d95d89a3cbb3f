package dev.concert.bridges.irc;

import dev.concert.bridges.platform.ChatInbox;
import dev.concert.bridges.platform.ChatReceiver;
import dev.concert.bridges.platform.InboxRetry;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.foundation.rate.CallRate;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.foundation.retry.Backoff;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of a bridge to its server. It is kept open: a server that does not answer is left,
 * and connected to again. On one context.
 */
final class IrcClient implements ChatReceiver {
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(2), 0.3);
  private static final Logger LOG = LoggerFactory.getLogger(IrcClient.class);
  private static final int CONNECT_MS = 10_000;
  private static final int MAX_LINE = 16 << 10;
  private static final long WATCH_MS = 30_000;
  private static final long CONFIRM_MS = 120_000;

  private final Vertx vertx;
  private final IrcAddress address;
  private final Optional<String> password;
  private final InboxRetry inbox;
  private final RateBudgets budgets;
  private final CallRate rate;
  private final NetClient client;
  private final Map<String, Promise<SendOutcome>> unconfirmed = new HashMap<>();
  private Optional<NetSocket> socket = Optional.empty();
  private IrcRegistration registration;
  private Health health;
  private int failures;
  private int unanswered;
  private long watchdog = -1;
  private boolean stopped;

  /**
   * @param rate of the lines that it says
   */
  IrcClient(
      Vertx vertx,
      IrcAddress address,
      Optional<String> password,
      ChatInbox inbox,
      RateBudgets budgets,
      CallRate rate) {
    this.vertx = vertx;
    this.address = address;
    this.password = password;
    this.inbox = new InboxRetry(vertx, inbox, address.server());
    this.budgets = budgets;
    this.rate = rate;
    this.health = new Health(false, "Connecting to %s.".formatted(address.server()));
    this.registration = new IrcRegistration(address.nick(), password);
    this.client = vertx.createNetClient(options(address));
  }

  static NetClientOptions options(IrcAddress address) {
    NetClientOptions options = new NetClientOptions().setConnectTimeout(CONNECT_MS);
    return address.isTls()
        ? options.setSsl(true).setHostnameVerificationAlgorithm("HTTPS")
        : options;
  }

  /** Reads lines, each of a bounded length. */
  static void read(NetSocket from, Consumer<IrcLine> lines) {
    RecordParser parser =
        RecordParser.newDelimited(
            "\n", line -> IrcLine.of(line.toString("UTF-8").stripTrailing()).ifPresent(lines));
    parser.maxRecordSize(MAX_LINE).exceptionHandler(_ -> from.close());
    from.handler(parser);
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
    socket.ifPresent(
        open -> open.write("QUIT :Bye\r\n").eventually(open::close).eventually(client::close));
    if (socket.isEmpty()) {
      client.close();
    }
  }

  boolean isStopped() {
    return stopped;
  }

  @Override
  public Health health() {
    return health;
  }

  private void connect() {
    if (stopped) {
      return;
    }
    client
        .connect(address.port(), address.host())
        .onSuccess(this::connected)
        .onFailure(_ -> again("%s cannot be reached.".formatted(address.server())));
  }

  private void connected(NetSocket open) {
    if (stopped) {
      open.close();
      return;
    }
    socket = Optional.of(open);
    registration = new IrcRegistration(address.nick(), password);
    unanswered = 0;
    open.exceptionHandler(_ -> open.close());
    open.closeHandler(_ -> closed());
    read(open, this::heard);
    registration.begin().forEach(this::write);
    watchdog = vertx.setPeriodic(WATCH_MS, _ -> watch(open));
  }

  private void watch(NetSocket open) {
    if (++unanswered > 2) {
      open.close();
    } else {
      write("PING :watch");
    }
  }

  private void closed() {
    vertx.cancelTimer(watchdog);
    socket = Optional.empty();
    List.copyOf(unconfirmed.keySet())
        .forEach(token -> confirm(token, new SendOutcome.Unknown("the connection was cut")));
    if (!stopped) {
      again(
          registration
              .refusal()
              .orElse("%s closed the connection; connecting again.".formatted(address.server())));
    }
  }

  private void again(String reason) {
    health = new Health(false, reason);
    if (!stopped) {
      vertx.setTimer(BACKOFF.after(++failures).toMillis(), _ -> connect());
    }
  }

  private void write(String line) {
    socket.ifPresent(open -> open.write(line + "\r\n"));
  }

  private void heard(IrcLine line) {
    unanswered = 0;
    boolean wasRegistered = registration.isDone();
    registration.heard(line).forEach(this::write);
    if (registration.refusal().isPresent()) {
      socket.ifPresent(NetSocket::close);
    }
    if (!wasRegistered && registration.isDone()) {
      failures = 0;
      health = new Health(true, "Connected to %s.".formatted(address.server()));
      address.channels().forEach(channel -> write("JOIN " + channel));
    }
    switch (line.command()) {
      case "PING" -> write("PONG :" + line.last());
      case "PONG" -> confirm(line.last(), new SendOutcome.Sent(line.last()));
      // No such person or channel, and what we may not say there.
      case "401", "403", "404" ->
          unconfirmed.entrySet().stream()
              .filter(one -> one.getKey().endsWith(":" + line.parameter(1)))
              .map(Map.Entry::getKey)
              .toList()
              .forEach(token -> confirm(token, new SendOutcome.Refused(line.last())));
      default -> IrcReader.event(line, registration.nick()).ifPresent(event -> inbox.take(event));
    }
  }

  private void confirm(String token, SendOutcome outcome) {
    Optional.ofNullable(unconfirmed.remove(token)).ifPresent(one -> one.tryComplete(outcome));
  }

  /** Says lines, each at its time. The future ends when the server has taken them. */
  Future<SendOutcome> say(String target, List<String> lines) {
    if (socket.isEmpty() || !registration.isDone()) {
      return Future.succeededFuture(new SendOutcome.Failed("not connected"));
    }
    NetSocket mine = socket.get();
    Future<Void> said = Future.succeededFuture();
    for (String line : lines) {
      said =
          said.compose(_ -> budgets.permit("irc " + address, rate))
              .compose(_ -> mine.write("PRIVMSG %s :%s\r\n".formatted(target, line)));
    }
    return said.compose(_ -> confirmed(mine, target))
        .otherwise(failure -> new SendOutcome.Unknown(failure.getClass().getSimpleName()));
  }

  /** The server answers in order: an error of before comes first. */
  private Future<SendOutcome> confirmed(NetSocket mine, String target) {
    String token = UUID.randomUUID() + ":" + target;
    Promise<SendOutcome> confirmation = Promise.promise();
    unconfirmed.put(token, confirmation);
    return mine.write("PING :%s\r\n".formatted(token))
        .compose(_ -> confirmation.future().timeout(CONFIRM_MS, TimeUnit.MILLISECONDS))
        .onComplete(_ -> unconfirmed.remove(token));
  }
}
