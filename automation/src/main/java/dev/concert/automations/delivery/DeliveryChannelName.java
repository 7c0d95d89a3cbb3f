package dev.concert.automations.delivery;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A way by which items reach their owner. */
enum DeliveryChannelName {
  WEBHOOK,
  EMAIL,
  CHAT;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The lane of the outbox with what goes to a member this way. */
  String lane(String owner) {
    return wireName() + " " + owner;
  }

  static Optional<DeliveryChannelName> of(String wireName) {
    return Arrays.stream(values()).filter(one -> one.wireName().equals(wireName)).findFirst();
  }
}
