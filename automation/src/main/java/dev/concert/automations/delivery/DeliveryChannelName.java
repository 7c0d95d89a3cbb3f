package dev.concert.automations.delivery;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A way by which items reach their owner. */
enum DeliveryChannelName {
  WEBHOOK,
  EMAIL,
  CHAT,
  PUSH;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The lane of the outbox with what goes to a member this way. */
  String lane(String owner) {
    return wireName() + " " + owner;
  }

  /** The lane of one of a member's devices. */
  String lane(String owner, String device) {
    return lane(owner) + " " + device;
  }

  /** Whose lane it is. */
  String ownerOf(String lane) {
    int begin = lane.indexOf(' ') + 1;
    return this == PUSH ? lane.substring(begin, lane.lastIndexOf(' ')) : lane.substring(begin);
  }

  /** The device of a lane; empty where all of the member's messages share one lane. */
  Optional<String> deviceOf(String lane) {
    return this == PUSH ? Optional.of(lane.substring(lane.lastIndexOf(' ') + 1)) : Optional.empty();
  }

  static Optional<DeliveryChannelName> of(String wireName) {
    return Arrays.stream(values()).filter(one -> one.wireName().equals(wireName)).findFirst();
  }
}
