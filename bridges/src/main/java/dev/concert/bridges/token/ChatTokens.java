package dev.concert.bridges.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.concert.bridges.http.ChatReply;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Calls with access tokens (RFC 6749). A token is fetched when it is needed, once for all who need
 * it then, and kept until shortly before it ends, or until the platform does not take it any more.
 * On one context.
 */
public final class ChatTokens {
  private static final int MAX_HOLDERS = 20_000;
  private static final int UNNAMED_SECONDS = 300;
  private static final Duration EARLY = Duration.ofMinutes(2);

  /** What the endpoint answered, and until when that holds. */
  private record Fetched(ChatReply reply, Instant until) {
    private String token() {
      return reply instanceof ChatReply.Ok ok ? ok.body().path("access_token").asText("") : "";
    }
  }

  private final InstantSource clock;
  private final Cache<String, Future<Fetched>> tokens =
      Caffeine.newBuilder().maximumSize(MAX_HOLDERS).build();

  public ChatTokens(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Calls with a token; where it is not taken, once more with a new one.
   *
   * @param holder whose token it is
   * @param source asks for a token
   * @param call is given the value of the header {@code Authorization}
   */
  public Future<ChatReply> call(
      String holder, Supplier<Future<ChatReply>> source, Function<String, Future<ChatReply>> call) {
    Future<Fetched> first = token(holder, source);
    return call(first, call)
        .compose(
            reply -> {
              if (!reply.isRefused(401) || first.result().token().isEmpty()) {
                return Future.succeededFuture(reply);
              }
              tokens.asMap().remove(holder, first);
              return call(token(holder, source), call);
            });
  }

  /** The value of the header {@code Authorization}; fails where there is no token. */
  public Future<String> authorization(String holder, Supplier<Future<ChatReply>> source) {
    return token(holder, source)
        .compose(
            one ->
                one.token().isEmpty()
                    ? Future.failedFuture("The platform gives no token now")
                    : Future.succeededFuture("Bearer " + one.token()));
  }

  private static Future<ChatReply> call(
      Future<Fetched> fetched, Function<String, Future<ChatReply>> call) {
    return fetched.compose(
        one ->
            one.token().isEmpty()
                ? Future.succeededFuture(withoutToken(one.reply()))
                : call.apply("Bearer " + one.token()));
  }

  /** Without a token nothing was sent, whatever became of the request for it. */
  private static ChatReply withoutToken(ChatReply reply) {
    return switch (reply) {
      case ChatReply.Ok _ -> new ChatReply.Unreached("no token in the answer");
      case ChatReply.Unknown unknown -> new ChatReply.Unreached(unknown.reason());
      case ChatReply other -> other;
    };
  }

  private Future<Fetched> token(String holder, Supplier<Future<ChatReply>> source) {
    Future<Fetched> there = tokens.getIfPresent(holder);
    boolean isUsable =
        there != null
            && (!there.isComplete()
                || there.succeeded() && there.result().until().isAfter(clock.instant()));
    if (isUsable) {
      return there;
    }
    Future<Fetched> fetch = source.get().map(this::fetched);
    tokens.put(holder, fetch);
    return fetch;
  }

  /** What is no token holds for nobody but those who wait for it. */
  private Fetched fetched(ChatReply reply) {
    Instant now = clock.instant();
    if (!(reply instanceof ChatReply.Ok ok)) {
      return new Fetched(reply, now);
    }
    long seconds = ok.body().path("expires_in").asLong(UNNAMED_SECONDS);
    return new Fetched(reply, now.plusSeconds(seconds).minus(EARLY));
  }
}
