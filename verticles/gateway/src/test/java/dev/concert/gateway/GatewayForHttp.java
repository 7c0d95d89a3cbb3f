package dev.concert.gateway;

import java.nio.file.Path;

/** The running gateway for tests of its packages. */
public final class GatewayForHttp implements AutoCloseable {
  private final RunningGateway gateway;

  private GatewayForHttp(RunningGateway gateway) {
    this.gateway = gateway;
  }

  public static GatewayForHttp start(Path data) {
    return new GatewayForHttp(RunningGateway.start(data));
  }

  public int port() {
    return gateway.port;
  }

  @Override
  public void close() {
    gateway.close();
  }
}
