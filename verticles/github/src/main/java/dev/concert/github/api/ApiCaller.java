package dev.concert.github.api;

import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * In whose name a call is made.
 *
 * @param scope whose calls share limits
 * @param token for the header {@code Authorization}
 * @param refused told when GitHub does not take the token any more
 */
public record ApiCaller(String scope, Supplier<Future<String>> token, Runnable refused) {}
