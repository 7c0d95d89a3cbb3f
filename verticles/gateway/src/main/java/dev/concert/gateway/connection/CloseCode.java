package dev.concert.gateway.connection;

/** Why the gateway closes a WebSocket (protocol.md, "Opening"). */
enum CloseCode {
  PROTOCOL_ERROR(4400, "protocol error"),
  NOT_AUTHENTICATED(4401, "not authenticated"),
  HEARTBEAT_LOST(4408, "heartbeat lost"),
  SLOW_CONSUMER(4413, "slow consumer: reconnect and get_events"),
  RATE(4429, "too many messages"),
  RESTART(1012, "restart");

  private final int number;
  private final String reason;

  CloseCode(int number, String reason) {
    this.number = number;
    this.reason = reason;
  }

  short number() {
    return (short) number;
  }

  String reason() {
    return reason;
  }
}
