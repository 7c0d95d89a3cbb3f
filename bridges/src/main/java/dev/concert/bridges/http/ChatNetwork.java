package dev.concert.bridges.http;

import dev.concert.foundation.proxy.OutboundProxies;
import io.vertx.core.Vertx;

/**
 * The way to platforms, which all of them share.
 *
 * @param proxies on that way
 */
public record ChatNetwork(Vertx vertx, OutboundProxies proxies, ChatHttp http, ChatFiles files) {
  public ChatNetwork(Vertx vertx, OutboundProxies proxies) {
    this(vertx, proxies, new ChatHttp(vertx, proxies), new ChatFiles(vertx, proxies));
  }
}
